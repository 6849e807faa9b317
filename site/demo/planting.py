"""The demo's page tree: front page, indexes, hubs, stories, and the offices."""

from __future__ import annotations

import json
from collections.abc import Collection as Some
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from wagtail.models import Page, Site

from demo import content
from demo.content import Story
from demo.markup import to_blocks
from front.models import HomePage
from news.models import NewsIndexPage, NewsPage
from offices.models import Office, OfficeIndexPage
from pages import actions
from pages.models import BilingualPage, BrandSettings
from pictures.models import Picture
from starting.frame import drop_welcome, lead_to
from starting.frame import words as frame_words
from topics.models import (
    CountryIndexPage,
    CountryPage,
    ProjectIndexPage,
    ProjectPage,
    TermPage,
)

OPENED_AT = datetime(2024, 11, 4, 14, tzinfo=UTC)
OFFICE_NUMBERS = ("latitude", "longitude")
SOURCE = "demo/offices.csv"

AnyPage = TypeVar("AnyPage", bound=BilingualPage)
Pictures = dict[str, Picture]


@dataclass(frozen=True)
class Terms:
    """The vocabularies, by the keys that stories use."""

    projects: dict[str, ProjectPage]
    countries: dict[str, CountryPage]


def plant_home() -> HomePage:
    """The front page as the root of the default site."""
    top = Page.objects.get(depth=1)
    drop_welcome(top)
    home = _only_one(top, HomePage, "home")
    lead_to(home)
    return publish(home, content.LANGUAGES, OPENED_AT)


def paint_brand(site: Site) -> None:
    """Name, colour and words of the whole site, unless it has its own."""
    brand = content.read("brand")
    names = ("tagline", "footer_text", "postal_address")
    words = {f"{n}_{c}": brand[c][n] for n in names for c in content.LANGUAGES}
    BrandSettings.objects.get_or_create(
        site=site,
        defaults={
            **{f"name_{code}": brand["name"] for code in content.LANGUAGES},
            "accent": brand["accent"],
            **words,
        },
    )


def plant_index(home: HomePage, model: type[AnyPage], name: str) -> AnyPage:
    """One of the lists below the front page."""
    return publish(_only_one(home, model, name), content.LANGUAGES, OPENED_AT)


def _only_one(parent: Page, model: type[AnyPage], name: str) -> AnyPage:
    """The page of a kind there may be one of; what somebody wrote there is kept."""
    words, unwritten = _words("brand", name), dict(frame_words(model))
    found = model.objects.first()
    if found is None:
        in_menu = model is not HomePage
        return add(parent, model(show_in_menus=in_menu, **words))
    draft = found.get_latest_revision_as_object()
    for column, text in words.items():
        if getattr(draft, column) in (None, "", unwritten.get(column)):
            setattr(draft, column, text)
    draft.save_revision()
    return found


def plant_terms(home: HomePage, pictures: Pictures) -> Terms:
    """All projects and countries."""
    projects = plant_index(home, ProjectIndexPage, "projects")
    countries = plant_index(home, CountryIndexPage, "countries")
    plant_index(home, OfficeIndexPage, "offices")
    return Terms(
        {
            key: _plant_term(projects, ProjectPage(), key, row, pictures)
            for key, row in content.read("projects").items()
        },
        {
            code: CountryPage.objects.filter(code=code).first()
            or _plant_term(countries, CountryPage(code=code), code, row, pictures)
            for code, row in content.read("countries").items()
        },
    )


def _plant_term(
    index: BilingualPage,
    term: TermPage,
    key: str,
    row: dict[str, Any],
    pictures: Pictures,
) -> Any:
    for code in content.LANGUAGES:
        words = dict(row[code])
        body = words.pop("body")
        _write(term, code, words)
        _write_body(term, code, body, f"{key}.{code}", pictures)
    term.picture = pictures[row["picture"]]
    return publish(add(index, term), content.LANGUAGES, OPENED_AT)


def plant_stories(
    home: HomePage, terms: Terms, pictures: Pictures
) -> dict[str, NewsPage]:
    """All stories, oldest first; by key."""
    index = plant_index(home, NewsIndexPage, "news")
    planted = {
        story.key: _plant_story(index, story, terms, pictures)
        for story in content.stories()
    }
    for story in content.stories():
        if story.behind:
            _revise(planted[story.key], story, pictures)
    return planted


def _plant_story(
    index: NewsIndexPage, story: Story, terms: Terms, pictures: Pictures
) -> NewsPage:
    page = NewsPage(
        date=story.date,
        original_language=story.original,
        picture=pictures[story.picture],
    )
    for code, words in story.words.items():
        plain = {name: words[name] for name in ("headline", "slug", "lead", "author")}
        _write(page, code, plain)
        text = story.body(code, revised=False)
        _write_body(page, code, text, f"{story.key}.{code}", pictures)
    page.projects = [terms.projects[key] for key in story.projects]
    page.countries = [terms.countries[code] for code in story.countries]
    return publish(add(index, page), story.live_languages, story.published_at)


def _revise(page: NewsPage, story: Story, pictures: Pictures) -> None:
    """Change the original after its translation was confirmed."""
    code = story.original
    draft = page.get_latest_revision_as_object()
    text = story.body(code, revised=True)
    _write_body(draft, code, text, f"{story.key}.{code}", pictures)
    draft.save_revision()
    publish(page, [code], story.revised_at)


def lead_with(home: HomePage, story: NewsPage, at: datetime) -> None:
    """Put a story on top of the front page, unless another one is there."""
    draft = HomePage.objects.get(pk=home.pk).get_latest_revision_as_object()
    draft.lead_story = draft.lead_story or story
    draft.save_revision()
    publish(home, content.LANGUAGES, at)


def open_offices(countries: dict[str, CountryPage]) -> None:
    """All offices, published, with a source that says one thing otherwise."""
    for place, row in enumerate(content.read("offices")["office"]):
        facts = {n: Decimal(v) if n in OFFICE_NUMBERS else v for n, v in row.items()}
        code = facts.pop("country")
        office = Office(country=countries[code], position=place, **facts)
        office.source_kind = Office.SourceKind.CSV
        office.source_url = source_url()
        office.full_clean()
        office.save()
        office.save_revision().publish()


def source_url() -> str:
    """The table of offices that this site serves; nothing where it cannot be asked.

    On a real site the workers would have to ask by the public address, which not every
    network allows, and a host without a dot makes no URL that an office may keep.
    """
    url = f"{settings.SITE_URL}{settings.STATIC_URL}{SOURCE}"
    try:
        URLValidator()(url)
    except ValidationError:
        return ""
    return "" if settings.PRODUCTION else url


def add(parent: Page, page: AnyPage) -> AnyPage:
    """A page below another one, not live yet."""
    page.live = False
    parent.add_child(instance=page)
    return page


def publish(page: AnyPage, languages: Some[str], at: datetime) -> AnyPage:
    """Publish by the pages' own action, as it would have been at that time."""
    live = actions.publish_languages(page=page, languages=languages, at=at)
    actions.refresh_state(page_id=page.pk, changed=list(languages), at=at)
    return live


def _words(file: str, name: str) -> dict[str, str]:
    rows = content.read(file)[name]
    return {
        f"{n}_{code}": rows[code][n] for code in content.LANGUAGES for n in rows[code]
    }


def _write(page: BilingualPage, code: str, words: dict[str, str]) -> None:
    for name, text in words.items():
        setattr(page, f"{name}_{code}", text)


def _write_body(
    page: BilingualPage, code: str, text: str, name: str, pictures: Pictures
) -> None:
    ids = {key: picture.pk for key, picture in pictures.items()}
    blocks = to_blocks(text, pictures=ids, name=name)
    setattr(page, f"body_{code}", json.dumps(blocks))
