"""The front page and plain pages."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.fields import StreamField

from pages.blocks import BodyBlock
from pages.models import BilingualPage
from pages.panels import bilingual_panels

CHOSEN_AT_MOST = 8


class HomePage(BilingualPage):
    """The root of the site: one lead story, the latest, the ways in."""

    lead = models.TextField(_("summary"), blank=True)
    lead_story = models.ForeignKey(
        "pages.BilingualPage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead story"),
        help_text=_("Leave empty to show the latest story first."),
    )

    next_stories = StreamField(
        [
            (
                "story",
                blocks.PageChooserBlock(label=_("Story"), page_type="news.NewsPage"),
            )
        ],
        verbose_name=_("stories after it"),
        blank=True,
        max_num=CHOSEN_AT_MOST,
        help_text=_(
            "Up to eight, in this order; the latest fill the places after them. One "
            "that cannot be read in a language is left out in it. Leave empty for the "
            "latest."
        ),
    )

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    edit_handler = bilingual_panels(
        "headline",
        "lead",
        shared=[
            PageChooserPanel("lead_story", "news.NewsPage"),
            FieldPanel("next_stories"),
        ],
    )

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return {**context, "is_front": True}

    def chosen_next(self):
        """Numbers of the stories that follow the lead story, in the editor's order."""
        rows = [row["value"] for row in self.next_stories.raw_data]
        return [pk for pk in dict.fromkeys(rows) if pk and pk != self.lead_story_id]


class PlainPage(BilingualPage):
    """A page of its own beside the news: about us, team, privacy."""

    lead = models.TextField(_("summary"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    show_in_footer = models.BooleanField(
        _("link in the footer"),
        default=False,
        help_text=_("Where the brand has no menu of its own for the footer."),
    )

    parent_page_types = ["front.HomePage", "front.PlainPage"]
    subpage_types = ["front.PlainPage"]
    edit_handler = bilingual_panels(
        "headline", "lead", "body", shared=[FieldPanel("show_in_footer")]
    )

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")


class SharePicture(models.Model):
    """The picture that link previews show of a page in one language.

    `key` says what it was drawn from; `asked_at` when somebody last asked for it.
    """

    page = models.ForeignKey(BilingualPage, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    key = models.CharField(max_length=32, blank=True)
    file = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    is_due = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], name="one_share_picture_per_language"
            )
        ]
        indexes = [
            models.Index(
                fields=["page"],
                condition=models.Q(is_due=True),
                name="share_pictures_due",
            )
        ]

    def __str__(self):
        return f"{self.page_id} {self.language}"

    @property
    def url(self):
        """Its address, without the site's."""
        return default_storage.url(self.file)
