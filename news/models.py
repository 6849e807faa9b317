"""Stories, the index they stand under, and in which lists each stands."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import PageChooserBlock
from wagtail.fields import StreamField

from pages.blocks import BodyBlock
from pages.languages import field, languages
from pages.models import BilingualPage
from pages.panels import bilingual_panels


class NewsIndexPage(BilingualPage):
    """All stories, newest first."""

    lead = models.TextField(_("summary"), blank=True)

    max_count = 1
    parent_page_types = ["front.HomePage"]
    subpage_types = ["news.NewsPage"]
    edit_handler = bilingual_panels("headline", "lead")

    class Meta:
        verbose_name = _("news index")


class NewsPage(BilingualPage):
    """One story: in Spanish, in English or in both."""

    lead = models.TextField(
        _("lead"), blank=True, help_text=_("One or two sentences under the headline.")
    )
    author = models.CharField(_("author"), max_length=255, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    correction = models.TextField(
        _("correction"),
        blank=True,
        help_text=_(
            "What the story had wrong, and what is right. It stands under the "
            "headline, with its date."
        ),
    )
    corrected_on = models.DateField(
        _("corrected on"),
        null=True,
        blank=True,
        help_text=_("Empty is the day on which the correction is first saved."),
    )
    date = models.DateField(_("date"), default=timezone.localdate)
    picture = models.ForeignKey(
        "pictures.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead picture"),
    )
    projects = ParentalManyToManyField(
        "topics.ProjectPage",
        blank=True,
        related_name="stories",
        verbose_name=_("projects"),
    )
    countries = ParentalManyToManyField(
        "topics.CountryPage",
        blank=True,
        related_name="stories",
        verbose_name=_("countries"),
    )

    related = StreamField(
        [("story", PageChooserBlock("news.NewsPage", label=_("Story")))],
        verbose_name=_("related stories"),
        blank=True,
        max_num=6,
        help_text=_("Shown first under the text, in this order."),
    )

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    edit_handler = bilingual_panels(
        "headline",
        "lead",
        "author",
        "body",
        "correction",
        shared=[
            FieldPanel("date"),
            FieldPanel("corrected_on"),
            FieldPanel("picture"),
            FieldPanel("projects", heading=_("Projects")),
            FieldPanel("countries", heading=_("Countries")),
            FieldPanel("related", heading=_("Related stories")),
        ],
    )

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [
            models.Index(fields=["-date", "-bilingualpage_ptr"], name="news_by_date")
        ]

    def clean(self):
        super().clean()
        if not any(field(self, "correction", code) for code in languages()):
            self.corrected_on = None
        elif not self.corrected_on:
            self.corrected_on = timezone.localdate()

    @cached_property
    def terms(self):
        """Its projects and its countries, asked for once while it is shown."""
        return {
            "projects": list(self.projects.all()),
            "countries": list(self.countries.all()),
        }


class Listed(models.Model):
    """That a story stands in a list, newest first.

    There is a list for each project, each country, each of both and all (0), in each
    language (`es`) and of what a language has and another lacks (`es-en`).
    `news.listed` keeps the rows, so that reading a list is reading what it shows.
    """

    story = models.ForeignKey(
        NewsPage, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    language = models.CharField(max_length=21)
    project = models.PositiveIntegerField()
    country = models.PositiveIntegerField()
    day = models.DateField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("place in a list")
        verbose_name_plural = _("places in lists")
        constraints = [
            models.UniqueConstraint(
                fields=["story", "language", "project", "country"], name="listed_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["language", "project", "country", "-day", "-story"],
                name="listed_newest_first",
            )
        ]

    def __str__(self):
        return f"{self.story_id} [{self.language}]"


class ListCount(models.Model):
    """How many stories a list has, in a year or in all of them (0)."""

    language = models.CharField(max_length=21)
    project = models.PositiveIntegerField()
    country = models.PositiveIntegerField()
    year = models.PositiveIntegerField()
    total = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("number of stories")
        verbose_name_plural = _("numbers of stories")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "project", "country", "year"],
                name="list_count_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["language", "country", "year"], name="list_count_by_country"
            )
        ]

    def __str__(self):
        return f"{self.total} [{self.language}]"
