"""The models of pay, by hand: score times base, a fixed bonus, an additive wage with a pool; transfers."""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.words import words
from kpibook.exchange.exports import totals_csv
from kpibook.model import Assignment, Catalog
from kpibook.scoring import score
from kpibook.scoring.explain import pay_lines
from kpibook.scoring.pools import split_amount
from kpibook.scoring.results import Card, Results
from making import Given, catalog, cycle, indicator, item, measure, person, role

POINTS = {"rule": "linear", "zero": "0", "full": "100"}
EN, ZH = words("en"), words("zh")


def company(pay: list[dict[str, Any]], *others: dict[str, Any], **settings: Any) -> Catalog:
    """A company with a role `clerk`, and further roles given by their values."""
    roles = [role("clerk", [item("x", 100, POINTS)], pay=pay)]
    roles += [role(**{"items": [item("x", 100, POINTS)], **each}) for each in others]
    return catalog(roles, [indicator("x")], [measure("sales", unit="元"), measure("own_sales")], **settings)


def cards(made: Catalog, people: list[Assignment], numbers: Mapping[tuple[str, str], Given]) -> tuple[Card, ...]:
    return score(made, cycle(people, numbers), {}).cards


def amounts(found: tuple[Card, ...]) -> list[list[mpq | None]]:
    return [[outcome.amount for outcome in card.pay] for card in found]


def paid(total: str, pay: dict[str, Any], **columns: str) -> mpq | None:
    """What somebody with this total gets."""
    one = person("E1", numbers={key: mpq(value) for key, value in columns.items()})
    return cards(company([{"name": "pay", **pay}]), [one], {("E1", "x"): total})[0].pay[0].amount


@pytest.mark.parametrize(
    ("total", "expected"),
    [("80", "1440"), ("79.95", "1440"), ("79.94", "0"), ("79.9", "0"), ("91.2", "1641.6"), ("100", "1800")],
)
def test_a_share_of_the_base_by_the_score_is_nothing_below_the_line(total: str, expected: str) -> None:
    pay = {"formula": "base_salary * 0.3 * total / 100", "when": "total >= 80"}

    assert paid(total, pay, base_salary="6000") == mpq(expected)


@pytest.mark.parametrize(
    ("total", "when", "expected"),
    [
        ("79.95", "total >= 80", "1440"),
        ("79.95", "exact_total >= 80", "0"),
        ("80", "exact_total >= 80", "1440"),
        ("80.04", "exact_total > total", "1440"),
    ],
)
def test_the_line_may_be_held_against_the_total_before_it_is_rounded(total: str, when: str, expected: str) -> None:
    assert paid(total, {"formula": "1440", "when": when}) == mpq(expected)


@pytest.mark.parametrize(
    ("items", "absent"),
    [([item("x", 100, POINTS)], "61"), ([item("x", None, POINTS)], "0"), ([item("x", 0, POINTS)], "0")],
)
def test_where_no_total_will_come_pay_waits_for_nothing(items: list[dict[str, Any]], absent: str) -> None:
    pay = [{"name": "bonus", "formula": "total * 10"}, {"name": "base", "formula": "base_salary"}]
    made = catalog([role("clerk", items, pay=pay)], [indicator("x")], eligibility={"max_absent_days": 60})
    one = person("E1", numbers={"base_salary": mpq(5000), "absent_days": mpq(absent)})

    [card] = cards(made, [one], {("E1", "x"): 90})

    assert [line.amount for line in card.pay] == [None, mpq(5000)]
    assert pay_lines(card, made, ZH)[:3] == ("bonus = 总分 × 10", "本期不出总分，这一项不计算", "bonus：没有")


def test_the_exact_total_is_named_on_the_card() -> None:
    made = company([{"name": "pay", "formula": "exact_total * 10"}], rounding={"score": 0})
    [card] = cards(made, [person("E1")], {("E1", "x"): "79.96"})

    assert (card.total, card.exact, card.pay[0].amount) == (mpq(80), mpq("79.96"), mpq("799.6"))
    assert pay_lines(card, made, words("zh"))[:2] == ("pay = 未取整总分 × 10", "79.96 × 10 = 799.6")


@pytest.mark.parametrize(
    ("total", "formula", "expected"),
    [
        ("88", "900 * total / 100", "792"),
        ("97", "900 * total / 100", "873"),
        ("100", "900 * (total + 6) / 100", "954"),
        ("100", "900 * min(total + 6, 100) / 100", "900"),
    ],
)
def test_a_fixed_bonus_goes_by_the_score_with_or_without_a_cap(total: str, formula: str, expected: str) -> None:
    assert paid(total, {"formula": formula}) == mpq(expected)


WAGE = [
    {"name": "wage", "formula": "post_wage + seniority"},
    {"name": "own", "formula": "own_sales * 0.01"},
    {"name": "shared", "pool": "company.sales * 0.005", "among": "role"},
]


def test_an_additive_wage_with_a_shared_commission_adds_up_to_4150() -> None:
    people = [person(f"E{n}", numbers={"post_wage": mpq(3000), "seniority": mpq(100)}) for n in range(1, 5)]
    numbers: dict[tuple[str, str], Given] = {(row.person, "x"): 90 for row in people}
    numbers |= {(row.person, "own_sales"): 80000 for row in people}

    found = amounts(cards(company(WAGE), people, {**numbers, ("company", "sales"): 200000}))

    assert found == [[mpq(3100), mpq(800), mpq(250)]] * 4
    assert sum((amount or 0 for amount in found[0]), mpq(0)) == mpq(4150)


def test_a_line_that_only_copies_a_number_is_told_once() -> None:
    pay = [{"name": "seniority", "formula": "years"}, {"name": "base", "formula": "base_salary"}]
    made = company(pay)
    people = [person("E1", numbers={"years": mpq(150), "base_salary": mpq(4200)})]

    [card] = cards(made, people, {("E1", "x"): 90})

    assert pay_lines(card, made, EN) == (
        "seniority = years",
        "seniority: ¥150.00",
        "base = base_salary",
        "base: ¥4,200.00",
    )


def test_a_pool_is_shared_to_the_cent_and_nothing_is_left_over() -> None:
    people = [person(f"E{n}") for n in (3, 1, 2)]
    numbers: dict[tuple[str, str], Given] = {(row.person, "x"): 90 for row in people}

    found = cards(company([WAGE[2]]), people, {**numbers, ("company", "sales"): 20000})

    assert [(card.person, card.pay[0].amount) for card in found] == [
        ("E3", mpq("33.33")),
        ("E1", mpq("33.34")),
        ("E2", mpq("33.33")),
    ]
    assert pay_lines(found[1], company([WAGE[2]]), ZH) == (
        "shared = 全公司sales × 0.005，本岗位内按人数平分",
        "总额：全公司sales × 0.005 = 20,000 × 0.005，共 100",
        "3 人平分：100 ÷ 3 ≈ 33.3333",
        "33.33333333 取到最小货币单位，尾差按余数从大到小分配，为 33.34",
        "来源：全公司sales 20,000 元（scorecards/2026-10/actuals/shop.csv:5，原文“20000”）",
        "shared：¥33.34",
    )


def test_a_pool_by_the_score_goes_to_those_with_the_largest_remainders() -> None:
    pay = [{"name": "shared", "pool": "sales", "among": "department", "by": "total"}]
    people = [person("E1"), person("E2"), person("E3")]
    numbers: dict[tuple[str, str], Given] = {("E1", "x"): 50, ("E2", "x"): 30, ("E3", "x"): 10}

    found = cards(company(pay), people, {**numbers, ("shop", "sales"): 100})

    assert amounts(found) == [[mpq("55.56")], [mpq("33.33")], [mpq("11.11")]]
    assert pay_lines(found[0], company(pay), EN)[2:4] == (
        "own part: total = 50 = 50",
        "100 × 50 ÷ 90 ≈ 55.5556",
    )


def test_a_pool_belongs_to_those_of_the_group_whose_role_has_the_line() -> None:
    line = {"name": "shared", "pool": "company.sales", "among": "department"}
    made = company([line], {"id": "guard"}, {"id": "helper", "pay": [line]})
    people = [person("E1"), person("E2", "guard"), person("E3", "helper")]
    numbers: dict[tuple[str, str], Given] = {(row.person, "x"): 90 for row in people}

    found = cards(made, people, {**numbers, ("company", "sales"): 101})

    assert amounts(found) == [[mpq("50.5")], [], [mpq("50.5")]]


def test_a_pool_of_a_role_is_no_pool_of_another_role() -> None:
    line = {"name": "shared", "pool": "company.sales"}
    people = [person("E1"), person("E2"), person("E3", "helper")]
    numbers: dict[tuple[str, str], Given] = {(row.person, "x"): 90 for row in people}

    found = cards(company([line], {"id": "helper", "pay": [line]}), people, {**numbers, ("company", "sales"): 100})

    assert amounts(found) == [[mpq(50)], [mpq(50)], [mpq(100)]]


def test_whom_the_condition_leaves_out_leaves_the_share_to_the_others() -> None:
    line = {"name": "shared", "pool": "company.sales", "among": "company", "when": "total >= 60"}
    people = [person("E1"), person("E2"), person("E3")]
    numbers: dict[tuple[str, str], Given] = {("E1", "x"): 60, ("E2", "x"): 59, ("E3", "x"): 99}

    found = cards(company([line]), people, {**numbers, ("company", "sales"): 100})

    assert amounts(found) == [[mpq(50)], [mpq(0)], [mpq(50)]]


def test_who_was_absent_too_long_has_no_share_and_takes_none() -> None:
    line = {"name": "shared", "pool": "company.sales"}
    people = [person("E1"), person("E2", numbers={"absent_days": mpq(61)})]
    made = company([line], eligibility={"max_absent_days": 60})

    found = cards(made, people, {("E1", "x"): 90, ("company", "sales"): 100})

    assert amounts(found) == [[mpq(100)], [mpq(0)]]


def test_a_pool_whose_amount_is_missing_makes_everybody_wait() -> None:
    found = cards(company([WAGE[2]]), [person("E1"), person("E2")], {("E1", "x"): 90, ("E2", "x"): 90})

    assert amounts(found) == [[None], [None]]
    assert found[0].pay[0].missing[0].key == "sales"


def test_one_weight_that_is_missing_makes_everybody_wait() -> None:
    line = {"name": "shared", "pool": "company.sales", "by": "own_sales"}
    numbers: dict[tuple[str, str], Given] = {("E1", "own_sales"): 90, ("company", "sales"): 10}

    found = cards(company([line]), [person("E1"), person("E2")], numbers)

    assert amounts(found) == [[None], [None]]
    assert [gap.subject for gap in found[0].pay[0].missing] == ["E2"]


def test_a_share_that_waits_for_a_total_that_never_comes_is_none() -> None:
    line = {"name": "shared", "pool": "company.sales", "among": "department", "by": "total"}
    described = [{"indicator": "x", "standard": POINTS}]
    made = company([line], {"id": "helper", "items": described, "pay": [line]})

    found = cards(made, [person("E1"), person("E2", "helper")], {("E1", "x"): 90, ("company", "sales"): 100})

    assert amounts(found) == [[mpq(100)], [mpq(0)]]


def test_a_pool_that_nobody_has_a_share_in_stays_where_it_is() -> None:
    line = {"name": "shared", "pool": "company.sales", "by": "total"}

    found = cards(company([line]), [person("E1")], {("E1", "x"): 0, ("company", "sales"): 100})

    assert amounts(found) == [[mpq(0)]]
    assert "nobody has a share, so the amount is 0" in pay_lines(found[0], company([line]), EN)


@given(
    st.integers(-(10**7), 10**9),
    st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 10**4).map(lambda n: mpq(n, 7)), min_size=1),
    st.integers(0, 3),
)
def test_the_parts_of_any_pool_add_up_and_lie_less_than_a_unit_off(
    cents: int, weights: dict[str, mpq], places: int
) -> None:
    amount, whole = mpq(cents, 10**places), sum(weights.values(), mpq(0))
    if not whole:
        return

    parts = split_amount(amount, weights, places)

    assert sum(parts.values()) == amount
    for who, part in parts.items():
        exact = Fraction(int(amount.numerator), int(amount.denominator)) * Fraction(str(weights[who] / whole))
        assert abs(Fraction(str(part)) - exact) < Fraction(1, 10**places)
        assert (part * 10**places).denominator == 1


FIRST_HALF: dict[str, Any] = {"first_day": datetime.date(2026, 10, 1), "last_day": datetime.date(2026, 10, 10)}
SECOND_HALF: dict[str, Any] = {"first_day": datetime.date(2026, 10, 11), "last_day": datetime.date(2026, 10, 31)}


def transferred(setting: str) -> tuple[Catalog, tuple[Card, ...]]:
    made = company(
        [{"name": "pay", "formula": "base_salary * total / 100"}],
        {"id": "helper", "pay": [{"name": "pay", "formula": "base_salary * 2 * total / 100"}]},
        pay_after_transfer=setting,
    )
    people = [
        person("E1", numbers={"base_salary": mpq(3100)}, **FIRST_HALF),
        person("E1", "helper", numbers={"base_salary": mpq(6200)}, **SECOND_HALF),
    ]
    return made, cards(made, people, {("E1", "x"): 100})


def test_after_a_transfer_the_last_role_pays() -> None:
    _, found = transferred("last")

    assert amounts(found) == [[mpq(12400)]]


def test_after_a_transfer_each_role_pays_for_its_days() -> None:
    made, found = transferred("days")

    assert amounts(found) == [[mpq(1000), mpq(8400)]]
    assert pay_lines(found[0], made, ZH)[2] == "按任职天数折算：3,100 × 10 ÷ 31 = 1,000"


def test_the_pay_of_several_roles_stands_as_one_sum_in_the_table() -> None:
    made, found = transferred("days")

    text = "".join(totals_csv(Results(cycle([]), found), made, EN))

    assert ",9400.00," in text.splitlines()[1]
