"""Lists of stories in one language, each without repeats."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from news.listed import ALL
from news.models import Listed, NewsIndexPage, NewsPage
from pages.languages import languages, name_in_words
from pages.models import BilingualPage
from topics.models import ProjectPage

RELATED = 3
# A place in a list: the day of a story, and its number.
Mark = tuple[date, int]


def stories(language: str) -> QuerySet[NewsPage]:
    """Every story that anyone can read in this language, the newest first."""
    return (
        NewsPage.objects.readable_in(language)
        .order_by("-date", "-pk")
        .defer_streamfields()
        .select_related("picture")
        .prefetch_related("picture__renditions")
    )


def listed(
    language: str, project: int = ALL, country: int = ALL, year: int | None = None
) -> QuerySet[Listed]:
    """The places in one list, the newest first, of a year or of all."""
    rows = Listed.objects.filter(language=language, project=project, country=country)
    if year:
        rows = rows.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
    return rows.order_by("-day", "-story")


def marks(rows: QuerySet[Listed], number: int) -> list[Mark]:
    """The first places of a list."""
    return list(rows.values_list("day", "story")[:number])


def after(rows: QuerySet[Listed], mark: Mark) -> QuerySet[Listed]:
    """The places that follow one, in the list's order.

    By key and not by offset, so that the last page costs what the first one does.
    """
    on, number = mark
    return rows.filter(day__lte=on).exclude(day=on, story__gte=number)


def before(rows: QuerySet[Listed], mark: Mark) -> QuerySet[Listed]:
    """The places that stand before one, the nearest first."""
    on, number = mark
    rows = rows.filter(day__gte=on).exclude(day=on, story__lte=number)
    return rows.order_by("day", "story")


def shown(numbers: Collection[int], language: str) -> list[NewsPage]:
    """Stories by number, in this order; those that nobody may read are left out."""
    found = stories(language).in_bulk(list(numbers))
    return [found[number] for number in numbers if number in found]


def newest(language: str, number: int) -> list[NewsPage]:
    """The newest stories in a language."""
    places = marks(listed(language), number)
    return with_kickers(shown([pk for _day, pk in places], language), language)


def with_kickers(chosen: list[NewsPage], language: str) -> list[NewsPage]:
    """The same stories; each knows its first project by name, as `kicker`."""
    rows = NewsPage.projects.through.objects.filter(
        newspage__in=[story.pk for story in chosen],
        projectpage__in=ProjectPage.objects.readable_in(language),
    )
    name = f"projectpage__headline_{language}"
    kickers = dict(rows.order_by("-pk").values_list("newspage", name))
    for story in chosen:
        story.kicker = kickers.get(story.pk, "")
    return chosen


def related(page: NewsPage, language: str) -> dict[str, list[NewsPage]]:
    """What stands under a story: chosen by hand, news, project and country news.

    None stands twice, nor what its text leads to. Each list but the first has one at
    least, wherever there are stories enough.
    """
    by_hand = [block.value.pk for block in page.related if block.value]
    taken = {page.pk, *_led_to(page, language)}
    chosen = [pk for pk in dict.fromkeys(by_hand) if pk not in taken]
    taken |= {*chosen}
    enough = RELATED * 3 + len(taken)
    candidates = {
        "projects": _sharing("project", page.terms["projects"], language, enough),
        "countries": _sharing("country", page.terms["countries"], language, enough),
        "latest": marks(listed(language), enough),
    }
    free = {
        name: [pk for _day, pk in places if pk not in taken][: RELATED * 3]
        for name, places in candidates.items()
    }
    numbers = {"chosen": chosen, **_share(free)}
    found = shown([pk for pks in numbers.values() for pk in pks], language)
    by_number = {story.pk: story for story in with_kickers(found, language)}
    return {
        name: [by_number[pk] for pk in pks if pk in by_number]
        for name, pks in numbers.items()
    }


def _led_to(page: NewsPage, language: str) -> list[int]:
    """The stories that the text of a story leads to by a block of their own."""
    body = getattr(page, f"body_{language}")
    links = (block.value for block in body if block.block_type == "related_story")
    return [link.pk for link in links if link]


def _sharing(name: str, terms: list[Any], language: str, number: int) -> list[Mark]:
    """The first places of the lists of several terms, as one list."""
    lists = [marks(listed(language, **{name: term.pk}), number) for term in terms]
    every = merge(*lists, reverse=True)
    return list(islice(dict.fromkeys(every), number))


def _share(candidates: dict[str, list[int]]) -> dict[str, list[int]]:
    """What each list shows of its candidates, in their order and none twice.

    First each takes one, whoever has the fewest before the others: a small site would
    otherwise spend all on the first list. The rest goes to the lists in turn.
    """
    taken: dict[int, str] = {}
    for name in sorted(candidates, key=lambda name: len(candidates[name])):
        _take(name, candidates[name], 1, taken)
    for name, numbers in candidates.items():
        _take(name, numbers, RELATED, taken)
    return {
        name: [number for number in numbers if taken.get(number) == name]
        for name, numbers in candidates.items()
    }


def _take(name: str, numbers: list[int], most: int, taken: dict[int, str]) -> None:
    """Claim the first free stories for a list until it has as many as it may."""
    free = [number for number in numbers if number not in taken]
    has = sum(owner == name for owner in taken.values())
    taken |= dict.fromkeys(free[: most - has], name)


def chips(page: NewsPage, language: str) -> list[dict[str, Any]]:
    """A story's projects and countries as links, those that anyone may read.

    Each with its `kind`: projects, countries. One whose hub is only in another language
    leads there and says so.
    """
    kept = page.__dict__.setdefault("_chips", {})  # the head asks, then the story
    if language not in kept:
        kept[language] = _chips(page, language)
    return kept[language]


def _chips(page: NewsPage, language: str) -> list[dict[str, Any]]:
    order = sorted(languages(), key=lambda code: code != language)
    terms = [(kind, term) for kind, group in page.terms.items() for term in group]
    rows = BilingualPage.objects.public().filter(pk__in=[term.pk for _, term in terms])
    public = set(rows.values_list("pk", flat=True))
    found = (_chip(kind, term, order) for kind, term in terms if term.pk in public)
    return [chip for chip in found if chip]


def _chip(kind: str, term: Any, order: Iterable[str]) -> dict[str, Any] | None:
    code = next((code for code in order if term.is_live_in(code)), None)
    if code is None:
        return None
    return {
        "kind": kind,
        "code": code,
        "language": name_in_words(code),
        "headline": getattr(term, f"headline_{code}"),
        "url": term.url_in(code),
    }


def news_index(language: str) -> NewsIndexPage | None:
    """The page with all stories, where it can be read in a language."""
    return NewsIndexPage.objects.readable_in(language).first()
