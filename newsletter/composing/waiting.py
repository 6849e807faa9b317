"""What a sending waits for, in words with the moment it goes on."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsletter.composing.scheduling import in_zone_time
from newsletter.dispatching import pace
from newsletter.models import Dispatch, Newsletter


def waits_for(dispatch: Dispatch, at: datetime) -> str:
    """Why no mail leaves just now, and when the next one will; else empty."""
    if opens := pace.opens_at(dispatch, at):
        if dispatch.state == Dispatch.State.SCHEDULED:
            return _late_words(dispatch.newsletter, opens)
        moment = _words(dispatch.newsletter, opens)
        return _("Waits for the sending hours: goes on %(moment)s.") % {
            "moment": moment
        }
    if until := pace.rests_until(dispatch, at):
        moment = _words(dispatch.newsletter, until)
        return _(
            "As many mails as allowed have left in an hour: goes on %(moment)s."
        ) % {"moment": moment}
    return ""


def late_start(newsletter: Newsletter, at: datetime) -> str:
    """Says when the mails of a sending started at `at` leave, if that is later."""
    opens = newsletter.hours.opens_at(at)
    return _late_words(newsletter, opens) if opens > at else ""


def _late_words(newsletter: Newsletter, opens: datetime) -> str:
    text = _(
        "That is outside the newsletter's sending hours: texts and readers are fixed"
        " then, and the first mail leaves %(moment)s."
    )
    return text % {"moment": _words(newsletter, opens)}


def _words(newsletter: Newsletter, moment: datetime) -> str:
    """“on Monday 30 November 2026 08:00 (America/Lima)”, in the newsletter's zone."""
    zone = newsletter.hours.zone
    weekday = date_format(moment.astimezone(zone), "l")
    return _("on %(weekday)s, %(moment)s") % {
        "weekday": weekday,
        "moment": in_zone_time(moment, zone),
    }
