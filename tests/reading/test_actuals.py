"""The numbers of all suppliers of a cycle, and what became of each row."""

import datetime
import io
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from gmpy2 import mpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycle_folders import ACTUALS, PEOPLE, Folder, codes, lines, numbers, report
from kpibook.base.problems import Level
from kpibook.model import (
    Catalog,
    FileReport,
)

# Actuals


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        pytest.param("E09,sales,5,", "unknown-subject", 1, id="person"),
        pytest.param(",sales,5,", "cell-empty", 1, id="no subject"),
        pytest.param("E01,,5,", "cell-empty", 5, id="no measure"),
        pytest.param("E01,sale,5,", "unknown-measure", 5, id="measure"),
        pytest.param("E01,Sales,5,", "unknown-measure", 5, id="measure in another case"),
        pytest.param("E01,conversion,5,", "indicator-is-computed", 5, id="computed"),
        pytest.param("E01,sales,NA,", "cell-missing-token", 11, id="not available"),
        pytest.param("E01,sales,无,", "cell-missing-token", 11, id="in Chinese"),
        pytest.param("E01,sales,NaN,", "cell-not-finite", 11, id="no number"),
        pytest.param("E01,sales,1.2E+5,", "cell-scientific", 11, id="scientific"),
        pytest.param("E01,sales,（5）,", "cell-odd-negative", 11, id="in brackets"),
        pytest.param("E01,sales,5人,", "cell-other-unit", 11, id="unit"),
        pytest.param("E01,sales,9999999999999999,", "cell-too-large", 11, id="too large"),
        pytest.param("E01,headcount,-1,", "under-minimum", 15, id="negative"),
        pytest.param("E01,headcount,10001,", "over-maximum", 15, id="bound"),
        pytest.param("合计,sales,5,", "totals-row", 1, id="total"),
        pytest.param("subject,measure,actual,note", "repeated-header", 1, id="header"),
        pytest.param("E01,sales", "short-row", 1, id="short"),
    ],
)
def test_a_faulty_number_is_set_aside(folder: Folder, row: str, code: str, column: int) -> None:
    cycle, problems = folder.load(shop=ACTUALS + "E02,sales,7,\n" + row + "\nE02,visitors,8,\n")

    assert [(each.code, str(each.place), each.raw) for each in cycle.set_aside] == [
        (code, f"scorecards/2026-10/actuals/shop.csv:3:{column}", row)
    ]
    assert codes(problems) == [code, "many-rows-set-aside"]
    assert numbers(cycle) == {"E02 sales": "7", "E02 visitors": "8"}


def test_a_row_set_aside_says_whose_number_it_was(folder: Folder) -> None:
    cycle, _ = folder.load(shop=ACTUALS + "e01,sales,x,\nE01,sale,5,\nE09,sales,5,\n")

    assert [(row.subject, row.key) for row in cycle.set_aside] == [("E01", "sales"), ("E01", ""), ("", "")]


def test_candidates_and_the_way_out_are_named(folder: Folder) -> None:
    _, problems = folder.load(shop=ACTUALS + "E1,sales,5,\nE01,visitor,5,\nE01,conversion,5,\n")

    assert [str(problem).replace("scorecards/2026-10/actuals/", "") for problem in problems[:3]] == [
        "shop.csv:2:1: warning: E1 is neither in the roster nor a department nor company; similar: E01, E02, company "
        "[unknown-subject]\n    hint: check the id, or add the person to people.csv",
        "shop.csv:3:5: warning: nothing is collected under visitor; similar: visitors, attitude, complaints "
        "[unknown-measure]\n    hint: write an id of measures.yml, or of an indicator without a formula",
        "shop.csv:4:5: warning: the indicator conversion is computed and cannot be supplied [indicator-is-computed]\n"
        "    hint: supply the measures of its formula: buyers, visitors",
    ]


def test_an_indicator_without_a_formula_is_collected(folder: Folder) -> None:
    cycle, problems = folder.load(shop=ACTUALS + "E01,attitude,35,\n")

    assert not problems
    assert numbers(cycle) == {"E01 attitude": "35"}


def test_conversions_are_listed(folder: Folder) -> None:
    rows = 'E01,sales,"1,234",\nE02,sales,１２.５,\nshop,sales,120万元,\ncompany,return_rate,85%, \n E01,visitors,5,\n'

    cycle, problems = folder.load(shop=ACTUALS + rows)

    assert not problems
    assert [
        (place.line, place.column, raw, value) for place, raw, value in report(cycle, "actuals/shop.csv").converted
    ] == [
        (2, 11, "1,234", "1234"),
        (3, 11, "１２.５", "12.5"),
        (4, 12, "120万元", "1200000"),
        (5, 21, "85%", "85"),
        (6, 1, " E01", "E01"),
    ]
    assert [reading.converted for reading in cycle.actuals.values()] == [True, True, True, True, False]


def test_a_number_out_of_bounds_is_not_listed_as_converted(folder: Folder) -> None:
    cycle, _ = folder.load(shop=ACTUALS + "E01,headcount,２０万,\n")

    assert report(cycle, "actuals/shop.csv").converted == ()


def test_an_empty_number_is_missing_and_not_zero(folder: Folder) -> None:
    cycle, problems = folder.load(shop=ACTUALS + "E01,sales,,\nE02,sales,0,\nE02,visitors, ,later\n")

    assert numbers(cycle) == {"E02 sales": "0"}
    assert lines(problems) == [
        "actuals/shop.csv:2:11: warning: 2 rows hold no number and count as missing: line 2, 4 [actual-empty]"
    ]
    assert report(cycle, "actuals/shop.csv") == FileReport(
        "scorecards/2026-10/actuals/shop.csv", "utf-8", rows=3, used=3, set_aside=0, empty=2
    )


def test_a_fraction_for_a_percentage_is_told_with_both_readings(folder: Folder) -> None:
    """A defect rate of at most 5 cannot have been meant as 85."""
    rows = (
        "E01,return_rate,0.85,\nE02,return_rate,0.9,\nshop,return_rate,85,\nE01,defect_rate,0.85,\nE02,defect_rate,0,\n"
    )

    cycle, problems = folder.load(shop=ACTUALS + rows)

    assert lines(problems) == [
        "actuals/shop.csv:2:17: warning: is '0.85' of 退货率 0.85 % or 85 %? it counts as 0.85 %; in 2 cells: "
        "line 2, 3 [percent-or-fraction]"
    ]
    assert numbers(cycle)["E01 return_rate"] == "0.85"


def test_a_repeated_number_counts_once(folder: Folder) -> None:
    """Also when it is written differently, in one file or in two."""
    cycle, problems = folder.load(
        a=ACTUALS + "E01,sales,1000,\nE01,sales,1000,\nE01,visitors,3,\n", b=ACTUALS + 'e01,sales,"1,000.0",\n'
    )

    assert numbers(cycle) == {"E01 sales": "1000", "E01 visitors": "3"}
    assert lines(problems) == [
        f"actuals/{place}: warning: this row repeats actuals/a.csv:2:11 and counts once [repeated-row]"
        for place in ("a.csv:3:11", "b.csv:2:11")
    ]
    assert (report(cycle, "actuals/a.csv").repeated, report(cycle, "actuals/b.csv").repeated) == (1, 1)


def test_a_conflict_decides_nothing(folder: Folder) -> None:
    """All rows are set aside, each naming the others, with their text as it stands."""
    cycle, problems = folder.load(
        a=ACTUALS + 'E01,sales,1000,"first\ntry"\nE02,sales,5,\n' + "E01,visitors,1,\n",
        b=ACTUALS + "E01,sales,1001,\n",
        c=ACTUALS + "E01,sales,1000,\nE01,visitors,1,\n",
    )

    assert numbers(cycle) == {"E02 sales": "5", "E01 visitors": "1"}
    assert [(row.code, str(row.place)[19:], row.raw, row.subject, row.key) for row in cycle.set_aside] == [
        ("conflicting-values", "actuals/a.csv:2:11", 'E01,sales,1000,"first\ntry"', "E01", "sales"),
        ("conflicting-values", "actuals/b.csv:2:11", "E01,sales,1001,", "E01", "sales"),
        ("conflicting-values", "actuals/c.csv:2:11", "E01,sales,1000,", "E01", "sales"),
    ]
    assert lines(problems)[0] == (
        "actuals/a.csv:2:11: warning: E01 sales is given differently elsewhere: "
        "actuals/b.csv:2:11, actuals/c.csv:2:11 [conflicting-values]"
    )
    assert [(each.used, each.set_aside, each.repeated) for each in cycle.files[1:]] == [(2, 1, 0), (0, 1, 0), (0, 1, 1)]


def test_the_same_file_twice_counts_once(folder: Folder) -> None:
    rows = ACTUALS + "E01,sales,5,\nE02,sales,6,\n"

    cycle, problems = folder.load(a=rows, b=rows)

    assert lines(problems) == [
        "actuals/b.csv: warning: this file has the same content as actuals/a.csv and counts once [same-content]"
    ]
    assert (report(cycle, "actuals/b.csv").rows, report(cycle, "actuals/b.csv").repeated) == (2, 2)


def test_a_file_without_notes_and_in_another_order_is_read(folder: Folder) -> None:
    """The note may stand first."""
    cycle, problems = folder.load(
        a="actual,measure,subject\n5,sales,E01\n", b="note,actual,measure,subject\nok,6,sales,E02\n"
    )

    assert not problems
    assert [(r.note, str(r.place)[19:]) for r in cycle.actuals.values()] == [
        ("", "actuals/a.csv:2:1"),
        ("ok", "actuals/b.csv:2:4"),
    ]


def test_one_unusable_file_costs_no_other(folder: Folder) -> None:
    cycle, problems = folder.load(a=b"PK\x03\x04", b="a;b\n", c=ACTUALS + "E01,sales,5,\n")

    assert [(p.code, p.level) for p in problems] == [("file-not-csv", Level.ERROR), ("other-delimiter", Level.ERROR)]
    assert numbers(cycle) == {"E01 sales": "5"}


def test_a_gbk_file_with_one_row_is_read(folder: Folder) -> None:
    cycle, problems = folder.load(a=(ACTUALS + "E01,sales,5,含退货两单，已与门店核对\n").encode("gbk"))

    assert not problems
    assert cycle.actuals["E01", "sales"].note == "含退货两单，已与门店核对"
    assert report(cycle, "actuals/a.csv").encoding == "gb18030"


def test_hostile_text_stays_text(folder: Folder) -> None:
    notes = ["<script>alert(1)</script>", "a|b", '--8<-- "people.csv"', "=HYPERLINK(1)", "{{ 1 }}", "`x`\\"]
    rows = "".join(
        f'shop,{measure},1,"{note.replace(chr(34), chr(34) * 2)}"\n'
        for measure, note in zip(folder.catalog.measures, notes, strict=False)
    )

    cycle, _ = folder.load(a=ACTUALS + rows)

    assert [reading.note for reading in cycle.actuals.values()] == notes


def test_a_misspelt_file_costs_no_search_for_each_row(folder: Folder) -> None:
    rows = "".join(f"X{i},sales,5,\n" for i in range(2000))
    people = "".join(f"P{i},甲,barista,shop\n" for i in range(5000))

    cycle, _ = folder.load(people=PEOPLE + people, a=ACTUALS + rows)

    assert report(cycle, "actuals/a.csv").set_aside == 2000
    assert cycle.set_aside[0].values["near"] != "-"
    assert cycle.set_aside[-1].values["near"] == "-"


def workbook(rows: Iterable[Iterable[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_workbooks_and_csv_files_stand_side_by_side(folder: Folder) -> None:
    (folder.path / "people.csv").unlink()
    names = ("person", "name", "role", "department", "from", "base_salary")
    rows = (
        names,
        ("E01", "林晓", "barista", "shop", datetime.date(2026, 10, 5), 8000),
        ("7", "甲", "barista", "shop", None, None),
    )
    folder.write({
        "people.xlsx": workbook(rows),
        "actuals/a.xlsx": workbook([("subject", "measure", "actual"), ("E01", "sales", 0.285), (7, "sales", 5)]),
    })  # fmt: skip

    cycle, problems = folder.load(b=ACTUALS + "7,sales,5,\n")

    assert cycle.people[0].first_day == datetime.date(2026, 10, 5)
    assert cycle.people[0].numbers == {"base_salary": mpq(8000)}
    assert numbers(cycle) == {"E01 sales": "0.285", "7 sales": "5"}
    assert lines(problems)[0] == (
        "actuals/a.xlsx!Sheet!A3: warning: subject is an id, but it is stored as a number (7); zeros before it may be "
        "lost [id-not-text]"
    )


def test_a_conflict_between_a_workbook_and_a_csv_file_is_named(folder: Folder) -> None:
    folder.write({"actuals/a.xlsx": workbook([("subject", "measure", "actual"), ("E01", "sales", 4)])})

    cycle, _ = folder.load(b=ACTUALS + "E01,sales,5,\n")

    assert [(str(row.place)[19:], row.raw) for row in cycle.set_aside] == [
        ("actuals/a.xlsx!Sheet!C2", "E01\tsales\t4"),
        ("actuals/b.csv:2:11", "E01,sales,5,"),
    ]


# The balance


CELLS = st.sampled_from(
    [
        "E01",
        "e02",
        "E09",
        "shop",
        "",
        " ",
        "sales",
        "visitors",
        "conversion",
        "5",
        "6",
        "1,000",
        '"1,000"',
        "NA",
        '"x',
        "0.5",
    ]
)
EDGES = (
    *("0", "0.0", "00", "0.000000000000001", "0.5", "0.999999999999999", "1", "1.0", "1.000000000000001", "4", "5"),
    *("5.0", "5.000000000000001", "4.999999999999999", "99.999999999999999", "100", "100.000000000000001", "101"),
    *("9999.9", "10000", "10000.000000000000001", "10000.00000000000001", "10001", "999999999999999"),
    *("1000000000000000", "-0", "-1", "1e3", "5%", "\uff15", ".5", "5.", ""),
)


def alone(folder: Folder, measure: str, text: str) -> tuple[dict[str, str], list[str]]:
    """What is read of a row whose note is quoted, so that it takes the long way."""
    cycle, problems = folder.load(shop=f'{ACTUALS}E01,{measure},{text},"a"\n')
    return numbers(cycle), [problem.code for problem in problems if problem.code != "many-rows-set-aside"]


@pytest.mark.parametrize("measure", ["headcount", "return_rate", "defect_rate", "visitors", "sales"])
def test_many_plain_numbers_are_judged_as_each_of_them_would_be(folder: Folder, measure: str) -> None:
    for text in EDGES:
        expected = alone(folder, measure, text)

        cycle, problems = folder.load(shop=f"{ACTUALS}E01,{measure},{text},a\nE02,{measure},3,a\n")

        found = [problem.code for problem in problems if problem.code != "many-rows-set-aside"]
        assert (numbers(cycle), found) == ({**expected[0], f"E02 {measure}": "3"}, expected[1])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5).map(",".join), max_size=12), st.integers(0, 12))
def test_every_row_in_is_a_row_accounted_for(tmp_path: Path, catalog: Catalog, rows: list[str], split: int) -> None:
    """Rows in = used + set aside + repeated + blank, over all files."""
    folder = Folder(tmp_path, catalog)
    a, b = (ACTUALS + "".join(f"{row}\n" for row in part) for part in (rows[:split], rows[split:]))

    cycle, _ = folder.load(a=a, b=b + "\n")

    reports = [report(cycle, f"actuals/{name}.csv") for name in "ab"]
    for each in reports:
        assert each.rows == each.used + each.set_aside + each.repeated + each.blank
        assert each.set_aside == sum(row.place.file == each.file for row in cycle.set_aside)
        assert each.used - each.empty == sum(reading.place.file == each.file for reading in cycle.actuals.values())
    if '"' not in "".join(rows):
        assert sum(each.rows for each in reports) == len(rows) + 1


def test_plain_rows_that_are_said_twice_count_once_and_name_the_first(folder: Folder) -> None:
    cycle, problems = folder.load(
        a=ACTUALS + "E01,sales,5,\nE02,sales,6,\nE01,sales,5.0,\n", b=ACTUALS + "E02,sales,6,\n"
    )

    assert numbers(cycle) == {"E01 sales": "5", "E02 sales": "6"}
    assert sorted(lines(problems)) == [
        "actuals/a.csv:4:11: warning: this row repeats actuals/a.csv:2:11 and counts once [repeated-row]",
        "actuals/b.csv:2:11: warning: this row repeats actuals/a.csv:3:11 and counts once [repeated-row]",
    ]


def test_plain_rows_and_others_that_differ_are_set_aside_together(folder: Folder) -> None:
    cycle, _ = folder.load(a=ACTUALS + 'E01,sales,5,\nE01,sales,"1,000",\nE01,sales,7,\nE02,sales,8,\n')

    assert numbers(cycle) == {"E02 sales": "8"}
    assert [(row.code, row.place.line) for row in cycle.set_aside] == [
        ("conflicting-values", 2),
        ("conflicting-values", 3),
        ("conflicting-values", 4),
    ]
    assert ("E01", "sales") not in cycle.actuals
    with pytest.raises(KeyError):
        cycle.actuals["E09", "sales"]
