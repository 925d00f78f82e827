"""The workbook of a card with the rules of every kind: what a spreadsheet recomputes is what the package computed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.exchange.live_card import live_card
from kpibook.model import Catalog, Cycle, Role
from kpibook.scoring import score
from kpibook.scoring.results import Card
from live_cards import OFFICE, recomputed
from making import catalog, cycle, indicator, item, measure, person, rating, reading

SAY = words("en")
EVENTS = {"measure": "losses", "each": {500: 10, 0: 5}}
SHORT = {"rule": "shortfall", "per": 2, "points": 1}
BESIDE: dict[str, Any] = {"threshold": 80, "stretch": 120}
ITEMS: list[dict[str, Any]] = [
    item("lifted", 10, {"rule": "proportional", "cap": 150}, target=20, max=12),
    item("both_sides", 10, {**SHORT, "side": "both"}, target=30),
    item(
        "with_bonus",
        10,
        {"rule": "shortfall", "per": 2, "points": 1, "bonus": {"per": 1, "points": 2}},
        target=30,
        max=13,
    ),
    item(
        "aims",
        10,
        {"rule": "stretch", "at_threshold": 5, "at_stretch": 12},
        threshold=80,
        target=100,
        stretch=120,
        max=12,
    ),
    item("cliff", 10, {"rule": "linear", "zero": 0, "full": 100, "zero_from": 40}),
    item("inside", 10, {"rule": "range", "low": 8, "high": 12, "zero_below": 4}),
    item("order", 10, {"rule": "deduction", "deduct": [EVENTS], "add": [{"measure": "ideas", "points": 1}]}, max=11),
    item("passed", 10, {"rule": "all_or_nothing"}, target=1),
    item("handed_in", 10, {"rule": "linear", "zero": 5, "full": 0}),
    item("manners", 10, {"rule": "rating", "scale": {"from": 1, "to": 5}}),
]
NUMBERS: dict[str, int | str] = {
    **{"lifted": "29", "both_sides": "35.5", "with_bonus": "33", "aims": "110", "cliff": "40", "inside": "7"},
    **{"ideas": 2, "passed": 1, "handed_in": 2, "losses": 720},
}
LEVELS = [
    {"level": "L3", "from": 100, "factor": "1.2"},
    {"level": "L2", "from": 60, "factor": 1},
    {"level": "L1", "from": 0, "factor": "0.5"},
]


def a_catalog(total: dict[str, Any], *, in_marks: bool = False) -> Catalog:
    kinds: dict[str, dict[str, Any]] = {
        "passed": {"kind": "yes_no", "unit": "yes/no"},
        "handed_in": {"kind": "date", "due_after": 5, "unit": "days"},
    }
    indicators = [indicator(each["indicator"], **kinds.get(each["indicator"], {})) for each in ITEMS]
    rows = [{**each, "marks": 30} if in_marks and "max" not in each else each for each in ITEMS]
    sections = [
        {"section": "One", "weight": 70, "items": rows[:4]},
        {"section": "Two", "weight": 30, "items": rows[4:]},
    ]
    made = Role.build(id="clerk", name="clerk", department="shop", scorecard=sections, total=total)
    return catalog([made], indicators, [measure("losses", each=True), measure("ideas")])


def october() -> Cycle:
    ratings = {("E1", "manners"): (rating("4"),)}
    month = cycle([person("E1")], {("E1", key): value for key, value in NUMBERS.items()}, ratings=ratings)
    losses = month.actuals["E1", "losses"]._replace(events=(reading(600), reading(120)))
    return replace(month, actuals={**month.actuals, ("E1", "losses"): losses})


TOTALS: dict[str, tuple[dict[str, Any], bool]] = {
    "points": ({}, False),
    "sections": ({"by": "sections"}, False),
    "levels": ({"by": "levels", "levels": LEVELS}, False),
    "marks": ({}, True),
    "turned": ({"of": 100, "to": 80}, False),
}


def the_card(total: str) -> tuple[Card, Catalog]:
    made = a_catalog(TOTALS[total][0], in_marks=TOTALS[total][1])
    return score(made, october(), {}).cards[0], made


@pytest.mark.parametrize("total", TOTALS)
def test_each_kind_is_a_formula_or_says_that_it_is_none(total: str, tmp_path: Path) -> None:
    card, made = the_card(total)
    (tmp_path / "card.xlsx").write_bytes(live_card(card, made, SAY, "Card"))

    sheet = openpyxl.load_workbook(tmp_path / "card.xlsx").worksheets[0]

    cells = {str(row[0].value): (str(row[5].value), row[6].value) for row in sheet.iter_rows() if len(row) > 6}
    formulas = [each["indicator"] for each in ITEMS if cells[each["indicator"]][0].startswith("=")]
    assert formulas == ["lifted", "passed", "handed_in", "manners"]
    assert all(
        cells[each["indicator"]][1] == "computed elsewhere; it follows no change"
        for each in ITEMS
        if each["indicator"] not in formulas
    )


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
@pytest.mark.parametrize("total", TOTALS)
def test_a_spreadsheet_makes_the_same_points_and_total_of_them(total: str, tmp_path: Path) -> None:
    card, made = the_card(total)
    file = tmp_path / "card.xlsx"
    file.write_bytes(live_card(card, made, SAY, "Card"))
    # Written again by openpyxl, which keeps formulas and drops their results.
    openpyxl.load_workbook(file).save(file)

    found = recomputed(file)

    for each in card.spans[0].items:
        assert float(found[each.indicator.name]) == pytest.approx(float(each.points or mpq(0)), abs=5e-5)
    assert float(found["Total"]) == float(card.total or 0)
