"""A small published site with a newsletter, for tests of composing."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Locale, Page, Site

from front.models import HomePage
from news.models import NewsIndexPage, NewsPage
from newsletter.models import (
    IssuePage,
    IssueStory,
    NewsletterIndexPage,
    NewsletterPage,
)
from pages.actions import publish_languages
from pictures.models import Picture
from tests.newsletter.sending import a_newsletter
from tests.replaying import replayed

BOTH = ("es", "en")


def publish(page, *languages):
    """The page again, published in these languages."""
    if not page.latest_revision_id:
        page.save_revision()
    publish_languages(page=page, languages=list(languages or BOTH))
    return type(page).objects.get(pk=page.pk)


@replayed
def make_newsletter(**newsletter):
    """A newsletter's page, below a front page that has news as well."""
    # A test with real transactions leaves an empty database behind.
    Locale.objects.get_or_create(language_code="es")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root")
    home = HomePage(headline_es="Portada", headline_en="Front page")
    home = publish(root.add_child(instance=home))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    news = NewsIndexPage(headline_es="Noticias", headline_en="News")
    publish(home.add_child(instance=news))
    index = NewsletterIndexPage(headline_es="Boletines", headline_en="Newsletters")
    index = publish(home.add_child(instance=index))
    page = NewsletterPage(
        headline_es="Boletín",
        headline_en="Newsletter",
        newsletter=a_newsletter(**newsletter),
    )
    return publish(index.add_child(instance=page))


@replayed
def make_story(news, name, languages, picture=None, original="es"):
    """A story, in Spanish "name es" and so on, published in these languages."""
    words = {}
    for code in languages:
        words[f"headline_{code}"] = f"{name} {code}"
        words[f"lead_{code}"] = f"Entradilla de {name}, {code}, con ñ y “comillas”."
    story = NewsPage(
        **words, date=date(2022, 12, 6), picture=picture, original_language=original
    )
    news.add_child(instance=story)
    return publish(story, *languages)


@replayed
def make_issue(page, stories, languages, picks, **values):
    """An issue of these stories; `languages` are published, () leaves a draft."""
    known = {
        "headline_es": "Noviembre en la sierra",
        "headline_en": "November in the highlands",
        "preheader_es": "Agua, maíz y caminos",
        "preheader_en": "Water, maize and roads",
    }
    issue = IssuePage(**known | values)
    for at, story in enumerate(stories):
        own = picks.get(story.pk, {})
        issue.stories.add(IssueStory(story=story, sort_order=at, **own))
    page.add_child(instance=issue)
    issue.save_revision()
    return publish(issue, *languages) if languages else issue


class SmallSite:
    """Front page, news and one newsletter, all published in both languages."""

    def __init__(self, **newsletter):
        self.page = make_newsletter(**newsletter)
        self.newsletter = self.page.newsletter
        self.index = self.page.get_parent().specific
        self.home = self.index.get_parent().specific
        self.news = self.home.get_children().type(NewsIndexPage).get().specific

    def story(self, name, *languages, picture=None, original="es"):
        """See `make_story`."""
        return make_story(self.news, name, languages or BOTH, picture, original)

    def issue(self, *stories, languages=BOTH, picks=None, **values):
        """See `make_issue`."""
        return make_issue(self.page, stories, languages, picks or {}, **values)


def blocks(*pairs):
    """A body as it is stored: kind and value, one after the other."""
    return json.dumps([{"type": kind, "value": value} for kind, value in pairs])


def a_picture(title="sierra", size=(1400, 900), **words):
    """A picture with a file, described in both languages unless told otherwise."""
    known = {"alt_es": "La sierra al alba", "alt_en": "The highlands at dawn"}
    data = BytesIO()
    Image.new("RGB", size, "#7a5c2e").save(data, "PNG")
    file = ImageFile(BytesIO(data.getvalue()), name=f"{title}.png")
    return Picture.objects.create(title=title, file=file, **known | words)
