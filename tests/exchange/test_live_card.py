"""The workbook of a card: what a spreadsheet recomputes is what the package computed, and follows a change."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from gmpy2 import mpq
from openpyxl.worksheet.worksheet import Worksheet

from kpibook.base.words import words
from kpibook.exchange.live_card import live_card
from kpibook.model import Catalog, Cycle
from kpibook.scoring import score
from kpibook.scoring.results import Card
from live_cards import OFFICE, recomputed
from lives import Life
from making import adjustment, catalog, cycle, indicator, item, measure, person, rating, role

SAY = words("en")

ITEMS = [
    item("turnover", 20, {"rule": "proportional", "floor": "50", "cap": "120"}, target="30"),
    item("delay", 10, {"rule": "proportional", "lower": "inverse"}, target="7"),
    item("loss", 10, {"rule": "proportional"}, target="3"),
    item("share", 10, {"rule": "proportional", "by": "difference"}, target="80"),
    item(
        "visits",
        10,
        {
            "rule": "bands",
            "of": "attainment",
            "bands": [
                {"from": "100", "points": "10"},
                {"above": "80", "below": "100", "points": "20/3"},
                {"points": "1"},
            ],
        },
        target="60",
    ),
    item("speed", 10, {"rule": "linear", "zero": "20", "full": "2"}),
    item("plan", 10, {"rule": "all_or_nothing", "otherwise": "2.5"}, target="95"),
    item("order", 10, {"rule": "deduction", "deduct": [{"measure": "mess", "points": "2", "per": "2"}]}),
    item("manners", 10, {"rule": "rating"}, raters={"manager": "0.7", "peer": "0.3"}),
]
LOWER = ("delay", "loss", "order")
NUMBERS = {
    **{"turnover": "22", "delay": "9", "loss": "4", "share": "73.25", "visits": "53", "speed": "7"},
    **{"plan": "95", "mess": "5"},
}


def a_catalog() -> Catalog:
    for each in ITEMS:
        for band in each["standard"].get("bands", ()):
            band["points"] = mpq(band["points"])
    names = [each["indicator"] for each in ITEMS]
    indicators = [indicator(name, direction="lower" if name in LOWER else "higher") for name in names]
    return catalog([role("clerk", ITEMS)], indicators, [measure("mess")], raters={"manager": "1"})


def october(**numbers: str) -> Cycle:
    given = {("E1", key): value for key, value in {**NUMBERS, **numbers}.items()}
    ratings = {("E1", "manners"): (rating("9"), rating("7", relation="peer"))}
    return cycle([person("E1")], given, ratings=ratings, adjustments={"E1": (adjustment("1.25"),)})


def the_card(made: Catalog, given: Cycle) -> Card:
    return score(made, given, {}).cards[0]


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def row_of(sheet: Worksheet, name: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == name)


def test_common_rules_are_formulas_with_the_exact_result_beside_them(tmp_path: Path) -> None:
    made = a_catalog()
    card = the_card(made, october())
    (tmp_path / "card.xlsx").write_bytes(live_card(card, made, SAY, "Card"))

    formulas = sheet_of(openpyxl.load_workbook(tmp_path / "card.xlsx"))
    results = sheet_of(openpyxl.load_workbook(tmp_path / "card.xlsx", data_only=True))

    for each in card.spans[0].items:
        row = row_of(formulas, each.indicator.name)
        assert str(formulas.cell(row, 6).value).startswith("=")
        assert results.cell(row, 6).value == pytest.approx(float(each.points or 0), abs=1e-12)
    assert results.cell(row_of(results, "Total"), 6).value == float(card.total or 0)
    assert results.cell(row_of(results, "Grade"), 6).value == (card.grade and card.grade.id)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
@pytest.mark.parametrize(
    "changed", [{}, {"turnover": "10"}, {"turnover": "40", "delay": "6"}, {"speed": "1", "plan": "94"}]
)
def test_a_spreadsheet_makes_the_same_points_and_total(changed: dict[str, str], tmp_path: Path) -> None:
    made = a_catalog()
    file = tmp_path / "card.xlsx"
    file.write_bytes(live_card(the_card(made, october()), made, SAY, "Card"))
    # Written again by openpyxl, which keeps formulas and drops their results.
    book = openpyxl.load_workbook(file)
    for name, value in changed.items():
        sheet_of(book).cell(row_of(sheet_of(book), name), 5).value = float(value)
    book.save(file)

    found = recomputed(file)

    expected = the_card(made, october(**changed))
    for each in expected.spans[0].items:
        assert float(found[each.indicator.name]) == pytest.approx(float(each.points or 0), abs=5e-5)
    assert float(found["Total"]) == float(expected.total or 0)
    assert found["Grade"] == (expected.grade and expected.grade.id)


def test_a_rule_that_is_no_plain_formula_holds_its_points_and_says_so(tmp_path: Path) -> None:
    rules = [item("loss", 100, {"rule": "shortfall", "per": "2", "points": "5"}, target="10")]
    made = catalog([role("clerk", rules)], [indicator("loss")])
    card = the_card(made, cycle([person("E1")], {("E1", "loss"): "5"}))
    (tmp_path / "card.xlsx").write_bytes(live_card(card, made, SAY, "Card"))

    sheet = sheet_of(openpyxl.load_workbook(tmp_path / "card.xlsx"))

    row = row_of(sheet, "loss")
    assert sheet.cell(row, 6).value == 90
    assert sheet.cell(row, 7).value == "computed elsewhere; it follows no change"


def test_a_card_without_a_total_has_none_in_the_workbook(tmp_path: Path) -> None:
    made = a_catalog()
    given = october()
    lacking = replace(given, actuals={key: value for key, value in given.actuals.items() if key[1] != "plan"})
    (tmp_path / "card.xlsx").write_bytes(live_card(the_card(made, lacking), made, SAY, "Card"))

    sheet = sheet_of(openpyxl.load_workbook(tmp_path / "card.xlsx"))

    assert "Total" not in [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert sheet.cell(row_of(sheet, "plan"), 6).value is None


def test_the_command_writes_the_newest_card_unless_told_otherwise(tmp_path: Path) -> None:
    life, file = Life(tmp_path), tmp_path / "card.xlsx"

    life.run("table", "card", "e02", "--out", str(file))
    newest = file.read_bytes()
    life.run("table", "card", "E02", "2026-09", "--out", str(file))

    assert file.read_bytes() != newest
    assert "E02" in life.run("table", "card", "E0", "--out", str(file), code=2).output
    life.run("table", "card", "--out", str(file), code=2)
    life.run("table", "card", "E02", "--out", str(tmp_path / "card.csv"), code=2)
