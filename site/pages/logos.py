"""What a logo has to be, and what is better known of it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from willow.image import UnrecognisedImageFormatError

FORMATS = ("png", "webp")
LEAST_HEIGHT = 80  # pixels: shown at 40, twice as fine on good screens


def problem(picture: Any) -> str | Promise:
    """Why a picture cannot be the logo; empty where it can."""
    kind = _format_of(picture)
    if kind is None:
        return _("The file of this picture cannot be read. Upload it again.")
    if kind not in FORMATS:
        return _("A logo is a PNG or a WebP file. Save it as one and upload that.")
    if picture.height < LEAST_HEIGHT:
        return _("This is too small for a logo: it has to be 80 pixels high at least.")
    return ""


def is_transparent(picture: Any) -> bool:
    """Whether paper shows through a logo; False where the file is gone."""
    try:
        with picture.get_willow_image() as image:
            return bool(image.has_alpha())
    except (OSError, UnrecognisedImageFormatError):
        return False


def _format_of(picture: Any) -> str | None:
    try:
        with picture.get_willow_image() as image:
            return image.format_name
    except (OSError, UnrecognisedImageFormatError):
        return None
