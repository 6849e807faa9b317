"""The two vocabularies: each project and country is its own hub page."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from pages.blocks import BodyBlock
from pages.models import BilingualPage
from pages.panels import bilingual_panels


class TermPage(BilingualPage):
    """What project and country hubs share; never made by itself."""

    lead = models.TextField(_("summary"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    picture = models.ForeignKey(
        "pictures.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    is_creatable = False


class ProjectPage(TermPage):
    """A project: a term that stories carry and the hub that shows them."""

    parent_page_types = ["topics.ProjectIndexPage"]
    subpage_types: list[str] = []
    edit_handler = bilingual_panels(
        "headline", "lead", "body", shared=[FieldPanel("picture")]
    )

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")


class CountryPage(TermPage):
    """A country: a term that stories carry and the hub that shows them."""

    code = models.CharField(
        _("country code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters, like PE."))],
        help_text=_("Two letters, ISO 3166-1: PE for Peru."),
    )

    parent_page_types = ["topics.CountryIndexPage"]
    subpage_types: list[str] = []
    edit_handler = bilingual_panels(
        "headline", "lead", "body", shared=[FieldPanel("code"), FieldPanel("picture")]
    )

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")


class ProjectIndexPage(BilingualPage):
    """The list of all projects."""

    lead = models.TextField(_("summary"), blank=True)

    max_count = 1
    parent_page_types = ["front.HomePage"]
    subpage_types = ["topics.ProjectPage"]
    edit_handler = bilingual_panels("headline", "lead")

    class Meta:
        verbose_name = _("project index")


class CountryIndexPage(BilingualPage):
    """The list of all countries."""

    lead = models.TextField(_("summary"), blank=True)

    max_count = 1
    parent_page_types = ["front.HomePage"]
    subpage_types = ["topics.CountryPage"]
    edit_handler = bilingual_panels("headline", "lead")

    class Meta:
        verbose_name = _("country index")
