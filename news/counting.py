"""How many stories projects and countries have, from stored counts."""

from __future__ import annotations

from typing import Any

from news.listed import ALL
from news.models import ListCount
from topics.models import CountryPage, ProjectPage, TermPage

# What a hub is counted by, what stands beside it, and the pages of that.
KINDS: dict[type[TermPage], tuple[str, str, type[TermPage]]] = {
    ProjectPage: ("project", "country", CountryPage),
    CountryPage: ("country", "project", ProjectPage),
}


def with_totals(terms: list[Any], language: str) -> list[Any]:
    """Terms of one kind; each knows how many stories it has, as `total`."""
    if terms:
        own, other, _model = KINDS[type(terms[0])]
        totals = _totals(language, own, {other: ALL})
        for term in terms:
            term.total = totals.get(term.pk, 0)
    return terms


def beside(page: TermPage, language: str) -> list[Any]:
    """The countries of a project's stories, or the projects of a country's, by name.

    Those whose hub can be read in the language, each with how many of the stories.
    """
    own, other, model = KINDS[type(page)]
    totals = _totals(language, other, {own: page.pk})
    pages = model.objects.readable_in(language).filter(pk__in=totals)
    found = list(pages.order_by(f"headline_{language}").defer_streamfields())
    for term in found:
        term.total = totals[term.pk]
    return found


def _totals(language: str, name: str, where: dict[str, int]) -> dict[int, int]:
    """How many stories there are for each project or country, by number."""
    rows = ListCount.objects.filter(language=language, year=ALL, total__gt=0, **where)
    return dict(rows.exclude(**{name: ALL}).values_list(name, "total"))
