"""What people agreed to, and which addresses must not be written to again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsletter.errors import AppendOnlyError
from newsletter.models.newsletters import Newsletter


class Consent(models.Model):
    """One answer to one question, with the words that were shown; only ever added."""

    class Kind(models.TextChoices):
        ASKED = "asked", pgettext_lazy("consent", "asked to subscribe")
        CONFIRMED = "confirmed", pgettext_lazy("consent", "confirmed")
        CHANGED = "changed", pgettext_lazy("consent", "changed preferences")
        PAUSED = "paused", pgettext_lazy("consent", "paused")
        RESUMED = "resumed", pgettext_lazy("consent", "resumed")
        LEFT = "left", pgettext_lazy("consent", "left")
        ADDED = "added", pgettext_lazy("consent", "added by the team")
        IMPORTED = "imported", pgettext_lazy("consent", "imported")
        ERASED = "erased", pgettext_lazy("consent", "erased")

    subscriber = models.ForeignKey(
        "newsletter.Subscriber",
        verbose_name=_("subscriber"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="consents",
    )
    subscription = models.ForeignKey(
        "newsletter.Subscription",
        verbose_name=_("subscription"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="consents",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text_version = models.CharField(_("text version"), max_length=40)
    shown_text = models.TextField(_("text shown"), blank=True)
    answer = models.JSONField(_("answer"), default=dict, blank=True)
    where = models.CharField(_("where"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES
    )
    network_hash = models.CharField(_("network"), max_length=64, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(kind="left"),
                name="consent_left",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("A consent is never changed; add another.")
        super().save(*args, **kwargs)


class Suppression(models.Model):
    """An address, as a keyed hash, that must not be written to.

    Outlives erasure and import; only the owner's own confirmed opt-in lifts it.
    Without a newsletter it holds for all of them.
    """

    class Reason(models.TextChoices):
        LEFT = "left", pgettext_lazy("suppression", "left")
        BOUNCED = "bounced", pgettext_lazy("suppression", "bounced")
        COMPLAINED = "complained", pgettext_lazy("suppression", "complained")
        ERASED = "erased", pgettext_lazy("suppression", "erased")

    address_hash = models.CharField(_("address (hash)"), max_length=64)
    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "newsletter"], name="suppressed_once_each"
            ),
            models.UniqueConstraint(
                fields=["address_hash"],
                condition=models.Q(newsletter=None),
                name="suppressed_once_for_all",
            ),
        ]

    def __str__(self):
        return f"{self.address_hash[:8]}… {self.reason}"


class OptInMail(models.Model):
    """That an opt-in mail went to an address: at most two in fourteen days."""

    address_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("opt-in mail")
        verbose_name_plural = _("opt-in mails")
        indexes = [
            models.Index(fields=["address_hash", "sent_at"], name="optin_mail_recent")
        ]

    def __str__(self):
        return f"{self.address_hash[:8]}… {self.sent_at:%Y-%m-%d}"
