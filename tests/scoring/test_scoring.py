"""Cards: where numbers are looked up, what policies do, and how totals, grades, ranks and pay come about."""

import datetime
import gc
from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.model import Assignment, Catalog, Cycle, Department
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines, missing_text
from kpibook.scoring.results import Card, Gap, ItemScore, Missing, Status, TargetOrigin
from making import (
    OCTOBER,
    Given,
    adjustment,
    aside,
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    rating,
    reading,
    role,
    target,
)

PROPORTIONAL = {"rule": "proportional"}
SHORTFALL = {"rule": "shortfall", "per": "5000", "points": "3"}
EXCESS = {"rule": "excess", "per": "5000", "points": "3"}


def cards(catalog: Catalog, cycle: Cycle, *history: Cycle) -> dict[str, Card]:
    results = score(catalog, cycle, {each.period: each for each in history})
    return {card.person: card for card in results.cards}


def one_item(standard: Mapping[str, Any], *, of: Mapping[str, Any] | None = None, **values: Any) -> Catalog:
    """A company whose clerks have one item worth 100, its measures being sales, costs and late."""
    company = {
        key: values.pop(key) for key in ("missing", "rounding", "raters", "rank", "eligibility") if key in values
    }
    extras = {key: values.pop(key) for key in ("extras", "gates", "pay") if key in values}
    return catalog(
        [role("clerk", [item("x", 100, standard, **values)], **extras)],
        [indicator("x", **(of or {}))],
        [measure("sales"), measure("costs"), measure("late")],
        [Department.build(id="web", name="Web", parent="shop"), Department.build(id="store", name="Store")],
        **company,
    )


def by_formula(formula: str, **values: Any) -> Catalog:
    """A company whose clerks get what a formula gives, up to 1,000 points."""
    return one_item({"rule": "linear", "zero": "0", "full": "100000"}, of={"formula": formula}, **values)


def only(catalog: Catalog, cycle: Cycle, *history: Cycle) -> ItemScore:
    """The one item of E1."""
    [found] = cards(catalog, cycle, *history)["E1"].spans[0].items
    return found


def actual(catalog: Catalog, cycle: Cycle, *history: Cycle) -> mpq | None:
    return only(catalog, cycle, *history).actual


def gaps(found: ItemScore) -> list[tuple[str, str, str, str, str]]:
    return [(gap.subject, gap.key, gap.owner, str(gap.period), gap.gap.value) for gap in found.missing]


def total(catalog: Catalog, cycle: Cycle, *history: Cycle) -> mpq | None:
    return cards(catalog, cycle, *history)["E1"].total


E1 = (person("E1"),)
BOTH = (person("E1"), person("E2"))


# Numbers


def test_an_indicator_without_a_formula_is_collected_itself() -> None:
    found = only(one_item(PROPORTIONAL, target=50), cycle(E1, {("E1", "x"): 40}))

    assert found.actual == mpq(40)
    assert found.points == mpq(80)
    assert found.sources[0].readings[0].place.line == 2


def test_a_formula_is_computed_exactly() -> None:
    found = actual(by_formula("sales / costs"), cycle(E1, {("E1", "sales"): 1, ("E1", "costs"): 3}))

    assert found == mpq(1, 3)


def test_a_plain_name_is_the_person_s_own_number_only() -> None:
    found = only(by_formula("sales"), cycle(E1, {("shop", "sales"): 5, ("company", "sales"): 9}))

    assert found.status is Status.MISSING
    assert gaps(found) == [("E1", "sales", "shop", "2026-10", "not_given")]


def test_a_department_s_number_is_the_one_given_for_it() -> None:
    numbers: dict[tuple[str, str], Given] = {("shop", "sales"): 7, ("E1", "sales"): 1, ("company", "sales"): 9}

    assert actual(by_formula("department.sales"), cycle(E1, numbers)) == mpq(7)
    assert actual(by_formula("company.sales"), cycle(E1, numbers)) == mpq(9)


def test_without_one_a_department_s_number_is_the_sum_over_its_people_and_those_below() -> None:
    people = (person("E1"), person("E2", department="web"), person("E3", department="store"))
    numbers: dict[tuple[str, str], Given] = {("E1", "sales"): 1, ("E2", "sales"): 20, ("E3", "sales"): 300}

    assert actual(by_formula("department.sales"), cycle(people, numbers)) == mpq(21)
    assert actual(by_formula("company.sales"), cycle(people, numbers)) == mpq(321)


def test_a_sum_counts_the_numbers_of_those_who_are_not_appraised() -> None:
    people = (person("E1"), person("E2", numbers={"absent_days": mpq(61)}))
    numbers: dict[tuple[str, str], Given] = {("E1", "sales"): 1, ("E2", "sales"): 20}
    company = by_formula("department.sales", eligibility={"max_absent_days": 60})

    assert actual(company, cycle(people, numbers)) == mpq(21)


def test_who_is_not_appraised_and_has_no_number_lacks_none() -> None:
    people = (person("E1"), person("E2", numbers={"absent_days": mpq(61)}))
    company = by_formula("sales / department.sales", eligibility={"max_absent_days": 60})

    assert actual(company, cycle(people, {("E1", "sales"): 4})) == mpq(1)


def test_a_mean_over_people_is_that_of_those_who_are_appraised() -> None:
    people = (person("E1"), person("E2", numbers={"absent_days": mpq(61)}), person("E3"))
    numbers: dict[tuple[str, str], Given] = {("E1", "sales"): 1, ("E2", "sales"): 20, ("E3", "sales"): 4}
    company = by_formula("department_mean.sales", eligibility={"max_absent_days": 60})

    assert actual(company, cycle(people, numbers)) == mpq("2.5")


def test_a_sum_of_what_each_comes_to_counts_those_who_are_not_appraised() -> None:
    people = (person("E1"), person("E2", numbers={"absent_days": mpq(61)}), person("E3", "clerk"))
    numbers: dict[tuple[str, str], Given] = {("E1", "sales"): 1, ("E2", "sales"): 20, ("E3", "sales"): 4}
    company = by_formula("department_sum.sales", eligibility={"max_absent_days": 60})

    assert actual(company, cycle(people, numbers)) == mpq(25)


GROWTH = "(sales - last_year.sales) / last_year.sales * 100"


@pytest.mark.parametrize(("before", "expected"), [(40, "-25"), (0, None), (-80, None)])
def test_growth_over_a_loss_has_no_value(before: int, expected: str | None) -> None:
    last = cycle(E1, {("E1", "sales"): before}, period="2025-10")
    made = cycle(E1, {("E1", "sales"): 30})

    found = only(by_formula(GROWTH), made, last)

    assert found.actual == (None if expected is None else mpq(expected))
    if before < 0:
        assert gaps(found) == [("E1", "x", "shop", "2026-10", "negative_base")]
        assert missing_text(found.missing[0], by_formula(GROWTH), words("zh")) == (
            "x（E1，2026-10）无法计算：去年同期sales 为负数，对负数算不出比率；要另行规定的，在指标的公式里用 if 写明"
        )


@pytest.mark.parametrize("name", ["x", "department.x"])
def test_a_number_that_multiplies_itself_too_often_is_missing_with_its_reason(name: str) -> None:
    chain = [indicator(f"c{level}", formula=f"c{level - 1} * c{level - 1}") for level in range(1, 60)]
    top = indicator("x", formula=name.replace("x", "c59"))
    clerk = role("clerk", [item("x", 100, {"rule": "linear", "zero": "0", "full": "100"})])
    company = catalog([clerk], [indicator("c0", formula="sales"), *chain, top], [measure("sales")])

    found = only(company, cycle(E1, {("E1", "sales"): 1000}))

    [gap] = found.missing
    assert (gap.key, gap.gap) == ("c6", Gap.OUT_OF_BOUNDS)
    assert missing_text(gap, company, words("zh")).endswith(
        "无法计算：按公式算出来的数位数过多（超过 100 位整数），请检查公式是否一层层连乘"
    )


def test_the_catalog_may_say_what_growth_over_a_loss_counts() -> None:
    last = cycle(E1, {("E1", "sales"): -80}, period="2025-10")
    formula = f"if(last_year.sales > 0, {GROWTH}, 100)"

    assert only(by_formula(formula), cycle(E1, {("E1", "sales"): 30}), last).actual == mpq(100)


def test_a_loss_is_growth_s_end_and_not_its_base() -> None:
    last = cycle(E1, {("E1", "sales"): 50}, period="2025-10")

    assert only(by_formula(GROWTH), cycle(E1, {("E1", "sales"): -80}), last).actual == mpq(-260)


def test_a_sum_over_people_lacks_whoever_should_have_the_number() -> None:
    numbers: dict[tuple[str, str], Given] = {("E1", "sales"): 1}

    found = only(by_formula("sales / department.sales"), cycle(BOTH, numbers))

    assert gaps(found) == [("E2", "sales", "shop", "2026-10", "not_given")]


def test_a_sum_over_people_goes_without_those_who_need_no_such_number() -> None:
    company = catalog(
        [
            role("clerk", [item("x", 100, PROPORTIONAL, target=1)]),
            role("guard", [item("y", 100, PROPORTIONAL, target=1)]),
        ],
        [indicator("x", formula="sales / department.sales"), indicator("y")],
        [measure("sales")],
    )

    found = only(company, cycle((person("E1"), person("E2", "guard")), {("E1", "sales"): 5}))

    assert found.actual == mpq(1)


def test_a_number_set_aside_is_lacking_in_a_sum() -> None:
    found = only(by_formula("department.sales"), cycle(BOTH, {("E1", "sales"): 1}, set_aside=(aside("E2", "sales"),)))

    assert found.status is Status.SET_ASIDE
    assert gaps(found) == [("E2", "sales", "shop", "2026-10", "set_aside")]


def test_a_department_without_any_number_is_missing_it() -> None:
    found = only(by_formula("department.sales"), cycle(E1))

    assert gaps(found) == [("shop", "sales", "shop", "2026-10", "not_given")]


SEPTEMBER = cycle(E1, {("E1", "sales"): 1000, ("shop", "sales"): 70}, period="2026-09")


def test_growth_is_over_the_previous_period() -> None:
    company = by_formula("(sales - previous.sales) / previous.sales * 100")

    found = only(company, cycle(E1, {("E1", "sales"): 1100}), SEPTEMBER)

    assert found.actual == mpq(10)
    assert [str(source.readings[0].place) for source in found.sources] == [
        "scorecards/2026-10/actuals/shop.csv:2:1",
        "scorecards/2026-09/actuals/shop.csv:2:1",
    ]


def test_growth_without_a_previous_cycle_is_missing() -> None:
    found = only(by_formula("sales - previous.sales"), cycle(E1, {("E1", "sales"): 1100}))

    assert gaps(found) == [("E1", "sales", "shop", "2026-09", "no_cycle")]


def test_growth_over_a_number_not_given_is_missing() -> None:
    found = only(by_formula("sales - previous.sales"), cycle(E1, {("E1", "sales"): 1}), cycle(E1, period="2026-09"))

    assert gaps(found) == [("E1", "sales", "shop", "2026-09", "not_given")]


def test_growth_over_zero_names_what_was_zero() -> None:
    company = by_formula("(sales - previous.sales) / previous.sales")

    found = only(company, cycle(E1, {("E1", "sales"): 1}), cycle(E1, {("E1", "sales"): 0}, period="2026-09"))

    [gap] = found.missing
    assert gap.gap is Gap.ZERO_DIVISOR
    assert gap.divisor is not None
    assert gap.divisor.write(str) == "previous.sales"
    assert found.status is Status.MISSING
    assert len(found.sources) == 2


def test_the_same_period_of_last_year_is_looked_up() -> None:
    before = cycle(E1, {("E1", "sales"): 3}, period="2025-10")

    assert actual(by_formula("last_year.sales"), cycle(E1), before) == mpq(3)


def quarter(people: tuple[Assignment, ...], numbers: dict[tuple[str, str], Given] | None = None) -> Cycle:
    return cycle(people, numbers, period="2026-Q3")


def months(**values: Given) -> tuple[Cycle, ...]:
    """Cycles of July, August, ... with the sales of E1."""
    numbers = {"jan": "01", "feb": "02", "jul": "07", "aug": "08", "sep": "09"}
    return tuple(cycle(E1, {("E1", "sales"): value}, period=f"2026-{numbers[name]}") for name, value in values.items())


def accumulating(how: str) -> Catalog:
    return catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="sales")],
        [measure("sales", accumulate=how)],
    )


@pytest.mark.parametrize(("how", "expected"), [("sum", 60), ("mean", 20), ("last", 30)])
def test_months_make_a_quarter_as_the_measure_says(how: str, expected: int) -> None:
    assert actual(accumulating(how), quarter(E1), *months(jul=10, aug=20, sep=30)) == mpq(expected)


def test_a_number_given_for_the_quarter_comes_first() -> None:
    assert actual(accumulating("sum"), quarter(E1, {("E1", "sales"): 7}), *months(jul=10, aug=20, sep=30)) == mpq(7)


def test_a_quarter_lacks_the_month_that_lacks() -> None:
    found = only(accumulating("sum"), quarter(E1), *months(jul=10, sep=30))

    assert gaps(found) == [("E1", "sales", "shop", "2026-08", "no_cycle")]


def test_a_quarter_without_any_month_lacks_itself() -> None:
    assert gaps(only(accumulating("sum"), quarter(E1))) == [("E1", "sales", "shop", "2026-Q3", "not_given")]


def test_a_ratio_of_a_quarter_is_made_from_its_parts() -> None:
    july = cycle(E1, {("E1", "sales"): 1, ("E1", "costs"): 2}, period="2026-07")
    august = cycle(E1, {("E1", "sales"): 2, ("E1", "costs"): 8}, period="2026-08")
    september = cycle(E1, {("E1", "sales"): 3, ("E1", "costs"): 2}, period="2026-09")

    assert actual(by_formula("sales / costs"), quarter(E1), july, august, september) == mpq(1, 2)


def whole(period: str, how: str, *parts: tuple[str, Given], formula: str = "sales") -> ItemScore:
    """What a longer period makes of the sales (and costs of 4) of its parts."""
    made = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula=formula)],
        [measure("sales", accumulate=how), measure("costs", accumulate=how)],
    )
    cycles = [cycle(E1, {("E1", "sales"): value, ("E1", "costs"): 4}, period=part) for part, value in parts]
    return only(made, cycle(E1, period=period), *cycles)


HALF = [(f"2026-{month:02d}", 10 * month) for month in range(7, 13)]
QUARTERS = [("2026-Q1", 1), ("2026-Q2", 2), ("2026-Q3", 3), ("2026-Q4", 6)]


@pytest.mark.parametrize(("how", "expected"), [("sum", 570), ("mean", 95), ("last", 120)])
def test_six_months_make_a_half_year(how: str, expected: int) -> None:
    assert whole("2026-H2", how, *HALF).actual == mpq(expected)


@pytest.mark.parametrize(("how", "expected"), [("sum", 12), ("mean", 3), ("last", 6)])
def test_four_quarters_make_a_year_where_there_are_no_months(how: str, expected: int) -> None:
    assert whole("2026", how, *QUARTERS).actual == mpq(expected)


def test_two_halves_make_a_year() -> None:
    assert whole("2026", "sum", ("2026-H1", 5), ("2026-H2", 7)).actual == mpq(12)


def test_months_come_before_quarters() -> None:
    year = [(f"2026-{month:02d}", 1) for month in range(1, 13)]

    assert whole("2026", "sum", *year, *QUARTERS).actual == mpq(12)


def test_a_ratio_of_a_half_year_is_that_of_its_sums() -> None:
    assert whole("2026-H2", "sum", *HALF, formula="sales / costs").actual == mpq(570, 24)


def test_a_half_year_names_every_month_that_lacks() -> None:
    found = whole("2026-H2", "mean", *HALF[1:4])

    assert [str(gap.period) for gap in found.missing] == ["2026-07", "2026-11", "2026-12"]


def test_the_last_month_alone_decides_what_stands_at_the_end() -> None:
    assert whole("2026-H2", "last", *HALF[4:]).actual == mpq(120)
    assert [str(gap.period) for gap in whole("2026-H2", "last", *HALF[:5]).missing] == ["2026-12"]


def year_to_date(how: str) -> Catalog:
    return catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="year_to_date.sales")],
        [measure("sales", accumulate=how)],
    )


@pytest.mark.parametrize(("how", "expected"), [("sum", 60), ("mean", 20), ("last", 30)])
def test_the_year_to_date_runs_over_its_months(how: str, expected: int) -> None:
    march = cycle(E1, {("E1", "sales"): 30}, period="2026-03")

    assert actual(year_to_date(how), march, *months(jan=10, feb=20)) == mpq(expected)


def test_the_year_to_date_lacks_a_month_without_a_cycle() -> None:
    found = only(year_to_date("sum"), cycle(E1, {("E1", "sales"): 30}, period="2026-03"), *months(feb=20))

    assert gaps(found) == [("E1", "sales", "shop", "2026-01", "no_cycle")]


def test_the_year_to_date_of_somebody_begins_with_the_person() -> None:
    january = cycle([person("E2")], {("E2", "sales"): 99}, period="2026-01")

    found = actual(year_to_date("mean"), cycle(E1, {("E1", "sales"): 30}, period="2026-03"), january, *months(feb=20))

    assert found == mpq(25)


def test_the_year_to_date_of_quarters_runs_over_quarters() -> None:
    first = cycle(E1, {("E1", "sales"): 1}, period="2026-Q1")
    second = cycle(E1, {("E1", "sales"): 2}, period="2026-Q2")

    assert actual(year_to_date("sum"), quarter(E1, {("E1", "sales"): 4}), first, second) == mpq(7)


def test_the_company_s_year_to_date_can_be_asked_by_an_indicator_inside() -> None:
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="company.so_far"), indicator("so_far", formula="year_to_date.sales")],
        [measure("sales")],
    )
    january = cycle(E1, {("company", "sales"): 5}, period="2026-01")

    assert actual(company, cycle(BOTH, {("E1", "sales"): 1, ("E2", "sales"): 1}, period="2026-02"), january) == mpq(7)


def test_an_indicator_inside_a_formula_keeps_its_own_derivation() -> None:
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="rate - department.rate"), indicator("rate", formula="sales / costs")],
        [measure("sales"), measure("costs")],
    )
    numbers: dict[tuple[str, str], Given] = {
        ("E1", "sales"): 1,
        ("E1", "costs"): 2,
        ("E2", "sales"): 1,
        ("E2", "costs"): 6,
    }

    found = only(company, cycle(BOTH, numbers))

    assert found.actual == mpq(1, 2) - mpq(2, 8)
    assert [(source.key, source.scope, len(source.parts)) for source in found.sources] == [
        ("rate", "", 2),
        ("rate", "department", 2),
    ]


def test_a_division_by_zero_inside_names_the_inner_indicator() -> None:
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="rate + 1"), indicator("rate", formula="sales / (costs - costs)", owner=None)],
        [measure("sales"), measure("costs")],
    )

    found = only(company, cycle(E1, {("E1", "sales"): 1, ("E1", "costs"): 2}))

    assert gaps(found) == [("E1", "rate", "", "2026-10", "zero_divisor")]


def test_a_rule_s_formula_that_divides_by_zero_is_missing() -> None:
    company = one_item({"rule": "formula", "points": "weight / late"})

    assert gaps(only(company, cycle(E1, {("E1", "late"): 0}))) == [("E1", "x", "shop", "2026-10", "zero_divisor")]


def test_a_formula_inside_that_lacks_a_number_names_it() -> None:
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="rate + 1"), indicator("rate", formula="sales / costs")],
        [measure("sales"), measure("costs")],
    )

    found = only(company, cycle(E1, {("E1", "sales"): 1}))

    assert gaps(found) == [("E1", "costs", "shop", "2026-10", "not_given")]


def test_the_department_of_last_month_is_summed_by_last_month_s_people() -> None:
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=1)])],
        [indicator("x", formula="previous.whole"), indicator("whole", formula="department.sales")],
        [measure("sales")],
    )
    before = cycle(BOTH, {("E1", "sales"): 3, ("E2", "sales"): 4}, period="2026-09")

    assert actual(company, cycle(E1, {("E1", "sales"): 100}), before) == mpq(7)


# Targets


@pytest.mark.parametrize(
    ("subjects", "value", "origin"),
    [
        (("E1", "shop"), 10, TargetOrigin.PERSON),
        (("shop",), 20, TargetOrigin.DEPARTMENT),
        (("store",), 50, TargetOrigin.ROLE),
    ],
)
def test_a_target_is_the_person_s_else_the_department_s_else_the_role_s(
    subjects: tuple[str, ...], value: int, origin: TargetOrigin
) -> None:
    rows = {"E1": target(10, 3, "first month", "E9"), "shop": target(20), "store": target(30)}
    month = cycle(E1, {("E1", "x"): 5}, targets={(subject, "x"): rows[subject] for subject in subjects})

    found = only(one_item(PROPORTIONAL, target=50), month)

    assert found.target is not None
    assert (found.target.value, found.target.origin) == (mpq(value), origin)
    assert found.points == mpq(500, value)


def test_a_person_s_target_keeps_its_reason_and_approver() -> None:
    month = cycle(E1, {("E1", "x"): 5}, targets={("E1", "x"): target(10, 3, "first month", "E9")})

    found = only(one_item(PROPORTIONAL, target=50), month).target

    assert found is not None
    assert (found.reason, found.approved_by, str(found.place)) == (
        "first month",
        "E9",
        "scorecards/2026-10/targets.csv:3:1",
    )


def test_a_role_s_target_leads_to_its_line() -> None:
    found = only(one_item(PROPORTIONAL, target=50), cycle(E1, {("E1", "x"): 5})).target

    assert found is not None
    assert str(found.place) == "handbook/roles/clerk.yml:10:5"


def test_a_target_set_aside_does_not_fall_back() -> None:
    month = cycle(E1, {("E1", "x"): 5}, set_aside=(aside("E1", "x", "targets.csv"),))

    found = only(one_item(PROPORTIONAL, target=50), month)

    assert found.status is Status.SET_ASIDE
    assert gaps(found) == [("E1", "x", "", "2026-10", "set_aside")]


def test_an_item_without_any_target_says_so() -> None:
    found = only(one_item(PROPORTIONAL), cycle(E1, {("E1", "x"): 5}))

    assert gaps(found) == [("E1", "x", "", "2026-10", "no_target")]


def test_a_target_that_allows_no_ratio_withholds_the_total() -> None:
    card = cards(one_item(PROPORTIONAL, target=0, missing="zero"), cycle(E1, {("E1", "x"): 5}))["E1"]

    assert card.status is Status.SET_ASIDE
    assert card.total is None
    assert card.spans[0].items[0].actual == mpq(5)


# Extras


def with_bonus(extra: Mapping[str, Any], **values: Any) -> Catalog:
    return one_item(SHORTFALL, target=50000, extras=[{"indicator": "x", "standard": EXCESS, **extra}], **values)


def bonus(catalog: Catalog, cycle: Cycle) -> ItemScore:
    return cards(catalog, cycle)["E1"].spans[0].extras[0]


def test_a_bonus_goes_by_the_target_of_its_item() -> None:
    found = bonus(with_bonus({}), cycle(E1, {("E1", "x"): 62000}))

    assert found.points == mpq(6)
    assert total(with_bonus({}), cycle(E1, {("E1", "x"): 62000})) == mpq(106)


def test_a_bonus_goes_by_a_person_s_target_too() -> None:
    month = cycle(E1, {("E1", "x"): 62000}, targets={("E1", "x"): target(40000)})

    assert bonus(with_bonus({}), month).points == mpq(12)


def test_a_bonus_with_its_own_target_keeps_it() -> None:
    month = cycle(E1, {("E1", "x"): 62000}, targets={("E1", "x"): target(40000)})

    assert bonus(with_bonus({"target": 55000}), month).points == mpq(3)


def test_a_bonus_on_its_own_indicator_takes_a_person_s_target() -> None:
    company = one_item(SHORTFALL, target=50000, extras=[{"indicator": "y", "standard": EXCESS, "target": 10000}])
    company = catalog(company.roles.values(), [indicator("x"), indicator("y")])
    month = cycle(E1, {("E1", "x"): 0, ("E1", "y"): 62000}, targets={("E1", "y"): target(60000)})

    assert bonus(company, month).points == mpq(0)


@pytest.mark.parametrize(("limits", "expected"), [({"max": 5}, 5), ({"max": 20}, 6), ({"min": 8}, 8)])
def test_a_bonus_keeps_its_limits(limits: dict[str, int], expected: int) -> None:
    assert bonus(with_bonus(limits), cycle(E1, {("E1", "x"): 62000})).points == mpq(expected)


def test_a_missing_bonus_withholds_the_total() -> None:
    company = one_item(PROPORTIONAL, target=5, extras=[{"indicator": "y", "standard": EXCESS, "target": 1}])
    company = catalog(company.roles.values(), [indicator("x"), indicator("y")])

    card = cards(company, cycle(E1, {("E1", "x"): 5}))["E1"]

    assert (card.total, card.status) == (None, Status.MISSING)
    assert card.coverage == mpq(100)


# Ratings


RATED = {"rule": "rating"}


def rated(*rows: Any, raters: Mapping[str, str] | None = None, standard: Mapping[str, Any] = RATED) -> ItemScore:
    company = one_item(standard, raters=dict(raters or {"manager": "0.7", "peer": "0.3"}))
    return only(company, cycle(E1, ratings={("E1", "x"): rows}))


def test_several_of_one_relation_count_by_their_mean() -> None:
    found = rated(rating(90), rating(80, relation="peer"), rating(60, relation="peer"))

    assert found.points == mpq(84)
    assert found.actual == mpq(84)


def test_a_relation_that_nobody_rated_leaves_the_rest_in_proportion() -> None:
    assert rated(rating(90)).points == mpq(90)
    assert rated(rating(70, relation="peer")).points == mpq(70)


def test_a_relation_without_weight_is_kept_and_does_not_count() -> None:
    found = rated(rating(90), rating(1000, relation="self"))

    assert found.points == mpq(90)
    assert [row.relation for row in found.ratings] == ["manager", "self"]


def test_without_a_rating_that_counts_the_item_is_missing() -> None:
    assert gaps(rated(rating(90, relation="self"))) == [("E1", "x", "", "2026-10", "not_rated")]
    assert gaps(rated()) == [("E1", "x", "", "2026-10", "not_rated")]


def test_a_rating_beyond_the_weight_is_set_aside_with_its_row() -> None:
    found = rated(rating(101, line=4))

    [gap] = found.missing
    assert found.status is Status.SET_ASIDE
    assert gap.set_aside is not None
    assert (gap.set_aside.code, gap.set_aside.raw, gap.set_aside.place.line) == ("rating-beyond-weight", "101", 4)


def test_a_bare_level_with_several_points_is_set_aside() -> None:
    levels = [{"level": "A", "from": "90", "to": "100"}, {"level": "B", "from": "50", "to": "50"}]
    standard = {**RATED, "levels": levels}

    assert rated(rating(level="A"), standard=standard).status is Status.SET_ASIDE
    assert rated(rating(level="B"), standard=standard).points == mpq(50)
    assert rated(rating(95, level="A"), standard=standard).points == mpq(95)


def test_a_rating_row_set_aside_withholds_the_others() -> None:
    month = cycle(E1, ratings={("E1", "x"): (rating(90),)}, set_aside=(aside("E1", "x", "ratings.csv"),))

    found = only(one_item(RATED), month)

    assert found.status is Status.SET_ASIDE


def test_an_item_s_own_raters_come_before_the_company_s() -> None:
    company = one_item(RATED, raters={"manager": "1"})
    [clerk] = company.roles.values()
    own = role("clerk", [item("x", 100, RATED, raters={"peer": "1"})])
    month = cycle(E1, ratings={("E1", "x"): (rating(90), rating(50, relation="peer"))})

    assert only(catalog([clerk], [indicator("x")]), month).points == mpq(90)
    assert only(catalog([own], [indicator("x")]), month).points == mpq(50)


# Missing numbers


def two_items(**company: Any) -> Catalog:
    items = [item("x", 40, PROPORTIONAL, target=10), item("y", 60, PROPORTIONAL, target=10)]
    return catalog([role("clerk", items)], [indicator("x"), indicator("y")], **company)


@pytest.mark.parametrize(
    ("policy", "status", "points", "expected", "card_status"),
    [
        ("block", "missing", None, None, "missing"),
        ("exclude", "excluded", None, mpq(80), "scored"),
        ("zero", "missing", mpq(0), mpq(32), "scored"),
    ],
)
def test_a_missing_number_does_what_the_policy_says(
    policy: str, status: str, points: mpq | None, expected: mpq | None, card_status: str
) -> None:
    card = cards(two_items(missing=policy), cycle(E1, {("E1", "x"): 8}))["E1"]

    assert (card.spans[0].items[1].status, card.spans[0].items[1].points) == (status, points)
    assert (card.total, card.status, card.coverage) == (expected, card_status, mpq(40))


@pytest.mark.parametrize("policy", ["block", "exclude", "zero"])
def test_a_number_set_aside_withholds_the_total_under_every_policy(policy: str) -> None:
    month = cycle(E1, {("E1", "x"): 8}, set_aside=(aside("E1", "y"),))

    card = cards(two_items(missing=policy), month)["E1"]

    assert (card.total, card.status, card.grade, card.rank) == (None, Status.SET_ASIDE, None, None)
    assert [gap.set_aside for gap in card.missing] == [month.set_aside[0]]


def test_a_gate_caps_the_exact_total_too() -> None:
    gate = {"when": "x > 5", "total_at_most": 60}
    company = catalog([role("clerk", [item("x", 100, PROPORTIONAL, target=10)], gates=[gate])], [indicator("x")])

    card = cards(company, cycle(E1, {("E1", "x"): "7.999"}))["E1"]

    assert (card.computed, card.total, card.exact) == (mpq("79.99"), mpq(60), mpq(60))


def test_with_nothing_measured_there_is_nothing_to_weigh_anew() -> None:
    card = cards(two_items(missing="exclude"), cycle(E1))["E1"]

    assert (card.total, card.status, card.coverage) == (None, Status.MISSING, mpq(0))


def test_with_nothing_measured_and_zero_the_total_is_zero() -> None:
    card = cards(two_items(missing="zero"), cycle(E1))["E1"]

    assert (card.total, card.status, card.coverage) == (mpq(0), Status.SCORED, mpq(0))


def test_extras_are_added_after_the_rest_is_weighed_anew() -> None:
    items = [item("x", 40, PROPORTIONAL, target=10), item("y", 60, PROPORTIONAL, target=10)]
    extras = [{"indicator": "x", "standard": {**EXCESS, "per": "1"}, "target": 7}]
    company = catalog([role("clerk", items, extras=extras)], [indicator("x"), indicator("y")], missing="exclude")

    assert total(company, cycle(E1, {("E1", "x"): 8})) == mpq(83)


def test_an_item_on_trial_neither_counts_nor_withholds() -> None:
    bands = {"rule": "bands", "bands": [{"points": "7", "label": "fair"}]}
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, bands), item("z", 0, bands)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y"), indicator("z")])

    card = cards(company, cycle(E1, {("E1", "x"): 10, ("E1", "y"): 1}))["E1"]

    assert (card.total, card.coverage, card.status) == (mpq(100), mpq(100), "scored")
    assert [score.status for score in card.spans[0].items] == ["scored", "trial", "missing"]
    assert [score.points for score in card.spans[0].items] == [mpq(100), None, None]
    assert (card.spans[0].items[1].actual, card.spans[0].items[1].label) == (mpq(1), "fair")


@pytest.mark.parametrize("missing", ["block", "exclude", "zero"])
def test_an_item_on_trial_is_missing_whatever_the_policy_and_gives_no_points(missing: str) -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, PROPORTIONAL, target=10)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")], missing=missing)

    card = cards(company, cycle(E1, {("E1", "x"): 10}))["E1"]

    assert (card.total, card.spans[0].items[1].status, card.spans[0].items[1].points) == (mpq(100), "missing", None)
    assert [gap.key for gap in card.missing] == ["y"]


def test_an_item_on_trial_shows_its_attainment_and_no_zero() -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, PROPORTIONAL, target=10)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")], rounding={"at": "item"})

    trial = cards(company, cycle(E1, {("E1", "x"): 10, ("E1", "y"): 8}))["E1"].spans[0].items[1]

    assert (trial.attainment, trial.points) == (mpq(8, 10), None)
    assert [step.key for step in trial.steps] == ["attained", "trial"]
    assert item_lines(trial, company, words("en")) == (
        "rule: On trial: its weight is 0, it is shown and gives no points.",
        "actual: 8",
        "target: 10 (the role's, handbook/roles/clerk.yml:11)",
        "attainment = 8 ÷ 10 = 80%",
        "on trial: shown, gives no points",
    )


def test_a_scorecard_on_trial_shows_attainments_and_has_no_total() -> None:
    items = [item("x", 0, PROPORTIONAL, target=10), item("y", 0, PROPORTIONAL, target=10)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")])

    card = cards(company, cycle(E1, {("E1", "x"): 12}))["E1"]

    assert (card.total, card.status, card.rank) == (None, "not_applicable", None)
    assert [score.attainment for score in card.spans[0].items] == [mpq(12, 10), None]
    assert [score.status for score in card.spans[0].items] == ["trial", "missing"]


@pytest.mark.parametrize(("levels", "given"), [([], 92), ([{"level": "A", "from": 4, "to": 5}], 5)])
def test_raters_try_an_item_up_to_100_or_its_best_level(levels: list[dict[str, object]], given: int) -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, {"rule": "rating", "levels": levels})]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")])
    month = cycle(E1, {("E1", "x"): 10}, ratings={("E1", "y"): (rating(given),)})

    trial = cards(company, month)["E1"].spans[0].items[1]

    assert (trial.status, trial.actual, trial.points) == ("trial", mpq(given), None)


@pytest.mark.parametrize("then", ["full", "leave_out"])
def test_an_item_on_trial_may_not_apply(then: str) -> None:
    on_trial = item("y", 0, PROPORTIONAL, target=10, exempt={"when": "x > 5", "then": then})
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=10), on_trial])], [indicator("x"), indicator("y")]
    )

    card = cards(company, cycle(E1, {("E1", "x"): 10}))["E1"]

    assert (card.total, card.spans[0].items[1].status, card.spans[0].items[1].points) == (
        mpq(100),
        "not_applicable",
        None,
    )
    assert item_lines(card.spans[0].items[1], company, words("en"))[-1] == "x > 5 (10 > 5): does not apply"


def test_an_item_without_indicator_or_standard_is_left_out() -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), {"indicator": "y", "weight": 5}, item("gone", 5, PROPORTIONAL)]

    card = cards(catalog([role("clerk", items)], [indicator("x"), indicator("y")]), cycle(E1, {("E1", "x"): 10}))["E1"]

    assert [score.indicator.id for score in card.spans[0].items] == ["x"]


# Totals


STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}
"""Gives as many points as the actual."""


@pytest.mark.parametrize(
    ("exact", "expected"),
    [("12.25", "12.3"), ("87.25", "87.3"), ("79.95", "80"), ("79.9499", "79.9"), ("93.75", "93.8"), ("100", "100")],
)
def test_a_tie_is_rounded_up(exact: str, expected: str) -> None:
    assert total(one_item(STRAIGHT), cycle(E1, {("E1", "x"): exact})) == mpq(expected)


def test_a_negative_tie_is_rounded_away_from_zero() -> None:
    month = cycle(E1, {("E1", "x"): 0}, adjustments={"E1": (adjustment("-2.25"),)})

    assert total(one_item(STRAIGHT), month) == mpq("-2.3")


@pytest.mark.parametrize(("at", "expected"), [("item", "60.9"), ("total", "60.8")])
def test_items_or_the_total_are_rounded(at: str, expected: str) -> None:
    items = [item(key, weight, {**STRAIGHT, "full": weight}) for key, weight in (("x", 30), ("y", 30), ("z", 40))]
    company = catalog([role("clerk", items)], [indicator(key) for key in "xyz"], rounding={"at": at})

    card = cards(company, cycle(E1, {("E1", "x"): "10.25", ("E1", "y"): "20.25", ("E1", "z"): "30.25"}))["E1"]

    assert card.total == mpq(expected)
    assert card.spans[0].items[0].points == mpq("10.3" if at == "item" else "10.25")


def test_adjustments_are_added_before_rounding() -> None:
    month = cycle(E1, {("E1", "x"): "80.02"}, adjustments={"E1": (adjustment(2), adjustment("-0.07"))})

    card = cards(one_item(STRAIGHT), month)["E1"]

    assert card.total == mpq(82)
    assert card.spans[0].total == mpq("80.02")
    assert len(card.adjustments) == 2


def test_an_adjustment_set_aside_withholds_the_total() -> None:
    month = cycle(E1, {("E1", "x"): 80}, set_aside=(aside("E1", "", "adjustments.csv"),))

    card = cards(one_item(STRAIGHT), month)["E1"]

    assert (card.total, card.status) == (None, Status.SET_ASIDE)
    assert [gap.set_aside for gap in card.missing] == list(month.set_aside)


def test_a_row_set_aside_without_a_subject_concerns_nobody() -> None:
    month = cycle(E1, {("E1", "x"): 80}, set_aside=(aside("", "", "adjustments.csv"), aside("", "x")))

    assert total(one_item(STRAIGHT), month) == mpq(80)


def day(number: int) -> datetime.date:
    return datetime.date(2026, 10, number)


def transfer() -> tuple[Catalog, Cycle]:
    clerk, guard = role("clerk", [item("x", 100, STRAIGHT)]), role("guard", [item("y", 100, STRAIGHT)])
    rows = (
        person("E1", "guard", first_day=day(11), name="Ann"),
        person("E1", "clerk", last_day=day(10), name="Ann"),
    )
    return catalog([clerk, guard], [indicator("x"), indicator("y")]), cycle(rows, {("E1", "x"): 80, ("E1", "y"): 90})


def test_two_slices_of_a_transfer_are_weighed_by_their_days() -> None:
    card = cards(*transfer())["E1"]

    assert card.total == mpq("86.8")
    assert [(part.role.id, part.days, part.total) for part in card.spans] == [
        ("clerk", 10, mpq(80)),
        ("guard", 21, mpq(90)),
    ]
    assert card.role.id == "guard"


def test_a_transfer_with_one_slice_missing_has_no_total() -> None:
    company, month = transfer()
    numbers = [key for key in month.actuals if key[1] == "y"]

    card = cards(company, cycle(month.people, dict.fromkeys(numbers, 90)))["E1"]

    assert (card.total, card.status) == (None, Status.MISSING)
    assert card.coverage == mpq(2100, 31)


def test_a_slice_that_is_only_described_does_not_count() -> None:
    company, month = transfer()
    described = role("clerk", [{"indicator": "x"}])

    card = cards(catalog([described, company.roles["guard"]], company.indicators.values()), month)["E1"]

    assert (card.total, card.coverage) == (mpq(90), mpq(100))


def test_rows_outside_the_cycle_make_no_total() -> None:
    company, month = transfer()
    rows = tuple(person("E1", name, last_day=datetime.date(2026, 9, 30)) for name in ("clerk", "guard"))

    card = cards(company, cycle(rows, {("E1", "x"): 80, ("E1", "y"): 90}))["E1"]

    assert (card.total, card.status) == (None, Status.MISSING)
    assert month.people


def test_a_role_without_weights_is_only_described() -> None:
    described = role("clerk", [{"indicator": "x"}, item("y", None, STRAIGHT)])
    company = catalog([described], [indicator("x"), indicator("y")])

    card = cards(company, cycle(E1, {("E1", "y"): 3}))["E1"]

    assert (card.total, card.status, card.coverage, card.rank) == (None, Status.NOT_APPLICABLE, mpq(0), None)
    assert [score.status for score in card.spans[0].items] == [Status.NOT_APPLICABLE]


def test_a_row_of_an_unknown_role_makes_no_card() -> None:
    assert not cards(one_item(STRAIGHT), cycle([person("E1", "ghost")]))


# Eligibility


@pytest.mark.parametrize(("days", "expected"), [(60, Status.SCORED), (61, Status.EXCLUDED)])
def test_who_was_away_for_too_long_is_not_appraised(days: int, expected: Status) -> None:
    company = one_item(STRAIGHT, eligibility={"max_absent_days": 60})

    card = cards(company, cycle([person("E1", numbers={"absent_days": mpq(days)})], {("E1", "x"): 80}))["E1"]

    assert card.status is expected
    assert card.spans[0].items[0].status is expected
    assert (card.total is None) == (card.rank is None) == (expected is Status.EXCLUDED)


def test_absent_days_of_two_rows_add_up() -> None:
    rows = [
        person("E1", numbers={"absent_days": mpq(days)}, first_day=day(first)) for days, first in ((31, 1), (30, 15))
    ]

    assert cards(one_item(STRAIGHT, eligibility={"max_absent_days": 60}), cycle(rows))["E1"].status is Status.EXCLUDED


# Gates and grades


@pytest.mark.parametrize(
    ("exact", "grade"), [("100", "A"), ("89.95", "A"), ("89.94", "B"), ("60", "C"), ("59.9", "D"), ("0", "D")]
)
def test_the_grade_is_the_highest_that_the_rounded_total_reaches(exact: str, grade: str) -> None:
    found = cards(one_item(STRAIGHT), cycle(E1, {("E1", "x"): exact}))["E1"].grade

    assert found is not None
    assert found.id == grade


def test_a_total_under_every_grade_has_none() -> None:
    month = cycle(E1, {("E1", "x"): 0}, adjustments={"E1": (adjustment(-5),)})

    assert cards(one_item(STRAIGHT), month)["E1"].grade is None


def gated(late: Given | None, *gates: Mapping[str, str], **values: Any) -> Card:
    numbers: dict[tuple[str, str], Given] = {("E1", "x"): 95}
    if late is not None:
        numbers["E1", "late"] = late
    set_aside = values.pop("set_aside", ())
    month = cycle(E1, numbers, set_aside=set_aside)
    return cards(one_item(STRAIGHT, gates=gates, **values), month)["E1"]


def grade_of(card: Card) -> str:
    return card.grade.id if card.grade else ""


@pytest.mark.parametrize(("late", "grade", "holds"), [(0, "A", False), (1, "C", True)])
def test_a_gate_caps_the_grade(late: int, grade: str, holds: bool) -> None:
    card = gated(late, {"when": "late > 0", "grade_at_most": "C"})

    assert (card.total, grade_of(card)) == (mpq(95), grade)
    assert [outcome.holds for outcome in card.gates] == [holds]


def test_a_gate_never_lifts_a_grade() -> None:
    month = cycle(E1, {("E1", "x"): 10, ("E1", "late"): 1})
    company = one_item(STRAIGHT, gates=[{"when": "late > 0", "grade_at_most": "C"}])

    assert grade_of(cards(company, month)["E1"]) == "D"


def test_a_gate_caps_the_total_and_so_the_grade() -> None:
    card = gated(1, {"when": "late > 0", "total_at_most": "70"}, {"when": "late > 0", "total_at_most": "80"})

    assert (card.total, grade_of(card)) == (mpq(70), "C")


def test_a_gate_on_a_grade_that_does_not_exist_changes_nothing() -> None:
    assert grade_of(gated(1, {"when": "late > 0", "grade_at_most": "Z"})) == "A"


@pytest.mark.parametrize(
    ("policy", "expected"), [("block", Status.MISSING), ("exclude", Status.SCORED), ("zero", Status.SCORED)]
)
def test_an_undecided_gate_withholds_the_total_where_missing_blocks(policy: str, expected: Status) -> None:
    card = gated(None, {"when": "late > 0", "grade_at_most": "C"}, missing=policy)

    assert card.status is expected
    assert card.gates[0].holds is None
    assert [gap.key for gap in card.missing] == ["late"]


def test_a_gate_on_a_number_set_aside_always_withholds() -> None:
    gate = {"when": "late > 0", "grade_at_most": "C"}

    assert gated(None, gate, missing="zero", set_aside=(aside("E1", "late"),)).status is Status.SET_ASIDE


def test_a_gate_that_divides_by_zero_is_undecided() -> None:
    card = gated(0, {"when": "1 / late > 0", "grade_at_most": "C"})

    assert (card.gates[0].holds, card.status) == (None, Status.MISSING)
    assert [gap.gap for gap in card.missing] == [Gap.ZERO_DIVISOR]


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
