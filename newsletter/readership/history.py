"""What happened with one reader: agreements and changes, mails, complaints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

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
from pages.languages import language_name
from topics.models import CountryPage, ProjectPage

MOST = 200  # of each kind; all of it is in the data a reader asks for

TOPICS = ("projects", "countries")


@dataclass(frozen=True)
class Event:
    """One line of the history; `about` is a newsletter or a subject."""

    at: datetime
    what: str
    about: str
    more: str = ""


def history_of(subscriber: Subscriber) -> list[Event]:
    """Everything we know, the last first."""
    events = [
        *_agreements(subscriber),
        *_mails(subscriber),
        *_complaints(subscriber),
        *_suppressions(subscriber),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _agreements(subscriber: Subscriber) -> Iterator[Event]:
    rows = list(subscriber.consents.order_by("-pk")[:MOST])
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
    language = get_language() or ""
    return {
        term.pk: topic_in(term, language)
        for model in (ProjectPage, CountryPage)
        for term in model.objects.filter(pk__in=wanted)
    }


def _details(row: Consent, topics: Mapping[int, str]) -> Iterator[str]:
    answer = row.answer
    if row.kind == Consent.Kind.ADDED:
        yield _("agreed on %(day)s, noted by %(who)s: %(proof)s") % {
            "day": answer.get("agreed_on", "…"),
            "who": answer.get("by", "…"),
            "proof": answer.get("proof", "…"),
        }
    else:
        yield _("“%(words)s”") % {"words": row.shown_text} if row.shown_text else ""
    if row.kind != Consent.Kind.ERASED:
        yield language_name(answer["language"]) if answer.get("language") else ""
    chosen = [pk for name in TOPICS for pk in answer.get(name, ())]
    yield ", ".join(topics.get(pk, _("a topic that is gone")) for pk in chosen)
    yield row.where


def _mails(subscriber: Subscriber) -> Iterator[Event]:
    rows = Delivery.objects.to(subscriber).with_standing()
    rows = rows.select_related("edition", "dispatch").order_by("-dispatch")
    for row in rows[:MOST]:
        at = row.went_at or row.dispatch.created_at
        what = _("Mail: %(state)s") % {"state": Delivery.State(row.standing).label}
        yield Event(at, what, row.edition.subject, meaning_of(row.code) or row.code)


def _complaints(subscriber: Subscriber) -> Iterator[Event]:
    if not subscriber.address_hash:
        return
    rows = Complaint.objects.filter(address_hash=subscriber.address_hash)
    for row in rows.select_related("newsletter", "dispatch")[:MOST]:
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
