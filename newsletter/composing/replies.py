"""What a mail server's answer means, in words.

The enhanced status (RFC 3463, "5.1.1") says more than the plain code (RFC 5321, "550"),
so it is looked up first. Its class is left out of the table: 4 and 5 tell whether the
same trouble may pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.dispatching.repairing import BY_HAND
from newsletter.models import Delivery, Dispatch

State = Delivery.State
REPLY = re.compile(r"\b([245]\d\d)\b(?:[ -]([245])\.(\d{1,3}\.\d{1,3})\b)?")
BEGINNING = 16  # characters of an answer: "RCPT 550 5.7.606"; the rest names people

ENHANCED: Mapping[str, Promise] = {
    "1.1": _("There is no such mailbox."),
    "1.2": _("There is no such domain, or it takes no mail."),
    "1.3": _("The address is not written correctly."),
    "1.6": _("The mailbox has moved."),
    "1.7": _("The sender's address is refused."),
    "1.8": _("The sender's domain is refused."),
    "1.10": _("There is no such domain, or it takes no mail."),
    "2.1": _("The mailbox is switched off."),
    "2.2": _("The mailbox is full."),
    "2.3": _("The mail is too large for this mailbox."),
    "3.1": _("The mail server has no room left."),
    "3.2": _("The mail server takes no mail at the moment."),
    "3.4": _("The mail is too large for the mail server."),
    "4.1": _("The recipient's mail server does not answer."),
    "4.2": _("The connection was cut off."),
    "4.4": _("There is no way to the recipient's mail server."),
    "4.7": _("The mail waited too long and was given up."),
    "5.3": _("Too many recipients at once."),
    "7.1": _("The mail server's rules forbid this mail: often reputation or content."),
    "7.26": _("The sender's domain is not proven (SPF, DKIM, DMARC)."),
    "7.28": _("Too many mails in a short time."),
}
BY_SUBJECT: Mapping[str, Promise] = {
    "1": _("Something is wrong with the address."),
    "2": _("Something is wrong with the mailbox."),
    "3": _("Something is wrong at the mail server."),
    "4": _("Something is wrong on the way to the recipient's mail server."),
    "5": _("The mail server did not understand the command."),
    "6": _("The mail server does not like the form of the mail."),
    "7": _("The mail server's rules forbid this mail: often reputation or content."),
}
PLAIN: Mapping[str, Promise] = {
    "421": _("The mail server is busy and closes connections."),
    "450": _("The mailbox is not available now; often the sender is not known yet."),
    "451": _("The mail server asks to wait; often the sender is not known yet."),
    "452": _("The mail server or the mailbox has no room left."),
    "530": _("The mail server asks for a login."),
    "535": _("The mail server refuses our login."),
    "550": _("The mail server refuses this mailbox or this mail."),
    "551": _("The mailbox is somewhere else."),
    "552": _("The mailbox is full, or the mail too large."),
    "553": _("The address is not accepted."),
    "554": _("The mail server refuses this mail: often reputation or content."),
}
TEMPORARY = _("The mail server asks to try again later.")
FINAL = _("The mail server refuses this mail for good.")
UNKNOWN = _("No answer that could be read.")
# What we note ourselves, by how it begins.
OURS: Mapping[str, Promise] = {
    "address": _("No mail can be made for this address."),
    "no mail could": _("No mail could be made for this person: a fault of ours."),
    "not sent": _("Not sent: the machine that was to send it went down."),
    "connection lost": _("The connection was lost again and again."),
    "no answer": _("There was no answer after the mail was handed over."),
    "the journal": _("A worker disappeared, and its notes with it."),
    "left since": _("Left or could not be written to when its turn came."),
    "cancelled": _("The sending was cancelled."),
    BY_HAND: _("Counted as sent by a person."),
}


@dataclass(frozen=True)
class Reply:
    """One kind of answer and how many had it."""

    code: str
    meaning: str
    failed: int = 0
    retry: int = 0


def code_of(answer: str) -> str:
    """The status in an answer, as "550 5.1.1"; empty where there is none."""
    if not (found := REPLY.search(answer)):
        return ""
    code, kind, detail = found.groups()
    return f"{code} {kind}.{detail}" if detail else code


def meaning_of(answer: str) -> str:
    """What an answer means, in the words of whoever reads it now; empty for none."""
    if not answer:
        return ""
    for beginning, words in OURS.items():
        if answer.startswith(beginning):
            return str(words)
    if not (found := REPLY.search(answer)):
        return str(UNKNOWN)
    code, _kind, detail = found.groups()
    return str(_enhanced(detail) or PLAIN.get(code) or _by_class(code))


def _enhanced(detail: str | None) -> Promise | None:
    subject = detail.partition(".")[0] if detail else ""
    # Other mail systems write their own details behind the subject, as 5.7.606.
    return ENHANCED.get(detail or "") or BY_SUBJECT.get(subject)


def _by_class(code: str) -> Promise:
    return TEMPORARY if code.startswith("4") else FINAL


def replies_to(dispatch: Dispatch) -> list[Reply]:
    """What refused mails were answered, the most frequent first."""
    rows = dispatch.deliveries.filter(state__in=[State.FAILED, State.RETRY]).order_by()
    return grouped(
        rows.annotate(beginning=Left("code", BEGINNING))
        .values_list("beginning")
        .annotate(
            failed=Count("pk", filter=Q(state=State.FAILED)),
            retry=Count("pk", filter=Q(state=State.RETRY)),
        )
    )


def grouped(found) -> list[Reply]:
    """Beginnings of answers with their numbers, put together by code and meaning."""
    sums: dict[tuple[str, str], list[int]] = {}
    for beginning, failed, retry in found:
        key = (code_of(beginning), meaning_of(beginning) or str(UNKNOWN))
        numbers = sums.setdefault(key, [0, 0])
        numbers[0] += failed
        numbers[1] += retry
    replies = [Reply(*key, *numbers) for key, numbers in sums.items()]
    return sorted(replies, key=lambda each: (-each.failed - each.retry, each.code))
