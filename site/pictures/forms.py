"""Upload forms: what is no whole picture is said beside the field; no place is kept."""

from __future__ import annotations

import io
import logging
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from pictures import making
from pictures.fields import cleaned

logger = logging.getLogger(__name__)

BROKEN = _("This picture is broken or not complete. Export it again and retry.")
PORTRAIT_PX = 400  # Wagtail's own limit for the picture of a person


class WholeImageField(WagtailImageField):
    """Wagtail's, but a broken file is an error in the form; a place is taken out."""

    def to_python(self, data):
        try:
            found = super().to_python(data)
            if found is None:
                return None
            _decode(found)
            kept = cleaned(found)
            # A moving PNG may look like a still one until its words are out.
            return found if kept is found else super().to_python(kept)
        except ValidationError:
            raise
        except Exception as error:  # hostile files make decoders raise almost anything
            name = getattr(data, "name", "")
            logger.info("Refused the picture %r", name, exc_info=True)
            raise ValidationError(BROKEN, code="invalid_image") from error

    @classmethod
    def instead_of(cls, field):
        """The stricter field with another's label and widget."""
        return cls(label=field.label, required=field.required, widget=field.widget)


class PictureForm(BaseImageForm):
    """Wagtail's form with the stricter field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"] = WholeImageField.instead_of(self.fields["file"])

    def save(self, commit=True):
        picture = super().save(commit=commit)
        if commit and "file" in self.changed_data:
            # Wagtail took away what was made of the former file, and of this one.
            making.note_anew(picture)
        return picture


class AvatarForm(AvatarPreferencesForm):
    """Wagtail's form for one's own picture, with the same rules as for all others."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["avatar"] = WholeImageField.instead_of(self.fields["avatar"])

    def clean_avatar(self):
        """A small WebP of what was sent; False where the old one shall go."""
        if "avatar" not in self.changed_data:
            return self._original_avatar
        sent = self.cleaned_data["avatar"]
        return sent and _portrait(sent)


def _decode(file):
    """Read every pixel; their number has been checked before."""
    file.seek(0)
    with Image.open(file) as image:
        image.load()
    file.seek(0)


def _portrait(file):
    out = io.BytesIO()
    with Image.open(file) as image:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((PORTRAIT_PX, PORTRAIT_PX))
        upright.save(out, "WEBP")
    return ContentFile(out.getvalue(), name=f"{PurePath(file.name).stem}.webp")
