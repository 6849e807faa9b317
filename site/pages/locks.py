"""What keeps somebody from writing a page just now, language by language.

A page has one workflow at a time, and Wagtail locks all of it meanwhile. Here only the
languages that wait for approval are held, and what all languages share.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.template.defaultfilters import date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.locks import BaseLock, WorkflowLock
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages import rights
from pages.languages import list_in_words, names_in_words

NAMED = 4  # people named as able to help; more make no sentence


class LanguageLock(WorkflowLock):
    """Holds what waits for approval; who may write anything else is let in."""

    def for_user(self, user: Any) -> bool:
        held = held_from(self.object, user)
        free = set(rights.languages_for(user, self.object)) - set(held)
        return bool(held) and not free

    def get_message(self, user: Any) -> str | None:
        held = held_from(self.object, user)
        return _review_message(self.object, held) if held else None


def held_from(page: Any, user: Any) -> list[str]:
    """The languages in review that this person may not change until it is decided."""
    task = page.current_workflow_task
    if task is None or not task.locked_for_user(page, user):
        return []
    return in_review(page)


def in_review(page: Any) -> list[str]:
    """The languages that wait for somebody's decision."""
    if page.current_workflow_task is None:
        return []
    noted = getattr(page.current_workflow_state, "languages", None)
    return noted.languages if noted else [page.original_language]


def is_held(page: Any, language: str, user: Any) -> bool:
    """Whether a lock or a review keeps this person from writing one language."""
    lock = page.get_lock()
    if isinstance(lock, LanguageLock):
        return language in held_from(page, user)
    return bool(lock and lock.for_user(user))


def why_held(page: Any, language: str, user: Any) -> str:
    """Who holds a page and who can release it, in the active language; "" if free."""
    if not is_held(page, language, user):
        return ""
    lock = page.get_lock()
    if isinstance(lock, LanguageLock):
        return _review_message(page, held_from(page, user))
    return _lock_message(page, lock)


def _review_message(page: Any, held: list[str]) -> str:
    task = page.current_workflow_task
    said = {
        "languages": names_in_words(held),
        "task": task.name,
        "people": _named(_reviewers(task)),
    }
    text = _(
        "In review (“%(task)s”): %(languages)s. Until it is decided, only reviewers "
        "change that and what the languages share. They are: %(people)s."
    )
    return text % said


def _lock_message(page: Any, lock: BaseLock) -> str:
    people = PagePermissionPolicy(type(page)).users_with_permission_for_instance(
        "unlock", page
    )
    holder = page.locked_by
    if holder and holder.is_active:
        people = get_user_model().objects.filter(Q(pk__in=people) | Q(pk=holder.pk))
    said = {
        "person": get_user_display_name(holder) if holder else "",
        "since": date(localtime(page.locked_at), "SHORT_DATETIME_FORMAT")
        if page.locked_at
        else "",
        "people": _named(people.filter(is_active=True)),
    }
    if said["person"] and said["since"]:
        text = _(
            "%(person)s has locked this page since %(since)s. It can be unlocked by: "
            "%(people)s."
        )
    else:
        text = _("This page is locked. It can be unlocked by: %(people)s.")
    return text % said


def _reviewers(task: Any) -> QuerySet[Any]:
    people = get_user_model().objects.filter(is_active=True)
    groups = getattr(task, "groups", None)
    members = Q(groups__in=groups.all()) if groups else Q()
    return people.filter(members | Q(is_superuser=True))


def _named(people: QuerySet[Any]) -> str:
    """Some people by name; who is an administrator of everything comes last."""
    found = people.distinct().order_by("is_superuser", "first_name", "username")
    names = [get_user_display_name(person) for person in found[: NAMED + 1]]
    if len(names) > NAMED:
        return list_in_words([*names[:NAMED], _("others")])
    return list_in_words(names)
