"""What histories say about decisions on sendings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import LogFormatter

NUMBERED = {
    "newsletter.retry_failed": (
        _("Try failed mails again"),
        lambda n: ngettext(
            "%(number)s failed mail is tried again",
            "%(number)s failed mails are tried again",
            n,
        ),
    ),
    "newsletter.uncertain_sent": (
        _("Count uncertain mails as sent"),
        lambda n: ngettext(
            "%(number)s uncertain mail counts as sent",
            "%(number)s uncertain mails count as sent",
            n,
        ),
    ),
    "newsletter.uncertain_again": (
        _("Send uncertain mails again"),
        lambda n: ngettext(
            "%(number)s uncertain mail is sent again",
            "%(number)s uncertain mails are sent again",
            n,
        ),
    ),
    "newsletter.import_subscribers": (
        _("Import subscribers"),
        lambda n: ngettext(
            "%(number)s reader was imported",
            "%(number)s readers were imported",
            n,
        ),
    ),
}


def log_decisions(actions: Any) -> None:
    """Give each decision its words."""
    for action, (label, words) in NUMBERED.items():
        actions.register_action(action)(_numbered(label, words))
    exported = _("The list of who got it was exported")
    actions.register_action("newsletter.export_ledger", _("Export"), exported)
    added = _("Was added by hand, with proof of consent")
    actions.register_action("newsletter.add_subscriber", _("Add"), added)
    taken = _("Exported subscribers")
    actions.register_action("newsletter.export_subscribers", _("Export"), taken)
    complained = _("A complaint was recorded")
    actions.register_action("newsletter.complaint", _("Complaint"), complained)
    approved = _("The digest was approved")
    actions.register_action("newsletter.approve_digest", _("Approve"), approved)
    dropped = _("The digest was left out; the next one tells its stories")
    actions.register_action("newsletter.leave_digest_out", _("Leave out"), dropped)
    actions.register_action("newsletter.allow_complaints")(AllowFormatter)
    actions.register_action("newsletter.override")(OverrideFormatter)
    tested = _("A test was sent")
    actions.register_action("newsletter.test", _("Test"), tested)
    ruled = _("What becomes of stories missing in a language was changed")
    actions.register_action("newsletter.fallbacks", _("Missing stories"), ruled)


def _numbered(name: Any, words: Any) -> type[LogFormatter]:
    class NumberFormatter(LogFormatter):
        label = name

        def format_message(self, log_entry):
            number = log_entry.data.get("number", 0)
            return words(number) % {"number": number}

    return NumberFormatter


class AllowFormatter(LogFormatter):
    label = _("Send in spite of complaints")

    def format_message(self, log_entry):
        text = _("Sending goes on for 24 hours in spite of complaints: %(reason)s")
        return text % {"reason": log_entry.data.get("reason", "")}


class OverrideFormatter(LogFormatter):
    label = _("Send in spite of checks")

    def format_message(self, log_entry):
        text = _("Sent in spite of this: %(problems)s Why: %(reason)s")
        found = log_entry.data
        problems = " ".join(found.get("problems", []))
        return text % {"problems": problems, "reason": found.get("reason", "")}
