"""Sendings that should be going on and are not: found, told once, then forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mail.actions import queue_mail
from newsletter.dispatching.complaints import pause_where_many_complain
from newsletter.dispatching.pace import goes_on_at
from newsletter.dispatching.tallies import write_tallies
from newsletter.models import SEND, Chunk, Delivery, Dispatch, Newsletter
from translations.notices import language_of

PATIENCE = timedelta(minutes=15)  # longer than a lease, which ends by itself


@dataclass(frozen=True)
class Standstill:
    """A sending that has not moved since; `silent` chunks have outlived their lease."""

    dispatch: Dispatch
    since: datetime
    silent: int

    @property
    def why(self) -> str:
        """What is known of the cause, in the words of whoever reads it now."""
        if self.dispatch.failure:
            return self.dispatch.failure
        if self.silent:
            text = ngettext(
                "%(number)s group of mails is held by a worker that no longer answers.",
                "%(number)s groups of mails are held by workers that no longer answer.",
                self.silent,
            )
            return text % {"number": self.silent}
        return _("No worker takes the mails that wait: is one running?")


def standstill_of(dispatch: Dispatch, at: datetime | None = None) -> Standstill | None:
    """Since when a sending has had work and not moved; None where all is well."""
    at = at or timezone.now()
    moved_at = dispatch.moved_at or dispatch.started_at
    is_late = moved_at is not None and moved_at <= at - PATIENCE
    if dispatch.state != Dispatch.State.SENDING or not is_late:
        return None
    if goes_on_at(dispatch, at):
        return None
    chunks = dispatch.chunks.unfinished().aggregate(
        all=Count("pk"),
        silent=Count("pk", filter=Q(state=Chunk.State.LEASED, lease_until__lt=at)),
    )
    since = moved_at if chunks["all"] else _due_since(dispatch, moved_at)
    if since is None or since > at - PATIENCE:
        return None
    return Standstill(dispatch, since, chunks["silent"])


def _due_since(dispatch: Dispatch, moved_at: datetime) -> datetime | None:
    """Since when an attempt has been due; waiting for its time is no standstill."""
    rows = Delivery.objects.filter(dispatch=dispatch, next_at__isnull=False)
    due = rows.aggregate(first=Min("next_at"))["first"]
    return max(due, moved_at) if due else None


def standstills(at: datetime | None = None) -> Iterator[Standstill]:
    """All sendings that stand still now."""
    at = at or timezone.now()
    running = Dispatch.objects.running().select_related("newsletter")
    for dispatch in running.order_by("pk"):
        if found := standstill_of(dispatch, at):
            yield found


def watch(at: datetime) -> None:
    """Add up what moves, pause what readers complain about, tell what stands still."""
    write_tallies(at)
    for newsletter in Newsletter.objects.filter(
        pk__in=Dispatch.objects.running().values("newsletter")
    ):
        pause_where_many_complain(newsletter)
    stuck = list(standstills(at))
    for found in stuck:
        _tell_once(found, at)
    moving = Dispatch.objects.exclude(pk__in=[each.dispatch.pk for each in stuck])
    moving.exclude(alarmed_at=None).update(alarmed_at=None)


@transaction.atomic
def _tell_once(found: Standstill, at: datetime) -> None:
    rows = Dispatch.objects.filter(pk=found.dispatch.pk, alarmed_at=None)
    if rows.update(alarmed_at=at):
        for person in who_may_send():
            _tell(person, found)


def who_may_send() -> Any:
    """Senders and administrators with an address, whoever may log in here."""
    people = get_user_model().objects.with_perm(
        SEND, backend=settings.AUTHENTICATION_BACKENDS[-1]
    )
    return people.exclude(email="").select_related("wagtail_userprofile")


def _tell(person: Any, found: Standstill) -> None:
    language = language_of(person)
    path = reverse("dispatches:progress", args=[found.dispatch.pk])
    with translation.override(language):
        since = timezone.localtime(found.since)
        queue_mail(
            template="newsletter/mails/standstill",
            language=language,
            to=person.email,
            context={
                "title": found.dispatch.title,
                "since": date_format(since, "DATETIME_FORMAT"),
                "why": found.why,
                "url": settings.SITE_URL + path,
                "to_staff": True,
            },
        )
