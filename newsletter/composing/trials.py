"""An issue's mail as the engine makes it, for trying out: whole, but nobody's own.

Headers and encoding are those of the real mail. Its personal links hold a word where
the token would be, so they open a page that says so and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import formatdate

from django.utils import translation
from django.utils.translation import gettext as _

from newsletter.composing.composition import newsletter_of
from newsletter.composing.editions import EditionContent
from newsletter.delivery.message import ascii_address, domain_of
from newsletter.dispatching.freeze import wire_of
from newsletter.models import IssuePage
from newsletter.subscribing.links import LEAVE, PREFERENCES

NO_TOKEN = b"TEST"


@dataclass(frozen=True)
class TrialMail:
    """One mail in wire form, with its envelope."""

    mail_from: str
    to: str
    data: bytes


def trial_mail(
    issue: IssuePage, edition: EditionContent, *, to: str, name: str
) -> TrialMail:
    """The edition as it would reach `to`; `name` begins its Message-ID.

    Raises `MessageError` where the engine cannot build it.
    """
    newsletter = newsletter_of(issue)
    mail_from = ascii_address(newsletter.from_address)
    language = edition.language
    to = ascii_address(to)
    message_id = f"<{name}.{issue.pk}.{language}@{domain_of(mail_from)}>"
    values = {
        "to": to.encode(),
        "date": formatdate(usegmt=True).encode(),
        "message_id": message_id.encode(),
        **dict.fromkeys((LEAVE, PREFERENCES), NO_TOKEN),
    }
    wire = wire_of(newsletter, language, edition, issue)
    return TrialMail(mail_from, to, b"".join(wire.fill(values)))


def marked_as_test(edition: EditionContent) -> EditionContent:
    """The same with a word before its subject, in the edition's language."""
    with translation.override(edition.language):
        # Translators: before the subject of a mail that only its editor gets.
        word = _("[TEST]")
    return replace(edition, subject=f"{word} {edition.subject}")
