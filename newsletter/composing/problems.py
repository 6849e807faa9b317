"""What stands in the way of sending an issue, and what an editor should know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pages.languages import language_name as name_of


class Code(StrEnum):
    """The kinds of findings; templates and tests go by these, people by the text."""

    EMPTY = "empty"
    UNPUBLISHED = "unpublished"
    NOTHING_TO_SEND = "nothing-to-send"
    NO_RECIPIENTS = "no-recipients"
    NO_SENDER = "no-sender"
    NO_POSTAL_ADDRESS = "no-postal-address"
    STORY_SKIPPED = "story-skipped"
    STORY_LINKED = "story-linked"
    STORY_UNPUBLISHED = "story-unpublished"
    STORY_PRIVATE = "story-private"
    STORY_BEHIND = "story-behind"
    PICTURE_MISSING = "picture-missing"
    PICTURE_WITHOUT_ALT = "picture-without-alt"
    LARGE = "large"
    TOO_LARGE = "too-large"
    UNSENT_CHANGES = "unsent-changes"
    INACTIVE = "inactive"
    UNSENDABLE = "unsendable"
    COMPLAINTS = "complaints"
    SOME_COMPLAINTS = "some-complaints"


BLOCKING = {
    Code.NOTHING_TO_SEND,
    Code.NO_RECIPIENTS,
    Code.TOO_LARGE,
    Code.INACTIVE,
    Code.UNSENDABLE,
    Code.COMPLAINTS,
}
MESSAGES: Mapping[Code, str | Promise] = {
    Code.EMPTY: _(
        "Nothing to say in this language: no story and no text of its own. "
        "This edition is not sent."
    ),
    Code.UNPUBLISHED: _(
        "The issue is not published in this language. This edition is not sent."
    ),
    Code.NOTHING_TO_SEND: _(
        "There is no edition to send: publish the issue with a story or a text."
    ),
    Code.NO_RECIPIENTS: _("Nobody would receive this issue."),
    Code.NO_SENDER: _(
        "The newsletter has no sender name in this language; its address is shown."
    ),
    Code.NO_POSTAL_ADDRESS: _(
        "The newsletter has no postal address, which many countries require in mails."
    ),
    Code.STORY_SKIPPED: _(
        "“%(story)s” is not published in this language and is left out."
    ),
    Code.STORY_LINKED: _(
        "“%(story)s” is not published in this language; the mail links to the original."
    ),
    Code.STORY_UNPUBLISHED: _("“%(story)s” is not published and is left out."),
    Code.STORY_PRIVATE: _(
        "“%(story)s” is private: only some may read it, so it is left out."
    ),
    Code.STORY_BEHIND: _(
        "“%(story)s”: the original has changed since this translation was confirmed."
    ),
    Code.PICTURE_MISSING: _("A picture's file is missing; the mail goes without it."),
    Code.PICTURE_WITHOUT_ALT: _(
        "“%(picture)s” has no alternative text in this language."
    ),
    Code.LARGE: _("The mail has %(size)s kB of HTML; Gmail cuts mails at 102 kB."),
    Code.TOO_LARGE: _(
        "The mail has %(size)s kB of HTML. Gmail cuts mails at 102 kB and hides the "
        "unsubscribe link: take something out."
    ),
    Code.UNSENT_CHANGES: _(
        "The issue has changes that are not published; what is published is sent."
    ),
    Code.INACTIVE: _("The newsletter is not active, so nothing is sent."),
    Code.UNSENDABLE: _(
        "No mail can be made of this: check the newsletter's sender address and its "
        "reply-to address."
    ),
    Code.COMPLAINTS: _(
        "Too many readers complain: %(complaints)s of %(sent)s mails in 30 days"
        " (%(percent)s %%). Whoever may send has to say why to go on."
    ),
    Code.SOME_COMPLAINTS: _(
        "Readers complain: %(complaints)s of %(sent)s mails in 30 days (%(percent)s"
        " %%). From 0.30 %% on mail providers sort the newsletter out as spam."
    ),
}


@dataclass(frozen=True)
class Problem:
    """One finding, about one language or about the whole issue."""

    code: Code
    language: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_blocking(self) -> bool:
        return self.code in BLOCKING

    @property
    def message(self) -> str:
        """The finding in the words of whoever reads it now."""
        return str(MESSAGES[self.code]) % self.details

    @property
    def language_name(self) -> str:
        return name_of(self.language) if self.language else ""


LARGE_BYTES = 90_000
CLIPPED_BYTES = 102_000  # Gmail hides everything after this much HTML


def size_problems(html: str, language: str) -> list[Problem]:
    """Warn before Gmail would clip the mail, and with it the unsubscribe link."""
    size = len(html.encode())
    if size <= LARGE_BYTES:
        return []
    code = Code.TOO_LARGE if size > CLIPPED_BYTES else Code.LARGE
    return [Problem(code, language, {"size": -(-size // 1000)})]
