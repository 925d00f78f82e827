"""What is told of past cycles, and that nobody can be recognised by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.model import Cycle, CycleStatus
from kpibook.scoring import score
from kpibook.scoring.distributions import (
    LEAST_PEOPLE,
    MOST_CYCLES,
    Quartiles,
    cycle_distributions,
    distribution_cycles,
    quartiles,
)
from kpibook.scoring.results import Results
from making import Given, catalog, cycle, indicator, item, person, rating, role

PROPORTIONAL = {"rule": "proportional"}


def numbers(*values: Given) -> tuple[mpq, ...]:
    return tuple(map(mpq, values))


def told(low: Given, middle: Given, high: Given, *, is_share: bool = False) -> Quartiles:
    return Quartiles(mpq(low), mpq(middle), mpq(high), is_share)


def results(sales: Mapping[str, Given], **company: Any) -> Results:
    """A closed cycle of clerks with these sales."""
    clerk = role("clerk", [item("sales", 100, PROPORTIONAL, target=100)])
    world = catalog([clerk], [indicator("sales")], **company)
    people = [person(each, numbers={"absent_days": mpq(number)}) for number, each in enumerate(sales)]
    of_month = cycle(people, {(each, "sales"): value for each, value in sales.items()})
    return score(world, replace(of_month, status=CycleStatus.CLOSED), {})


@pytest.mark.parametrize(
    "values",
    [
        pytest.param((), id="nobody"),
        pytest.param((1, 2, 3, 4), id="fewer than five people"),
        pytest.param((7, 7, 7, 7, 7, 7), id="all alike"),
        pytest.param((0, 0, 0, 0, 0, 1), id="nearly all alike"),
    ],
)
def test_what_would_tell_of_people_is_withheld(values: tuple[int, ...]) -> None:
    assert quartiles(numbers(*values), 2) is None


def test_each_figure_is_the_mean_of_three_neighbours() -> None:
    assert quartiles(numbers(5, 1, 4, 2, 3), 2) == told(2, 3, 4)
    assert quartiles(numbers(10, 20, 30, 40, 50, 60, 70, 80, 90), 2) == told(30, 50, 70)


def test_figures_are_rounded_half_up() -> None:
    found = quartiles(numbers(1, 1, 2, 8, 9), 0)

    assert found == told(1, 4, 6)


@given(st.lists(st.integers(-1000, 1000), min_size=LEAST_PEOPLE, max_size=40))
def test_figures_stand_in_order_between_the_least_and_the_most(values: Sequence[int]) -> None:
    found = quartiles(numbers(*values), 2)

    if found:
        assert min(values) <= found.low <= found.middle <= found.high <= max(values)


@given(st.lists(st.integers(0, 10**6), min_size=LEAST_PEOPLE, max_size=12, unique=True))
def test_many_sets_of_people_would_give_the_same_figures(values: Sequence[int]) -> None:
    """Nobody's value follows from the figures: it is not seen who has which, nor that two values moved apart."""
    ordered = sorted(values)
    moved = [ordered[0] - 1, ordered[1], ordered[2] + 1, *ordered[3:]] if len(ordered) == LEAST_PEOPLE else None

    found = quartiles(numbers(*ordered), 2)

    assert found == quartiles(numbers(*reversed(ordered)), 2)
    if moved and sorted(moved) == moved and found:
        other = quartiles(numbers(*moved), 2)
        assert other is not None
        assert other.low == found.low


def test_a_cycle_tells_of_the_actuals_of_each_indicator() -> None:
    found = cycle_distributions(results({f"E{n}": 10 * n for n in range(1, 6)}), 2)

    assert found.distributions == {"sales": told(20, 30, 40)}


def test_a_group_of_four_is_named_without_figures() -> None:
    found = cycle_distributions(results({f"E{n}": 10 * n for n in range(1, 5)}), 2)

    assert found.distributions == {"sales": None}


def test_those_who_were_not_appraised_do_not_count() -> None:
    sales = {f"E{n}": 10 * n for n in range(1, 6)}

    found = cycle_distributions(results(sales, eligibility={"max_absent_days": "3"}), 2)

    assert found.distributions == {"sales": None}


def test_points_of_raters_are_told_in_percent() -> None:
    clerk = role("clerk", [item("manner", 20, {"rule": "rating"}), item("sales", 80, PROPORTIONAL, target=100)])
    people = [person(f"E{n}") for n in range(1, 6)]
    ratings = {(each.person, "manner"): (rating(2 * n),) for n, each in enumerate(people, 1)}
    world = catalog([clerk], [indicator("manner"), indicator("sales")])

    found = cycle_distributions(score(world, cycle(people, ratings=ratings), {}), 2)

    assert found.distributions == {"manner": told(20, 30, 40, is_share=True)}


def months(count: int, status: CycleStatus) -> list[Cycle]:
    return [replace(cycle([], period=f"{2020 + n // 12}-{n % 12 + 1:02d}"), status=status) for n in range(count)]


def test_only_the_newest_closed_cycles_of_each_kind_are_told_of() -> None:
    closed, open_ones = months(15, CycleStatus.CLOSED), months(2, CycleStatus.OPEN)
    year = replace(cycle([], period="2020"), status=CycleStatus.CLOSED)

    listed = distribution_cycles([*open_ones, year, *closed])

    assert len(listed) == MOST_CYCLES + 1
    assert year in listed
    assert [each.period for each in listed] == sorted(each.period for each in listed)
    assert not {each.period for each in closed[:3]} & {each.period for each in listed}
