"""The site's style sheet with the organisation's colour in it.

Our pages allow no inline style, and a sheet of its own would be asked for by each page.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from pages import contrast
from pages.models import BrandSettings

JOINED = "css/pregon.css"
FONT = re.compile(r'url\("\.\./fonts/([^"]+)"\)')
RULES = """@layer tokens {{
  :root {{
    --accent: light-dark({light}, {dark});
    --accent-text: light-dark({on_light}, {on_dark});
  }}
}}
"""


def stylesheet(brand: BrandSettings) -> str:
    """All rules of the readers' pages, the organisation's own last."""
    return _common() + (_own(brand) if brand.accent else "")


def stylesheet_version(brand: BrandSettings) -> str:
    """Changes whenever the rules do."""
    return hashlib.sha256(stylesheet(brand).encode()).hexdigest()[:8]


@cache
def _common() -> str:
    """The joined sheet; its fonts by the addresses that pages name to fetch early."""
    text = Path(str(finders.find(JOINED))).read_text(encoding="utf-8")
    return FONT.sub(lambda found: f'url("{static(f"fonts/{found[1]}")}")', text)


def _own(brand: BrandSettings) -> str:
    # One that was chosen before the papers were what they are is darkened as well.
    light, dark = contrast.on_light(brand.accent), contrast.on_dark(brand.accent)
    return RULES.format(
        light=light,
        dark=dark,
        on_light=contrast.ink_on(light),
        on_dark=contrast.ink_on(dark),
    )
