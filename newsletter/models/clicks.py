"""Where the counted links of mails lead, and how often they were opened."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.sending import Edition


class MailLink(models.Model):
    """One address that an edition leads to: the same row for every reader of it.

    `page` and `language` are what it led to when it was sent, where that is a page of
    ours: the link follows it when its address changes.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="links")
    number = models.PositiveSmallIntegerField(_("place in the mail"))
    url = models.TextField(_("address"))
    page = models.ForeignKey(
        "pages.BilingualPage",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    clicks = models.PositiveIntegerField(_("clicks"), default=0)

    class Meta:
        verbose_name = _("link of a mail")
        verbose_name_plural = _("links of mails")
        ordering = ["edition", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"], name="mail_link_number_once"
            )
        ]

    def __str__(self):
        return self.url
