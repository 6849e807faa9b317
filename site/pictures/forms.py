"""Upload forms: what is no whole picture is said beside the field; no place is kept."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from pictures.fields import cleaned

logger = logging.getLogger(__name__)

BROKEN = _("This picture is broken or not complete. Export it again and retry.")


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


def _decode(file):
    """Read every pixel; their number has been checked before."""
    file.seek(0)
    with Image.open(file) as image:
        image.load()
    file.seek(0)
