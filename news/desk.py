"""What the translation desk learns about stories: their projects and countries."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pages.languages import field
from topics.models import CountryPage, ProjectPage
from translations.desk import DeskFilter, register_filter


def connect() -> None:
    """Offer projects and countries above the queue."""
    register_filter(
        DeskFilter(
            "project",
            _("Project"),
            lambda language: _terms(ProjectPage, language),
            lambda chosen: Q(newspage__projects=chosen),
        )
    )
    register_filter(
        DeskFilter(
            "country",
            _("Country"),
            lambda language: _terms(CountryPage, language),
            lambda chosen: Q(newspage__countries=chosen),
        )
    )


def _terms(
    model: type[ProjectPage] | type[CountryPage], language: str
) -> list[tuple[str, str]]:
    """Terms as (id, name), by name in the person's language."""
    code = language.split("-")[0]
    named = [
        (str(term.pk), field(term, "headline", code) or term.title)
        for term in model.objects.all()
    ]
    return sorted(named, key=lambda choice: choice[1].casefold())
