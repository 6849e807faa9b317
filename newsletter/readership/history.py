"""What happened with one reader: agreements and changes, mails, complaints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.log_actions import registry as log_registry

from newsletter.composing.replies import meaning_of
from newsletter.models import (
    Complaint,
    Consent,
    Delivery,
    Newsletter,
    Subscriber,
    Suppression,
)
from newsletter.subscribing.names import topic_in
from pages.languages import current_language, language_name
from topics.models import CountryPage, ProjectPage

MOST = 200  # shown; all of it is in the data a reader asks for

TOPICS = ("projects", "countries")


@dataclass(frozen=True)
class Event:
    """One line of the history; `about` is a newsletter or a subject."""

    at: datetime
    what: str
    about: str
    more: str = ""


def history_of(subscriber: Subscriber) -> list[Event]:
    """Everything we know, the last first; more than `MOST` may be incomplete."""
    events = [
        *_agreements(subscriber),
        *_mails(subscriber),
        *_complaints(subscriber),
        *_suppressions(subscriber),
        *_decisions(subscriber),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _agreements(subscriber: Subscriber) -> Iterator[Event]:
    rows = list(subscriber.consents.order_by("-pk")[: MOST + 1])
    newsletters = {row.key: str(row) for row in Newsletter.objects.all()}
    topics = _titles(row.answer for row in rows)
    for row in rows:
        key = row.answer.get("newsletter", "")
        about = newsletters.get(key, key)
        more = " · ".join(filter(None, _details(row, topics)))
        yield Event(row.at, row.get_kind_display(), about, more)


def _titles(answers: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Projects and countries by number; who was chosen long ago may be gone."""
    wanted = {pk for each in answers for name in TOPICS for pk in each.get(name, ())}
    language = current_language()
    return {
        term.pk: topic_in(term, language)
        for model in (ProjectPage, CountryPage)
        for term in model.objects.filter(pk__in=wanted)
    }


def _details(row: Consent, topics: Mapping[int, str]) -> Iterator[str]:
    answer = row.answer
    if row.kind in {Consent.Kind.ADDED, Consent.Kind.IMPORTED}:
        yield _("agreed on %(day)s: %(proof)s") % {
            "day": _day(answer.get("agreed_on", "")),
            "proof": answer.get("proof", "…"),
        }
    else:
        yield _("“%(words)s”") % {"words": row.shown_text} if row.shown_text else ""
    if row.kind != Consent.Kind.ERASED:
        yield language_name(answer["language"]) if answer.get("language") else ""
    chosen = [pk for name in TOPICS for pk in answer.get(name, ())]
    yield ", ".join(topics.get(pk, _("a topic that is gone")) for pk in chosen)
    yield row.where


def _day(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "DATE_FORMAT") if day else "…"


def _decisions(subscriber: Subscriber) -> Iterator[Event]:
    """What people of the admin did about them."""
    rows = log_registry.get_logs_for_instance(subscriber).select_related("user")
    for row in rows.order_by("-timestamp")[: MOST + 1]:
        yield Event(row.timestamp, str(row.message), row.user_display_name)


def _mails(subscriber: Subscriber) -> Iterator[Event]:
    rows = Delivery.objects.to(subscriber).with_standing()
    rows = rows.order_by("-dispatch__created_at", "-dispatch_id")
    # Without the editions themselves, which are large.
    found = rows.values_list(
        "went_at", "dispatch__created_at", "standing", "edition__subject", "code"
    )
    for went_at, made_at, standing, subject, code in found[: MOST + 1]:
        what = _("Mail: %(state)s") % {"state": Delivery.State(standing).label}
        yield Event(went_at or made_at, what, subject, meaning_of(code) or code)


def _complaints(subscriber: Subscriber) -> Iterator[Event]:
    if not subscriber.address_hash:
        return
    rows = Complaint.objects.filter(address_hash=subscriber.address_hash)
    rows = rows.select_related("newsletter", "dispatch").order_by("-pk")
    for row in rows[: MOST + 1]:
        more = row.dispatch.title if row.dispatch else ""
        yield Event(row.at, _("Complained"), str(row.newsletter), more)


def _suppressions(subscriber: Subscriber) -> Iterator[Event]:
    if not subscriber.address_hash:
        return
    rows = Suppression.objects.filter(address_hash=subscriber.address_hash)
    for row in rows.select_related("newsletter"):
        about = str(row.newsletter or pgettext("suppression", "all newsletters"))
        more = row.get_reason_display()
        yield Event(row.at, _("May not be written to since"), about, more)
