"""No picture goes live before somebody decided what it says to those who see none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from wagtail.fields import StreamField

from pages.blocks import PictureBlock
from pages.errors import CannotPublishError
from pages.models import BilingualPage
from pages.words import translated_fields


def require_alt_decisions(page: BilingualPage, language: str) -> None:
    """Refuse to publish a picture that is to be described and is not."""
    for name, value in _pictures(page, language):
        picture = value["picture"]
        if picture is None or value["alt_decision"] == "decorative":
            continue
        if not (value["alt"] or picture.alt_in(language)):
            message = _(
                "Say what the picture “%(title)s” shows, or mark it as decoration."
            )
            raise CannotPublishError({name: message % {"title": picture.title}})


def _pictures(page: BilingualPage, language: str) -> Iterator[tuple[str, Any]]:
    for base in translated_fields(type(page)):
        name = f"{base}_{language}"
        if isinstance(page._meta.get_field(name), StreamField):
            for child in getattr(page, name) or []:
                if isinstance(child.block, PictureBlock):
                    yield name, child.value
