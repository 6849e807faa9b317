"""What search looks through: one row per page and language, and the words in them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """A live page's words in one language, as written and as stems.

    The database keeps a full-text index of `title_stems`, `stems` and `marks` by itself
    (see the migration that made the table); `pages.fulltext` asks it.
    """

    page = models.ForeignKey(
        "pages.BilingualPage", on_delete=models.CASCADE, related_name="search_entries"
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(max_length=100)
    title = models.TextField()
    body = models.TextField(blank=True)
    # Each once, with a space between.
    title_stems = models.TextField(blank=True)
    stems = models.TextField(blank=True)
    # What it is about: one word for each project and country, that nobody types.
    marks = models.TextField(blank=True)
    # Of what it tells; as a number, so that both databases reckon with it alike.
    day = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], name="search_entry_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["language", "-day", "-page"], name="search_entry_newest"
            )
        ]

    def __str__(self):
        return f"{self.title} [{self.language}]"

    @property
    def date(self):
        """The day as a date."""
        return date.fromordinal(self.day)


class SearchWord(models.Model):
    """A word of the site, found by itself and with any one letter left out.

    Two words that share a key are a slip apart: bosqe and bosque share `bosqe`.
    """

    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    key = models.CharField(max_length=40)
    word = models.CharField(max_length=40)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("word of the site")
        verbose_name_plural = _("words of the site")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "key", "word"], name="search_word_once"
            )
        ]

    def __str__(self):
        return f"{self.word} [{self.language}]"
