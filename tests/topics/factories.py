"""Projects, countries and their indexes to test with."""

from __future__ import annotations

from front.models import HomePage
from pages.actions import publish_languages
from tests.replaying import replayed
from topics.models import (
    CountryIndexPage,
    CountryPage,
    ProjectIndexPage,
    ProjectPage,
)


@replayed
def make_projects(home: HomePage) -> ProjectIndexPage:
    """The list of projects, live in both languages."""
    index = ProjectIndexPage(headline_es="Proyectos", headline_en="Projects")
    return _put(home, index, ("es", "en"))


@replayed
def make_countries(home: HomePage) -> CountryIndexPage:
    """The list of countries, live in both languages."""
    index = CountryIndexPage(headline_es="Países", headline_en="Countries")
    return _put(home, index, ("es", "en"))


@replayed
def make_project(index, spanish="Agua", english="Water", live=("es", "en"), **fields):
    """A project's hub, live in the languages named."""
    page = ProjectPage(headline_es=spanish, headline_en=english, **fields)
    return _put(index, page, live)


@replayed
def make_country(index, code="PE", names=("Perú", "Peru"), live=("es", "en"), **fields):
    """A country's hub, live in the languages named."""
    spanish, english = names
    page = CountryPage(headline_es=spanish, headline_en=english, code=code, **fields)
    return _put(index, page, live)


def _put(parent, page, live):
    page.live = False
    parent.add_child(instance=page)
    if live:
        return publish_languages(page=page, languages=list(live))
    page.save_revision()
    return page
