"""What search looks through: one row per page and language."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin


class SearchEntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Rows that can be searched."""


class SearchEntry(index.Indexed, models.Model):
    """A live page's words in one language, as written and as stems."""

    page = models.ForeignKey(
        "pages.BilingualPage", on_delete=models.CASCADE, related_name="search_entries"
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(max_length=100)
    title = models.TextField()
    body = models.TextField(blank=True)
    title_stems = models.TextField()
    body_stems = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)

    objects = SearchEntryQuerySet.as_manager()

    search_fields = [
        index.SearchField("title_stems", boost=3),
        index.SearchField("body_stems"),
        index.FilterField("language"),
        index.FilterField("kind"),
        index.FilterField("page_id"),
        index.FilterField("published_at"),
    ]

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], name="search_entry_once"
            )
        ]

    def __str__(self):
        return f"{self.title} [{self.language}]"
