"""Charts of tables, drawn by the server: bars and lines, with words for who sees none.

Across, places are in percent and down in pixels, so a chart fits a telephone and its
letters stay as large as any. Parts differ in pattern and lines in dashes and marks, not
in colour alone. What a table hides, its chart leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from newsletter.numbers.grids import Grid, Line

ROW_PX, BAR_PX = 46, 16
HEIGHT_PX, TOP_PX = 240, 12
RIGHT = 93.0  # percent: where lines end
DIGIT = 2.3  # percent that a figure left of the lines takes on a telephone
STEPS = 4  # between the lines across
MARKS = 6  # words below at most
LOOKS = 4  # patterns and dashes there are; see chart.css


@dataclass(frozen=True)
class Part:
    """A piece of a bar, in percent across."""

    look: int
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One bar and the words above it; `y` is that of the words."""

    y: int
    words: str
    parts: list[Part]

    @property
    def bar_y(self) -> int:
        """Where the bar begins."""
        return self.y + 8


@dataclass(frozen=True)
class Legend:
    """What a pattern or a line stands for."""

    look: int
    words: str


@dataclass(frozen=True)
class Chart:
    """What all charts have: `key` is unlike any other's on the page."""

    key: str
    title: str
    words: str
    legend: list[Legend]
    height: int


@dataclass(frozen=True)
class BarChart(Chart):
    """Bars below one another."""

    bars: list[Bar] = field(default_factory=list)
    template = "newsletter/admin/numbers/_bars.html"


@dataclass(frozen=True)
class Place:
    """A point, percent across and pixels down."""

    x: float
    y: float


@dataclass(frozen=True)
class Stretch:
    """A straight piece of a line."""

    start: Place
    end: Place


@dataclass(frozen=True)
class Mark:
    """A word at a place."""

    at: Place
    words: str


@dataclass(frozen=True)
class Drawn:
    """One line: its pieces, with gaps where numbers are hidden, and its points."""

    look: int
    stretches: list[Stretch]
    points: list[Place]


@dataclass(frozen=True)
class LineChart(Chart):
    """Lines over time."""

    lines: list[Drawn] = field(default_factory=list)
    across: list[Mark] = field(default_factory=list)
    below: list[Mark] = field(default_factory=list)
    right = RIGHT
    template = "newsletter/admin/numbers/_lines.html"


def bars(
    grid: Grid, drawn: Sequence[Line], parts: Mapping[str, str], words: str
) -> BarChart:
    """A bar per line of a table to be drawn, of the columns named in `parts`.

    `words` tell what is seen. Above each bar stands the first of its numbers.
    """
    longest = max((_shown(line, parts) for line in drawn), default=0)
    first = next(iter(parts))
    made = [
        Bar(
            y=at * ROW_PX + 14,
            words=f"{line.short or line.label}: {line.cells[first].text}",
            parts=[*_parts(line, parts, longest)],
        )
        for at, line in enumerate(drawn)
    ]
    legend = [Legend(at, name) for at, name in enumerate(parts.values())]
    height = len(made) * ROW_PX
    return BarChart(grid.name, grid.title, words, legend, height, made)


def _shown(line: Line, columns: Iterable[str]) -> int:
    return sum(line.cells[each].shown or 0 for each in columns)


def _parts(line: Line, columns: Iterable[str], longest: int) -> Iterator[Part]:
    x = 0.0
    for look, each in enumerate(columns):
        width = round((line.cells[each].shown or 0) * 100 / max(longest, 1), 2)
        if width:
            yield Part(look % LOOKS, round(x, 2), width)
        x += width


def lines(
    grid: Grid,
    over: Mapping[str, Line],
    columns: Mapping[str, str],
    words: str,
) -> LineChart:
    """A line per column named, `over` the lines of a table by their marks, in order."""
    shown = {
        each: [line.cells[each].shown for line in over.values()] for each in columns
    }
    numbers = (number for each in shown.values() for number in each)
    top = _round_up(max((number or 0 for number in numbers), default=0))
    left = max(10.0, DIGIT * (len(_number(top)) + 1))
    drawn = [
        _drawn(look % LOOKS, values, top, left)
        for look, values in enumerate(shown.values())
    ]
    legend = [Legend(at, name) for at, name in enumerate(columns.values())]
    return LineChart(
        grid.name,
        grid.title,
        words,
        legend,
        HEIGHT_PX + 2 * TOP_PX + 16,
        drawn,
        [_across(step, top, left) for step in range(STEPS + 1)],
        [*_below([*over], left)],
    )


def _drawn(look: int, values: Sequence[int | None], top: int, left: float) -> Drawn:
    places = [
        None if value is None else Place(_x(at, len(values), left), _y(value, top))
        for at, value in enumerate(values)
    ]
    pairs = zip(places, places[1:], strict=False)
    stretches = [Stretch(start, end) for start, end in pairs if start and end]
    return Drawn(look, stretches, [place for place in places if place])


def _x(at: int, number: int, left: float) -> float:
    return round(left + (RIGHT - left) * at / max(number - 1, 1), 2)


def _y(value: int, top: int) -> float:
    return round(TOP_PX + HEIGHT_PX * (1 - value / top), 1)


def _round_up(number: int) -> int:
    """The next round number of equal steps: 4, 8, 20, 40, 80, 100, 200 and so on."""
    power = 1
    while True:
        for quarters in (4, 8, 10, 20):
            step = power * quarters // 4
            if step * STEPS >= number and step * 4 == power * quarters:
                return step * STEPS
        power *= 10


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


def _across(step: int, top: int, left: float) -> Mark:
    value = top * step // STEPS
    return Mark(Place(left, _y(value, top)), _number(value))


def _below(marks: Sequence[str], left: float) -> Iterator[Mark]:
    every = -(-len(marks) // MARKS)
    for at in range(len(marks) - 1, -1, -every):
        place = Place(_x(at, len(marks), left), HEIGHT_PX + TOP_PX + 20)
        yield Mark(place, marks[at])


def hidden_note() -> str:
    """What "hidden" means."""
    return _(
        "Hidden: fewer than 5 people, or a number that would tell such a one. What is"
        " hidden is not drawn."
    )
