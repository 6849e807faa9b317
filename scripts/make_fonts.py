"""Make the font subsets in site/static/fonts again from their npm packages.

The files are committed on purpose: nobody needs npm to run the site. Newsreader sets
headlines and stories, Public Sans the interface; both under the SIL Open Font Licence.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "site/static/fonts"
# Latin with everything Spanish and English need, dashes, quotes, arrows and currency.
UNICODES = "U+20-7E,U+A0-FF,U+131,U+152-153,U+2BC,U+2C6,U+2DA,U+2DC,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+20AC,U+2122,U+2190-2193,U+2212"
PACKAGES = {
    "@fontsource-variable/newsreader": {
        "newsreader-latin-wght-normal.woff2": "newsreader.woff2",
        "newsreader-latin-wght-italic.woff2": "newsreader-italic.woff2",
    },
    "@fontsource-variable/public-sans": {
        "public-sans-latin-wght-normal.woff2": "public-sans.woff2",
    },
}


def main() -> int:
    """Fetch each package, subset its files, keep its licence beside them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for package, files in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            unpack(package, Path(folder))
            source = Path(folder) / "package"
            for name, target in files.items():
                subset(source / "files" / name, TARGET / target)
            licence = f"{package.rpartition('/')[2]}-LICENSE.txt"
            (TARGET / licence).write_bytes((source / "LICENSE").read_bytes())
    return 0


def unpack(package: str, folder: Path) -> None:
    """Put the npm package's files under `folder`/package."""
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")


def subset(source: Path, target: Path) -> None:
    """Keep the characters we set, with kerning and the usual features."""
    subprocess.run(
        [sys.executable, "-m", "fontTools.subset", source]
        + [f"--unicodes={UNICODES}", f"--output-file={target}", "--flavor=woff2"]
        + ["--layout-features=kern,liga,calt,ccmp,locl,mark,onum,lnum,pnum,tnum"],
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main())
