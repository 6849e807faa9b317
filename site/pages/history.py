"""What a page's history says of publishing: in which languages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter

from pages.languages import names_in_words

WORDS = {
    "wagtail.publish": _("Published in %(languages)s"),
    "wagtail.unpublish": _("Taken down in %(languages)s"),
    "pages.confirm": _("Translation said to be right in %(languages)s"),
}


class LanguagesFormatter(LogFormatter):
    """Says what Wagtail's own says, and the languages where they were noted."""

    def __init__(self, stock: LogFormatter, words: Any) -> None:
        self.label, self.message, self.words = stock.label, stock.message, words

    def format_message(self, log_entry: Any) -> str:
        """The line in the history."""
        codes = (log_entry.data or {}).get("languages")
        return (
            self.words % {"languages": names_in_words(codes)} if codes else self.message
        )


def name_languages(actions: Any) -> None:
    """Replace Wagtail's formatters; its actions stay, for its own reports ask them."""
    said = _("Translation said to be right")
    actions.register_action("pages.confirm", _("Confirm a translation"), said)
    for action, words in WORDS.items():
        stock = actions.formatters[action]
        actions.formatters[action] = LanguagesFormatter(stock, words)
