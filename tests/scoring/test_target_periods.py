"""For how much time a target is meant: on longer cards, by kind of cycle, and for a part of a cycle."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.model import Catalog, Cycle
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines
from kpibook.scoring.results import ItemScore
from kpibook.scoring.sources import Missing
from making import catalog, cycle, indicator, item, measure, person, role, target

ZH = words("zh")
PROPORTIONAL = {"rule": "proportional"}
MONTHS = ("2026-10", "2026-11", "2026-12")


def company(goal: Any = 120000, *, of: dict[str, Any] | None = None, prorate: bool = True, **values: Any) -> Catalog:
    placed = item("x", 100, PROPORTIONAL, target=goal, prorate=str(prorate).lower())
    known = [measure("sales"), measure("orders"), measure("stock", accumulate="mean"), measure("rate", unit="%")]
    return catalog([role("clerk", [placed])], [indicator("x", **(of or {"formula": "sales"}))], known, **values)


def months(**actuals: int) -> list[Cycle]:
    numbers = {("E1", key): value for key, value in actuals.items()}
    return [cycle([person("E1")], numbers, period=each) for each in MONTHS]


def quarter(made: Catalog, history: list[Cycle], **values: Any) -> ItemScore:
    """The one item of E1 on the card of the fourth quarter."""
    longer = cycle([person("E1")], period="2026-Q4", **values)
    [card] = score(made, longer, {each.period: each for each in history}).cards
    return card.spans[0].items[0]


def goal(found: ItemScore) -> mpq | None:
    return found.target.value if found.target else None


def test_a_target_of_a_month_counts_three_times_on_a_quarter_s_card_of_what_adds_up() -> None:
    made = company()

    found = quarter(made, months(sales=120000))

    assert (goal(found), found.points) == (mpq(360000), mpq(100))
    assert "目标：360,000（每月 120,000 × 3，岗位目标，handbook/roles/clerk.yml:10）" in item_lines(found, made, ZH)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sales + orders", 30),
        ("department.sales", 30),
        ("sales / orders * 100", 10),
        ("stock", 10),
        ("sales * rate", 30),
        ("sales - 1000", 10),
        ("sales * orders", 10),
        ("year_to_date.sales", 10),
    ],
)
def test_only_what_adds_up_counts_times_the_periods(formula: str, expected: int) -> None:
    found = quarter(company(10, of={"formula": formula}), months(sales=9, orders=5, stock=3, rate=1))

    assert goal(found) == mpq(expected)


@pytest.mark.parametrize(
    ("written", "expected"), [({}, 30), ({"accumulate": "mean"}, 10), ({"unit": "%"}, 10), ({"accumulate": "last"}, 10)]
)
def test_a_collected_indicator_goes_by_how_it_accumulates(written: dict[str, str], expected: int) -> None:
    assert goal(quarter(company(10, of=written), months(x=5))) == mpq(expected)


def test_a_cycle_that_takes_numbers_from_no_other_keeps_its_target() -> None:
    assert goal(quarter(company(10), [])) == mpq(10)


def test_a_written_frequency_says_for_how_long_a_target_is() -> None:
    by_quarter = company(10, of={"formula": "sales", "frequency": "quarter"})
    by_month = company(10, of={"formula": "sales", "frequency": "month"})

    assert goal(quarter(by_quarter, months(sales=3))) == mpq(10)
    assert goal(quarter(by_month, [])) == mpq(30)


def test_a_year_of_quarters_takes_the_target_four_times() -> None:
    quarters = [cycle([person("E1")], {("E1", "sales"): 5}, period=f"2026-Q{number}") for number in (1, 2, 3, 4)]
    year = cycle([person("E1")], period="2026")

    [card] = score(company(10), year, {each.period: each for each in quarters}).cards

    assert goal(card.spans[0].items[0]) == mpq(40)


def test_a_target_by_kind_is_taken_as_it_is() -> None:
    made = company({"month": "40000", "quarter": "130000"})

    found = quarter(made, months(sales=40000))

    assert goal(found) == mpq(130000)
    [month] = score(made, months(sales=40000)[0], {}).cards
    assert goal(month.spans[0].items[0]) == mpq(40000)


def test_of_a_target_by_kind_the_longest_that_fits_is_scaled() -> None:
    year = cycle([person("E1")], period="2026")

    [card] = score(company({"month": "10", "quarter": "40"}), year, {Period.parse("2026-10"): months(sales=1)[0]}).cards

    assert goal(card.spans[0].items[0]) == mpq(160)


def test_a_target_for_a_longer_kind_alone_is_none_for_a_month() -> None:
    made = company({"quarter": "130000"})

    [card] = score(made, months(sales=40000)[0], {}).cards

    [gap] = card.spans[0].items[0].missing
    assert isinstance(gap, Missing)
    assert gap.gap.value == "no_target"


def test_a_row_of_the_cycle_s_own_targets_is_never_multiplied() -> None:
    found = quarter(company(), months(sales=120000), targets={("E1", "x"): target(400000)})

    assert goal(found) == mpq(400000)


def day(number: int) -> datetime.date:
    return datetime.date(2026, 10, number)


BY_DAYS = {"targets": "by_days"}


@given(st.integers(1, 31), st.integers(1, 31))
def test_a_target_by_days_is_what_fractions_say(one: int, other: int) -> None:
    first, last = sorted((one, other))
    made = company(120000, part_cycle=BY_DAYS)

    [card] = score(
        made, cycle([person("E1", first_day=day(first), last_day=day(last))], {("E1", "sales"): 1}), {}
    ).cards

    expected = Fraction(120000 * (last - first + 1), 31)
    assert goal(card.spans[0].items[0]) == mpq(expected.numerator, expected.denominator)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "60000"),
        ({"prorate": False}, "124000"),
        ({"of": {"formula": "sales / orders"}}, "124000"),
        ({"of": {"formula": "sales - 5"}}, "124000"),
    ],
)
def test_what_is_no_amount_keeps_its_target(values: dict[str, Any], expected: str) -> None:
    made = company(124000, part_cycle=BY_DAYS, **values)

    [card] = score(made, cycle([person("E1", last_day=day(15))], {("E1", "sales"): 5, ("E1", "orders"): 1}), {}).cards

    assert goal(card.spans[0].items[0]) == mpq(expected)


def test_the_arithmetic_of_days_stands_on_the_card() -> None:
    made = company(124000, part_cycle=BY_DAYS)

    [card] = score(made, cycle([person("E1", last_day=day(15))], {("E1", "sales"): 5}), {}).cards

    lines = item_lines(card.spans[0].items[0], made, ZH)
    assert "目标：60,000（124,000 × 15 ÷ 31 天，岗位目标，handbook/roles/clerk.yml:10）" in lines


def test_periods_and_days_are_told_together() -> None:
    made = company(120000, part_cycle=BY_DAYS)
    history = {each.period: each for each in months(sales=100)}
    longer = cycle([person("E1", first_day=datetime.date(2026, 11, 16))], period="2026-Q4")

    [card] = score(made, longer, history).cards

    [found] = card.spans[0].items
    assert goal(found) == mpq(360000 * 46, 92)
    assert "目标：180,000（每月 120,000 × 3 × 46 ÷ 92 天，岗位目标，handbook/roles/clerk.yml:10）" in item_lines(
        found, made, ZH
    )


def test_a_change_of_role_leaves_targets_whole() -> None:
    rows = [person("E1", last_day=day(15)), person("E1", first_day=day(16))]

    [card] = score(company(120000, part_cycle=BY_DAYS), cycle(rows, {("E1", "sales"): 5}), {}).cards

    assert [goal(part.items[0]) for part in card.spans] == [mpq(120000), mpq(120000)]
