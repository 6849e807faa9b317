"""A small page tree for tests: a front page, a country, a project, a newsletter."""

from __future__ import annotations

from django.utils import timezone
from wagtail.models import Page, Site

from front.models import HomePage
from topics.models import CountryIndexPage, CountryPage, ProjectIndexPage, ProjectPage

LIVE = {"live": True, "live_es": True, "live_en": True}


def plant_home() -> HomePage:
    """A front page, live in both languages, that the default site shows."""
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root")
    home = HomePage(headline_es="Centro", headline_en="Centre", **LIVE)
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "root_page": home}
    )
    home.save()  # paths begin at the site's root
    return home


def plant(parent, page):
    """Put a page under `parent`, live wherever it has a headline."""
    for code in ("es", "en"):
        is_live = bool(getattr(page, f"headline_{code}"))
        setattr(page, f"live_{code}", is_live)
        setattr(page, f"first_published_at_{code}", timezone.now() if is_live else None)
    page.live = True
    return parent.add_child(instance=page)


def plant_topics(home: HomePage) -> tuple[ProjectPage, CountryPage]:
    """One project and one country, both in both languages."""
    projects = plant(
        home, ProjectIndexPage(headline_es="Proyectos", headline_en="Projects")
    )
    countries = plant(
        home, CountryIndexPage(headline_es="Países", headline_en="Countries")
    )
    project = ProjectPage(headline_es="Agua segura", headline_en="Safe water")
    country = CountryPage(headline_es="Perú", headline_en="Peru", code="PE")
    return plant(projects, project), plant(countries, country)
