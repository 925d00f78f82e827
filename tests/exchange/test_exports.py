"""The two CSV files: columns, order, numbers as numbers and text as text."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import pytest

from kpibook.base.words import words
from kpibook.exchange.exports import items_csv, totals_csv
from kpibook.model import Catalog, Cycle
from kpibook.reading.tables import text_cell, unguarded
from kpibook.scoring import score
from kpibook.scoring.results import Results
from making import Given, adjustment, catalog, cycle, indicator, item, measure, person, role, target

EN, ZH = words("en"), words("zh")
PROPORTIONAL = {"rule": "proportional"}
EXCESS = {"rule": "excess", "per": "1000", "points": "3"}


def company(**values: Any) -> Catalog:
    clerk = role(
        "clerk",
        [item("x", "60.5", PROPORTIONAL, target="3000"), item("y", "39.5", {"rule": "rating"})],
        extras=[
            {"indicator": "x", "standard": EXCESS, "max": "20"},
            {"indicator": "z", "standard": {"rule": "deduction", "deduct": [{"measure": "late", "points": "1"}]}},
        ],
        pay=[{"name": "bonus", "formula": "total / 3"}, {"name": "=base", "formula": "base"}],
    )
    guard = role("guard", [item("x", 100, PROPORTIONAL, target=10)], pay=[{"name": "night", "formula": "-5"}])
    return catalog([clerk, guard], [indicator("x"), indicator("y"), indicator("z")], [measure("late")], **values)


def results(**values: Any) -> Results:
    people = [person("E2"), person("E1", "guard", name="=1+1"), person("007", name='Ann "A", B')]
    numbers: dict[tuple[str, str], Given] = {
        ("E2", "x"): "1234.5678",
        ("E2", "late"): 2,
        ("E1", "x"): "-3",
        ("007", "x"): 5000,
        ("007", "late"): 0,
    }
    month: Cycle = cycle(people, numbers, targets={("007", "x"): target("4000.5")})
    return score(company(**values), month, {})


def rows(chunks: Iterable[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(chunks).removeprefix("\ufeff"))))


def test_items_have_a_row_each_in_the_order_of_people_and_catalog() -> None:
    found = rows(items_csv(results(missing="zero"), company(missing="zero"), EN))

    assert ",".join(found[0]) == (
        "cycle,person,role,section,indicator,weight,target,actual,attainment,points,status,reason,label"
    )
    assert [(row[1], row[2], row[3], row[4]) for row in found[1:]] == [
        ("E2", "clerk", "Work", "x"),
        ("E2", "clerk", "Work", "y"),
        ("E2", "clerk", "Extras", "x"),
        ("E2", "clerk", "Extras", "z"),
        ("E1", "guard", "Work", "x"),
        ("007", "clerk", "Work", "x"),
        ("007", "clerk", "Work", "y"),
        ("007", "clerk", "Extras", "x"),
        ("007", "clerk", "Extras", "z"),
    ]


def test_numbers_are_plain_and_missing_cells_are_empty() -> None:
    found = rows(items_csv(results(missing="zero"), company(missing="zero"), EN))

    assert found[1][5:11] == ["60.5", "3000", "1234.5678", "41.15", "24.897117", "scored"]
    assert found[2][5:] == [
        "39.5",
        "",
        "",
        "",
        "0",
        "missing",
        "y (E2, 2026-10) has no rating that counts; no data: counts as 0 points",
        "",
    ]
    assert found[3][5:11] == ["20", "3000", "1234.5678", "41.15", "0", "scored"]
    assert found[4][5:] == ["", "", "", "", "-2", "scored", "late 2: 2 × 1 = 2 points off; 0 − 2 = -2 points", ""]
    assert found[5][5:11] == ["100", "10", "-3", "0", "0", "scored"]
    assert found[6][6:9] == ["4000.5", "5000", "124.98"]


def test_items_rounded_one_by_one_are_exported_so() -> None:
    settings = {"missing": "zero", "rounding": {"at": "item", "rate": 0}}

    found = rows(items_csv(results(**settings), company(**settings), EN))

    assert found[1][8:10] == ["41", "24.9"]


def test_totals_have_a_row_for_each_person_and_a_column_for_each_pay_line() -> None:
    found = rows(totals_csv(results(missing="exclude"), company(missing="exclude"), EN))

    header = "cycle,person,name,department,role,total,grade,rank,coverage,status"
    assert ",".join(found[0]) == f"{header},bonus,'=base,night,computed,adjustment,streaks"
    assert found[1:] == [
        [
            "2026-10",
            "E2",
            "Name E2",
            "shop",
            "clerk",
            "39.2",
            "D",
            "2",
            "60.5",
            "scored",
            "13.07",
            "",
            "",
            "39.2",
            "",
            "",
        ],
        ["2026-10", "E1", "'=1+1", "shop", "guard", "0.0", "D", "1", "100", "scored", "", "", "-5.00", "0.0", "", ""],
        [
            "2026-10",
            "007",
            'Ann "A", B',
            "shop",
            "clerk",
            "100.0",
            "A",
            "1",
            "60.5",
            "scored",
            "33.33",
            "",
            "",
            "100.0",
            "",
            "",
        ],
    ]


def test_a_card_without_a_total_leaves_its_cells_empty() -> None:
    found = rows(totals_csv(results(), company(), EN))

    assert found[1][5:11] == ["", "", "", "60.5", "missing", ""]


def test_files_open_in_excel_and_have_one_kind_of_line_end() -> None:
    text = "".join(items_csv(results(), company(), ZH))

    assert text.startswith("\ufeffcycle,")
    assert text.endswith("\n")
    assert "\r" not in text
    assert "加减分项" in text


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    chunks = items_csv(results(), company(), EN)

    assert next(chunks).startswith("\ufeffcycle,person")


def test_many_rows_come_in_chunks() -> None:
    people = [person(f"E{number}", "guard") for number in range(1100)]
    month = cycle(people, {(each.person, "x"): 5 for each in people})

    chunks = list(items_csv(score(company(), month, {}), company(), EN))

    assert [chunk.count("\n") for chunk in chunks] == [1, 500, 500, 100]


def test_a_company_without_people_has_headers_only() -> None:
    empty = score(company(), cycle([]), {})

    assert len(rows(items_csv(empty, company(), EN))) == 1
    assert len(rows(totals_csv(empty, company(), EN))) == 1


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ("＝x", "'＝x"),
        ("＋x", "'＋x"),
        ("－x", "'－x"),
        ("＠x", "'＠x"),
        ("a=b", "a=b"),
        ("a,b", '"a,b"'),
        ('=a"b', '"\'=a""b"'),
        ("a\nb", '"a\nb"'),
        ("", ""),
    ],
)
def test_text_never_becomes_a_formula(text: str, cell: str) -> None:
    assert text_cell(text) == cell


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'quoted'", "-5", "plain", "", "'", "\u2018=1"])
def test_a_guarded_text_is_the_same_again(text: str) -> None:
    assert unguarded(text_cell(text)) == text


def test_a_reason_that_begins_like_a_formula_is_marked() -> None:
    clerk = role("clerk", [item("x", 100, {"rule": "linear", "zero": "0", "full": "100"})])
    whole = catalog([clerk], [indicator("x", formula="-late")], [measure("late")])

    found = rows(items_csv(score(whole, cycle([person("E1")], {("E1", "late"): 3}), {}), whole, EN))

    assert found[1][7] == "-3"
    assert found[1][11].startswith("'-3 = -3; ")


def test_an_adjusted_total_keeps_its_decimals() -> None:
    month = cycle([person("E1", "guard")], {("E1", "x"): 5}, adjustments={"E1": (adjustment("0.05"),)})

    found = rows(totals_csv(score(company(), month, {}), company(), EN))

    assert found[1][5] == "50.1"
