"""Pay by a table of totals, grades and roles; shared scorecards; a rater who is silent; rounding to one side."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from companies import a_company
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog
from kpibook.model.series import SeriesKind
from kpibook.reading.catalog import load_catalog
from kpibook.rules.formulas import Formula, Name
from kpibook.scoring.explain import item_lines, pay_lines
from making import catalog, cycle, indicator, item, person, rating, role
from scored import STRAIGHT, cards

EN = words("en")
ROWS = [
    {"from": 95, "grade": "A", "amount": "base * 0.5"},
    {"grade": ["A", "B"], "role": "clerk", "amount": "800"},
    {"from": 60, "amount": "300"},
]


def company(*lines: dict[str, Any]) -> Catalog:
    roles = [role(each, [item("x", 100, STRAIGHT)], pay=list(lines)) for each in ("clerk", "guard")]
    return catalog(roles, [indicator("x")])


def paid(made: Catalog, total: int, who: str = "clerk") -> mpq | None:
    month = cycle([person("E1", who, numbers={"base": mpq(4000)})], {("E1", "x"): total})
    return cards(made, month)["E1"].pay[0].amount


@pytest.mark.parametrize(
    ("total", "who", "amount"),
    [
        (96, "guard", 2000),
        (94, "clerk", 800),
        (94, "guard", 300),
        (85, "clerk", 800),
        (60, "clerk", 300),
        (59, "clerk", 0),
    ],
)
def test_the_first_row_that_fits_is_paid(total: int, who: str, amount: int) -> None:
    assert paid(company({"name": "Bonus", "table": ROWS}), total, who) == mpq(amount)


def test_a_formula_may_use_the_number_of_the_table() -> None:
    line = {"name": "Bonus", "formula": "base * table", "table": [{"from": 80, "amount": "0.3"}, {"amount": "0.1"}]}

    assert (paid(company(line), 80), paid(company(line), 79)) == (mpq(1200), mpq(400))


def test_a_table_says_its_rows_and_which_one_was_taken() -> None:
    made = company({"name": "Bonus", "table": ROWS})
    month = cycle([person("E1", numbers={"base": mpq(4000)})], {("E1", "x"): 96})

    lines = pay_lines(cards(made, month)["E1"], made, EN)

    assert lines[0] == (
        "Bonus = by table, the first row that fits: grade A, a total of 95 or more: base × 0.5; "
        "clerk, grade A and B: 800; a total of 60 or more: 300; 0 where none does"
    )
    assert lines[1:3] == ("row 1 of the table fits: base × 0.5", "4,000 × 0.5 = 2,000")


def test_an_amount_that_a_row_states_is_not_computed() -> None:
    made = company({"name": "Bonus", "table": ROWS}, {"name": "Part", "formula": "base * table", "table": ROWS[1:2]})
    month = cycle([person("E1", numbers={"base": mpq(4000)})], {("E1", "x"): 85})

    lines = pay_lines(cards(made, month)["E1"], made, EN)

    assert lines[1:3] == ("row 2 of the table fits: 800", "Bonus: ¥800.00")
    assert lines[4:6] == ("row 1 of the table fits: 800", "4,000 × 800 = 3,200,000")


def test_without_a_total_a_table_waits() -> None:
    assert cards(company({"name": "Bonus", "table": ROWS}), cycle([person("E1")]))["E1"].pay[0].amount is None


@given(st.integers(-400, 400), st.integers(0, 2))
def test_floor_and_ceil_go_to_their_side(quarters: int, places: int) -> None:
    value, scale = Fraction(quarters, 8), 10**places

    down = Formula.parse(f"floor(x, {places})").evaluate({Name("", "x"): mpq(value)})
    up = Formula.parse(f"ceil(x, {places})").evaluate({Name("", "x"): mpq(value)})

    assert down == mpq(Fraction(value * scale // 1, scale))
    assert up == mpq(Fraction(-(-value * scale // 1), scale))


def test_a_number_that_was_called_floor_before_may_keep_its_name() -> None:
    assert Formula.parse("floor + ceil(floor)").evaluate({Name("", "floor"): mpq("1.5")}) == mpq("3.5")


@pytest.mark.parametrize(("policy", "points"), [("share", 80), ("zero", 56), ("block", None)])
def test_a_relation_that_is_silent_counts_as_the_company_says(policy: str, points: int | None) -> None:
    raters = {"manager": "0.7", "peer": "0.3"}
    made = catalog(
        [role("clerk", [item("x", 100, {"rule": "rating"})])], [indicator("x")], raters=raters, missing_rater=policy
    )
    month = cycle([person("E1")], ratings={("E1", "x"): (rating(80),)})

    card = cards(made, month)["E1"]

    assert card.computed == (None if points is None else mpq(points))
    if policy == "zero":
        lines = item_lines(card.spans[0].items[0], made, EN)
        assert "who does not rate counts as 0" in lines[0]
        assert any("× 0.7 + peers 0 × 0.3" in line for line in lines)


def test_where_nobody_rated_silence_is_missing_and_not_nothing() -> None:
    made = catalog([role("clerk", [item("x", 100, {"rule": "rating"})])], [indicator("x")], missing_rater="zero")

    assert cards(made, cycle([person("E1")]))["E1"].total is None


def test_a_role_may_share_the_scorecard_of_another(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    helper = root / "handbook" / "roles" / "helper.yml"
    helper.write_text("name: 帮工\ndepartment: shop\nduties: [{name: 打杂}]\nscorecard_of: barista\n", encoding="utf-8")

    made, problems = load_catalog(root / "handbook")

    assert problems == ()
    assert made.roles["helper"].scorecard == made.roles["barista"].scorecard
    assert made.roles["helper"].extras == made.roles["barista"].extras
    assert made.roles["helper"].pay == ()


def test_a_role_has_the_targets_of_a_year_of_the_scorecard_that_it_shares(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    for helper in ("helper", "porter"):
        text = "name: 帮工\ndepartment: shop\nduties: [{name: 打杂}]\nscorecard_of: barista\n"
        (root / "handbook" / "roles" / f"{helper}.yml").write_text(text, encoding="utf-8")
    year = root / "handbook" / "targets" / "2026.csv"
    year.parent.mkdir()
    year.write_text(
        "role,indicator,2026-07,2026-08,2026-09,2026-Q3\nbarista,sales_volume,7,8,9,25\nporter,sales_volume,,8,90,\n",
        encoding="utf-8",
    )

    made, problems = load_catalog(root / "handbook")

    august = Period.parse("2026-08")
    given = {role: made.series[SeriesKind.ROLE, role, "sales_volume"] for role in ("barista", "helper", "porter")}
    assert problems == ()
    assert [(role, str(found.values[august].value)) for role, found in given.items()] == [
        ("barista", "8"),
        ("helper", "8"),
        ("porter", "8"),
    ]
    assert [given[role].place.line for role in ("barista", "helper", "porter")] == [2, 2, 3]
    sums = [each for each in check_catalog(made) if each.code == "series-sum"]
    assert [(each.values["subject"], each.values["total"]) for each in sums] == [("barista", "24")]
