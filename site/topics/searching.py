"""How search knows of projects and countries."""

from __future__ import annotations

from topics.models import CountryPage, ProjectPage


def mark_of(term: int) -> str:
    """The word that marks what is about a project or country, by its number."""
    return f"zterm{term}z"


def names(language: str) -> dict[str, str]:
    """The names of those that can be read in a language, by their marks."""
    return {
        mark_of(pk): name
        for model in (ProjectPage, CountryPage)
        for pk, name in model.objects.readable_in(language).values_list(
            "pk", f"headline_{language}"
        )
    }
