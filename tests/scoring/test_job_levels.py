"""Job levels: the weights, targets and items of a level count for who is on it."""

import datetime
from fractions import Fraction
from typing import Any

from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.records.agreements import agreement_number
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, total_lines
from kpibook.scoring.results import Card, Status
from making import catalog, cycle, indicator, item, measure, person, role

ZH = words("zh")
FULL = {"rule": "proportional"}
LINE = {"rule": "linear", "zero": "0", "full": "100"}
LEVELS: list[dict[str, Any]] = [
    {"id": "P1", "items": [{"indicator": "code", "target": 50, "weight": 100}]},
    {"id": "P2", "name": "高级", "items": [{"indicator": "code", "weight": 60}]},
    {"id": "P3", "items": [{"indicator": "code", "weight": 30}, {"indicator": "coach", "weight": 70}]},
]


def company(levels: list[dict[str, Any]] | None = None, **values: Any) -> Catalog:
    """Engineers code, 100 a month; from P2 on they coach, too."""
    items = [item("code", 100, FULL, target=100), item("coach", 40, LINE, levels=["P2", "P3"])]
    own = LEVELS if levels is None else levels
    return catalog(
        [role("engineer", items if own else items[:1], levels=own)], [indicator("code"), indicator("coach")], **values
    )


def card(level: str, code: int, coach: int) -> Card:
    made = company()
    numbers = {("E1", "code"): code, ("E1", "coach"): coach}
    return score(made, cycle([person("E1", "engineer", level=level)], numbers), {}).cards[0]


def ratio(value: int, target: int) -> Fraction:
    return min(Fraction(value, target), Fraction(1))


@given(st.integers(0, 120), st.integers(0, 100))
def test_each_level_has_its_weights_and_targets_and_items(code: int, coach: int) -> None:
    expected = {
        "P1": 100 * ratio(code, 50),
        "P2": 60 * ratio(code, 100) + Fraction(40 * coach, 100),
        "P3": 30 * ratio(code, 100) + Fraction(70 * coach, 100),
    }

    for level, total in expected.items():
        assert card(level, code, coach).exact == mpq(total.numerator, total.denominator)


def test_a_promotion_within_the_month_is_two_slices_that_name_their_levels() -> None:
    made = company()
    rows = [
        person("E1", "engineer", level="P1", last_day=datetime.date(2026, 10, 10)),
        person("E1", "engineer", level="P2", first_day=datetime.date(2026, 10, 11)),
    ]

    [found] = score(made, cycle(rows, {("E1", "code"): 50, ("E1", "coach"): 50}), {}).cards

    mean = (Fraction(100) * 10 + Fraction(50) * 21) / 31
    assert found.exact == mpq(mean.numerator, mean.denominator)
    lines = [line for line in total_lines(found, made, ZH) if "天）" in line]
    assert lines == ["engineer P1（10 天）：", "engineer P2（21 天）："]
    assert explain_card(found, made, ZH).startswith("Name E1（E1） engineer P2 ")


def test_a_number_that_a_level_does_not_use_is_owed_by_nobody_on_it() -> None:
    """The department's sum of coach needs P2 and P3, and never P1."""
    made = catalog(
        [
            role("engineer", [item("code", 100, LINE), item("coach", 0, LINE, levels=["P2"])], levels=LEVELS[:2]),
            role("clerk", [item("z", 100, LINE)]),
        ],
        [indicator("code"), indicator("coach"), indicator("z", formula="department.coach")],
    )
    rows = [person("E1", "engineer", level="P1"), person("E2", "engineer", level="P2"), person("E3")]

    whole = score(made, cycle(rows, {("E1", "code"): 1, ("E2", "code"): 1, ("E2", "coach"): 9}), {}).cards[2]
    short = score(made, cycle(rows, {("E1", "code"): 1, ("E1", "coach"): 9, ("E2", "code"): 1}), {}).cards[2]

    assert whole.spans[0].items[0].actual == mpq(9)
    assert (short.status, [gap.subject for gap in short.missing]) == (Status.MISSING, ["E2"])


def test_agreements_of_roles_without_levels_stay_and_those_of_levels_differ() -> None:
    def number(made: Catalog, level: str) -> str:
        [found] = score(made, cycle([person("E1", "engineer", level=level)], {("E1", "code"): 1}), {}).cards
        return agreement_number(found, made)

    assert number(company([]), "") == "6bf14de0"
    assert len({number(company(), level) for level in ("P1", "P2", "P3")}) == 3


def test_measures_stay_what_they_are() -> None:
    made = catalog([role("clerk", [item("x", 100, LINE)])], [indicator("x")], [measure("sales")])

    assert made.post("clerk", "P9") == made.roles["clerk"]
    assert made.post("nobody") is None
