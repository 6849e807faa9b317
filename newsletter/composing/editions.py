"""An issue as one language is sent it: subject, HTML and text, with what is odd in it.

A pure function of published content: the same whoever asks and in whatever language
the admin or the worker runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import translation
from wagtail.models import Revision

from newsletter.composing.composition import Composition, compose
from newsletter.composing.cutting import cut_html, cuttable, uncut
from newsletter.composing.footer import Footer, footer_of
from newsletter.composing.pictures import in_language
from newsletter.composing.plain import edition_text
from newsletter.composing.problems import Code, Problem, size_problems, weight_problems
from newsletter.delivery.message import PARTS
from newsletter.delivery.parts import MOST_PARTS, Parts, Piece
from newsletter.dispatching.freeze import Layout
from newsletter.dispatching.selecting import Selection
from newsletter.models import IssuePage, Newsletter


@dataclass(frozen=True)
class EditionContent:
    """What a sending freezes for one language; personal addresses are placeholders."""

    language: str
    subject: str
    preheader: str
    html: str
    text: str
    story_ids: list[int]
    is_empty: bool
    problems: list[Problem]
    layout: Layout | None = None


def build_edition(
    issue: IssuePage, language: str, *, revision: Revision | None = None
) -> EditionContent:
    """The issue in one language: as published, or as a revision of it has it."""
    source = revision.as_object() if revision else issue
    composition = compose(source, language)
    with translation.override(language):
        footer = footer_of(composition)
        html = _html(composition, footer)
        frame, texts = edition_text(composition, footer)
    layout = _layout(composition, html, frame, texts)
    html, text = uncut(html), frame.replace(PARTS, "".join(texts))
    return EditionContent(
        language=language,
        subject=composition.subject,
        preheader=composition.preheader,
        html=html,
        text=text,
        story_ids=[story.page_id for story in composition.stories],
        is_empty=composition.is_empty,
        problems=[*_findings(composition), *size_problems(html, language)],
        layout=layout,
    )


def _layout(
    composition: Composition, html: str, text: str, texts: Sequence[str]
) -> Layout | None:
    """How it is joined for each reader; longer than any, all get it whole."""
    stories = composition.stories
    if not 0 < len(stories) <= MOST_PARTS:
        return None
    frame, pages = cut_html(html)
    again = frozenset(story.page_id for story in stories if story.is_told_again)
    selection = Selection(
        [story.page_id for story in stories],
        again=again,
        is_nothing_without=not composition.says_more_than_stories,
    )
    pieces = tuple(map(Piece, texts, pages))
    return Layout(text, frame, Parts(pieces), selection)


def _html(composition: Composition, footer: Footer) -> str:
    return cuttable(
        "newsletter/mail/edition.html",
        {"edition": composition, "footer": footer},
        language=composition.language,
        title=composition.subject,
        preheader=composition.preheader,
    )


def _findings(composition: Composition) -> Iterator[Problem]:
    language = composition.language
    yield from composition.problems
    if composition.is_empty:
        yield Problem(Code.EMPTY, language)
    elif not composition.has_words:
        yield Problem(Code.NO_WORDS, language)
    yield from weight_problems(composition.pictures, language)
    yield from sender_problems(composition.newsletter, language)


def sender_problems(newsletter: Newsletter, language: str) -> Iterator[Problem]:
    """What a newsletter itself lacks in a language."""
    if not in_language(newsletter, "sender_name", language):
        yield Problem(Code.NO_SENDER, language)
    if not newsletter.postal_address.strip():
        yield Problem(Code.NO_POSTAL_ADDRESS, language)
