"""Projects and countries as lists, for their indexes and the front page."""

from __future__ import annotations

from typing import Any

from django import template

from topics.models import CountryPage, ProjectPage

register = template.Library()


@register.simple_tag
def live_projects(language: str) -> Any:
    """Projects whose hub can be read in a language, by name."""
    return _live(ProjectPage, language)


@register.simple_tag
def live_countries(language: str) -> Any:
    """Countries whose hub can be read in a language, by name."""
    return _live(CountryPage, language)


def _live(model: Any, language: str) -> Any:
    return (
        model.objects.readable_in(language)
        .order_by(f"headline_{language}")
        .defer_streamfields()
        .select_related("picture")
        .prefetch_related("picture__renditions")
    )
