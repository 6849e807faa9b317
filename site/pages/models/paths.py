"""Where a page is found now, and where it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PagePath(models.Model):
    """One address of one page in one language, below its site's root.

    A path that was ever public stays, redirects, and is never given to another page.
    """

    page = models.ForeignKey(
        "pages.BilingualPage", on_delete=models.CASCADE, related_name="paths"
    )
    site_root = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    url_path = models.CharField(max_length=1000, blank=True)
    is_current = models.BooleanField(default=True)
    was_public = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("page address")
        verbose_name_plural = _("page addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["site_root", "language", "url_path"], name="page_path_once"
            ),
            models.UniqueConstraint(
                fields=["page", "language"],
                condition=Q(is_current=True),
                name="page_path_one_current",
            ),
        ]

    def __str__(self):
        return f"/{self.language}/{self.url_path}"
