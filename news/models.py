"""Stories and the index they stand under."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from pages.blocks import BodyBlock
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

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    edit_handler = bilingual_panels(
        "headline",
        "lead",
        "author",
        "body",
        shared=[
            FieldPanel("date"),
            FieldPanel("picture"),
            FieldPanel("projects", heading=_("Projects")),
            FieldPanel("countries", heading=_("Countries")),
        ],
    )

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [
            models.Index(fields=["-date", "-bilingualpage_ptr"], name="news_by_date")
        ]

    @cached_property
    def terms(self):
        """Its projects and its countries, asked for once while it is shown."""
        return {
            "projects": list(self.projects.all()),
            "countries": list(self.countries.all()),
        }
