"""What would be sent now, to how many, and what speaks against it; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from newsletter.composing.composition import newsletter_of
from newsletter.composing.coverage import Row, coverage
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.problems import Code, Problem
from newsletter.composing.stories import CODES
from newsletter.delivery.message import MessageError
from newsletter.dispatching import freeze
from newsletter.dispatching.complaints import complaint_rate
from newsletter.models import Delivery, Dispatch, IssuePage, Newsletter


@dataclass(frozen=True)
class SendPlan:
    """The issue as it is published now and the people it would go to.

    `editions` holds the languages that are sent, `recipients` their readers, and
    `excluded` the subscriptions that get nothing, by reason.
    """

    issue: IssuePage
    newsletter: Newsletter
    editions: Mapping[str, EditionContent]
    recipients: Mapping[str, int]
    excluded: Mapping[str, int]
    coverage: list[Row]
    problems: list[Problem]
    earlier: Dispatch | None
    missed: Dispatch | None

    @property
    def total(self) -> int:
        return sum(self.recipients.values())

    @property
    def blocking(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_blocking]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_blocking]

    @property
    def why_not(self) -> str:
        """What is in the way, in the words of whoever reads it now."""
        return " ".join(problem.message for problem in self.blocking)

    @property
    def may_start(self) -> bool:
        return not (self.blocking or self.earlier)


def plan_sending(issue: IssuePage) -> SendPlan:
    """Compose every published language and count its readers, as of now."""
    at = timezone.now()
    issue = IssuePage.objects.get(pk=issue.pk)  # the published row, whatever was edited
    newsletter = newsletter_of(issue)
    built = {code: build_edition(issue, code) for code in issue.live_languages()}
    editions = {code: made for code, made in built.items() if not made.is_empty}
    recipients, excluded = freeze.count_people(newsletter, editions, at)
    return SendPlan(
        issue=issue,
        newsletter=newsletter,
        editions=editions,
        recipients=recipients,
        excluded=excluded,
        coverage=coverage(issue),
        problems=[
            *_complaints(newsletter),
            *_problems(issue, newsletter, built, recipients),
            *_unsendable(issue, newsletter, editions),
        ],
        earlier=earlier_dispatch(issue),
        missed=missed_dispatch(issue),
    )


def earlier_dispatch(issue: IssuePage) -> Dispatch | None:
    """The sending that forbids another: any but one cancelled before its first mail."""
    untouched = [Delivery.State.WAITING, Delivery.State.DROPPED]
    own = Delivery.objects.filter(dispatch=OuterRef("pk")).with_standing()
    reached = own.exclude(standing__in=untouched)
    rows = Dispatch.objects.filter(issue_page=issue)
    harmless = rows.filter(~Exists(reached), state=Dispatch.State.CANCELLED)
    return rows.exclude(pk__in=harmless.values("pk")).first()


def missed_dispatch(issue: IssuePage) -> Dispatch | None:
    """The latest sending, where its moment came and it could not start."""
    latest = Dispatch.objects.filter(issue_page=issue).first()
    if latest is None or latest.state != Dispatch.State.CANCELLED:
        return None
    return latest if latest.failure and latest.started_at is None else None


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
    if issue.has_unpublished_changes:
        yield Problem(Code.UNSENT_CHANGES)
    for language in CODES:
        if language in built:
            yield from built[language].problems
        else:
            yield Problem(Code.UNPUBLISHED, language)


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
        try:
            freeze.wire_of(newsletter, language, content, issue)
        except MessageError:
            yield Problem(Code.UNSENDABLE, language)
