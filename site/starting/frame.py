"""The pages that every site stands on, so that an editor's first page is a story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop
from wagtail.models import Page, Site

from front.models import HomePage
from news.models import NewsIndexPage
from newsletter.models import NewsletterIndexPage
from offices.models import OfficeIndexPage
from pages.actions import publish_languages
from pages.languages import languages
from pages.models import BilingualPage
from starting.site_record import copy_site_url
from topics.models import CountryIndexPage, ProjectIndexPage

# Each kind once, with its headline; below the front page in the menu's order.
KINDS: dict[type[BilingualPage], str] = {
    HomePage: gettext_noop("Front page"),
    NewsIndexPage: gettext_noop("News"),
    ProjectIndexPage: gettext_noop("Projects"),
    CountryIndexPage: gettext_noop("Countries"),
    OfficeIndexPage: gettext_noop("Offices"),
    NewsletterIndexPage: gettext_noop("Newsletters"),
}


@transaction.atomic
def lay_frame() -> bool:
    """Lay the frame on a site without pages of ours; False where there are any."""
    if BilingualPage.objects.exists():
        return False
    top = Page.objects.get(depth=1)
    drop_welcome(top)
    home, *indexes = [kind(**dict(words(kind))) for kind in KINDS]
    _plant(top, home)
    lead_to(home)
    for index in indexes:
        index.show_in_menus = True
        _plant(home, index)
    return True


def is_only_frame() -> bool:
    """Whether nobody has written anything yet, not even into the frame."""
    pages = BilingualPage.objects.order_by("-depth")[: len(KINDS) + 1]
    return all(_is_unwritten(page) for page in pages)


def _is_unwritten(page: BilingualPage) -> bool:
    kind = page.specific_class
    return kind in KINDS and all(
        getattr(page, column) == text for column, text in words(kind)
    )


def words(kind: type[BilingualPage]) -> Iterator[tuple[str, str]]:
    """What a page of the frame says before anyone wrote it: columns and texts."""
    for code in languages():
        with translation.override(code):
            headline = gettext(KINDS[kind])
        yield f"headline_{code}", headline
        yield f"slug_{code}", slugify(headline)


def drop_welcome(top: Page) -> None:
    """Remove the page that Wagtail greets with, and what still points to it."""
    for page in top.get_children().exact_type(Page):
        Site.objects.filter(root_page=page).delete()
        page.delete()
    top.refresh_from_db()


def lead_to(home: HomePage) -> None:
    """Have the default site begin at this page; its host is SITE_URL's."""
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": home})
    copy_site_url()


def _plant(parent: Page, page: Any) -> None:
    page.live = False
    parent.add_child(instance=page)
    publish_languages(page=page, languages=languages())
