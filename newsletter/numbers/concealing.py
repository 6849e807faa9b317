"""Small numbers are hidden, and whatever would tell them.

Who sees that two readers in Peru failed may know them both. A number from 1 to 4 is
hidden, and where a sum that is shown would give it away, the next smallest with it. 0
names nobody and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEWEST = 5  # people in a number that is shown

PRIME = 2**61 - 1

Key = Hashable
Equation = dict[Key, int]
Cost = Callable[[Key], Any]


@dataclass(frozen=True)
class Sum:
    """Cells that everybody knows to add up: `left` together are `right` together."""

    left: Sequence[Key]
    right: Sequence[Key]

    @property
    def cells(self) -> list[Key]:
        """All of them."""
        return [*self.left, *self.right]


def is_small(number: int) -> bool:
    """Whether so few people could be known by it."""
    return 0 < number < FEWEST


def concealed(
    cells: Mapping[Key, int],
    sums: Iterable[Sum],
    spared: Callable[[Key], bool] = lambda key: False,
) -> set[Key]:
    """Which cells to hide so that no small one can be computed from those shown.

    `spared` ones are hidden for others only where nothing else helps.
    """

    def cost(key: Key) -> tuple[bool, bool, int]:
        """The smallest first; a 0 only where nothing else is."""
        return spared(key), not cells[key], cells[key]

    sums = [*sums]
    hidden = {key for key, number in cells.items() if is_small(number)}
    while more := _more(cells, sums, hidden, cost):
        hidden |= more
    # Whatever can be computed all the same may as well be shown.
    told = {*_solved(cells, sums, hidden), *_naughts(cells, sums, hidden)}
    return hidden - {key for key in told if not is_small(cells[key])}


def _more(
    cells: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key], cost: Cost
) -> set[Key]:
    """What else to hide; nothing where no small number is told."""
    solved, more = _solved(cells, sums, hidden), set[Key]()
    for key, tellers in solved.items():
        if is_small(cells[key]) and not more.intersection(tellers):
            more |= _cheapest(tellers, hidden, cost)
    if more:
        return more
    doubted = hidden - set(solved) - _naughts(cells, sums, hidden)
    for each in sums:
        if _adds_up_to_few(each, cells, doubted):
            own = _cheapest(each.cells, hidden, cost)
            return own or _cheapest(cells, hidden, cost)
    return set()


def _adds_up_to_few(each: Sum, cells: Mapping[Key, int], hidden: set[Key]) -> bool:
    """Whether what is hidden is known together, and is so few that each is nearly."""
    left, right = ([k for k in side if k in hidden] for side in (each.left, each.right))
    is_one_sided = bool(left) != bool(right)
    return is_one_sided and is_small(sum(cells[key] for key in left or right))


def _naughts(
    cells: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key]
) -> set[Key]:
    """Hidden cells that everybody knows to be 0: what is nothing together is nothing
    each, since no number of people is less."""
    known: set[Key] = set()
    while more := _more_naughts(cells, sums, hidden - known):
        known |= more
    return known


def _more_naughts(
    cells: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key]
) -> set[Key]:
    found: set[Key] = set()
    for each in sums:
        for side, other in ((each.left, each.right), (each.right, each.left)):
            is_told = hidden.isdisjoint(other)
            if is_told and not sum(cells[key] for key in other):
                found |= hidden.intersection(side)
    return found


def _solved(
    cells: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key]
) -> dict[Key, list[Key]]:
    """The hidden cells that have only one value possible, and what tells it.

    By Gauss and Jordan, modulo a large prime: factors stay small numbers, and quick.
    """
    hidden = hidden - _naughts(cells, sums, hidden)
    pivots: dict[Key, Equation] = {}
    for each in sums:
        row = _equation(each)
        for key in [key for key in row if key in pivots]:
            _add(row, pivots[key], -row[key])
        key = next((key for key in row if key in hidden), None)
        if key is None:
            continue
        factor = pow(row[key], -1, PRIME)
        row = {other: value * factor % PRIME for other, value in row.items()}
        for others in pivots.values():
            if key in others:
                _add(others, row, -others[key])
        pivots[key] = row
    return {
        key: [other for other in row if other != key]
        for key, row in pivots.items()
        if len(hidden.intersection(row)) == 1
    }


def _equation(each: Sum) -> Equation:
    row: Equation = {}
    for side, sign in ((each.left, 1), (each.right, -1)):
        for key in side:
            _add(row, {key: 1}, sign)
    return row


def _add(row: Equation, other: Equation, factor: int) -> None:
    for key, value in other.items():
        total = (row.get(key, 0) + value * factor) % PRIME
        if total:
            row[key] = total
        else:
            row.pop(key, None)


def _cheapest(among: Iterable[Key], hidden: set[Key], cost: Cost) -> set[Key]:
    """The one of these to hide next, if one is shown."""
    shown = [key for key in among if key not in hidden]
    return {min(shown, key=cost)} if shown else set()
