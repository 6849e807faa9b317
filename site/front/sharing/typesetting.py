"""Headlines broken into lines that fill their place, in the site's own fonts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

Font = ImageFont.FreeTypeFont
FONTS = Path(settings.BASE_DIR) / "site" / "static" / "fonts"
# Pillow's FreeType reads the browsers' own woff2 files (14 ms the first time).
HEADLINE, INTERFACE = "newsreader-headline.woff2", "public-sans-interface.woff2"
SIZES = (104, 96, 88, 80, 74, 68, 62, 56, 50, 46, 42)  # pixels, the largest that fits
LEADING = 1.08  # of the size, from line to line
ELLIPSIS = "…"
DASHES = {"-", "–", "—"}  # stand at the end of a line, never at its head


@dataclass(frozen=True)
class Setting:
    """A text as it is set: its font, its lines and the pixels between two of them."""

    font: Font
    lines: list[str]
    leading: int

    @property
    def height(self) -> int:
        """From the top of the capitals to the last line's descenders, in pixels."""
        return self.leading * (len(self.lines) - 1) + round(self.font.size * 1.02)


@cache
def font(name: str, size: int, weight: int = 0) -> Font:
    """One of the site's fonts; `weight` only for a variable one."""
    found = ImageFont.truetype(FONTS / name, size)
    if weight:
        found.set_variation_by_axes([weight])
    return found


def writable(text: str, name: str = HEADLINE) -> str:
    """The text without what the font has no letter for, in single spaces."""
    known = "".join(sign if sign == " " or _has(name, sign) else " " for sign in text)
    return " ".join(known.split())


@cache
def _has(name: str, sign: str) -> bool:
    """Whether a sign is drawn otherwise than one that no font has."""
    probe = font(name, 40)
    return sign.isprintable() and bytes(probe.getmask(sign)) != _missing(name)


@cache
def _missing(name: str) -> bytes:
    return bytes(font(name, 40).getmask("\uffff"))


def fit(text: str, width: int, height: int) -> Setting:
    """The text as large as it goes into so many pixels; cut where even that is long."""
    words = _words(text)
    for size in SIZES:
        face = font(HEADLINE, size)
        lines = _balanced(words, face, width)
        setting = Setting(face, lines, round(size * LEADING))
        if lines and setting.height <= height:
            return setting
    return _cut(words, width, height)


def _words(text: str) -> list[str]:
    words: list[str] = []
    for word in writable(text).split():
        if word in DASHES and words:
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _balanced(words: list[str], face: Font, width: int) -> list[str]:
    """As few lines as it takes, of lengths as even as can be; none for a word too long.

    The narrowest measure that still gives the same number of lines evens them out.
    """
    if any(face.getlength(word) > width for word in words):
        return []
    few = len(_lines(words, face, width))
    low, high = width // 2, width
    while high - low > 8:
        middle = (low + high) // 2
        fits = all(face.getlength(word) <= middle for word in words)
        if fits and len(_lines(words, face, middle)) == few:
            high = middle
        else:
            low = middle
    return _lines(words, face, high)


def _lines(words: list[str], face: Font, width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(words: list[str], width: int, height: int) -> Setting:
    """The smallest size, ended where there is no room left; long words are broken."""
    size = SIZES[-1]
    face, leading = font(HEADLINE, size), round(size * LEADING)
    most = max(1, (height - size) // leading + 1)
    pieces = [piece for word in words for piece in _pieces(word, face, width)]
    lines = _lines(pieces, face, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], _ended(lines[most - 1], face, width)]
    return Setting(face, lines or [""], leading)


def _pieces(word: str, face: Font, width: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if face.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _ended(line: str, face: Font, width: int) -> str:
    while line and face.getlength(line + ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip(" ,.;:") + ELLIPSIS
