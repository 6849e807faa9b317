"""A document in more than one language: the file of each, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Version:
    """What a link to a document says; `language` is set where it is a foreign one."""

    url: str
    name: str
    size: int | None
    language: str = ""

    @property
    def kind(self) -> str:
        """The ending of its name, in capitals."""
        return PurePath(self.name).suffix.lstrip(".").upper()


def check(file: Any) -> None:
    """Refuse what Wagtail refuses of a document's first file."""
    FileExtensionValidator(settings.WAGTAILDOCS_EXTENSIONS)(file)
    most = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
    if file.size > most:
        message = _("This file is larger than %(most)s.")
        raise ValidationError(message % {"most": filesizeformat(most)})


def filename(document: Any, language: str) -> str:
    """The name of a version's file, without its folder; "" where there is none."""
    known = language in dict(settings.LANGUAGES)
    file = getattr(document, f"version_{language}") if known else None
    return PurePath(file.name).name if file else ""


def url_of(document: Any, language: str) -> str:
    """Where a version is read."""
    where = [document.pk, language, filename(document, language)]
    return reverse("document_version", args=where)
