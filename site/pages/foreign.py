"""Passages in another language, marked by editors so that they are read out right.

Stored as `<span lang="qu">`; a mark has no look of its own for readers.
"""

from __future__ import annotations

# The site's own two, since either may be quoted in the other, and those heard beside:
# Portuguese, Quechua, Aymara, Guarani, Nahuatl.
CODES = ("es", "en", "pt", "qu", "ay", "gn", "nah")
FEATURES = [f"lang-{code}" for code in CODES]
