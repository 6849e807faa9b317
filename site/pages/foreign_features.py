"""The buttons of the rich text editor that mark a passage as another language's."""

from __future__ import annotations

from typing import Any

import wagtail.admin.rich_text.editors.draftail.features as draftail
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    InlineStyleElementHandler,
)

from pages.foreign import CODES
from pages.languages import name_in_words

# CLDR has no name for it.
NAMED_HERE = {"nah": _("Nahuatl")}


def _name(code: str) -> str:
    own = NAMED_HERE.get(code)
    return str(own) if own else name_in_words(code)


named = lazy(_name, str)


def register(features: Any) -> None:
    """Offer a button for each language where a rich text field names its feature."""
    for code in CODES:
        name, style = f"lang-{code}", f"LANG_{code.upper()}"
        control = {
            "type": style,
            "label": code,
            "description": format_lazy(_("In {language}"), language=named(code)),
            "style": {"borderBottom": "2px dotted"},
        }
        feature = draftail.InlineStyleFeature(control)
        features.register_editor_plugin("draftail", name, feature)
        rules = {
            "from_database_format": {
                f'span[lang="{code}"]': InlineStyleElementHandler(style)
            },
            "to_database_format": {
                "style_map": {style: {"element": "span", "props": {"lang": code}}}
            },
        }
        features.register_converter_rule("contentstate", name, rules)
