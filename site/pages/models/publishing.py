"""What was confirmed, what is due, and what an approval publishes."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.languages import language_name


class Confirmation(models.Model):
    """The original as it was when a translation was last said to be right."""

    page = models.ForeignKey(
        "pages.BilingualPage", on_delete=models.CASCADE, related_name="confirmations"
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    digest = models.CharField(max_length=64)
    segments = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("confirmed translation")
        verbose_name_plural = _("confirmed translations")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], name="confirmation_once"
            )
        ]

    def __str__(self):
        return f"{self.page} [{self.language}]"


class ScheduledPublication(models.Model):
    """Languages of a page to publish or take down at a time.

    `content` is the page as it was when scheduled. `base` holds the shared fields as
    live at that moment: one that went live since then wins over the older schedule.
    """

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("publish")
        UNPUBLISH = "unpublish", _("take down")

    page = models.ForeignKey(
        "pages.BilingualPage", on_delete=models.CASCADE, related_name="schedules"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PUBLISH)
    languages = models.JSONField(default=list)
    content = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    base = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("at"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("scheduled publication")
        verbose_name_plural = _("scheduled publications")
        ordering = ["at", "pk"]

    def __str__(self):
        names = ", ".join(language_name(code) for code in self.languages)
        return f"{self.page}: {self.get_kind_display()} {names}"


class WorkflowLanguages(models.Model):
    """The languages an approval of this workflow publishes, and what it confirms."""

    workflow_state = models.OneToOneField(
        "wagtailcore.WorkflowState",
        on_delete=models.CASCADE,
        related_name="languages",
    )
    languages = models.JSONField(default=list)
    still_right = models.JSONField(default=list)

    class Meta:
        verbose_name = _("languages of a workflow")
        verbose_name_plural = _("languages of workflows")

    def __str__(self):
        return ", ".join(language_name(code) for code in self.languages)

    @classmethod
    def of(cls, state):
        """What was noted of a page's workflow; where nothing was, its original."""
        if found := cls.objects.filter(workflow_state=state).first():
            return found
        page = state.content_object.specific
        return cls(workflow_state=state, languages=[page.original_language])
