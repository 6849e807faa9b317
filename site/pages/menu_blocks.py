"""A menu as editors put it together: pages and links, in their order."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.languages import language_name, languages

HEADER_LINKS = 5


def _per_language(name, make):
    """One block for each language, its label ending in the language's name."""
    return [(f"{name}_{code}", make(language_name(code))) for code in languages()]


def _words(language):
    return blocks.CharBlock(
        label=format_lazy("{} [{}]", _("Words of the link"), language),
        required=False,
        max_length=40,
    )


def _address(language):
    return blocks.URLBlock(
        label=format_lazy("{} [{}]", _("Address"), language), required=False
    )


class PageItemBlock(blocks.StructBlock):
    """A page of the site, under its headline or under shorter words."""

    page = blocks.PageChooserBlock(label=_("Page"), page_type="pages.BilingualPage")

    def __init__(self, local_blocks=None, **kwargs):
        super().__init__(local_blocks or _per_language("words", _words), **kwargs)

    class Meta:
        icon = "doc-empty"
        label = _("Page")
        help_text = _("Without words of its own it is called what its headline says.")


class LinkItemBlock(blocks.StructBlock):
    """An address anywhere; a language without words or address does not show it."""

    def __init__(self, local_blocks=None, **kwargs):
        pairs = zip(
            _per_language("words", _words),
            _per_language("url", _address),
            strict=True,
        )
        own = [block for pair in pairs for block in pair]
        super().__init__(local_blocks or own, **kwargs)

    def clean(self, value):
        cleaned = super().clean(value)
        wrong = {}
        for code in languages():
            words, url = cleaned[f"words_{code}"], cleaned[f"url_{code}"]
            if words and not url:
                wrong[f"url_{code}"] = ValidationError(_("Where does it lead?"))
            if url and not words:
                wrong[f"words_{code}"] = ValidationError(_("What is it called?"))
        if not any(cleaned.values()):
            first = f"words_{languages()[0]}"
            wrong[first] = ValidationError(_("What is it called?"))
        if wrong:
            raise StructBlockValidationError(wrong)
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        help_text = _("A language without words and address does not show it.")


class MenuBlock(blocks.StreamBlock):
    """Pages and links in order."""

    page = PageItemBlock()
    link = LinkItemBlock()
