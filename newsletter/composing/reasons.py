"""Why subscriptions get nothing, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

SENTENCES: Mapping[str, Promise] = {
    "pending": ngettext_lazy(
        "%(number)d person has not confirmed yet",
        "%(number)d people have not confirmed yet",
        "number",
    ),
    "unsubscribed": ngettext_lazy(
        "%(number)d person has left", "%(number)d people have left", "number"
    ),
    "paused": ngettext_lazy(
        "%(number)d person has paused", "%(number)d people have paused", "number"
    ),
    "held": ngettext_lazy(
        "%(number)d person is held back after delivery trouble",
        "%(number)d people are held back after delivery trouble",
        "number",
    ),
    "bounced": ngettext_lazy(
        "%(number)d person has an address that bounced",
        "%(number)d people have an address that bounced",
        "number",
    ),
    "complained": ngettext_lazy(
        "%(number)d person has complained",
        "%(number)d people have complained",
        "number",
    ),
    "erased": ngettext_lazy(
        "%(number)d person has been erased",
        "%(number)d people have been erased",
        "number",
    ),
    "suppressed": ngettext_lazy(
        "%(number)d person must not be written to",
        "%(number)d people must not be written to",
        "number",
    ),
    "not_addressed": ngettext_lazy(
        "%(number)d person follows other things",
        "%(number)d people follow other things",
        "number",
    ),
    "unlike": ngettext_lazy(
        "%(number)d person is not found by the filter",
        "%(number)d people are not found by the filter",
        "number",
    ),
    "other_rhythm": ngettext_lazy(
        "%(number)d person chose another rhythm",
        "%(number)d people chose another rhythm",
        "number",
    ),
    "gets_digest": ngettext_lazy(
        "%(number)d person gets a digest instead",
        "%(number)d people get a digest instead",
        "number",
    ),
    "nothing_new": ngettext_lazy(
        "%(number)d person follows nothing of it, or knows all of it",
        "%(number)d people follow nothing of it, or know all of it",
        "number",
    ),
    "no_subscription": ngettext_lazy(
        "%(number)d person does not read this newsletter",
        "%(number)d people do not read this newsletter",
        "number",
    ),
    "no_edition": ngettext_lazy(
        "%(number)d person reads a language in which nothing is sent",
        "%(number)d people read a language in which nothing is sent",
        "number",
    ),
}


def described(excluded: Mapping[str, int]) -> list[str]:
    """A sentence per reason with its number, the largest first."""
    by_number = sorted(excluded.items(), key=lambda pair: (-pair[1], pair[0]))
    return [_sentence(reason, number) for reason, number in by_number]


def _sentence(reason: str, number: int) -> str:
    if reason not in SENTENCES:
        return f"{number} {reason}"
    return str(SENTENCES[reason] % {"number": number})
