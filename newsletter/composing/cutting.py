"""A mail rendered as a whole, then cut into the parts it is joined from for each.

As a whole, since the style sheet is written into its elements: a part by itself would
know nothing of it.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from mail.shell import current_brand, render_shell
from newsletter.delivery.message import PARTS

CUT = mark_safe("<!--cut-->")


def cuttable(template: str, context: dict[str, Any], **shell: str) -> str:
    """A whole mail of this template, which marks its parts with `cut`.

    `context` has its footer; `shell` is language, title and preheader.
    """
    known = {**context, "cut": CUT}
    return render_shell(
        body_html=render_to_string(template, known),
        footer_html=render_to_string("newsletter/mail/footer.html", known),
        brand=current_brand(),
        **shell,
    )


def cut_html(html: str) -> tuple[str, list[str]]:
    """The frame with `{{parts}}` where the parts were, and the parts."""
    before, *parts, after = html.split(CUT)
    return f"{before}{PARTS}{after}", parts


def uncut(html: str) -> str:
    """The whole, as it is read."""
    return html.replace(CUT, "")
