"""The demo's texts, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("content")
LANGUAGES = ("es", "en")
PUBLISHED_AT = time(14, 0)  # UTC: nine in the morning in Lima


@dataclass(frozen=True)
class Story:
    """One story: its words by language, and what it is in each."""

    key: str
    date: date
    original: str
    countries: list[str]
    projects: list[str]
    picture: str
    states: dict[str, str]
    behind: list[str]
    featured: bool
    words: dict[str, dict[str, str]]

    @property
    def live_languages(self) -> list[str]:
        """Where readers see it, in no special order."""
        return [code for code in LANGUAGES if self.states[code] == "live"]

    @property
    def published_at(self) -> datetime:
        """The morning of its date."""
        return datetime.combine(self.date, PUBLISHED_AT, UTC)

    @property
    def revised_at(self) -> datetime:
        """When the original changed after it had been translated."""
        return self.published_at + timedelta(days=4)

    def body(self, language: str, *, revised: bool) -> str:
        """Its text, with what was added later or without."""
        words = self.words[language]
        return words["body"] + ("\n\n" + words.get("update", "") if revised else "")


@cache
def read(name: str) -> dict[str, Any]:
    """One of the files that hold a single table."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def stories() -> list[Story]:
    """All stories, oldest first, as they would have been written."""
    files = sorted((FOLDER / "stories").glob("*.toml"))
    return sorted(map(_story, files), key=lambda story: (story.date, story.key))


def _story(path: Path) -> Story:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    names = ("key", "date", "original", "countries", "projects", "picture", "states")
    return Story(
        **{name: found[name] for name in names},
        behind=found.get("behind", []),
        featured=found.get("featured", False),
        words={code: found[code] for code in LANGUAGES if code in found},
    )
