"""Somebody who changes department within a cycle: where the numbers count, by hand."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.model import Assignment, Catalog, Department
from kpibook.rules.formulas import Name
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, item_lines
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Gap, Source
from kpibook.scoring.viewpoint import Viewpoint
from making import Given, catalog, cycle, indicator, item, measure, person, role

EN, ZH = words("en"), words("zh")
POINTS = {"rule": "linear", "zero": "0", "full": "100"}
USES, OTHER = [item("sales", 100, POINTS)], [item("visits", 100, POINTS)]
Numbers = Mapping[tuple[str, str], Given]


def moved() -> tuple[Assignment, Assignment]:
    """E1 is ten days in the north as a clerk and the other 21 in the south as a guard."""
    return (
        person("E1", "clerk", "north", last_day=datetime.date(2026, 10, 10), numbers={"salary": mpq(3100)}),
        person("E1", "guard", "south", first_day=datetime.date(2026, 10, 11), numbers={"salary": mpq(6200)}),
    )


def country(clerk: Sequence[Mapping[str, object]], guard: Sequence[Mapping[str, object]], **company: Any) -> Catalog:
    region = Department.build(id="region", name="Region", parent="shop")
    parts = [Department.build(id=id, name=id, parent="region") for id in ("north", "south")]
    pay = [{"name": "bonus", "formula": "salary * total / 100"}]
    roles = [role("clerk", clerk, department="north", pay=pay), role("guard", guard, department="south", pay=pay)]
    numbers = [indicator("sales", unit="元"), indicator("visits")]
    return catalog(roles, numbers, [measure("calls")], [region, *parts], **company)


def book(made: Catalog, numbers: Numbers) -> NumberLookup:
    people = (
        *moved(),
        person("E2", "clerk", "north", numbers={"salary": mpq(1)}),
        person("E3", "guard", "south", numbers={"salary": mpq(1)}),
    )
    return NumberLookup(made, cycle(people, numbers), {})


def number(of: NumberLookup, text: str, department: str, subject: str = "E9") -> Source | tuple[Gap, ...]:
    found = of.number(Viewpoint(subject, department, of.cycle.period), Name.parse(text))
    return found if isinstance(found, Source) else tuple(gap.gap for gap in found)


ALL: Numbers = {("E1", "sales"): 31, ("E2", "sales"): 100, ("E3", "sales"): 200}


@pytest.mark.parametrize(
    ("clerk", "guard", "north", "south"),
    [
        pytest.param(USES, OTHER, "131", "200", id="only the clerk's scorecard uses it"),
        pytest.param(OTHER, USES, "100", "231", id="only the guard's scorecard uses it"),
        pytest.param(USES, USES, "110", "221", id="both use it: 10 and 21 of 31 days"),
        pytest.param(OTHER, OTHER, "110", "221", id="none uses it"),
    ],
)
def test_a_number_goes_with_the_role_that_uses_it_or_by_days(
    clerk: Sequence[Mapping[str, object]], guard: Sequence[Mapping[str, object]], north: str, south: str
) -> None:
    of = book(country(clerk, guard), ALL)

    sums = {place: number(of, "department.sales", place) for place in ("north", "south", "region", "shop")}
    whole = number(of, "company.sales", "north")

    assert {place: found.value for place, found in sums.items() if isinstance(found, Source)} == {
        "north": mpq(north),
        "south": mpq(south),
        "region": mpq(331),
        "shop": mpq(331),
    }
    assert isinstance(whole, Source)
    assert whole.value == mpq(331)


def test_means_count_heads_by_the_same_days() -> None:
    # North: (31 x 10/31 + 100) over 10/31 + 1 heads = 110 x 31 / 41. South: (21 + 200) x 31 / 52.
    of = book(country(USES, USES), ALL)

    north, south = (number(of, "department_mean.sales", place) for place in ("north", "south"))
    peers = number(of, "peers_mean.sales", "south", "E1")
    others = number(of, "peers_mean.sales", "north", "E2")

    assert isinstance(north, Source)
    assert isinstance(south, Source)
    assert isinstance(peers, Source)
    assert isinstance(others, Source)
    assert (north.value, south.value) == (mpq(110 * 31, 41), mpq(221 * 31, 52))
    assert (peers.value, others.value) == (mpq(200), mpq(31))


def test_somebody_alone_has_no_peers_for_a_part_of_the_cycle_either() -> None:
    of = NumberLookup(country(USES, USES), cycle(moved(), {("E1", "sales"): 31}), {})

    assert number(of, "peers_mean.sales", "north", "E1") == (Gap.NO_PEERS,)


@pytest.mark.parametrize(("clerk", "guard", "owed"), [(USES, OTHER, "north"), (OTHER, USES, "south")])
def test_only_the_department_whose_role_uses_a_number_waits_for_it(
    clerk: Sequence[Mapping[str, object]], guard: Sequence[Mapping[str, object]], owed: str
) -> None:
    of = book(country(clerk, guard), {("E2", "sales"): 100, ("E3", "sales"): 200})
    other = {"north": "south", "south": "north"}[owed]

    assert number(of, "department.sales", owed) == (Gap.NOT_GIVEN,)
    assert isinstance(number(of, "department.sales", other), Source)


def lead(numbers: Numbers, **company: Any) -> tuple[Catalog, Card, Card]:
    """The card of a lead who is judged by the north's sales, and that of E1."""
    shop = country(USES, USES, **company)
    lead = role("lead", [item("north_sales", 100, POINTS)], department="north")
    by = indicator("north_sales", name="north", unit="元", formula="department.sales / 2")
    made = catalog(
        [*shop.roles.values(), lead],
        [*shop.indicators.values(), by],
        departments=[each for each in shop.departments.values() if each.id != "shop"],
        **company,
    )
    people = (*moved(), person("E2", "clerk", "north", numbers={"salary": mpq(1)}), person("E7", "lead", "north"))
    cards = {card.person: card for card in score(made, cycle(people, numbers), {}).cards}
    return made, cards["E7"], cards["E1"]


def test_a_card_tells_whose_number_counts_in_part() -> None:
    made, card, _ = lead(ALL)
    [score_of] = card.spans[0].items

    text = explain_card(card, made, ZH)

    assert score_of.actual == mpq(55)
    assert "来源：部门sales 110 元（2 个数据合计：scorecards/2026-10/actuals/shop.csv:2-3）" in text
    assert "；E1 期中换了部门，按 31 天中的 10 天计入" in text
    assert item_lines(score_of, made, EN)[2] == "computed: north = 110 ÷ 2 = 55 元"


@pytest.mark.parametrize(
    ("after", "amounts", "line"),
    [
        ("last", [1922], "期中换过岗位，薪酬按最后的岗位“guard”计算"),
        ("days", [310, 1302], "按任职天数折算：961 × 10 ÷ 31 = 310"),
    ],
)
def test_a_card_tells_by_which_role_it_is_paid(after: str, amounts: Sequence[int], line: str) -> None:
    # 31 points on both scorecards. 6,200 x 31 % = 1,922; by days 961 x 10 / 31 and 1,922 x 21 / 31.
    made, _, card = lead(ALL, pay_after_transfer=after)

    assert [outcome.amount for outcome in card.pay] == [mpq(amount) for amount in amounts]
    assert f"    {line}\n" in explain_card(card, made, ZH)


def test_posts_held_at_once_are_no_change_of_role() -> None:
    # 31 points on both scorecards, so 31 in all; the post that takes most of the time pays 3,100 x 31 % = 961.
    made = country(USES, USES)
    clerk = person("E1", "clerk", "north", share=mpq(60), numbers={"salary": mpq(3100)})
    guard = person("E1", "guard", "south", share=mpq(40), numbers={"salary": mpq(6200)})

    [card] = score(made, cycle((clerk, guard), {("E1", "sales"): 31}), {}).cards

    assert [outcome.amount for outcome in card.pay] == [mpq(961)]
    assert "    同时任几个岗位，薪酬按考核表抬头的岗位“clerk”计算\n" in explain_card(card, made, ZH)
    assert "of the posts held at once, the pay is that of the one that the card names, clerk" in explain_card(
        card, made, EN
    )
