"""Every kind of page of a running site: `kinds_of(site)` asks the site itself."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.browser.conftest import Site

SHOW = "from tests.browser.planting import show; show()"


@dataclass(frozen=True)
class Address:
    """One page in one language, and the status it answers with."""

    kind: str
    lang: str
    path: str
    status: int


@dataclass(frozen=True)
class Kinds:
    """What there is to look at. `errors` are the words of error pages, by name."""

    pages: list[Address]
    errors: dict[str, str]
    files: list[str]
    feeds: list[str]

    def one_each(self) -> list[Address]:
        """One page of each kind, in one language after the other."""
        each: dict[str, list[Address]] = {}
        for page in self.pages:
            each.setdefault(page.kind, []).append(page)
        turns = enumerate(each.values())
        return [versions[turn % len(versions)] for turn, versions in turns]

    def named(self, kind: str) -> list[Address]:
        """A kind of page, in each language."""
        return [page for page in self.pages if page.kind == kind]


def kinds_of(site: Site) -> Kinds:
    """Ask the site; it also gets a few readers of its own, for their pages."""
    found = json.loads(site.manage("shell", "--no-imports", "-c", SHOW))
    pages = [Address(**page) for page in found["pages"]]
    return Kinds(pages, found["errors"], found["files"], found["feeds"])
