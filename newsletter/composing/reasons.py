"""Why subscriptions get nothing, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, str | Promise] = {
    "pending": _("have not confirmed yet"),
    "unsubscribed": _("have left"),
    "paused": _("have paused"),
    "held": _("are held back after delivery trouble"),
    "bounced": _("have an address that bounced"),
    "complained": _("have complained"),
    "erased": _("have been erased"),
    "suppressed": _("must not be written to"),
    "no_edition": _("read a language in which nothing is sent"),
}


def described(excluded: Mapping[str, int]) -> list[tuple[str | Promise, int]]:
    """Each reason in words with its number, the largest first."""
    by_number = sorted(excluded.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(NAMES.get(reason, reason), number) for reason, number in by_number]
