"""That somebody marked a mail as spam: what a newsletter's complaint rate counts."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletters import Newsletter
from newsletter.models.sending import Dispatch


class Complaint(models.Model):
    """One person's complaint about one sending; the address only as a keyed hash."""

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.CASCADE,
        related_name="complaints",
        db_index=False,
    )
    dispatch = models.ForeignKey(
        Dispatch,
        verbose_name=_("dispatch"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="complaints",
    )
    address_hash = models.CharField(_("address (hash)"), max_length=64)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "address_hash"], name="one_complaint_per_mail"
            )
        ]
        indexes = [models.Index(fields=["newsletter", "at"], name="complaint_recent")]

    def __str__(self):
        return f"{self.address_hash[:8]}… {self.at:%Y-%m-%d}"
