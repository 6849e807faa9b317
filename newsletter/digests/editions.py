"""A digest as one language is sent it: every story once, under what it belongs to.

Stories and headings are rendered once; each reader's mail is joined from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_

from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from news.models import NewsPage
from newsletter.composing import pictures
from newsletter.composing.cutting import cut_html, cuttable
from newsletter.composing.footer import Footer, digest_footer
from newsletter.composing.plain import (
    RULE,
    footer_text,
    frame_text,
    heading_text,
    story_text,
)
from newsletter.composing.problems import CLIPPED_BYTES
from newsletter.composing.stories import StoryItem, story_item
from newsletter.delivery.message import PARTS, header_text
from newsletter.delivery.parts import MOST_PARTS, Parts, Piece, Section
from newsletter.digests.gathering import MOST_STORIES, stories_in, window_of
from newsletter.dispatching.freeze import Layout
from newsletter.dispatching.selecting import Selection
from newsletter.models import Digest, Edition, Frequency
from newsletter.subscribing.names import name_in, strip_accents, topic_in
from pages.absolute import absolute
from topics.models import TermPage

LONGEST_SUBJECT = Edition._meta.get_field("subject").max_length


@dataclass(frozen=True)
class DigestEdition:
    """What a sending freezes for one language; `html` and `text` have all stories.

    `found` is how many stories were new, of which `left_out` were too many.
    """

    language: str
    subject: str
    preheader: str
    html: str
    text: str
    story_ids: list[int]
    layout: Layout
    found: int
    since: datetime

    @property
    def is_empty(self) -> bool:
        return not self.story_ids

    @property
    def left_out(self) -> int:
        return self.found - len(self.story_ids)


def build_digest(digest: Digest, language: str, until: datetime) -> DigestEdition:
    """What is new by then in one language, as many stories as a mail may hold."""
    window = window_of(digest, language, until)
    stories, since = stories_in(window, language, until), window.since
    with translation.override(language):
        drawn = _Drawn(digest, language, until, since, stories[:MOST_STORIES])
        while len(drawn.whole.html.encode()) > CLIPPED_BYTES and len(drawn.stories) > 1:
            fewer = drawn.stories[: len(drawn.stories) * 3 // 4]
            drawn = _Drawn(digest, language, until, since, fewer)
        return drawn.edition(len(stories))


@dataclass(frozen=True)
class Topic:
    """A project or country as a section: its stories as bits, and its words."""

    key: tuple[str, int]
    name: str
    url: str
    bits: int


class _Drawn:
    """One language of a digest while it is made; that language is the active one."""

    def __init__(
        self,
        digest: Digest,
        language: str,
        moment: datetime,
        since: datetime,
        stories: Sequence[NewsPage],
    ) -> None:
        self.digest, self.language, self.stories = digest, language, stories
        self.since = since
        zone = digest.newsletter.hours.zone
        self.moment, self.start = moment.astimezone(zone), since.astimezone(zone)

    @cached_property
    def whole(self) -> Piece[str]:
        """The mail that who follows nothing gets."""
        return self.layout.for_one(None)

    def edition(self, found: int) -> DigestEdition:
        return DigestEdition(
            language=self.language,
            subject=self.subject,
            preheader=self.preheader,
            html=self.whole.html,
            text=self.whole.text,
            story_ids=[story.pk for story in self.stories],
            layout=self.layout,
            found=found,
            since=self.since,
        )

    @cached_property
    def subject(self) -> str:
        day = {"day": date_format(self.moment, "DATE_FORMAT")}
        if self.digest.frequency == Frequency.WEEKLY:
            return _("News of the week, %(day)s") % day
        if self.digest.frequency == Frequency.MONTHLY:
            return _("News of the month, %(day)s") % day
        if len(self.items) == 1:
            return header_text(self.items[0].headline)[:LONGEST_SUBJECT]
        # Not how many: readers get different ones.
        hour = time_format(self.moment, "TIME_FORMAT")
        return _("New stories, %(day)s, %(hour)s") % {**day, "hour": hour}

    @cached_property
    def preheader(self) -> str:
        text = _("What was published since %(day)s.")
        return text % {"day": date_format(self.start, "DATE_FORMAT")}

    @cached_property
    def items(self) -> list[StoryItem]:
        wanted = {story.picture_id for story in self.stories} - {None}
        loaded = pictures.load(wanted, self.language)
        return [
            story_item(story, self.language, loaded.get(story.picture_id or 0))
            for story in self.stories
        ]

    @cached_property
    def topics(self) -> list[Topic]:
        """Those of the stories in the order of their sections."""
        bits: dict[tuple[str, TermPage], int] = defaultdict(int)
        kinds = ["projects", "countries"]
        if self.digest.sections == Digest.Sections.COUNTRIES:
            kinds.reverse()
        for place, story in enumerate(self.stories):
            for kind in kinds:
                for term in getattr(story, kind).all():
                    bits[kind, term] |= 1 << place
        found = [
            Topic(
                (kind, term.pk),
                topic_in(term, self.language),
                absolute(url) if (url := term.url_in(self.language)) else "",
                mine,
            )
            for (kind, term), mine in bits.items()
        ]
        return sorted(
            found, key=lambda t: (kinds.index(t.key[0]), strip_accents(t.name), t.key)
        )

    @cached_property
    def selection(self) -> Selection:
        """More topics than a number has bits share the last section."""
        terms = {
            topic.key: (topic.bits, 1 << min(place, MOST_PARTS))
            for place, topic in enumerate(self.topics)
        }
        return Selection([story.pk for story in self.stories], terms)

    @cached_property
    def headings(self) -> list[tuple[Topic | None, int]]:
        """Each section's topic and stories; the last, of no topic, has what is over."""
        shown = [(topic, topic.bits) for topic in self.topics[:MOST_PARTS]]
        placed = reduce(or_, (bits for _topic, bits in shown), 0)
        is_over = placed != self.selection.everything
        return [*shown, (None, -1)] if is_over else list(shown)

    @cached_property
    def layout(self) -> Layout:
        footer = digest_footer(self.digest.newsletter, self.language, self.digest)
        frame, pages = cut_html(self._html(footer))
        text = frame_text(self._paragraphs(footer))
        number = len(self.headings)
        because, plain = pages[: 2 * number : 2], pages[1 : 2 * number : 2]
        sections = tuple(
            Section(bits, Piece(self._why(topic), one), Piece(self._over(topic), other))
            for (topic, bits), one, other in zip(
                self.headings, because, plain, strict=True
            )
        )
        told = zip(map(story_text, self.items), pages[2 * number :], strict=True)
        parts = Parts(tuple(Piece(*each) for each in told), sections)
        return Layout(text, frame, parts, self.selection)

    def _html(self, footer: Footer) -> str:
        context = {
            "name": name_in(self.digest.newsletter, self.language),
            "headline": self.subject,
            "lead": self.preheader,
            "topics": [topic for topic, _bits in self.headings],
            "stories": self.items,
            "footer": footer,
        }
        return cuttable(
            "newsletter/mail/digest.html",
            context,
            language=self.language,
            title=self.subject,
            preheader=self.preheader,
        )

    def _paragraphs(self, footer: Footer) -> Iterator[str]:
        yield name_in(self.digest.newsletter, self.language)
        yield heading_text(self.subject).strip()
        yield self.preheader
        yield PARTS
        yield RULE
        yield footer_text(footer)

    def _over(self, topic: Topic | None) -> str:
        if topic is None:
            return heading_text(_("More"))
        return heading_text(topic.name, topic.url)

    def _why(self, topic: Topic | None) -> str:
        if topic is None:
            return heading_text(_("More of what you follow"))
        why = _("Because you follow %(topic)s.") % {"topic": topic.name}
        return heading_text(topic.name, why, topic.url)
