"""Opening hours as schema.org writes them, from and to our own syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAYS = "PublicHolidays"
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2})?")


def hours_of(node: dict[str, Any]) -> str:
    """The ordinary opening hours of a schema.org object; empty where it has none."""
    text = node.get("openingHours")
    if isinstance(text, str):
        return text.strip()
    if isinstance(text, list):
        return ", ".join(part.strip() for part in text if isinstance(part, str))
    return _from_specifications(node.get("openingHoursSpecification"))


def specifications(
    days: Sequence[int], spans: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """schema.org objects for days (0 is Monday) that share the same spans."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"https://schema.org/{WEEK[day]}" for day in days],
            "opens": opens.zfill(5),
            "closes": "23:59" if closes == "24:00" else closes.zfill(5),
        }
        for opens, closes in spans
    ]


def _from_specifications(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    spans: dict[str, list[str]] = {}
    for part in parts:
        if isinstance(part, dict) and not _is_special(part):
            _add_spans(part, spans)
    rules = [f"{days} {text}" for days, text in _grouped(spans)]
    if HOLIDAYS in spans:
        rules.append(f"PH {_rule(spans[HOLIDAYS])}")
    return "; ".join(rules)


def _is_special(part: dict[str, Any]) -> bool:
    """Whether it is about certain dates only."""
    return "validFrom" in part or "validThrough" in part


def _add_spans(part: dict[str, Any], spans: dict[str, list[str]]) -> None:
    days = part.get("dayOfWeek")
    for day in days if isinstance(days, list) else [days]:
        name = str(day).rpartition("/")[2]
        if name in (*WEEK, HOLIDAYS):
            spans.setdefault(name, []).extend(_span(part))


def _span(part: dict[str, Any]) -> list[str]:
    opens = _CLOCK.match(str(part.get("opens", "")))
    closes = _CLOCK.match(str(part.get("closes", "")))
    if not opens or not closes or opens[0] == closes[0]:
        return []
    start, end = (f"{int(clock[1]):02d}:{clock[2]}" for clock in (opens, closes))
    return [f"{start}-{'24:00' if end == '23:59' else end}"]


def _rule(spans: list[str]) -> str:
    return ",".join(sorted(set(spans))) or "off"


def _grouped(spans: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Days with equal hours together, neighbours as a range: `Mo-Fr`."""
    groups: dict[str, list[int]] = {}
    for number, day in enumerate(WEEK):
        if day in spans:
            groups.setdefault(_rule(spans[day]), []).append(number)
    return [(_days(numbers), text) for text, numbers in groups.items()]


def _days(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    first, last = SHORT[run[0]], SHORT[run[-1]]
    return first if len(run) == 1 else f"{first}-{last}"
