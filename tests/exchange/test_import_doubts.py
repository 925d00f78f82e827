"""What an import does not guess: rows and cells that are set aside, files that are not taken."""

import datetime
from pathlib import Path

import pytest

from imports_run import WIDE, aside, book, numbers, plan, sent, taken_in, waits
from kpibook.base.periods import Period
from kpibook.content import read
from sent_tables import Cells, october, run

# What is not guessed


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param('姓名,销售额,备注\n林晓,5,"a\n周然,6,\n何小青,7,b"\n', "E02,sales,6,\n", id="wide"),
        pytest.param(
            '姓名,数据项,实际,备注\n林晓,销售额,5,"a\n周然,销售额,6,\n何小青,销售额,7,b"\n', "E02,sales,6,\n", id="long"
        ),
        pytest.param('姓名,销售额,备注\n林晓,5,"第一行\n东区, 西区, 都好"\n周然,6,\n', "E01,sales,5,", id="a remark"),
    ],
)
def test_two_stray_quotes_swallow_nobody_where_people_go_by_their_names(root: Path, text: str, read: str) -> None:
    taken_in(root, sent(root, text))

    assert numbers(root, "support").startswith(read)
    assert len(aside(root)) == (0 if "都好" in text else 2)


def test_two_stray_quotes_in_a_roster_swallow_nobody(root: Path) -> None:
    text = '工号,姓名,岗位,部门,备注\nE11,钱进,茶艺师,门店部,"a\nE12,孙立,茶艺师,门店部,\nE13,李想,茶艺师,门店部,b"\n'

    told = taken_in(root, sent(root, text)).problems

    assert [each.values["name"] for each in told if each.code == "import-column-ignored"] == ["备注"]
    people = (october(root) / "people.csv").read_text(encoding="utf-8")
    assert "E12,孙立" in people
    assert [row["code"] for row in aside(root)] == ["quote-unclosed", "quote-misplaced"]


def test_one_unclosed_quote_loses_one_row(root: Path) -> None:
    found = taken_in(root, sent(root, '姓名,销售额,备注\n林晓,1,"见\n周然,2,\n何小青,3,"a ""b"""\n'))

    assert numbers(root, "support") == 'E02,sales,2,\nE03,sales,3,"a ""b"""\n'
    assert waits(root) == [("open", "quote-unclosed", "2:6")]
    assert [(each.rows, each.used, each.rows_set_aside) for each in found.tallies] == [(3, 2, 1)]


def test_a_lone_number_is_no_footnote(root: Path) -> None:
    rows: Cells = [
        ["序号", "姓名", "销售额"],
        [1, "林晓", 5],
        [None, None, 7],
        [3, None, None],
        ["注：含税", None, None],
    ]

    text = taken_in(root, sent(root, "序号,姓名,销售额\n1,林晓,5\n,,7\n3,,\n注：含税,,\n"))
    workbook = plan(root, book(root, s=rows))

    for found in (text, workbook):
        [tally] = found.tallies
        assert (tally.rows, tally.used, tally.rows_set_aside) == (4, 1, 1)
        assert tally.ignored == [("footnote-row", 4), ("footnote-row", 5)]
    assert [(row["code"], row["raw"]) for row in aside(root)] == [("cell-empty", ",,7")]


def test_a_name_that_two_people_have_is_set_aside_with_both(root: Path) -> None:
    with (october(root) / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E04,林晓,barista,shop,E01,,,1\n")

    taken_in(root, sent(root, "姓名,销售额\n林晓,5\nE04,6\n"))

    assert numbers(root, "support") == "E04,sales,6,\n"
    [row] = aside(root)
    assert row["reason"] == "林晓 may mean E01, E04"


@pytest.mark.parametrize(("said", "near"), [("E09", "E01, E02, E03"), ("何小清", "何小青"), ("谁", "-")])
def test_an_unknown_subject_is_told_what_looks_like_it(root: Path, said: str, near: str) -> None:
    found = plan(root, sent(root, f"姓名,销售额\n{said},5\n"))

    [row] = found.tallies[0].set_aside
    assert (row.code, row.values["near"]) == ("unknown-subject", near)


def test_an_id_and_a_name_that_do_not_belong_together_are_set_aside(root: Path) -> None:
    taken_in(root, sent(root, "工号,姓名,销售额\nE01,周然,5\ne02, 周然 ,6\n"))

    assert numbers(root, "support") == "E02,sales,6,\n"
    assert [row["reason"] for row in aside(root)] == ["E01 is 林晓, but the row says 周然"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("E09,sales,1", "unknown-subject"),
        ("E01,sails,1", "unknown-measure"),
        ("E01,conversion,1", "computed-not-collected"),
        ("E01,sales,abc", "cell-not-a-number"),
        ("E01,sales,无", "cell-missing-token"),
        ("E01,return_rate,101", "over-maximum"),
        ("E01,return_rate,-1", "under-minimum"),
        (",sales,1", "cell-empty"),
        ("E01,,1", "cell-empty"),
        ("E01,sales", "short-row"),
        ("E01,sales,1,2", "long-row"),
        ("1.1e17,sales,1", "id-damaged"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_with_its_reason(root: Path, row: str, code: str) -> None:
    found = taken_in(root, sent(root, f"subject,measure,actual\nE02,sales,7\n{row}\n"))

    assert numbers(root, "support") == "E02,sales,7,\n"
    [waiting] = aside(root)
    assert (waiting["state"], waiting["code"], waiting["raw"], waiting["line"]) == ("open", code, row, "3")
    assert waiting["todo"]
    assert (found.tallies[0].used, found.tallies[0].rows_set_aside) == (1, 1)


def test_a_reason_names_the_column_as_its_sheet_does(root: Path) -> None:
    rows: Cells = [["姓名", "项目", "完成值"], ["林晓", "销售额", "约5"], ["周然", "销售额", "=1+1"]]

    taken_in(root, sent(root, "姓名,项目,完成值\n林晓,销售额,约5\n"), book(root, s=rows))

    assert [row["reason"].partition(" ")[0] for row in aside(root)] == ["完成值"] * 3


def test_two_different_numbers_for_the_same_decide_nothing(root: Path) -> None:
    one = sent(root, "姓名,销售额\n林晓,5\n周然,6\n", "one.csv")
    two = sent(root, "姓名,销售额\n林晓,7\n周然,6.0\n", "two.csv")

    taken_in(root, one, two)

    assert numbers(root, "support") == "E02,sales,6,\n"
    assert [(row["file"], row["code"], row["reason"]) for row in aside(root)] == [
        ("one.csv", "conflicting-values", "E01 sales is given differently elsewhere: two.csv:2:4"),
        ("two.csv", "conflicting-values", "E01 sales is given differently elsewhere: one.csv:2:4"),
    ]


def test_two_suppliers_who_differ_decide_nothing(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n"), supplier="support")
    taken_in(root, sent(root, "姓名,销售额\n林晓,7\n"), supplier="shop")

    content = read(root / "handbook", root / "scorecards")

    cycle = content.cycles[Period.parse("2026-10")]
    assert not cycle.actuals
    assert [row.code for row in cycle.set_aside] == ["conflicting-values", "conflicting-values"]


def test_merged_cells_cost_their_rows_where_they_hide_what_is_read(root: Path) -> None:
    rows: Cells = [
        ["姓名", "部门", "销售额"],
        ["林晓", "门店部", 1],
        ["周然", None, 2],
        [None, None, 3],
        ["何小青", "门店部", 4],
    ]
    file = book(root, merge=["B2:B3", "A3:A4"], s=rows)

    taken_in(root, file)

    assert numbers(root, "support") == "E01,sales,1,\nE03,sales,4,\n"
    assert [code for _, code, _ in waits(root)] == ["merged-row", "merged-row"]


def test_errors_dates_and_formulas_without_a_value_cost_their_cells(root: Path) -> None:
    rows: Cells = [
        ["姓名", "销售额", "退货率"],
        ["林晓", "#DIV/0!", 5],
        ["周然", datetime.date(2026, 10, 1), 6],
        ["何小青", "=1+1", 7],
    ]

    found = taken_in(root, book(root, s=rows))

    assert numbers(root, "shop") == "E01,return_rate,5,\nE02,return_rate,6,\nE03,return_rate,7,\n"
    assert waits(root) == [
        ("open", "cell-formula-error", "B2"),
        ("open", "cell-is-date", "B3"),
        ("open", "cell-not-calculated", "B4"),
    ]
    assert (found.tallies[0].used, found.tallies[0].rows_set_aside) == (3, 0)
    assert not found.problems


def test_errors_of_a_long_sheet_say_what_they_are_about(root: Path) -> None:
    rows: Cells = [
        ["姓名", "数据项", "实际", "备注"],
        ["林晓", "销售额", "#DIV/0!", None],
        ["周然", "销售额", "=1+1", None],
        ["何小青", "销售额", 7, "=1+1"],
        ["林晓", "到店人数", None, None],
    ]

    found = taken_in(root, book(root, s=rows))

    assert [(row["subject"], row["key"], row["code"], row["cell"]) for row in aside(root)] == [
        ("E01", "sales", "cell-formula-error", "C2"),
        ("E02", "sales", "cell-not-calculated", "C3"),
        ("E03", "sales", "cell-not-calculated", "D4"),
    ]
    [tally] = found.tallies
    assert (tally.rows, tally.used, tally.rows_set_aside, tally.empty) == (4, 1, 3, 1)


def test_an_ambiguous_header_is_set_aside_cell_by_cell(root: Path) -> None:
    with (root / "handbook" / "measures.yml").open("a", encoding="utf-8") as file:
        file.write("sales_two: {name: 销售额, unit: 元, owner: support}\n")

    taken_in(root, sent(root, "姓名,销售额,退货率\n林晓,5,6\n周然,,7\n"))

    assert numbers(root, "shop") == "E01,return_rate,6,\nE02,return_rate,7,\n"
    assert [(row["code"], row["reason"]) for row in aside(root)] == [
        ("ambiguous-measure", "5 may mean sales, sales_two")
    ]


def test_a_unit_that_cannot_be_turned_into_the_measure_s_is_not_taken(root: Path) -> None:
    taken_in(root, sent(root, "subject,measure,actual,unit\nE01,sales,5,箱\nE02,sales,5,元\n"))

    assert numbers(root, "support") == "E02,sales,5,\n"
    assert [code for _, code, _ in waits(root)] == ["sheet-other-unit"]


# Files that are not taken


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0", "import-other-kind"),
        ("macro.xlsm", b"PK", "import-other-kind"),
        ("none.csv", b"a,b\n1,2\n", "no-header-found"),
        ("twice.csv", "姓名,销售额,销售额\n林晓,1,2\n".encode(), "duplicate-column"),
        ("semicolon.csv", "姓名;销售额\n林晓;1,5\n".encode(), "import-other-delimiter"),
        ("empty.csv", b"", "file-empty"),
        ("page.csv", b"<html>", "file-not-csv"),
        ("odd.csv", b"sep=|\n1|2\n", "separator-unknown"),
        ("broken.xlsx", b"PK\x03\x04", "workbook-damaged"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_and_the_others_go_on(
    root: Path, name: str, data: bytes, code: str
) -> None:
    good = sent(root, "姓名,销售额\n林晓,5\n", "good.csv")

    result = run(root, "import", str(sent(root, data, name)), str(good))

    assert result.exit_code == 1
    assert f"[{code}]" in result.output
    assert numbers(root, "support") == "E01,sales,5,\n"


@pytest.mark.parametrize(("sign", "named"), [(";", ";"), ("\t", "Tab"), ("；", "；"), ("|", "|")])
def test_a_separator_that_nobody_declared_is_told_with_how_to_declare_it(root: Path, sign: str, named: str) -> None:
    result = run(root, "import", str(sent(root, "统计表\n姓名,销售额\n林晓,5\n".replace(",", sign))))

    assert result.exit_code == 1
    assert f"sent.csv: error: 各列看来是用“{named}”隔开的 [import-other-delimiter]" in result.output
    assert "--delimiter" in result.output
    assert not numbers(root, "support")


def test_sheets_without_a_header_are_named_and_counted(root: Path) -> None:
    file = book(root, data=[["姓名", "销售额"], ["林晓", 5]], notes=[["something"], ["else"]])

    found = taken_in(root, file)

    assert [problem.code for problem in found.problems] == ["sheet-ignored"]
    assert [(each.sheet, each.rows, each.used, len(each.ignored)) for each in found.tallies] == [
        ("data", 1, 1, 0),
        ("notes", 2, 0, 2),
    ]


@pytest.mark.parametrize(
    "first", ["小满茶铺2026年9月\n姓名,销售额\n", "甲,乙\n丙,丁\n"], ids=["another month", "no header"]
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "gb18030"])
def test_every_row_of_a_long_file_that_is_not_read_is_in_the_balance(root: Path, first: str, codec: str) -> None:
    result = run(root, "import", str(sent(root, (first + "林晓,5\n\n,\n" * 100).encode(codec))))

    assert result.exit_code == 1
    assert "总共：102 行 = 采用 0 + 搁置 0 + 忽略 102\n" in result.output


def test_a_file_that_the_manifest_says_is_longer_is_caught(root: Path) -> None:
    (october(root) / "manifest.csv").write_text("file,rows,column,sum\nsent.csv,2,销售额,13\n", encoding="utf-8")

    result = run(root, "import", str(sent(root, "姓名,销售额\n林晓,5\n谁,x\n合计,7\n")), str(sent(root, WIDE, "b.csv")))

    assert result.exit_code == 1
    assert "[manifest-rows]" in result.output
    assert "[manifest-sum]" in result.output
    assert "sent.csv：和 manifest.csv 对不上，3 行都没有采用\n" in result.output
    assert "总共：10 行 = 采用 3 + 搁置 0 + 忽略 7\n" in result.output
    assert "E01,sales,55000," in numbers(root, "support")
    assert [row["file"] for row in aside(root)] == ["b.csv"]
