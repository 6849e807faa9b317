"""A mail rendered as a whole, then cut into the parts it is joined from for each.

As a whole, since the style sheet is written into its elements: a part by itself would
know nothing of it.
"""

from __future__ import annotations

from django.utils.safestring import mark_safe

from newsletter.delivery.message import PARTS

CUT = mark_safe("<!--cut-->")


def cut_html(html: str) -> tuple[str, list[str]]:
    """The frame with `{{parts}}` where the parts were, and the parts."""
    before, *parts, after = html.split(CUT)
    return f"{before}{PARTS}{after}", parts


def uncut(html: str) -> str:
    """The whole, as it is read."""
    return html.replace(CUT, "")
