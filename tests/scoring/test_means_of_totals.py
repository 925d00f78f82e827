"""Quarters, halves and years whose total is the mean of those of their months, against fractions."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.model import Combine, Cycle
from kpibook.scoring import score
from kpibook.scoring.results import Card, Status
from making import adjustment, catalog, cycle, indicator, item, person, role
from oracle import half_up

MADE = catalog([role("clerk", [item("x", 100, {"rule": "linear", "zero": 0, "full": 100})])], [indicator("x")])
LONGER = {"2026-Q4": range(10, 13), "2026-H2": range(7, 13), "2026": range(1, 13)}
TOTALS = st.none() | st.integers(0, 400).map(lambda number: f"{number / 4:.2f}")


def month(name: str, total: str | None) -> Cycle:
    return cycle([person("E1")], {} if total is None else {("E1", "x"): total}, period=name)


def combined(period: str, parts: Sequence[Cycle], *points: str) -> Card:
    adjustments = {"E1": tuple(map(adjustment, points))} if points else {}
    longer = cycle([person("E1")], period=period, combine=Combine.MEAN_OF_SCORES, adjustments=adjustments)
    [card] = score(MADE, longer, {each.period: each for each in parts}).cards
    return card


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([*LONGER]), st.lists(st.sampled_from(["2", "-0.25"]), max_size=2))
def test_the_mean_of_totals_is_exact_over_any_time(data: st.DataObject, period: str, adjusted: list[str]) -> None:
    numbers = LONGER[period]
    totals = data.draw(st.lists(TOTALS, min_size=len(numbers), max_size=len(numbers)))
    parts = [month(f"2026-{number:02}", total) for number, total in zip(numbers, totals, strict=True)]

    card = combined(period, parts, *adjusted)

    # Each month is taken as it was published: rounded to one decimal.
    given_ones = [half_up(Fraction(total), 1) for total in totals if total is not None]
    if not given_ones:
        assert (card.status, card.total) == (Status.MISSING, None)
        return
    exact = sum(given_ones, Fraction(0)) / len(given_ones) + sum(map(Fraction, adjusted))
    assert (card.exact, card.total) == (mpq(exact), mpq(half_up(exact, 1)))
    assert card.coverage == mpq(len(given_ones) * 100, len(numbers))
    # The lowest grade begins at 0.
    assert (card.grade is not None) is (2 * len(given_ones) >= len(numbers) and half_up(exact, 1) >= 0)


def test_a_year_of_quarters_alone_is_the_mean_of_the_quarters() -> None:
    quarters = [month(f"2026-Q{number}", total) for number, total in enumerate(("80", "90", "70.5", "61"), 1)]

    card = combined("2026", quarters)

    assert (card.exact, card.coverage) == (mpq("301.5") / 4, mpq(100))


@pytest.mark.parametrize("known", [("2026-10", "2026-Q1"), ("2026-Q1", "2026-10")])
def test_a_year_of_which_some_months_are_known_goes_by_its_months(known: tuple[str, str]) -> None:
    parts = [month(name, "80" if "Q" in name else "60") for name in known]

    card = combined("2026", parts)

    assert (card.total, card.coverage, card.grade) == (mpq(60), mpq(100, 12), None)
    assert Period.parse("2026-10") in {each.period for each in parts}
