"""What the browser sends to the page editor, and where."""

from __future__ import annotations

from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from news.models import NewsPage


def fresh(page):
    """The story as it stands in the database."""
    return NewsPage.objects.get(pk=page.pk)


def story_data(button=None, **fields):
    """What the browser sends for a story."""
    data = nested_form_data(
        {
            "body_es": streamfield([("paragraph", rich_text("<p>Uno</p>"))]),
            "body_en": streamfield([]),
            "related": streamfield([]),
            "date": "2025-02-03",
            "original_language": "es",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            **{
                f"{name}_{code}": ""
                for name in ("headline", "lead", "author", "slug")
                for code in ("es", "en")
            },
            **{
                f"{name}_{code}": ""
                for name in ("meta_title", "meta_description")
                for code in ("es", "en")
            },
            **fields,
        }
    )
    return {**data, button: "yes"} if button else data


def add_url(index):
    """Where a new story is written."""
    return reverse("wagtailadmin_pages:add", args=["news", "newspage", index.pk])


def edit_url(page):
    """Where a page is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def errors_of(response):
    """What the form refused, by field."""
    return response.context["form"].errors
