"""What a sending waits for, in words with the moment it goes on."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsletter.composing.moments import in_zone_time
from newsletter.dispatching import pace
from newsletter.models import Dispatch, Newsletter


def waits_for(dispatch: Dispatch, at: datetime) -> str:
    """Why no mail leaves at this moment, and when the next one will; else empty."""
    if dispatch.state == Dispatch.State.SCHEDULED and dispatch.scheduled_at:
        return late_if_planned(dispatch.newsletter, dispatch.scheduled_at)
    if opens := pace.opens_at(dispatch, at):
        text = _("Waits for its sending hours. The next mail leaves on %(moment)s.")
        return text % _moment(dispatch.newsletter, opens)
    if until := pace.rests_until(dispatch, at):
        text = _(
            "As many mails as allowed have left in an hour. The next one leaves on"
            " %(moment)s."
        )
        return text % _moment(dispatch.newsletter, until)
    return ""


def late_if_planned(newsletter: Newsletter, at: datetime) -> str:
    """Says when the mails of a sending planned for `at` leave, if that is later."""
    text = _(
        "That is outside the newsletter's sending hours: texts and readers are fixed"
        " then, and the first mail leaves on %(moment)s."
    )
    return _late(newsletter, at, text)


def late_if_sent(newsletter: Newsletter, at: datetime) -> str:
    """Says when the mails of a sending begun `at` this moment leave, if later."""
    text = _(
        "It is outside the newsletter's sending hours now: if you send it, texts and"
        " readers are fixed at once, and the first mail leaves on %(moment)s."
    )
    return _late(newsletter, at, text)


def _late(newsletter: Newsletter, at: datetime, text: str) -> str:
    opens = newsletter.hours.opens_at(at)
    return text % _moment(newsletter, opens) if opens > at else ""


def _moment(newsletter: Newsletter, moment: datetime) -> dict[str, str]:
    """Like “Monday 30 November 2026 08:00 (America/Lima)”, in the newsletter's zone."""
    zone = newsletter.hours.zone
    weekday = date_format(moment.astimezone(zone), "l")
    return {"moment": f"{weekday} {in_zone_time(moment, zone)}"}
