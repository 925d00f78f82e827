"""Totals by levels: what an item brings by the level that its points reach, against fractions."""

import csv
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.words import words
from kpibook.checking.checks.weights import check_total_levels
from kpibook.exchange.live_card import live_card
from kpibook.model import Catalog, Combine
from kpibook.pages.cards.reasons import lost_points
from kpibook.pages.cards.ways import ways
from kpibook.records.missed_items import missed_items
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines, total_lines
from making import catalog, cycle, indicator, item, measure, person, rating, role, target
from scored import cards

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EN, ZH = words("en"), words("zh")
STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}
LEVELS = [
    {"level": "L5", "from": "110", "factor": "1.2"},
    {"level": "L4", "from": "90", "factor": "1"},
    {"level": "L3", "from": "75", "factor": "0.8"},
    {"level": "L2", "from": "60", "factor": "0.5"},
    {"level": "L1", "from": "10", "factor": "0.1"},
]
BY_LEVELS = {"by": "levels", "levels": LEVELS}
E1 = (person("E1"),)


def company(total: dict[str, Any] = BY_LEVELS, second: dict[str, Any] = STRAIGHT, **more: Any) -> Catalog:
    capped = {"rule": "proportional", "cap": "130"}
    items = [item("a", "60", capped, target="100"), item("b", "40", second)]
    return catalog([role("clerk", items, total=total)], [indicator("a"), indicator("b")], **more)


def factor(percent: Fraction) -> Fraction:
    return next((Fraction(each["factor"]) for each in LEVELS if percent >= Fraction(each["from"])), Fraction(0))


@given(st.integers(0, 560), st.integers(0, 420))
def test_each_item_brings_its_weight_times_the_factor_of_its_level(first: int, second: int) -> None:
    a, b = Fraction(first, 4), Fraction(second, 4)
    numbers = {("E1", "a"): str(float(a)), ("E1", "b"): str(float(b))}

    card = cards(company(), cycle(E1, numbers))["E1"]

    expected = 60 * factor(min(a, Fraction(130))) + 40 * factor(min(b, Fraction(100)))
    assert card.exact == mpq(expected.numerator, expected.denominator)


@pytest.mark.parametrize(
    ("actual", "level", "points"), [("110", "L5", "72"), ("109.99", "L4", "60"), ("90", "L4", "60")]
)
def test_a_level_is_reached_exactly_at_its_mark(actual: str, level: str, points: str) -> None:
    score = cards(company(), cycle(E1, {("E1", "a"): actual, ("E1", "b"): "100"}))["E1"].spans[0].items[0]

    assert (score.label, score.points) == (level, mpq(points))


def test_the_card_tells_the_way_from_points_to_the_level_and_the_sum() -> None:
    handbook = company()
    card = cards(handbook, cycle(E1, {("E1", "a"): "80", ("E1", "b"): "5"}))["E1"]

    first, second = card.spans[0].items
    assert item_lines(first, handbook, EN)[-2:] == ("48 points are 80% of 60, which is L3", "60 × 0.8 = 48 points")
    assert "2 分，为满分 40 分的 5%，不到最低一级的 10%：0 分" in item_lines(second, handbook, ZH)
    assert total_lines(card, handbook, EN)[0] == "items: 48 + 0 = 48"


def test_a_rating_reaches_a_level_too() -> None:
    found = cycle(E1, {("E1", "a"): "100"}, ratings={("E1", "b"): (rating("30"),)})

    card = cards(company(second={"rule": "rating"}), found)["E1"]

    assert [(score.points, score.label) for score in card.spans[0].items] == [(mpq(60), "L4"), (mpq(32), "L3")]


def test_what_an_item_lost_is_counted_from_its_weight_and_not_from_the_best_level() -> None:
    card = cards(company(), cycle(E1, {("E1", "a"): "80", ("E1", "b"): "100"}))["E1"]

    [missed] = missed_items(card)

    assert missed.indicator.id == "a"
    assert missed.lost == lost_points(missed.score) == mpq(12)


def test_a_target_that_was_changed_is_told_by_levels() -> None:
    found = cycle(E1, {("E1", "a"): "90", ("E1", "b"): "100"}, targets={("E1", "a"): target("80", original="120")})

    score = cards(company(), found)["E1"].spans[0].items[0]

    assert score.points == mpq(72)
    assert score.original is not None
    assert score.original.points == mpq(48)


def test_a_way_to_more_points_goes_to_the_next_level() -> None:
    card = cards(company(), cycle(E1, {("E1", "a"): "80", ("E1", "b"): "100"}))["E1"]

    [way] = [each for each in ways(card.spans[0], mpq(12), 2) if len(each.moves) == 1]

    assert (way.moves[0].actual, way.moves[0].won) == (mpq(90), mpq(12))


def test_items_are_rounded_after_their_level() -> None:
    handbook = company(
        {"by": "levels", "levels": [{"level": "L", "from": "0", "factor": "0.333"}]}, rounding={"at": "item"}
    )

    card = cards(handbook, cycle(E1, {("E1", "a"): "80", ("E1", "b"): "100"}))["E1"]

    assert [score.points for score in card.spans[0].items] == [20, mpq("13.3")]


def test_a_total_by_points_is_as_before_whatever_levels_there_are() -> None:
    numbers = {("E1", "a"): "80", ("E1", "b"): "100"}

    card = cards(company({"by": "points", "levels": LEVELS}), cycle(E1, numbers))["E1"]

    assert card.exact == mpq(88)


def test_what_is_wrong_with_levels_is_told() -> None:
    def codes(**total: Any) -> list[str]:
        return [problem.code for problem in check_total_levels(company(total))]

    assert codes(**BY_LEVELS) == []
    assert codes(by="levels") == ["total-levels-missing"]
    assert codes(by="points", levels=LEVELS) == ["total-levels-unused"]
    assert codes(by="levels", levels=LEVELS[::-1]) == ["total-levels-order"] * 4


@pytest.mark.parametrize(("combine", "total"), [("recompute", Fraction(100)), ("mean_of_scores", Fraction(260, 3))])
def test_a_quarter_by_levels_is_made_of_numbers_or_of_totals(combine: str, total: Fraction) -> None:
    # 60, 90 and 120 % in the months: L2, L4 and L5 on the one item that counts; 90 % in the quarter.
    levels = [{"level": "L5", "from": "110", "factor": "1.1"}, *LEVELS[1:]]
    only = [item("a", "100", {"rule": "proportional", "cap": "130"}, target={"month": "100", "quarter": "300"})]
    clerk = role("clerk", only, total={"by": "levels", "levels": levels})
    handbook = catalog([clerk], [indicator("a", formula="sold")], [measure("sold")])
    months = [
        cycle(E1, {("E1", "sold"): value}, period=f"2026-{month}")
        for month, value in (("10", "60"), ("11", "90"), ("12", "120"))
    ]
    longer = cycle(E1, period="2026-Q4", combine=Combine(combine))

    [card] = score(handbook, longer, {each.period: each for each in months}).cards

    assert card.exact == mpq(total.numerator, total.denominator)


def recomputed(file: Path) -> dict[str, str]:
    """What LibreOffice makes of the formulas: names and points."""
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "csv", "--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with file.with_suffix(".csv").open(encoding="latin-1") as stream:
        return {row[0]: row[5] for row in csv.reader(stream) if len(row) > 5}


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
def test_a_spreadsheet_makes_the_same_of_levels(tmp_path: Path) -> None:
    handbook = company()
    given = cycle(E1, {("E1", "a"): "80", ("E1", "b"): "90"})
    file = tmp_path / "card.xlsx"
    file.write_bytes(live_card(score(handbook, given, {}).cards[0], handbook, EN, "Card"))
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    at = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "a")
    sheet.cell(at, 5).value = 110
    book.save(file)

    found = recomputed(file)

    assert (float(found["a"]), float(found["b"]), float(found["Total"])) == (72, 40, 112)
