"""Stories with pictures, projects and countries to test with."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from news.models import NewsPage
from pages.actions import publish_languages
from pictures.models import Picture
from tests.replaying import replayed

NEWEST = date(2026, 12, 6)


def make_picture(**fields) -> Picture:
    """A small real file, with its words."""
    data = BytesIO()
    Image.new("RGB", (320, 200), "#7a5c2e").save(data, "JPEG")
    file = SimpleUploadedFile("photo.jpg", data.getvalue(), "image/jpeg")
    known = {"alt_es": "Una ladera", "alt_en": "A hillside"}
    return Picture.objects.create(title="photo.jpg", file=file, **known | fields)


@replayed
def make_story(index, number=0, live=("es", "en"), projects=(), countries=(), **fields):
    """A story; the higher its number the older it is."""
    words = {
        "headline_es": f"Historia {number}",
        "headline_en": f"Story {number}",
        "slug_es": f"historia-{number}",
        "slug_en": f"story-{number}",
        "date": NEWEST - timedelta(days=number),
    }
    story = NewsPage(**{**words, **fields})
    story.live = False
    story.projects.set(projects)
    story.countries.set(countries)
    index.add_child(instance=story)
    if live:
        return publish_languages(page=story, languages=list(live))
    story.save_revision()
    return NewsPage.objects.get(pk=story.pk)
