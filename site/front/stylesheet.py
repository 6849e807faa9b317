"""The organisation's colour as a style sheet: our pages allow no inline style."""

from __future__ import annotations

import hashlib

from pages.models import BrandSettings

RULES = """@layer tokens {{
  :root {{
    --accent: light-dark({light}, {dark});
    --accent-text: light-dark(#ffffff, #15170f);
  }}
}}
"""


def stylesheet(brand: BrandSettings) -> str:
    """The rules; empty where no colour was chosen."""
    accent = brand.accent
    if not accent:
        return "/* The site's own colours. */\n"
    # The form accepts only colours that white text can be read on.
    return RULES.format(light=accent, dark=_lighter(accent))


def stylesheet_version(brand: BrandSettings) -> str:
    """Changes whenever the rules do."""
    return hashlib.sha256(stylesheet(brand).encode()).hexdigest()[:8]


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _lighter(colour: str) -> str:
    """Mixed with white until it reads well on dark paper."""
    mixed = (round(c + (255 - c) * 0.6) for c in _channels(colour))
    return "#" + "".join(f"{c:02x}" for c in mixed)
