"""Who may translate what."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet

from pages import rights
from pages.models import BilingualPage


def languages_of(user: Any) -> list[str]:
    """The languages a person may write."""
    return rights.languages_for(user, BilingualPage)


def may_translate(user: Any, subject: Model, language: str) -> bool:
    """Whether a person may write the words of a page or a text in one language."""
    if not isinstance(subject, BilingualPage):
        return may_translate_texts(user, language)
    if not (user.is_active and rights.may_write(user, language, subject)):
        return False
    return subject.permissions_for_user(user).can_edit()


def may_translate_texts(user: Any, language: str) -> bool:
    """Whether a person may write words outside of pages; readers see them at once."""
    if not user.is_active:
        return False
    return rights.may_write(user, language, BilingualPage) and rights.may_publish(
        user, language, BilingualPage
    )


def translators(language: str) -> QuerySet:
    """People who may write a language, by name."""
    named = {
        "content_type__app_label": "pages",
        "codename": f"write_{language}",
    }
    through_group = Q(**{f"groups__permissions__{k}": v for k, v in named.items()})
    own = Q(**{f"user_permissions__{k}": v for k, v in named.items()})
    people = get_user_model().objects.filter(is_active=True)
    found = people.filter(through_group | own | Q(is_superuser=True))
    return found.distinct().order_by("first_name", "last_name", "username")
