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

from pictures import versions
from pictures.fields import PictureField
from pictures.naming import named_by_content

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class People(models.TextChoices):
    """Whether a picture shows somebody who has a say in it."""

    NONE = "none", _("Nobody")
    AGREED = "agreed", _("Yes, with their consent")
    MISSING = "missing", _("Yes, consent is missing")


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
    people = models.CharField(
        _("people who can be recognised"),
        max_length=8,
        choices=People.choices,
        blank=True,
        help_text=_("Readers never see this, nor the two fields below."),
    )
    consent_until = models.DateField(
        _("consent is valid until"),
        null=True,
        blank=True,
        help_text=_("Leave empty where it has no end."),
    )
    consent_note = models.TextField(
        _("note on consent"),
        blank=True,
        help_text=_("Who agreed, to what, and where the paper lies."),
    )

    admin_form_fields = (
        "title",
        "file",
        *(f"alt_{code}" for code in LANGUAGES),
        "is_decoration",
        *(f"caption_{code}" for code in LANGUAGES),
        "credit",
        *(f"rights_{code}" for code in LANGUAGES),
        "people",
        "consent_until",
        "consent_note",
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

    def generate_rendition_file(self, filter, *, source=None):
        """Wagtail's, under a name that is never used for anything else."""
        file = super().generate_rendition_file(filter, source=source)
        file.seek(0)
        file.name = named_by_content(file.name, file.read())
        file.seek(0)
        return file

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


class RenditionJob(models.Model):
    """Whether a picture's renditions are made, and who is at it.

    A row of its own: an editor's form, which writes all of a picture, must not write
    this. `recipe` is what they were made by; see `pictures.making`.
    """

    picture = models.OneToOneField(
        Picture, on_delete=models.CASCADE, primary_key=True, related_name="job"
    )
    recipe = models.CharField(max_length=255, blank=True)
    is_due = models.BooleanField(default=True, db_index=True)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"{self.picture_id}"


class File(AbstractDocument):
    """A document to download, named in both languages, and in both where it is."""

    label = models.CharField(
        _("name shown to readers"),
        max_length=255,
        blank=True,
        help_text=_("Leave empty to show the title."),
    )
    language = models.CharField(
        _("language of the file"),
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Leave empty where it is for readers of all languages."),
    )
    # The same document in one language more; `file` is the one there always is.
    version = models.FileField(
        _("the same document"),
        upload_to="documents",
        blank=True,
        validators=[versions.check],
    )
    version_size = models.PositiveBigIntegerField(null=True, editable=False)

    admin_form_fields = (
        "title",
        *(f"label_{code}" for code in LANGUAGES),
        "file",
        "language",
        *(f"version_{code}" for code in LANGUAGES),
        "collection",
        "tags",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def save(self, *args, **kwargs):
        # Wagtail measures in its form only.
        if self.file and self.file_size is None and not self.file._committed:
            self.file_size = self.file.size
        for code in LANGUAGES:
            version = getattr(self, f"version_{code}")
            if not version:
                setattr(self, f"version_size_{code}", None)
            elif not version._committed:
                setattr(self, f"version_size_{code}", version.size)
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.language and getattr(self, f"version_{self.language}", None):
            message = _("The file above is in this language already.")
            raise ValidationError({f"version_{self.language}": message})

    def label_in(self, language):
        """The name a reader of one language sees."""
        return getattr(self, f"label_{language}", None) or self.title

    def version_in(self, language):
        """What a reader of one language gets: a version of theirs, else the file."""
        own = getattr(self, f"version_{language}", None)
        if own:
            size = getattr(self, f"version_size_{language}")
            return versions.Version(versions.url_of(self, language), own.name, size)
        is_foreign = self.language not in ("", language)
        foreign = self.language if is_foreign else ""
        return versions.Version(self.url, self.filename, self.file_size, foreign)
