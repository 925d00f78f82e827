"""Where the numbers of a formula are looked up: people, departments, earlier cycles, parts of a cycle."""

from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.model import Assignment, Catalog, Cycle
from kpibook.scoring.explain import missing_text
from kpibook.scoring.results import ItemScore, Status
from kpibook.scoring.sources import Gap
from making import (
    Given,
    aside,
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    role,
)
from scored import BOTH, E1, PROPORTIONAL, gaps, one_item, only


def by_formula(formula: str, **values: Any) -> Catalog:
    """A company whose clerks get what a formula gives, up to 1,000 points."""
    return one_item({"rule": "linear", "zero": "0", "full": "100000"}, of={"formula": formula}, **values)


def actual(catalog: Catalog, cycle: Cycle, *history: Cycle) -> mpq | None:
    return only(catalog, cycle, *history).actual


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
