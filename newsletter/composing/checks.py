"""Everything that is looked at before an issue is sent; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guards import dns
from newsletter.composing.coverage import Row, State
from newsletter.composing.editions import EditionContent
from newsletter.composing.linking import dead_links
from newsletter.composing.moments import in_site_time
from newsletter.composing.problems import Code, Problem
from newsletter.composing.stories import CODES
from newsletter.delivery.message import MessageError
from newsletter.dispatching import freeze
from newsletter.dispatching.complaints import complaint_rate
from newsletter.models import IssuePage, Newsletter
from pages.languages import names_in_words
from pages.models import ScheduledPublication


def problems_of(
    issue: IssuePage,
    newsletter: Newsletter,
    built: Mapping[str, EditionContent],
    recipients: Mapping[str, int],
    rows: Iterable[Row],
) -> list[Problem]:
    """What stands in the way of sending these editions, and what is worth a look."""
    return [
        *_complaints(newsletter),
        *_problems(issue, newsletter, built, recipients),
        *_planned(rows),
        *_unsendable(issue, newsletter, built),
        *dead_links(built.values()),
        *distrust_of(newsletter),
    ]


def _problems(
    issue: IssuePage,
    newsletter: Newsletter,
    built: Mapping[str, EditionContent],
    recipients: Mapping[str, int],
) -> Iterator[Problem]:
    if not newsletter.is_active:
        yield Problem(Code.INACTIVE)
    if not recipients:
        yield Problem(Code.NOTHING_TO_SEND)
    elif not sum(recipients.values()):
        yield Problem(Code.NO_RECIPIENTS)
    yield from _same_subjects(built)
    if issue.has_unpublished_changes and issue.live_languages():
        yield Problem(Code.UNSENT_CHANGES)
    for language in CODES:
        if language in built:
            yield from built[language].problems
        else:
            yield Problem(Code.UNPUBLISHED, language)


def _same_subjects(built: Mapping[str, EditionContent]) -> Iterator[Problem]:
    """Languages whose readers would find the same subject in their inbox."""
    by_subject: dict[str, list[str]] = {}
    for language, content in built.items():
        if not content.is_empty:
            by_subject.setdefault(content.subject, []).append(language)
    for codes in by_subject.values():
        if len(codes) > 1:
            named = {"languages": names_in_words(codes)}
            yield Problem(Code.SAME_SUBJECT, details=named)


def _planned(rows: Iterable[Row]) -> Iterator[Problem]:
    """Stories that are to be published in a language they are missing in."""
    missing = {
        row.page_id: {c.language for c in row.cells if c.state == State.MISSING}
        for row in rows
    }
    waiting = [pk for pk, codes in missing.items() if codes]
    due = ScheduledPublication.objects.filter(
        page__in=waiting, kind=ScheduledPublication.Kind.PUBLISH, done_at=None
    )
    for plan in due.select_related("page") if waiting else ():
        for language in missing[plan.page_id].intersection(plan.languages):
            details = {"story": plan.page.title, "moment": in_site_time(plan.at)}
            yield Problem(Code.STORY_PLANNED, language, details)


def _complaints(newsletter: Newsletter) -> Iterator[Problem]:
    rate = complaint_rate(newsletter)
    if rate.is_high:
        code = Code.COMPLAINTS if rate.is_stopping else Code.SOME_COMPLAINTS
        numbers = {"complaints": rate.complaints, "sent": rate.sent}
        yield Problem(code, details={**numbers, "percent": rate.percent})


def _unsendable(
    issue: IssuePage, newsletter: Newsletter, editions: Mapping[str, EditionContent]
) -> Iterator[Problem]:
    """Editions that the engine refuses; better known now than at the freeze."""
    for language, content in editions.items():
        if content.is_empty:
            continue
        try:
            freeze.wire_of(newsletter, language, content, issue)
        except MessageError:
            yield Problem(Code.UNSENDABLE, language)


def distrust_of(newsletter: Newsletter) -> Iterator[Problem]:
    """What other mail servers miss at the sender's domain; silence is no finding.

    Asked before a transaction begins, DNS is not waited for within it.
    """
    domain = newsletter.from_address.rpartition("@")[2]
    if not dns.is_public(domain):
        return
    details = {"domain": domain}
    if dns.has_spf(domain) is False:
        yield Problem(Code.NO_SPF, details=details)
    if dns.has_dmarc(domain) is False:
        yield Problem(Code.NO_DMARC, details=details)
