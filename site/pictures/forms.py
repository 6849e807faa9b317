"""The upload form: what is no whole picture is said beside the field."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

BROKEN = _("This picture is broken or not complete. Export it again and retry.")


class WholeImageField(WagtailImageField):
    """Wagtail's, but a file that breaks off is an error in the form."""

    def to_python(self, data):
        try:
            found = super().to_python(data)
            if found is not None:
                _decode(found)
        except (OSError, SyntaxError, EOFError, ValueError) as error:
            raise ValidationError(BROKEN, code="invalid_image") from error
        return found


class PictureForm(BaseImageForm):
    """Wagtail's form with the stricter field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        old = self.fields.get("file")
        if old is not None:
            self.fields["file"] = WholeImageField(
                label=old.label, required=old.required, widget=old.widget
            )


def _decode(file):
    """Read every pixel; their number has been checked before."""
    file.seek(0)
    with Image.open(file) as image:
        image.load()
    file.seek(0)
