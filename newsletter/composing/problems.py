"""What stands in the way of sending an issue, and what an editor should know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsletter.composing.pictures import MailPicture, weight
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
    STORY_HOLDS = "story-holds"
    STORY_SENT = "story-sent"
    STORY_PLANNED = "story-planned"
    NO_SPF = "no-spf"
    NO_DMARC = "no-dmarc"
    SAME_SUBJECT = "same-subject"
    NO_WORDS = "no-words"
    LINK_TO_DRAFT = "link-to-draft"
    LINK_DEAD = "link-dead"
    EVENT_PAST = "event-past"
    PICTURE_HEAVY = "picture-heavy"
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
    Code.STORY_HOLDS,
    Code.NO_WORDS,
    Code.LINK_TO_DRAFT,
}
# Whoever may send may do so all the same, for a reason that is kept.
OVERRIDABLE = {Code.TOO_LARGE, Code.STORY_HOLDS, Code.NO_WORDS, Code.LINK_TO_DRAFT}
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
    Code.STORY_SENT: _(
        "“%(story)s” was sent to these readers before and is left out; tick “send it"
        " again” beside it if they are to get it twice."
    ),
    Code.STORY_HOLDS: _(
        "“%(story)s” is not published in this language and holds the issue back."
    ),
    Code.STORY_PLANNED: _(
        "“%(story)s” is to be published in this language on %(moment)s; a mail that is"
        " sent earlier goes without it."
    ),
    Code.NO_SPF: _(
        "%(domain)s does not say who may send its mail (no SPF record), so mail"
        " providers distrust it. Ask whoever looks after the domain."
    ),
    Code.NO_DMARC: _(
        "%(domain)s does not say what becomes of forged mail (no DMARC record); large"
        " mail providers ask for it. Ask whoever looks after the domain."
    ),
    Code.SAME_SUBJECT: _(
        "The subject is the same in %(languages)s: is one of them not translated yet?"
    ),
    Code.NO_WORDS: _(
        "There are only pictures: who reads mails as text, or without pictures, finds"
        " nothing in it."
    ),
    Code.LINK_TO_DRAFT: _(
        "A link leads to “%(page)s”, which is not published; the mail goes without the"
        " link."
    ),
    Code.EVENT_PAST: _("“%(event)s” is over already."),
    Code.LINK_DEAD: _("The link to %(url)s does not work: %(why)s"),
    Code.PICTURE_HEAVY: _(
        "“%(picture)s” weighs %(size)s kB, which is much on a slow line: choose a"
        " simpler picture."
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
    about: str = ""  # to know it again: a page's number, or how much it is

    @property
    def is_blocking(self) -> bool:
        return self.code in BLOCKING

    @property
    def may_be_overridden(self) -> bool:
        return self.code in OVERRIDABLE

    @property
    def key(self) -> str:
        """What it is about, to know it again later; of a size, in which step it is."""
        return " ".join(filter(None, [self.code, self.language, self.about]))

    def is_among(self, keys: Collection[str]) -> bool:
        """Whether these hold it, or the same of a larger size."""
        if self.key in keys or self.code != Code.TOO_LARGE:
            return self.key in keys
        start = f"{self.code} {self.language} "
        known = (key.removeprefix(start) for key in keys if key.startswith(start))
        return any(step.isdecimal() and int(step) >= int(self.about) for step in known)

    @property
    def message(self) -> str:
        """The finding in the words of whoever reads it now."""
        details = dict(self.details)
        if details.get("page") == "":
            details["page"] = gettext("a deleted page")
        return str(MESSAGES[self.code]) % details

    @property
    def language_name(self) -> str:
        return name_of(self.language) if self.language else ""


LARGE_BYTES = 90_000
CLIPPED_BYTES = 102_000  # Gmail hides everything after this much HTML
SIZE_STEP = 20_000  # who sends a large mail all the same, sends it a little larger
HEAVY_BYTES = 250_000  # of one picture


def size_problems(html: str, language: str) -> list[Problem]:
    """Warn before Gmail would clip the mail, and with it the unsubscribe link."""
    size = len(html.encode())
    if size <= LARGE_BYTES:
        return []
    code = Code.TOO_LARGE if size > CLIPPED_BYTES else Code.LARGE
    about = str(-(-size // SIZE_STEP))
    return [Problem(code, language, {"size": -(-size // 1000)}, about=about)]


def weight_problems(
    pictures: Iterable[MailPicture], language: str
) -> Iterator[Problem]:
    """Pictures that take long to load on a telephone."""
    for picture in pictures:
        if (size := weight(picture)) > HEAVY_BYTES:
            found: dict[str, str | int] = {"size": -(-size // 1000)}
            named = {**found, "picture": picture.title}
            yield Problem(Code.PICTURE_HEAVY, language, named)
