"""The picture, its renditions and the file."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, get_upload_to
from wagtail.search import index

from pictures.fields import PictureField

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Picture(AbstractImage):
    """An image with what it shows, its caption, its maker and its rights."""

    file = PictureField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )
    alt = models.CharField(
        _("what it shows"),
        max_length=255,
        blank=True,
        help_text=_("For readers who cannot see it: one plain sentence."),
    )
    # Not `decorative`: Wagtail sets that on each picture it makes, for its own block.
    is_decoration = models.BooleanField(
        _("Only decoration: say nothing"),
        default=False,
        help_text=_("For a picture that tells nothing the text does not say."),
    )
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Who took or made it.")
    )
    rights = models.CharField(
        _("rights"),
        max_length=255,
        blank=True,
        help_text=_("Licence, or who gave leave to use it."),
    )

    admin_form_fields = (
        "title",
        "file",
        *(f"alt_{code}" for code in LANGUAGES),
        "is_decoration",
        *(f"caption_{code}" for code in LANGUAGES),
        "credit",
        *(f"rights_{code}" for code in LANGUAGES),
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("credit"),
        *(index.SearchField(f"alt_{code}") for code in LANGUAGES),
        *(index.SearchField(f"caption_{code}") for code in LANGUAGES),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def clean(self):
        super().clean()
        described = any(getattr(self, f"alt_{code}") for code in LANGUAGES)
        if self.is_decoration and described:
            message = _("Say what it shows, or mark it as decoration: one of the two.")
            raise ValidationError({"is_decoration": message})

    @property
    def default_alt_text(self):
        """What it shows, in the language being rendered; never the file's title."""
        return self.alt_in(get_language())

    def alt_in(self, language):
        """What it shows, in one language; empty for decoration or where unwritten."""
        text = getattr(self, f"alt_{language}", None) or ""
        return "" if self.is_decoration else text

    def caption_in(self, language):
        """The caption in one language; empty where nobody wrote it."""
        return getattr(self, f"caption_{language}", None) or ""


class Rendition(AbstractRendition):
    """A picture at one size and format."""

    image = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="one_rendition_per_size",
            )
        ]


class File(AbstractDocument):
    """A document to download, named in both languages."""

    label = models.CharField(
        _("name shown to readers"),
        max_length=255,
        blank=True,
        help_text=_("Leave empty to show the title."),
    )

    admin_form_fields = (
        "title",
        *(f"label_{code}" for code in LANGUAGES),
        "file",
        "collection",
        "tags",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def label_in(self, language):
        """The name a reader of one language sees."""
        return getattr(self, f"label_{language}", None) or self.title
