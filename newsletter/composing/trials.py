"""An issue's mail as the engine makes it, for trying out: whole, but nobody's own.

Headers and encoding are those of the real mail. Its personal links hold a word where
the token would be, so they open a page that says so and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate

from django.utils import translation
from django.utils.translation import gettext as _

from newsletter.composing.composition import newsletter_of
from newsletter.composing.editions import EditionContent
from newsletter.delivery.message import ascii_address, domain_of, wire_address
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
    return next(trial_mails(issue, edition, to=[to], name=name))


def trial_mails(
    issue: IssuePage, edition: EditionContent, *, to: Iterable[str], name: str
) -> Iterator[TrialMail]:
    """The same for many, of which each costs little."""
    newsletter, language = newsletter_of(issue), edition.language
    mail_from = ascii_address(newsletter.from_address)
    wire = wire_of(newsletter, language, edition, issue)
    date, domain = formatdate(usegmt=True).encode(), domain_of(mail_from)
    for number, address in enumerate(to):
        plain = wire_address(address)
        place = f"{issue.pk}.{language}" + (f".{number}" if number else "")
        values = {
            "to": plain.encode(),
            "date": date,
            "message_id": f"<{name}.{place}@{domain}>".encode(),
            **dict.fromkeys((LEAVE, PREFERENCES), NO_TOKEN),
        }
        yield TrialMail(mail_from, plain, b"".join(wire.fill(values)))


def marked_as_test(edition: EditionContent) -> EditionContent:
    """The same with a word before its subject, in the edition's language."""
    with translation.override(edition.language):
        # Translators: before the subject of a mail that only its editor gets.
        word = _("[TEST]")
    return replace(edition, subject=f"{word} {edition.subject}")
