"""The file of a picture: whichever way it comes, its place is out before it is kept."""

from __future__ import annotations

from django.core.files.base import ContentFile, File
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from pictures.privacy import without_location


def cleaned(file: File) -> File:
    """The file itself, or one of the same name without a trace of place."""
    file.seek(0)
    content = without_location(file.read())
    file.seek(0)
    return file if content is None else ContentFile(content, name=file.name)


class PictureFieldFile(WagtailImageFieldFile):
    """Wagtail's, cleaned as it goes to the storage."""

    def save(self, name, content, save=True):
        super().save(name, cleaned(content), save)


class PictureField(WagtailImageField):
    """Wagtail's, with files that are cleaned."""

    attr_class = PictureFieldFile

    def deconstruct(self):
        # To the database it is Wagtail's field: no migration.
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs
