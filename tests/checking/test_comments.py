"""Words that are asked for: under which ratings and attainments, what is told, and what holds a publication."""

import io
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from kpibook.base.problems import Level
from kpibook.base.words import words
from kpibook.checking.checks.comments import asks_for_comments, check_comments
from kpibook.model import Catalog
from kpibook.scoring import score
from kpibook.scoring.explain import rule_sentence
from lives import Life
from making import catalog, cycle, indicator, item, measure, person, rating, role

SCALE = {"rule": "rating", "scale": {"from": 1, "to": 5, "zero": 1}}


def company(standard: dict[str, Any], weight: str = "40", **more: Any) -> Catalog:
    own = {key: more.pop(key) for key in ("comment_under_item",) if key in more}
    bound = {"comment_under": own["comment_under_item"]} if own else {}
    rated = item("attitude", weight, standard, **bound)
    sold = item("sold", "60", {"rule": "proportional"}, target="100")
    return catalog(
        [role("clerk", [rated, sold])],
        [indicator("attitude"), indicator("sold", formula="sales")],
        [measure("sales")],
        **more,
    )


def told(handbook: Catalog, *ratings: Any, sales: str = "100") -> list[tuple[str, Any]]:
    given = cycle([person("E1", "clerk")], {("E1", "sales"): sales}, ratings={("E1", "attitude"): tuple(ratings)})
    return [(each.code, each.values["percent"]) for each in check_comments(handbook, score(handbook, given, {}))]


def test_nothing_is_asked_for_where_the_company_says_nothing() -> None:
    assert not asks_for_comments(company({"rule": "rating"}))
    assert told(company({"rule": "rating"}), rating("0"), sales="0") == []


@given(st.integers(0, 160), st.integers(1, 400))
def test_a_rating_is_asked_about_exactly_under_the_bound(quarters: int, tenths: int) -> None:
    handbook = company({"rule": "rating"}, comment_under=str(Decimal(tenths) / 4))

    found = told(handbook, rating(str(Decimal(quarters) / 4)))

    assert bool(found) == (Fraction(quarters, 4) * 100 / 40 < Fraction(tenths, 4))


@pytest.mark.parametrize(("given_score", "percent"), [("1", "0"), ("3.3", "57.5"), ("3.4", None), ("5", None)])
def test_on_a_scale_the_share_of_the_points_counts(given_score: str, percent: str | None) -> None:
    found = told(company(SCALE, comment_under="60"), rating(given_score))

    assert found == ([("rating-without-comment", percent)] if percent else [])


def test_a_comment_is_enough_and_blanks_are_none() -> None:
    handbook = company({"rule": "rating"}, comment_under="60")

    assert told(handbook, replace(rating("10"), comment="late twice")) == []
    assert told(handbook, replace(rating("10"), comment="  ")) == [("rating-without-comment", "25")]


def test_a_share_is_rounded_down_so_that_it_does_not_look_like_the_bound() -> None:
    assert told(company({"rule": "rating"}, comment_under="60"), rating("23.99")) == [
        ("rating-without-comment", "59.9")
    ]


def test_an_item_says_otherwise() -> None:
    never = company({"rule": "rating"}, comment_under="60", comment_under_item="0")
    sooner = company({"rule": "rating"}, comment_under="60", comment_under_item="80")

    assert told(never, rating("0")) == []
    assert told(sooner, rating("31")) == [("rating-without-comment", "77.5")]


def test_an_item_on_trial_asks_for_nothing() -> None:
    assert told(company({"rule": "rating"}, weight="0", comment_under="60"), rating("0")) == []


@pytest.mark.parametrize(("sales", "percent"), [("59.99", "59.9"), ("60", None)])
def test_an_attainment_is_asked_about_under_the_bound(sales: str, percent: str | None) -> None:
    found = told(company({"rule": "rating"}, comment_under="60"), rating("40"), sales=sales)

    assert found == ([("attainment-without-note", percent)] if percent else [])


def test_the_rule_says_so_on_pages() -> None:
    handbook = company({"rule": "rating"}, comment_under="60")
    rated, sold = handbook.roles["clerk"].items

    assert rule_sentence(rated, handbook, words("zh")).endswith("评分低于满分的 60% 的，要写评语。")
    assert rule_sentence(sold, handbook, words("en")).endswith(" An attainment below 60% needs a note.")


@pytest.fixture
def life(tmp_path: Path) -> Life:
    found = Life(tmp_path)
    found.change_company("rank:", "comment_under: 60\nrank:")
    return found


def test_a_publication_waits_for_words(life: Life) -> None:
    life.complete_october()
    life.change("2026-10/ratings.csv", "E03,attitude,manager,E01,30,", "E03,attitude,manager,E01,10,")

    checked = life.run("check")
    refused = life.run("publish", "2026-10", "--by", "HR", code=1)

    line = "scorecards/2026-10/ratings.csv:3:26: {}: E03 的“工作态度”评分只有满分的 25%，低于 60%，却没有写评语"
    assert line.format("warning") in checked.output
    assert line.format("error") in refused.stderr
    life.change("2026-10/ratings.csv", "E03,attitude,manager,E01,10,", "E03,attitude,manager,E01,10,late twice")
    life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11")


def test_the_sheet_of_a_rater_says_when_and_import_tells_the_cell(life: Life) -> None:
    life.run("collect", "2026-10", "--out", str(life.root / "out"))
    path = next((life.root / "out").glob("*E01*.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.worksheets[1]
    names = [cell.value for cell in sheet[5]]
    row = next(row for row in range(6, 9) if sheet.cell(row, 1).value == "E03")
    assert sheet.cell(row, names.index("低于此分须写评语") + 1).value == "24"
    sheet.cell(row, names.index("得分") + 1).value = 12
    book.save(path)

    done = life.take_in(str(path))

    cell = f"{path.name}!评分!{get_column_letter(names.index('备注') + 1)}{row}: warning: "
    text = "E03 的“工作态度”评分低于满分的 60%，还缺评语；分数已收下 [sheet-without-comment]"
    assert cell + text in done.output
    assert "E03,attitude,manager,E01,12," in life.read("2026-10/ratings.csv")


def test_what_is_told_is_a_warning_at_the_row() -> None:
    handbook = company({"rule": "rating"}, comment_under="60")
    given_ratings = {("E1", "attitude"): (rating("10"),)}
    found = cycle([person("E1", "clerk")], {("E1", "sales"): "100"}, ratings=given_ratings)

    [problem] = check_comments(handbook, score(handbook, found, {}))

    assert problem.level is Level.WARNING
    assert problem.place == given_ratings["E1", "attitude"][0].place
