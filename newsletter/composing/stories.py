"""The stories of an issue as one language sees them, by the newsletter's rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from news.models import NewsPage
from newsletter.composing.pictures import MailPicture, in_language
from newsletter.composing.problems import Code, Problem
from newsletter.composing.repeats import sent_before
from newsletter.composing.richtext import without_slots
from newsletter.models import FallbackRule, IssuePage, IssueStory, Newsletter
from pages.absolute import absolute
from pages.languages import languages

CODES = languages()


@dataclass(frozen=True)
class StoryItem:
    """A story as an edition shows it.

    `language` is that of the page behind the link; `marker` ("in Spanish") is set where
    that is not the edition's, and the `…_lang` tell which words are foreign then.
    """

    page_id: int
    headline: str
    summary: str
    url: str
    date: str
    language: str
    marker: str = ""
    headline_lang: str = ""
    summary_lang: str = ""
    picture: MailPicture | None = None
    is_lead: bool = False
    is_told_again: bool = False  # also to whoever got it before


@dataclass
class Picks:
    """What became of the picked stories: those shown, and what is odd."""

    items: list[StoryItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def picked_stories(issue: IssuePage) -> list[tuple[IssueStory, NewsPage]]:
    """The picks in the editor's order with their published pages, in one query more."""
    picks = sorted(issue.stories.all(), key=lambda pick: pick.sort_order or 0)
    known = NewsPage.objects.with_restrictions().select_related("picture")
    pages = known.in_bulk([pick.story_id for pick in picks])
    return [(pick, pages[pick.story_id]) for pick in picks if pick.story_id in pages]


def live_languages(page: NewsPage) -> list[str]:
    """Where every reader finds the page, its original language first."""
    live = [] if page.is_restricted else page.live_languages()
    return sorted(live, key=lambda code: code != page.original_language)


def rule_for(pick: IssueStory, newsletter: Newsletter) -> FallbackRule:
    """What becomes of this pick in a language without it: its own rule comes first."""
    return FallbackRule(pick.fallback or newsletter.fallback_rule)


def shown_language(page: NewsPage, language: str, rule: FallbackRule) -> str:
    """The language a story is linked in by an edition, "" where it is left out."""
    live = live_languages(page)
    if language in live:
        return language
    if rule == FallbackRule.LINK and live:
        return live[0]
    return ""


def picture_id(pick: IssueStory, page: NewsPage) -> int | None:
    """The picture beside a story in this issue."""
    return pick.picture_override_id or page.picture_id


def choose(
    issue: IssuePage,
    stories: list[tuple[IssueStory, NewsPage]],
    language: str,
    newsletter: Newsletter,
    pictures: Mapping[int, MailPicture],
    before: datetime | None = None,
) -> Picks:
    """The stories this language shows, each of them once and never a second time."""
    result, seen = Picks(), set()
    known = sent_before(issue, newsletter, language, before) if stories else set()
    for pick, page in stories:
        if page.pk in seen:
            continue
        seen.add(page.pk)
        if page.pk in known and not pick.again:
            result.problems.append(_about(page, Code.STORY_SENT, language))
            continue
        rule = rule_for(pick, newsletter)
        shown = shown_language(page, language, rule)
        result.problems.extend(_findings(page, language, shown, rule))
        if shown:
            picture = pictures.get(picture_id(pick, page) or 0)
            item = _item(pick, page, language, shown, picture)
            result.items.append(replace(item, is_told_again=pick.again))
    if result.items and issue.first_leads:
        result.items[0] = replace(result.items[0], is_lead=True)
    return result


def _findings(
    page: NewsPage, language: str, shown: str, rule: FallbackRule
) -> Iterator[Problem]:
    if not shown and rule == FallbackRule.HOLD:
        yield _about(page, Code.STORY_HOLDS, language)
    elif shown and shown != language:
        yield _about(page, Code.STORY_LINKED, language)
    elif not shown:
        is_live = bool(live_languages(page))
        code = Code.STORY_SKIPPED if is_live else Code.STORY_UNPUBLISHED
        yield _about(page, Code.STORY_PRIVATE if page.is_restricted else code, language)
    elif getattr(page, f"state_{language}") == "behind":
        yield _about(page, Code.STORY_BEHIND, language)


def _about(page: NewsPage, code: Code, language: str) -> Problem:
    return Problem(code, language, {"story": page.title}, about=str(page.pk))


def _item(
    pick: IssueStory,
    page: NewsPage,
    language: str,
    shown: str,
    picture: MailPicture | None,
) -> StoryItem:
    headline = in_language(pick, "headline_override", language)
    summary = in_language(pick, "summary_override", language)
    is_foreign = shown != language
    return replace(
        story_item(page, shown, picture, headline, summary),
        marker=marker(shown) if is_foreign else "",
        headline_lang=shown if is_foreign and not headline else "",
        summary_lang=shown if is_foreign and not summary else "",
    )


def story_item(
    page: NewsPage,
    language: str,
    picture: MailPicture | None,
    headline: str = "",
    summary: str = "",
) -> StoryItem:
    """A story as it is in one language, or with other words."""
    return StoryItem(
        page_id=page.pk,
        headline=_one_line(headline or in_language(page, "headline", language)),
        summary=_one_line(summary or in_language(page, "lead", language)),
        url=absolute(page.url_in(language)),
        date=date_format(page.date, "DATE_FORMAT"),
        language=language,
        picture=picture,
    )


def marker(language: str) -> str:
    """How a link says that it leads to another language, in the active one."""
    name = Locale.parse(get_language()).languages[language]
    # Translators: beside a link to a story of another language, as in "in Spanish".
    return _("in %(language)s") % {"language": name}


def _one_line(text: str) -> str:
    return without_slots(" ".join(text.split()))
