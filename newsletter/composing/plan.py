"""What would be sent now, to how many, and what speaks against it; changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils import timezone

from newsletter.composing.checks import problems_of
from newsletter.composing.composition import newsletter_of
from newsletter.composing.coverage import Row, coverage
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.problems import Code, Problem
from newsletter.dispatching import freeze
from newsletter.dispatching.audience import EVERYONE, Audience
from newsletter.errors import AlreadyScheduledError, AlreadySentError
from newsletter.models import Dispatch, IssuePage, Newsletter


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
    audience: Audience = EVERYONE

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
    def overridable(self) -> list[Problem]:
        """What is in the way but may be sent all the same, for a reason."""
        return [problem for problem in self.blocking if problem.may_be_overridden]

    def refusing(self, overridden: Collection[str]) -> list[Problem]:
        """What is in the way once these problems, by their keys, are overridden."""
        return [
            problem
            for problem in self.blocking
            if not (problem.may_be_overridden and problem.is_among(overridden))
        ]

    @property
    def is_large(self) -> bool:
        """Whether whoever sends has to type how many readers get it."""
        most = self.newsletter.typed_above
        return bool(most) and self.total > most

    @property
    def lacks_people_only(self) -> bool:
        """Whether another audience is all that it needs."""
        others = {p.code for p in self.blocking if not p.may_be_overridden}
        return others == {Code.NO_RECIPIENTS} and not self.earlier

    @property
    def may_start(self) -> bool:
        """Whether it may be sent, where need be for a reason."""
        return self.overridable == self.blocking and not self.earlier


def plan_sending(issue: IssuePage, audience: Audience = EVERYONE) -> SendPlan:
    """Compose every published language and count its readers, as of now."""
    at = timezone.now()
    issue = IssuePage.objects.get(pk=issue.pk)  # the published row, whatever was edited
    newsletter = newsletter_of(issue)
    built = {code: build_edition(issue, code) for code in issue.live_languages()}
    editions = {code: made for code, made in built.items() if not made.is_empty}
    recipients, excluded = freeze.count_people(newsletter, editions, at, audience)
    # Before it is published nothing is sent, and there is only its draft to look at.
    shown = issue if built else issue.get_latest_revision_as_object()
    rows = coverage(shown)
    return SendPlan(
        issue=issue,
        newsletter=newsletter,
        editions=editions,
        recipients=recipients,
        excluded=excluded,
        coverage=rows,
        problems=problems_of(issue, newsletter, built, recipients, rows),
        earlier=earlier_dispatch(issue),
        missed=missed_dispatch(issue),
        audience=audience,
    )


def earlier_dispatch(issue: IssuePage) -> Dispatch | None:
    """The sending that forbids another: any but one cancelled before its first mail."""
    return Dispatch.objects.filter(issue_page=issue).effective().first()


def refuse_second(issue: IssuePage) -> None:
    """Raise `AlreadySentError`, or `AlreadyScheduledError`, where there is one."""
    if earlier := earlier_dispatch(issue):
        waits = earlier.state == Dispatch.State.SCHEDULED
        raise (AlreadyScheduledError if waits else AlreadySentError)(earlier.pk)


def missed_dispatch(issue: IssuePage) -> Dispatch | None:
    """The latest sending, where its moment came and it could not start."""
    latest = Dispatch.objects.filter(issue_page=issue).first()
    if latest is None or latest.state != Dispatch.State.CANCELLED:
        return None
    return latest if latest.failure and latest.started_at is None else None
