"""What becomes of a row: one letter each, so that a million of them take a megabyte."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from newsletter.models import Subscriber, Suppression


class Outcome(TextChoices):
    """The words fit the check and the import."""

    NEW = "n", _("new reader")
    KNOWN = "k", _("known reader, new to this newsletter")
    THERE = "t", _("subscribed already: left as it is")
    PENDING = "p", _("was asked to confirm and has not: left as it is")
    LEFT = "l", _("left: only they can come back")
    BOUNCED = "b", _("mail does not reach the address: left out")
    COMPLAINED = "c", _("marked mails as spam: left out")
    ERASED = "e", _("asked to be forgotten: left out")
    TWICE = "d", _("stands in the file before: left out")
    NO_ADDRESS = "a", _("no address")
    BAD_ADDRESS = "x", _("not an e-mail address")
    BAD_DATE = "y", _("the date cannot be read")
    FUTURE = "f", _("the date has not come yet")
    BROKEN = "w", _("not as many cells as there are columns, or a stray quotation mark")
    UNREADABLE = "u", _("characters that cannot be read")
    EMPTY = "0", _("empty row")


ADDED = frozenset({Outcome.NEW, Outcome.KNOWN})
# The file's own fault; they are the same whenever it is read.
INVALID = frozenset(
    {
        Outcome.NO_ADDRESS,
        Outcome.BAD_ADDRESS,
        Outcome.BAD_DATE,
        Outcome.FUTURE,
        Outcome.BROKEN,
        Outcome.UNREADABLE,
    }
)
SKIPPED = INVALID | {Outcome.TWICE, Outcome.EMPTY}
NEVER = frozenset({Outcome.LEFT, Outcome.BOUNCED, Outcome.COMPLAINED, Outcome.ERASED})

OF_SUPPRESSION = {
    Suppression.Reason.LEFT: Outcome.LEFT,
    Suppression.Reason.BOUNCED: Outcome.BOUNCED,
    Suppression.Reason.COMPLAINED: Outcome.COMPLAINED,
    Suppression.Reason.ERASED: Outcome.ERASED,
}
OF_HEALTH = {
    Subscriber.Health.HELD: Outcome.BOUNCED,
    Subscriber.Health.BOUNCED: Outcome.BOUNCED,
    Subscriber.Health.COMPLAINED: Outcome.COMPLAINED,
    Subscriber.Health.ERASED: Outcome.ERASED,
}
