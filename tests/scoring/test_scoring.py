"""Cards as a whole: ranks, pay, and the appraisal sheet of a shop manager."""

import gc
from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.model import Catalog, Department
from kpibook.scoring import score
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Gap, Missing
from making import (
    OCTOBER,
    Given,
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    rating,
    reading,
    role,
)
from scored import BOTH, E1, EXCESS, SHORTFALL, STRAIGHT, cards, grade_of, one_item, only, transfer

# Ranks


def ranks(totals: Mapping[str, int], within: str, **roles: str) -> dict[str, tuple[int | None, int]]:
    places = [role(name, [item("x", 100, STRAIGHT)]) for name in ("clerk", "guard")]
    people = [person(who, roles.get(who, "clerk"), "web" if who == "E4" else "shop") for who in totals]
    company = catalog(
        places, [indicator("x")], departments=[Department.build(id="web", name="Web")], rank={"within": within}
    )
    found = cards(company, cycle(people, {(who, "x"): value for who, value in totals.items() if value >= 0}))
    return {who: (card.rank, card.ranked) for who, card in found.items()}


def test_equal_totals_share_a_rank_and_the_next_follows_after_them() -> None:
    assert ranks({"E1": 80, "E2": 90, "E3": 90, "E4": 70}, "company") == {
        "E1": (3, 4),
        "E2": (1, 4),
        "E3": (1, 4),
        "E4": (4, 4),
    }


def test_totals_are_ranked_within_the_role_or_the_department() -> None:
    totals = {"E1": 80, "E2": 90, "E3": 70, "E4": 60}

    assert ranks(totals, "role", E2="guard") == {"E1": (1, 3), "E2": (1, 1), "E3": (2, 3), "E4": (3, 3)}
    assert ranks(totals, "department") == {"E1": (2, 3), "E2": (1, 3), "E3": (3, 3), "E4": (1, 1)}


def test_who_has_no_total_is_not_ranked() -> None:
    assert ranks({"E1": 80, "E2": -1}, "role") == {"E1": (1, 1), "E2": (None, 0)}


# Pay


def paid(
    pay: list[dict[str, str]], *, exact: Given = 88, numbers: Mapping[str, int] | None = None, **values: Any
) -> Card:
    people = [person("E1", numbers={key: mpq(value) for key, value in (numbers or {}).items()})]
    actuals: dict[tuple[str, str], Given] = {("E1", "x"): exact, ("E1", "sales"): 200000, ("E1", "late"): 0}
    return cards(one_item(STRAIGHT, pay=pay, **values), cycle(people, actuals))["E1"]


def amounts(card: Card) -> list[mpq | None]:
    return [outcome.amount for outcome in card.pay]


def test_pay_in_proportion_to_the_score() -> None:
    assert amounts(paid([{"name": "bonus", "formula": "total / 100 * 900"}])) == [mpq(792)]


@pytest.mark.parametrize(("exact", "amount"), [("79.95", "1440"), ("79.9", "0"), ("91.2", "1641.6")])
def test_pay_is_zero_below_its_line_by_the_rounded_total(exact: str, amount: str) -> None:
    line = {"name": "bonus", "formula": "base_salary * 0.3 * total / 100", "when": "total >= 80"}

    assert amounts(paid([line], exact=exact, numbers={"base_salary": 6000})) == [mpq(amount)]


def test_pay_uses_columns_measures_coverage_and_other_periods() -> None:
    line = {"name": "wage", "formula": "base_salary + sales * 0.005 / headcount + coverage + company.sales"}

    found = paid([line], numbers={"base_salary": 3000, "headcount": 4})

    assert amounts(found) == [mpq(3000 + 250 + 100 + 200000)]
    assert [source.key for source in found.pay[0].sources] == ["sales", "sales"]


def test_pay_is_rounded_to_the_decimals_of_money() -> None:
    assert amounts(paid([{"name": "bonus", "formula": "total / 3"}], exact=1)) == [mpq("0.33")]
    assert amounts(paid([{"name": "bonus", "formula": "total / 8"}], exact=1)) == [mpq("0.13")]


def test_the_factor_of_the_grade_is_for_pay() -> None:
    grades = (("A", 90), ("D", 0))
    company = catalog(
        [role("clerk", [item("x", 100, STRAIGHT)], pay=[{"name": "bonus", "formula": "100 * factor"}])],
        [indicator("x")],
        grades=grades,
    )
    with_factor = company.grades[0].model_copy(update={"factor": mpq("1.2")})
    company = Catalog(
        company.company, company.departments, (with_factor, company.grades[1]), {}, company.indicators, company.roles
    )

    good, bad = cards(company, cycle(BOTH, {("E1", "x"): 95, ("E2", "x"): 10})).values()

    assert amounts(good) == [mpq(120)]
    assert amounts(bad) == [None]
    assert [step.key for step in bad.pay[0].steps] == ["pay_open"]


def test_pay_without_a_total_is_open_unless_it_goes_without() -> None:
    lines = [
        {"name": "bonus", "formula": "total * 9"},
        {"name": "half", "formula": "1", "when": "total > 50"},
        {"name": "base", "formula": "base_salary"},
    ]
    people = [person("E1", numbers={"base_salary": mpq(3000)})]

    card = cards(one_item(STRAIGHT, pay=lines), cycle(people))["E1"]

    assert amounts(card) == [None, None, mpq(3000)]


def test_pay_that_lacks_a_number_names_it() -> None:
    [outcome] = paid([{"name": "bonus", "formula": "costs + total"}]).pay

    assert outcome.amount is None
    assert [gap.key for gap in outcome.missing] == ["costs"]


def test_pay_that_divides_by_zero_is_open() -> None:
    [outcome] = paid([{"name": "bonus", "formula": "total / late"}]).pay

    assert outcome.amount is None
    assert [gap.gap for gap in outcome.missing] == [Gap.ZERO_DIVISOR]


def test_the_pay_lines_are_those_of_the_last_role() -> None:
    company, month = transfer()
    paying = role("guard", [item("y", 100, STRAIGHT)], pay=[{"name": "bonus", "formula": "total"}])
    company = catalog([company.roles["clerk"], paying], company.indicators.values())

    assert amounts(cards(company, month)["E1"]) == [mpq("86.8")]


# The appraisal sheet of a shop manager: every kind of rule in one month


def test_a_whole_sheet_adds_up() -> None:
    breach = [
        {"measure": "late", "points": "2"},
        {"measure": "gear", "points": "3"},
        {"measure": "away", "points": "10"},
    ]
    absent = {"measure": "absent", "steps": {"1": "1", "2": "3", "3": "5", "4": "10"}}
    base = [{"measure": "shown", "at_least": "20000"}, {"measure": "visitors", "at_least": "4000"}]
    items = [
        item("conduct", 15, {"rule": "deduction", "deduct": breach}),
        item("staff", 10, {"rule": "deduction", "deduct": [absent]}),
        item("traffic", 10, {"rule": "all_or_nothing", "require": base}),
        item("clicks", 5, {"rule": "all_or_nothing"}, target=2),
        item("planning", 25, {"rule": "rating"}),
        item("turnover", 30, SHORTFALL, target=50000),
        item("feedback", 5, {"rule": "deduction", "deduct": [{"measure": "silent", "points": "5"}]}),
    ]
    measures = ("late", "gear", "away", "absent", "shown", "visitors", "silent", "clicked")
    company = catalog(
        [
            role(
                "clerk",
                items,
                extras=[{"indicator": "turnover", "standard": EXCESS}],
                pay=[{"name": "bonus", "formula": "total / 100 * 900"}],
            )
        ],
        [
            *(indicator(each["indicator"]) for each in items if each["indicator"] != "clicks"),
            indicator("clicks", formula="clicked / visitors * 100"),
        ],
        [measure(each) for each in measures],
    )
    given = {"late": 2, "gear": 0, "away": 0, "absent": 2, "shown": 21000, "visitors": 4100, "silent": 0, "clicked": 82}
    numbers: dict[tuple[str, str], Given] = {("E1", key): value for key, value in given.items()}

    month = cycle(E1, {**numbers, ("E1", "turnover"): 42000}, ratings={("E1", "planning"): (rating(23),)})
    card = cards(company, month)["E1"]

    assert [score.points for score in card.spans[0].items] == [mpq(n) for n in (11, 7, 10, 5, 23, 27, 5)]
    assert (card.total, grade_of(card), amounts(card)) == (mpq(88), "B", [mpq(792)])


def test_scoring_leaves_the_garbage_collector_as_it_was() -> None:
    company, month = one_item(STRAIGHT), cycle(E1, {("E1", "x"): 1})

    score(company, month, {})
    assert gc.isenabled()

    gc.disable()
    try:
        score(company, month, {})
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_reading_keeps_its_raw_text() -> None:
    found = only(one_item(STRAIGHT), cycle(E1, {("E1", "x"): "80.50"}))

    assert found.sources[0].readings == (reading("80.50"),)
    assert found.missing == ()
    assert Missing("E1", "x", "", OCTOBER) == Missing("E1", "x", "", Period.parse("2026-10"))
