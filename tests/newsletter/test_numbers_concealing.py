"""Small numbers are hidden, with what would tell them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.numbers.concealing import FEWEST, Sum, concealed

AMOUNTS = st.one_of(st.integers(0, 9), st.integers(0, 3000))


def shown(cells, *sums):
    """The cells that are not hidden."""
    return set(cells) - concealed(cells, sums)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"a": 0, "b": 5}, {"a", "b"}),
        ({"a": 1, "b": 4}, set()),
        ({"a": 4, "b": 900}, {"b"}),
        ({}, set()),
    ],
)
def test_numbers_from_1_to_4_are_hidden(numbers, expected):
    assert shown(numbers) == expected


def test_what_the_total_would_tell_is_hidden_with_the_next_smallest():
    cells = {"a": 3, "b": 40, "c": 7, "all": 50}
    assert shown(cells, Sum(["a", "b", "c"], ["all"])) == {"b", "all"}


def test_hidden_numbers_must_not_add_up_to_a_small_one():
    """Of two that are three together one knows nearly all."""
    cells = {"a": 1, "b": 2, "c": 90, "d": 70, "all": 163}
    assert shown(cells, Sum(["a", "b", "c", "d"], ["all"])) == {"c", "all"}


def test_zero_is_hidden_only_where_nothing_else_is_left():
    cells = {"a": 3, "b": 0, "all": 3}
    assert shown(cells, Sum(["a", "b"], ["all"])) == {"b"}


def test_totals_over_time_are_spared_where_others_can_be_hidden():
    cells = {"before": 100, "gained": 3, "now": 103, "lost": 0}
    sums = [Sum(["before", "gained"], ["now", "lost"])]
    hidden = concealed(cells, sums, {"before", "now"}.__contains__)
    assert hidden == {"gained", "lost"}


def test_sums_are_solved_together():
    """Two squares of hidden cells and one that joins them, which their sums tell."""
    lines, columns = range(5), range(5)
    cells = {(i, j): 100 + 10 * i + j for i in range(4) for j in range(4)}
    small = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (0, 2)]
    cells |= dict.fromkeys(small, 4)
    cells |= {(i, 4): sum(cells[i, j] for j in range(4)) for i in range(4)}
    cells |= {(4, j): sum(cells[i, j] for i in range(4)) for j in columns}
    sums = [Sum([(i, j) for j in range(4)], [(i, 4)]) for i in lines]
    sums += [Sum([(i, j) for i in range(4)], [(4, j)]) for j in columns]
    hidden = concealed(cells, sums)
    assert set(small) < hidden
    assert not told(cells, sums, hidden)


def table(numbers, sides):
    """Cells of a table with its totals, and the sums that everybody knows."""
    lines, columns = sides
    cells = dict(zip(product(range(lines), range(columns)), numbers, strict=False))
    sums = []
    for i in range(lines):
        own = [(i, j) for j in range(columns)]
        cells[i, "all"] = sum(cells[key] for key in own)
        sums.append(Sum(own, [(i, "all")]))
    for j in [*range(columns), "all"]:
        own = [(i, j) for i in range(lines)]
        cells["all", j] = sum(cells[key] for key in own)
        sums.append(Sum(own, [("all", j)]))
    return cells, sums


def told(cells, sums, hidden):
    """Hidden small cells that are the same whatever else the sums allow.

    Another way than the code's: a cell is known unless some change of hidden cells
    alone keeps every sum. Such changes are all paths that close, from cell to cell of
    the same line and the same column by turns.
    """
    return {
        (i, j)
        for i, j in hidden
        if 0 < cells[i, j] < FEWEST and not _closes(i, j, hidden - {(i, j)})
    }


def _closes(line, column, hidden):
    lines, seen = [line], set()
    while lines:
        current = lines.pop()
        columns = [j for i, j in hidden if i == current]
        for j in columns:
            if j == column:
                return True
            for other in {i for i, k in hidden if k == j} - seen:
                seen.add(other)
                lines.append(other)
    return False


@settings(max_examples=100, deadline=None)
@given(
    st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
        lambda sides: st.tuples(
            st.lists(AMOUNTS, min_size=sides[0] * sides[1], max_size=25),
            st.just(sides),
        )
    )
)
def test_no_small_number_can_be_computed_from_those_shown(drawn):
    cells, sums = table(*drawn)
    hidden = concealed(cells, sums)
    assert hidden >= {key for key, number in cells.items() if 0 < number < FEWEST}
    assert not told(cells, sums, hidden)
    for each in sums:
        parts = [key for key in each.left if key in hidden]
        if parts and each.right[0] not in hidden:
            total = sum(cells[key] for key in parts)
            assert total == 0 or total >= FEWEST


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=2, max_size=24), AMOUNTS)
def test_totals_over_time_do_not_tell_who_came_and_left(moves, first):
    """What was before and who came are what is now and who left."""
    cells, sums, total = {}, [], first
    for month, (gained, lost) in enumerate(moves):
        lost = min(lost, total + gained)
        total += gained - lost
        cells |= {("gained", month): gained, ("lost", month): lost}
        cells["total", month] = total
        if month:
            before = ("total", month - 1)
            sums.append(
                Sum(
                    [before, ("gained", month)],
                    [("total", month), ("lost", month)],
                )
            )
    hidden = concealed(cells, sums)
    for each in sums:
        own = hidden.intersection(each.cells)
        assert len(own) != 1 or all(not 0 < cells[key] < FEWEST for key in own)


def possible(cells, sums, hidden):
    """Each hidden cell's numbers that fit all that is shown, none of them below 0."""
    names, found = sorted(hidden), {key: set() for key in hidden}
    for numbers in product(range(12), repeat=len(names)):
        guess = cells | dict(zip(names, numbers, strict=True))
        if all(
            sum(guess[key] for key in each.left)
            == sum(guess[key] for key in each.right)
            for each in sums
        ):
            for key in hidden:
                found[key].add(guess[key])
    return found


def test_nobody_is_told_by_nothing_being_less_than_nothing():
    """A month in which nobody left, and few came."""
    cells = {
        "es before": 6, "en before": 9, "all before": 15,
        "es came": 5, "en came": 1, "all came": 6,
        "es left": 0, "en left": 0, "all left": 0,
        "es now": 11, "en now": 10, "all now": 21,
    }  # fmt: skip
    sums = [
        Sum([f"es {when}", f"en {when}"], [f"all {when}"])
        for when in ("before", "came", "left", "now")
    ] + [
        Sum([f"{who} before", f"{who} came"], [f"{who} now", f"{who} left"])
        for who in ("es", "en", "all")
    ]
    hidden = concealed(cells, sums, lambda key: key.endswith(("before", "now")))
    fitting = possible(cells, sums, hidden)
    assert len(fitting["en came"]) > 1
