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

BOTH = ("es", "en")


def publish(page, *languages):
    """The page again, published in these languages."""
    if not page.latest_revision_id:
        page.save_revision()
    publish_languages(page=page, languages=list(languages or BOTH))
    return type(page).objects.get(pk=page.pk)


class SmallSite:
    """Front page, news and one newsletter, all published in both languages."""

    def __init__(self, **newsletter):
        # A test with real transactions leaves an empty database behind.
        Locale.objects.get_or_create(language_code="es")
        root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root")
        home = HomePage(headline_es="Portada", headline_en="Front page")
        self.home = publish(root.add_child(instance=home))
        Site.objects.all().delete()
        Site.objects.create(
            hostname="testserver", root_page=self.home, is_default_site=True
        )
        news = NewsIndexPage(headline_es="Noticias", headline_en="News")
        self.news = publish(self.home.add_child(instance=news))
        self.newsletter = a_newsletter(**newsletter)
        page = NewsletterPage(
            headline_es="Boletín", headline_en="Newsletter", newsletter=self.newsletter
        )
        index = NewsletterIndexPage(headline_es="Boletines", headline_en="Newsletters")
        self.index = publish(self.home.add_child(instance=index))
        self.page = publish(self.index.add_child(instance=page))

    def story(self, name, *languages, picture=None, original="es"):
        """A story, in Spanish "name es" and so on, published in these languages."""
        words = {}
        for code in languages or BOTH:
            words[f"headline_{code}"] = f"{name} {code}"
            words[f"lead_{code}"] = f"Entradilla de {name}, {code}, con ñ y “comillas”."
        story = NewsPage(
            **words, date=date(2022, 12, 6), picture=picture, original_language=original
        )
        self.news.add_child(instance=story)
        return publish(story, *(languages or BOTH))

    def issue(self, *stories, languages=BOTH, picks=None, **values):
        """An issue of these stories; `languages` are published, () leaves a draft."""
        known = {
            "headline_es": "Noviembre en la sierra",
            "headline_en": "November in the highlands",
            "preheader_es": "Agua, maíz y caminos",
            "preheader_en": "Water, maize and roads",
        }
        issue = IssuePage(**known | values)
        for at, story in enumerate(stories):
            own = (picks or {}).get(story.pk, {})
            issue.stories.add(IssueStory(story=story, sort_order=at, **own))
        self.page.add_child(instance=issue)
        issue.save_revision()
        return publish(issue, *languages) if languages else issue


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
