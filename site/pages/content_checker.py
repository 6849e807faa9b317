"""What Wagtail's checker says of a page while it is written, and on the page itself.

It runs axe over the preview: Wagtail's own checks, and ours of headings, links and
pictures. A rule of axe cannot read text, so a script of ours marks vague links first.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem


class ContentChecker(ContentCheckerItem):
    """Wagtail's checks, with ours, of what belongs to the page alone."""

    axe_include = ["main"]

    axe_run_only = [
        *ContentCheckerItem.axe_run_only,
        "link-says-something",
        "picture-is-decided",
    ]
    axe_custom_rules = [
        *ContentCheckerItem.axe_custom_rules,
        {
            "id": "link-says-something",
            "impact": "serious",
            "selector": "main a[data-says-nothing]",
            "tags": ["best-practice"],
            "any": ["check-link-is-cleared"],
            "enabled": True,
        },
        {
            "id": "picture-is-decided",
            "impact": "serious",
            "selector": "main figure img:not([data-decorative])",
            "tags": ["best-practice"],
            "any": ["check-picture-is-described"],
            "enabled": True,
        },
    ]
    axe_custom_checks = [
        *ContentCheckerItem.axe_custom_checks,
        {  # never: the mark is empty
            "id": "check-link-is-cleared",
            "evaluate": "attr-non-space-content-evaluate",
            "options": {"attribute": "data-says-nothing"},
        },
        {
            "id": "check-picture-is-described",
            "evaluate": "attr-non-space-content-evaluate",
            "options": {"attribute": "alt"},
        },
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        "heading-order": {
            "error_name": _("A heading skips a level"),
            "help_text": _(
                "Whoever listens to the page jumps from heading to heading: let a "
                "small heading stand under a larger one."
            ),
        },
        "link-says-something": {
            "error_name": _("The link does not say where it leads"),
            "help_text": _(
                "Link the words that name what is there, not “here”, “read more” or "
                "the address."
            ),
        },
        "picture-is-decided": {
            "error_name": _("The picture has no description"),
            "help_text": _(
                "Say what it shows for people who cannot see it, or mark it as "
                "decoration."
            ),
        },
    }

    class Media:
        js = ["pages/vague_links.js"]


def use_ours(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Put our checker in the place of Wagtail's."""
    for place, item in enumerate(items):
        if isinstance(item, ContentCheckerItem):
            items[place] = ContentChecker(in_editor=item.in_editor)
