"""The style sheets of the reader's pages as one file, so that a page asks once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from rcssmin import cssmin

JOINED = "css/pregon.css"
SOURCES = settings.BASE_DIR / "site/static/css"
FIRST = "tokens.css"  # names the layers
APART = {"error.css"}  # for pages that must do without the rest


class StylesheetFinder(BaseFinder):
    """Finds css/pregon.css: the files beside it, joined."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(settings.DATA_DIR / "joined-static")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where the joined file lies; written anew, so that it is never stale."""
        if path != JOINED:
            return []
        found = str(self._write())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """The one file there is."""
        self._write()
        yield JOINED, self.storage

    def _write(self) -> Path:
        target = Path(self.storage.path(JOINED))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(joined(), encoding="utf-8")
        return target


def joined() -> str:
    """Every style sheet, the tokens first, without comments and needless spaces."""
    names = sorted(path.name for path in SOURCES.glob("*.css"))
    order = [FIRST, *(name for name in names if name not in {FIRST, *APART})]
    rules = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in order)
    return cssmin(rules)
