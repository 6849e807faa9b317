"""Who translates what, which texts are confirmed, and the organisation's terms."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Assignment(models.Model):
    """Who translates something into a language; gone once handed back or done.

    That is a page, or an object with words outside of pages (`texts`).
    """

    page = models.ForeignKey(
        "pages.BilingualPage",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    obj = GenericForeignKey()
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES
    )
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("translator"),
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    assigned_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(_("note for the translator"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("translation assignment")
        verbose_name_plural = _("translation assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], name="one_translator_per_language"
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "language"],
                name="one_translator_per_text",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    page__isnull=False, content_type=None, object_id=None
                )
                | models.Q(
                    page=None, content_type__isnull=False, object_id__isnull=False
                ),
                name="assigned_page_or_text",
            ),
        ]

    def __str__(self):
        return f"{self.subject} [{self.language}]: {self.translator}"

    @property
    def subject(self):
        """What is to be translated."""
        return self.page if self.page_id else self.obj

    @property
    def text_key(self):
        """Which text it is, as `Text.key`."""
        return self.content_type_id, self.object_id


class TextConfirmation(models.Model):
    """The original of a text outside of pages, when its translation was last right.

    `original` is the language it was translated from. `behind_since` is when the
    original became another; whether it is another now, the segments tell.
    """

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    original = models.CharField(max_length=10, choices=settings.LANGUAGES)
    segments = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(default=timezone.now)
    behind_since = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("confirmed text")
        verbose_name_plural = _("confirmed texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "language"],
                name="text_confirmed_once",
            )
        ]

    def __str__(self):
        return f"{self.content_type} {self.object_id} [{self.language}]"


class DeskPreference(models.Model):
    """What somebody wants to hear from the desk."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desk_preference",
    )
    daily_summary = models.BooleanField(
        _("a mail each morning with what waits for me"), default=False
    )

    class Meta:
        verbose_name = _("preference for the desk")
        verbose_name_plural = _("preferences for the desk")

    def __str__(self):
        return str(self.user)


class GlossaryTerm(index.Indexed, models.Model):
    """How the organisation says something in each language."""

    term = models.CharField(_("term"), max_length=120, blank=True)
    note = models.TextField(
        _("note"),
        blank=True,
        help_text=_("What it means, when to use it and when not."),
    )

    panels = [
        FieldRowPanel([FieldPanel(f"term_{code}") for code in LANGUAGES]),
        FieldRowPanel([FieldPanel(f"note_{code}") for code in LANGUAGES]),
    ]
    search_fields = [
        *(index.SearchField(f"term_{code}") for code in LANGUAGES),
        *(index.AutocompleteField(f"term_{code}") for code in LANGUAGES),
    ]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering = ["pk"]

    def __str__(self):
        terms = (getattr(self, f"term_{code}") for code in LANGUAGES)
        return " ↔ ".join(term for term in terms if term)
