"""The organisation's colour as a style sheet: our pages allow no inline style."""

from __future__ import annotations

import hashlib

from pages import contrast
from pages.models import BrandSettings

RULES = """@layer tokens {{
  :root {{
    --accent: light-dark({light}, {dark});
    --accent-text: light-dark({on_light}, {on_dark});
  }}
}}
"""


def stylesheet(brand: BrandSettings) -> str:
    """The rules; empty where no colour was chosen."""
    if not brand.accent:
        return "/* The site's own colours. */\n"
    # One that was chosen before the papers were what they are is darkened as well.
    light, dark = contrast.on_light(brand.accent), contrast.on_dark(brand.accent)
    return RULES.format(
        light=light,
        dark=dark,
        on_light=contrast.ink_on(light),
        on_dark=contrast.ink_on(dark),
    )


def stylesheet_version(brand: BrandSettings) -> str:
    """Changes whenever the rules do."""
    return hashlib.sha256(stylesheet(brand).encode()).hexdigest()[:8]
