"""The frame of every HTML mail: our MJML shell, rendered once, filled per mail.

mrml renders our own shell only (it dies on an unclosed tag); what editors wrote is put
in afterwards and has been cleaned before. css-inline keeps the style sheet too, or the
rules for dark mode and phones would vanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

import css_inline
import mrml
from django.conf import settings
from django.template.loader import get_template
from django.utils.html import escape

DEFAULT_ACCENT = "#2f4a7a"  # indigo; 8.6:1 on white
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
INLINER = css_inline.CSSInliner(
    keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False
)


class Brand(Protocol):
    """What a mail needs to know of the organisation; per language as `tagline_es`."""

    accent: str

    def name_in(self, language: str) -> str:
        """What it is called in a language."""
        ...


_brand_source: list[Callable[[], Any]] = []


def register_brand(source: Callable[[], Any]) -> None:
    """Tell this room where the brand comes from; a higher room does, at start."""
    _brand_source[:] = [source]


def current_brand() -> Any:
    """The site's brand, or nothing where no room has one."""
    return _brand_source[0]() if _brand_source else None


def render_shell(
    *,
    language: str,
    title: str,
    preheader: str,
    body_html: str,
    footer_html: str,
    brand: Any = None,
) -> str:
    """A whole HTML document for a mail, with its styles inlined.

    `title` and `preheader` are plain text; `body_html` and `footer_html` are trusted.
    """
    accent = getattr(brand, "accent", "") or ""
    accent = accent if COLOUR.fullmatch(accent) else DEFAULT_ACCENT
    parts = {
        "language": escape(language),
        "title": escape(title),
        "preheader": escape(preheader),
        "accent_dark": lighter(accent),
        "accent": accent,
        "masthead": _masthead(brand, language),
        "body": body_html,
        "footer": footer_html,
    }
    return INLINER.inline(_fill(_shell(), parts))


def lighter(colour: str, share: float = 0.6) -> str:
    """The colour mixed with white, for dark paper."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(c + (255 - c) * share):02x}" for c in channels)


def _masthead(brand: Any, language: str) -> str:
    name = (brand and brand.name_in(language)) or settings.WAGTAIL_SITE_NAME
    tagline = getattr(brand, f"tagline_{language}", "") or ""
    line = f'<p class="tagline">{escape(tagline)}</p>' if tagline else ""
    home = escape(f"{settings.SITE_URL}/{language}/")
    return f'<p><a href="{home}">{escape(name)}</a></p>{line}'


def _fill(shell: str, parts: dict[str, str]) -> str:
    """Every `[[slot]]` replaced in one pass, so that no value is searched for slots."""
    return re.sub(r"\[\[(\w+)\]\]", lambda found: parts[found[1]], shell)


@cache
def _shell() -> str:
    source = get_template("mail/shell.mjml").template.source
    return mrml.to_html(source).content.replace('dir="auto"', 'dir="ltr"')
