"""Make the font subsets in site/static/fonts again from their npm packages.

The files are committed on purpose: nobody needs npm to run the site. Newsreader sets
headlines and stories, Public Sans the interface; both under the SIL Open Font Licence.
One cut of Newsreader is drawn for text, one for headlines and bold words: a file with
the whole range of sizes weighs as much as all files here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).resolve().parents[1] / "site/static/fonts"
# Latin-1 without the Icelandic letters; dashes, quotes, dots, euro, minus, arrows.
LETTERS = [*range(0x20, 0x7F), *range(0xC0, 0xD0), *range(0xD1, 0xDE)]
LETTERS += [0xDF, *range(0xE0, 0xF0), *range(0xF1, 0xF7), *range(0xF8, 0xFE), 0xFF]
SIGNS = [ord(sign) for sign in "\xa0¡©ª«\xad°²·º»½¿Œœ‐‑–—‘’“”„•…‹›€−←→"]
FEATURES = ["kern", "liga", "ccmp", "locl", "mark"]
# What nobody sees is a seventh of a file: points go on a grid of a thousandth of an em,
# the space between two letters in steps of a hundredth (off by half of that at most).
UNITS_PER_EM = 1000
SPACING_STEP = 10
PAIR_ADJUSTMENT, BY_CLASS, EXTENSION = 2, 2, 9  # GPOS, in the OpenType specification

# Package -> (file in it, the axes that are left, our file).
CUTS = {
    "@fontsource-variable/newsreader": [
        ("newsreader-latin-opsz-normal", {"opsz": 18, "wght": 400}, "text"),
        ("newsreader-latin-opsz-normal", {"opsz": 48, "wght": 600}, "headline"),
        ("newsreader-latin-opsz-italic", {"opsz": 24, "wght": 400}, "italic"),
    ],
    "@fontsource-variable/public-sans": [
        ("public-sans-latin-wght-normal", {"wght": (400, 600)}, "interface"),
    ],
}


def main() -> int:
    """Fetch each package, cut its files, keep its licence beside them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for package, cuts in CUTS.items():
        name = package.rpartition("/")[2]
        with tempfile.TemporaryDirectory() as folder:
            source = unpack(package, Path(folder))
            for file, axes, use in cuts:
                font = cut(source / "files" / f"{file}.woff2", axes)
                font.save(TARGET / f"{name}-{use}.woff2")
            licence = (source / "LICENSE").read_bytes()
            (TARGET / f"{name}-LICENSE.txt").write_bytes(licence)
    return 0


def unpack(package: str, folder: Path) -> Path:
    """The files of an npm package, in a folder."""
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
    (packed,) = folder.glob("*.tgz")
    subprocess.run(["tar", "-xzf", packed.name], cwd=folder, check=True)
    return folder / "package"


def cut(path: Path, axes: dict) -> TTFont:
    """The font with these axes only, and only the characters that we set."""
    font = instantiateVariableFont(TTFont(path), axes)
    options = Options(layout_features=FEATURES, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*LETTERS, *SIGNS])
    subsetter.subset(font)
    scale_upem(font, UNITS_PER_EM)
    for value in pair_values(font):
        steps = round(getattr(value, "XAdvance", 0) / SPACING_STEP)
        value.XAdvance = steps * SPACING_STEP
    font.flavor = "woff2"
    return font


def pair_values(font: TTFont) -> Iterator:
    """How much closer or wider each pair of letters, or of kinds of letters, is set."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            pairs = table.ExtSubTable if table.LookupType == EXTENSION else table
            if pairs.LookupType != PAIR_ADJUSTMENT:
                continue
            if pairs.Format == BY_CLASS:
                rows = [row.Class2Record for row in pairs.Class1Record]
            else:
                rows = [row.PairValueRecord for row in pairs.PairSet]
            yield from (pair.Value1 for row in rows for pair in row if pair.Value1)


if __name__ == "__main__":
    sys.exit(main())
