"""What the privacy page says, put together from what each room does.

A room registers a template and the facts for it when the site starts. Facts are read
whenever the page is shown, so that it says what is switched on now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pages.models import BrandSettings

Facts = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of the page: lower orders stand first.

    `facts(language)` is for the template; None leaves out what does not apply.
    """

    order: int
    template: str
    facts: Callable[[str], Facts | None]


_sections: list[Section] = []


def connect() -> None:
    """Say what happens to somebody who only reads."""
    register(Section(10, "pages/privacy/reading.html", _of_reading))


def _of_reading(language: str) -> Facts:
    return {"log_days": BrandSettings.current().log_days}


def register(section: Section) -> None:
    """Have the privacy page say this as well."""
    _sections.append(section)


def sections(language: str) -> list[tuple[str, Facts]]:
    """(template, facts) of what applies now, in the order of the page."""
    ordered = sorted(_sections, key=lambda section: section.order)
    found = ((section.template, section.facts(language)) for section in ordered)
    return [(template, facts) for template, facts in found if facts is not None]
