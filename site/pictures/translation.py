"""The words of pictures and files that exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from pictures.models import File, Picture


@register(Picture)
class PictureTranslation(TranslationOptions):
    """A credit is a name and stays as it is."""

    fields = ("alt", "caption", "rights")


@register(File)
class FileTranslation(TranslationOptions):
    """What a reader sees in place of a file name, and a file of their language."""

    fields = ("label", "version", "version_size")
