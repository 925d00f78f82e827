"""Data files: a fault costs its row and not its file, and every row has an outcome."""

import io
import os
import random
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kpibook.base.problems import Level, Place, Problem
from kpibook.model import FileReport
from kpibook.reading.tables import CellFault, Layout, Table, read_bytes, read_number, read_table
from kpibook.reading.tables.decoding import BLOCK, Encoding, detect
from kpibook.reading.tables.records import MAX_CELL

LAYOUT = Layout(
    required=("subject", "measure", "actual"),
    optional=("note", "from"),
    ids=("subject", "measure"),
    numbers=("actual",),
    dates=("from",),
)
HEADER = "subject,measure,actual,note\n"

Rows = list[tuple[int, list[str]]]


def read(data: bytes | str, name: str = "actuals/a.csv") -> tuple[Table | None, tuple[Problem, ...]]:
    return read_table(data.encode("utf-8") if isinstance(data, str) else data, name, LAYOUT)


def rows_of(data: bytes | str, name: str = "actuals/a.csv") -> tuple[Rows, Table]:
    """The good rows of a file that can be read, and the table with its ledger."""
    table, problems = read(data, name)
    assert table is not None, problems
    return [(line, list(cells)) for line, cells in table.rows()], table


def refused(data: bytes | str, name: str = "actuals/a.csv") -> str:
    """The code for which a whole file is refused."""
    table, problems = read(data, name)
    assert table is None
    [code] = [problem.code for problem in problems if problem.level is Level.ERROR]
    assert all(map(str, problems))
    return code


def aside(table: Table) -> list[tuple[str, str]]:
    return [(row.code, str(row.place)) for row in table.ledger.set_aside]


def told(table: Table) -> list[str]:
    return [problem.code for problem in table.ledger.problems]


def report(table: Table) -> FileReport:
    return table.ledger.close(table.encoding)


# Encodings


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        *(("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030")),
        *(("utf-16", "utf-16"), ("utf-16-be", "utf-16")),
    ],
)
def test_a_file_is_read_in_the_encodings_of_offices(codec: str, encoding: str) -> None:
    """A one-row file with an ASCII header is enough."""
    data = (HEADER + "E01,sales,5,按时完成\n").encode(codec)

    rows, table = rows_of(b"\xfe\xff" + data if codec == "utf-16-be" else data)

    assert rows == [(2, ["E01", "sales", "5", "按时完成"])]
    assert table.encoding == encoding


def test_a_text_with_two_readings_is_refused_with_both() -> None:
    """The GBK bytes of one short word are also valid UTF-8."""
    _, problems = read(HEADER.encode() + "E01,sales,5,一\n".encode("gbk"))

    assert [problem.code for problem in problems] == ["encoding-ambiguous"]
    assert problems[0].values == {"utf8": "E01,sales,5,һ", "gb18030": "E01,sales,5,一"}


def test_a_short_gbk_word_among_others_is_no_doubt() -> None:
    rows, _ = rows_of(HEADER.encode() + "E01,sales,5,一\nE02,sales,6,按时完成\n".encode("gbk"))

    assert [cells[3] for _, cells in rows] == ["一", "按时完成"]


def test_a_latin_letter_in_a_utf_8_file_with_chinese_is_no_doubt() -> None:
    rows, _ = rows_of(HEADER + "E01,sales,5,René\nE02,sales,6,按时\n")

    assert rows[0][1][3] == "René"


def test_two_encodings_in_one_file_cost_only_the_lines_of_the_fewer() -> None:
    good = "E01,sales,5,按时\nE02,sales,6,按时\n".encode()
    pasted = "E03,sales,7,补报\n".encode("gbk")

    rows, table = rows_of(HEADER.encode() + good + pasted)

    assert [line for line, _ in rows] == [2, 3]
    assert aside(table) == [("undecodable-line", "actuals/a.csv:4:13")]
    assert table.ledger.set_aside[0].raw == "E03,sales,7,\\xb2\\xb9\\xb1\\xa8"


def test_utf_8_lines_in_a_gbk_file_are_set_aside_readably() -> None:
    gbk = "E01,sales,5,按时\nE02,sales,6,按时\n".encode("gbk")

    rows, table = rows_of(HEADER.encode() + gbk + "E03,sales,7,补报\n".encode())

    assert [line for line, _ in rows] == [2, 3]
    assert table.encoding == "gb18030"
    assert table.ledger.set_aside[0].raw == "E03,sales,7,补报"


def test_the_old_euro_sign_of_gbk_is_read() -> None:
    """The lone byte 80, also behind a character whose second byte is 80."""
    text = "E01,sales,5,价".encode("gbk") + b"\x80\x81\x80\x80\n"

    rows, _ = rows_of(HEADER.encode() + text + "E02,sales,5,按时完成任务\n".encode("gbk"))

    assert rows[0][1][3] == "价€" + b"\x81\x80".decode("gbk") + "€"


def test_characters_of_gb_18030_2022_leave_the_private_area() -> None:
    text = "E01,sales,5,按时完成".encode("gbk") + b"\xa6\xd9\xfe\x59\n"

    rows, _ = rows_of(HEADER.encode() + text)

    assert rows[0][1][3] == "按时完成\ufe10\u9fb4"


@pytest.mark.parametrize(
    ("data", "guess"),
    [
        pytest.param((HEADER + "E01,sales,5,按时\n").encode("utf-16-le"), "UTF-16", id="UTF-16 without a mark"),
        pytest.param(b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x00", "UTF-16", id="UTF-16 cut in a character"),
        pytest.param((HEADER + "E01,sales,5,準時完成工作\n").encode("big5"), "Big5 / Latin-1", id="Big5"),
        pytest.param((HEADER + "E01,sales,5,Ren\xe9e\n").encode("latin-1"), "Big5 / Latin-1", id="Latin-1"),
        pytest.param(HEADER.encode() + b"E01,sales,5,\xff\xff\n", "?", id="nothing"),
    ],
)
def test_other_encodings_are_refused(data: bytes, guess: str) -> None:
    _, problems = read(data)

    assert [(problem.code, problem.values["guess"]) for problem in problems] == [("encoding-unknown", guess)]


def test_half_a_character_costs_its_line_only() -> None:
    """A file cut within its last character."""
    data = (HEADER + "E01,sales,5,按时\nE02,sales,6,按时").encode()[:-1]

    rows, table = rows_of(data)

    assert [line for line, _ in rows] == [2]
    assert aside(table) == [("undecodable-line", "actuals/a.csv:3:14")]
    assert told(table)[0] == "maybe-cut"


def test_a_file_larger_than_a_block_is_read_alike() -> None:
    lines = "".join(f"E{i:05d},sales,{i},按时完成\n" for i in range(BLOCK // 20))

    for codec in ("utf-8", "gb18030"):
        rows, table = rows_of((HEADER + lines).encode(codec))

        assert [line for line, _ in rows] == list(range(2, BLOCK // 20 + 2))
        assert table.ledger.rows == BLOCK // 20


# The header


@pytest.mark.parametrize(
    "header",
    [
        "note,actual,measure,subject",
        " Subject , MEASURE ,actual,note",
        "ｓｕｂｊｅｃｔ,measure,ａｃｔｕａｌ,note",
        '"subject","measure","actual","note"',
    ],
)
def test_columns_are_found_by_name(header: str) -> None:
    _, table = rows_of(header + "\n")

    assert sorted(table.columns) == ["actual", "measure", "note", "subject"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("subject,measure,value", "missing-columns"),
        ("subject,measure,actual,actual", "duplicate-column"),
        ("subject,measure,actual,Ａctual", "duplicate-column"),
        ("subject,measure,actual,no\u200bte", "invisible-in-header"),
        ("10月数据", "missing-columns"),
        ("subject;measure;actual", "other-delimiter"),
        ("subject\tmeasure\tactual", "other-delimiter"),
        ("subject|measure|actual", "other-delimiter"),
        ('"subject,measure,actual', "header-unreadable"),
        ("sep=|\nsubject|measure|actual", "separator-unknown"),
        (",".join(map(str, range(1001))), "too-many-columns"),
        ("", "file-empty"),
        (" \n\n \r\n", "file-empty"),
        ("sep=;\n", "file-empty"),
    ],
)
def test_a_header_that_cannot_be_used_costs_the_file(header: str, code: str) -> None:
    assert refused(header + "\n") == code


def test_what_is_wrong_with_a_header_is_told_with_its_place() -> None:
    _, problems = read("subject,measure,actul,note,subject\n")

    assert [str(problem).splitlines()[0] for problem in problems] == [
        "actuals/a.csv:1:1: error: missing columns: actual; the first line gives: subject, measure, actul, note, "
        "subject [missing-columns]",
        "actuals/a.csv:1:17: warning: column actul (number 3) is not known and was not read [column-ignored]",
        "actuals/a.csv:1:28: error: column subject is there twice; the first is column 1 [duplicate-column]",
    ]


def test_an_unknown_column_is_named_and_ignored() -> None:
    rows, table = rows_of("subject,measure,actual,备注,\nE01,sales,5,x,y\n")

    assert [line for line, _ in rows] == [2]
    assert told(table) == ["column-ignored", "column-unnamed"]
    assert table.ledger.problems[0].values["name"] == "备注"


@pytest.mark.parametrize("sign", [";", "\t", ","])
def test_a_sep_line_declares_the_delimiter(sign: str) -> None:
    text = f"sep={sign}\nsubject,measure,actual,note\nE01,sales,5,ok\n".replace(",", sign)

    rows, table = rows_of(text)

    assert rows == [(3, ["E01", "sales", "5", "ok"])]
    assert table.raw(rows[0][1]) == sign.join(rows[0][1])


def test_blank_lines_before_the_header_are_no_rows() -> None:
    rows, table = rows_of("\n\n" + HEADER + "E01,sales,5,\n")

    assert [line for line, _ in rows] == [4]
    assert table.ledger.rows == 1


# Rows


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        pytest.param("E02,sales,6", "short-row", 1, id="short"),
        pytest.param("E02,sales,6,a,b", "long-row", 1, id="long"),
        pytest.param("E02,sales,6,,", "long-row", 1, id="trailing comma"),
        pytest.param('E02,sales,6,"ok', "quote-unclosed", 13, id="unclosed"),
        pytest.param('"E02,sales,6,ok', "quote-unclosed", 1, id="unclosed first"),
        pytest.param('E02,sales,6,o"k', "quote-misplaced", 14, id="quote inside"),
        pytest.param('E02,sales,6,"o"k', "quote-misplaced", 16, id="text after a quote"),
        pytest.param('E02,sales,6,""ok""', "quote-misplaced", 15, id="doubled"),
        pytest.param("E02,sales,6\x00,", "bad-character", 12, id="NUL"),
        pytest.param("E02,sales,6,\x1a", "bad-character", 13, id="end of file sign"),
        pytest.param("\ufeffE02,sales,6,", "bad-character", 1, id="mark in the middle"),
        pytest.param('E02,sales,6,"\x00"', "bad-character", 14, id="NUL in quotes"),
        pytest.param('E02,sales,6,"a""', "quote-unclosed", 13, id="unclosed after a doubled quote"),
        pytest.param("合计,,11", "totals-row", 1, id="total"),
        pytest.param("Total,,11,", "totals-row", 1, id="total in English"),
        pytest.param("subject,measure,actual,note", "repeated-header", 1, id="header again"),
        pytest.param("注：数据来自收银系统", "footnote-row", 1, id="footnote"),
        pytest.param("E02,sales,6," + "x" * 32768, "cell-too-long", 1, id="long cell"),
        pytest.param('E02,sales,6,"' + "x" * 32768 + '"', "cell-too-long", 1, id="long quoted cell"),
    ],
)
def test_a_faulty_line_costs_itself_only(line: str, code: str, column: int) -> None:
    data = f'{HEADER}E01,sales,5,ok\n{line}\nE03,sales,7,"fine, too"\nE04,sales,8,\n'

    rows, table = rows_of(data)
    known = rows if code not in ("totals-row", "repeated-header") else [row for row in rows if row[0] != 3]

    assert [number for number, _ in known] == [2, 4, 5]
    for row in {number for number, _ in rows} - {2, 4, 5}:
        cells = dict(rows)[row]
        table.aside((row, cells), "subject", "unknown-subject", near="-")
    assert aside(table) == [(code, f"actuals/a.csv:3:{column}")]
    assert table.ledger.set_aside[0].raw == line[:2000]
    assert report(table).rows == 4
    assert all(str(problem) for problem in table.ledger.problems)


def test_quoted_cells_are_kept_exactly() -> None:
    data = HEADER + 'E01,sales,"1,234","a\r\nb\rc\td ""e"" ,f "\nE02,sales,6,\n'

    rows, table = rows_of(data)

    assert rows == [(2, ["E01", "sales", "1,234", 'a\r\nb\rc\td "e" ,f ']), (5, ["E02", "sales", "6", ""])]
    assert report(table).rows == 2


def test_the_place_of_a_cell_counts_physical_lines() -> None:
    table, _ = read('note,subject,measure,actual\n"a\nb",E01,"sales",5\nc,E02,sales,6\n')
    assert table

    places = [str(table.place(line, cells, index)) for line, cells in table.rows() for index in (0, 1, 3)]

    assert places == [
        *("actuals/a.csv:2:1", "actuals/a.csv:3:4", "actuals/a.csv:3:16"),
        *("actuals/a.csv:4:1", "actuals/a.csv:4:3", "actuals/a.csv:4:13"),
    ]


def test_a_stray_quote_swallows_no_rows() -> None:
    """The quote of line 2 would close on line 4, and the rows between would vanish."""
    data = HEADER + 'E01,sales,5,"abc\nE02,sales,6,ok\nE03,sales,7,xyz"\nE04,sales,8,\n'

    rows, table = rows_of(data)

    assert [line for line, _ in rows] == [3, 5]
    assert aside(table) == [("quote-unclosed", "actuals/a.csv:2:13"), ("quote-misplaced", "actuals/a.csv:4:16")]


def test_a_quote_that_never_closes_is_given_up() -> None:
    data = HEADER + 'E01,sales,5,"abc\n' + "text\n" * 300

    rows, table = rows_of(data)

    assert rows == []
    assert aside(table)[0] == ("quote-unclosed", "actuals/a.csv:2:13")
    assert report(table).rows == 301


def test_a_quote_closes_beyond_the_block_it_was_opened_in() -> None:
    filler = "".join(f"E{i:05d},sales,{i},\n" for i in range(BLOCK // 15))
    data = f'{HEADER}{filler}A,sales,5,"one\ntwo"\n{filler}B,sales,6,"x"\n'

    for shift in range(3):
        rows, table = rows_of("\n" * shift + data)

        assert not table.ledger.set_aside
        assert len(rows) == 2 * (BLOCK // 15) + 2


def test_faults_of_all_kinds_are_told_in_the_order_of_their_lines() -> None:
    data = (
        HEADER + 'E01,sales,1\nE02,sales,2,\n"E03,sales,3,\nE04,sales,1,2,\nE05,sales,5,"ok"\nE06,sales,\x01,\n合计,8\n'
    )

    rows, table = rows_of(data)

    assert [line for line, _ in rows] == [3, 6]
    assert [row.place.line for row in table.ledger.set_aside] == [2, 4, 5, 7, 8]
    assert [row.code for row in table.ledger.set_aside] == [
        *("short-row", "quote-unclosed", "long-row", "bad-character", "totals-row")
    ]
    assert [problem.place.line for problem in table.ledger.problems] == [2, 4, 5, 7, 8]


@pytest.mark.parametrize("length", [MAX_CELL, MAX_CELL + 1, MAX_CELL + 300])
@pytest.mark.parametrize("before", range(0, 4 * MAX_CELL, MAX_CELL // 2))
def test_a_cell_is_not_too_long_wherever_it_stands(length: int, before: int) -> None:
    filler = "".join(f"E{number:05},sales,1,\n" for number in range(before // 16))

    rows, table = rows_of(f"{HEADER}{filler}E,sales,1,{'x' * length}\n")

    assert aside(table) == ([("cell-too-long", f"actuals/a.csv:{len(rows) + 2}:1")] if length > MAX_CELL else [])


def test_a_bad_character_in_a_later_line_of_a_cell_costs_the_row() -> None:
    _, table = rows_of(HEADER + 'E01,sales,5,"a\nb\x00"\n')

    assert aside(table) == [("quote-unclosed", "actuals/a.csv:2:13"), ("bad-character", "actuals/a.csv:3:2")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    rows, table = rows_of((HEADER + 'E01,sales,5,\n\nE02,sales,6,"ok"\n').replace("\n", end))

    assert [line for line, _ in rows] == [2, 4]
    assert table.ledger.blank == 1
    assert told(table) == []


def test_mixed_line_ends_are_read() -> None:
    rows, _ = rows_of("subject,measure,actual,note\r\nE01,sales,5,\nE02,sales,6,\rE03,sales,7,\n")

    assert [line for line, _ in rows] == [2, 3, 4]


def test_a_missing_end_of_the_last_line_is_told() -> None:
    rows, table = rows_of(HEADER + "E01,sales,9")

    assert told(table) == ["maybe-cut", "short-row"]
    assert not rows


def test_blank_lines_are_counted() -> None:
    """Also the rows of commas that a spreadsheet leaves behind."""
    rows, table = rows_of(HEADER + "\n , \nE01,sales,5,\n,,,\n\n")

    for row in rows:
        if row[0] != 4:
            table.aside(row, "subject", "cell-empty")

    assert report(table) == FileReport("actuals/a.csv", "utf-8", rows=5, used=1, set_aside=0, blank=4)


def test_much_set_aside_is_told_once_more() -> None:
    _, table = rows_of(HEADER + "E01,sales,5,\n" * 8 + "x,y\n" * 2)

    assert report(table).set_aside == 2
    assert told(table)[-1] == "short-row"

    _, table = rows_of(HEADER + "E01,sales,5,\n" * 7 + "x,y\n" * 2)

    report(table)
    assert str(table.ledger.problems[-1]).startswith("actuals/a.csv: warning: 2 of 9 rows were set aside")


def test_a_file_as_long_as_a_sheet_may_be_cut() -> None:
    _, table = rows_of(HEADER + "E01,sales,5,\n" * 65_535)

    report(table)

    assert told(table) == ["maybe-cut-at-limit"]


def test_rows_can_be_had_again_as_they_stand() -> None:
    data = HEADER + 'E01,sales,5,ok\nE02,"sales","6","a\nb"\nE03,sales,7,\n'
    _, table = rows_of(data)

    raws = table.raw_rows({2, 3, 99})

    assert raws == {2: "E01,sales,5,ok", 3: 'E02,"sales","6","a\nb"'}
    assert report(table).rows == 3


FIELDS = st.text(alphabet='aE0,"\n\r;x注 \x00', max_size=6)


@given(st.lists(FIELDS, max_size=12).map("".join))
@example('"\n"\n"')
@example('E,"\nE,E,5,\n"')
def test_every_row_has_one_outcome(body: str) -> None:
    """Whatever a file holds: no line is lost and none counts twice."""
    rows, table = rows_of(HEADER + body)

    balance = report(table)

    assert balance.used == len(rows)
    assert balance.rows == balance.used + balance.set_aside + balance.blank
    assert balance.set_aside == len(table.ledger.set_aside)


@given(st.lists(st.lists(st.text(alphabet='ab,"\n 注', max_size=4), min_size=4, max_size=4), max_size=8))
def test_what_is_quoted_properly_reads_back(table: list[list[str]]) -> None:
    lines = ["E,m,1," + cells[3].join('""') if not any(cells) else ",".join(map(quoted, cells)) for cells in table]

    rows, read_back = rows_of(HEADER + "".join(f"{line}\n" for line in lines))

    if not read_back.ledger.set_aside:
        wanted = [cells if any(cells) else ["E", "m", "1", ""] for cells in table]
        assert [cells for _, cells in rows] == wanted


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@given(st.binary(max_size=60))
@example(b"\xff\xfea")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    table, problems = read(HEADER.encode() + data)

    assert (table is None) == any(problem.level == "error" for problem in problems)
    if table:
        rows = list(table.rows())
        assert report(table).used == len(rows)


# Whole files


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04....", "zip / xlsx"),
        (b"\xd0\xcf\x11\xe0....", "xls"),
        (b"%PDF-1.4", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\n<html><table>", "HTML / XML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "HTML / XML"),
    ],
)
def test_another_format_under_a_csv_name_is_refused(start: bytes, kind: str) -> None:
    _, problems = read(start)

    assert [(problem.code, problem.values) for problem in problems] == [("file-not-csv", {"kind": kind})]


def test_too_many_rows_are_refused_at_once() -> None:
    assert refused(HEADER + "\n" * 1_100_001) == "too-many-rows"
    assert refused(HEADER + "\r" * 1_100_001) == "too-many-rows"


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(HEADER, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    found = {}

    for name in ("real.csv", "link.csv", "folder.csv", "pipe.csv", "absent.csv"):
        data, problems = read_bytes(tmp_path / name, name)
        found[name] = str(problems[0]).splitlines()[0] if problems else data
    device, [problem] = read_bytes(Path("/dev/null"), "null")

    assert device is None
    assert problem.values == {"kind": "device"}
    assert found == {
        "real.csv": HEADER.encode(),
        "link.csv": "link.csv: error: this is not a plain file (link); it is not read [file-not-regular]",
        "folder.csv": "folder.csv: error: this is not a plain file (folder); it is not read [file-not-regular]",
        "pipe.csv": "pipe.csv: error: this is not a plain file (pipe); it is not read [file-not-regular]",
        "absent.csv": "absent.csv: error: this file cannot be read: No such file or directory [file-unreadable]",
    }


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(300_000_000)

    data, [problem] = read_bytes(tmp_path / "huge.csv", "huge.csv")

    assert data is None
    assert (problem.code, problem.values) == ("table-too-large", {"limit": 200, "size": 300})


def test_a_mark_is_no_part_of_the_text() -> None:
    assert detect(b"\xef\xbb\xbfa").data == b"a"
    assert detect(b"\xef\xbb\xbfa").encoding is Encoding.UTF_8_BOM


# Numbers in cells


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((token, "cell-missing-token") for token in ("NA", "n/a", "null", "None", "-", "/", "无", "——", " 暂无 ")),
        *((token, "cell-not-finite") for token in ("NaN", "nan", "inf", "-Infinity", "∞")),
        *((token, "cell-scientific") for token in ("1.2E+5", "1e999", "1e-400", "1E+400", "-3e5")),
        *((token, "cell-formula-error") for token in ("#DIV/0!", "#N/A", "#REF!", "#VALUE!")),
        *((token, "cell-not-a-number") for token in ("abc", "1.234,5", "1,23", "5-", "−5", "1_000", "²", "一百", "٣")),
        *((token, "cell-other-unit") for token in ("5人", "85%")),
        *((token, "cell-too-large") for token in ("9" * 17, "1" * 60)),
    ],
)
def test_what_is_no_number_says_why(text: str, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        read_number(text, "元")

    assert fault.value.code == code


# Encodings that look like each other


@pytest.mark.parametrize(
    ("text", "codec", "told"),
    [
        ("陳冠華", "big5", "as GB18030 it reads '{gb18030}', as Big5 '{text}'"),
        ("한국영업부", "euc_kr", "as GB18030 it reads '{gb18030}', as Euc-Kr '{text}'"),
    ],
)
def test_a_text_in_another_encoding_is_refused_with_both_readings(text: str, codec: str, told: str) -> None:
    line = f"E01,sales,5,{text}"

    _, [problem] = read(HEADER.encode() + line.encode(codec) + b"\n")

    assert told.format(text=line, gb18030=line.encode(codec).decode("gb18030")) in str(problem)


@pytest.mark.parametrize("codec", ["big5", "euc_kr", "shift_jis"])
def test_no_file_in_another_encoding_is_read_as_gb18030(codec: str) -> None:
    """Random everyday characters of the encoding, in files of one to twenty names; the same ones each time."""
    first, last = {"big5": (0xA4, 0xC6), "euc_kr": (0xB0, 0xC8), "shift_jis": (0x88, 0x97)}[codec]
    chance = random.Random(7)

    for _ in range(300):
        names = [a_name(chance, codec, range(first, last + 1)) for _ in range(chance.choice((1, 2, 3, 8, 20)))]
        data = "".join(f"E{at},sales,5,{name}\n" for at, name in enumerate(names))
        table, problems = read((HEADER + data).encode(codec))
        assert table is None, names
        assert problems[0].code in ("encoding-either", "encoding-unknown", "encoding-ambiguous")


def test_files_of_some_names_in_gb18030_are_read() -> None:
    chance = random.Random(8)

    for _ in range(100):
        names = [a_name(chance, "gb2312", range(0xB0, 0xD8)) for _ in range(30)]
        data = "".join(f"E{at},sales,5,{name}\n" for at, name in enumerate(names))
        rows, _ = rows_of((HEADER + data).encode("gb18030"))
        assert [cells[3] for _, cells in rows] == names


def a_name(chance: random.Random, codec: str, first: range) -> str:
    name = ""
    while len(name) < 3:
        name += bytes((chance.choice(first), chance.randrange(0xA1, 0xFF))).decode(codec, "ignore")
    return name


# Characters and quotes


@pytest.mark.parametrize(
    ("character", "found"), [("\x85", "U+0085"), ("\x9b", "U+009B"), ("\ufffe", "U+FFFE"), ("\uffff", "U+FFFF")]
)
@pytest.mark.parametrize("more", ["", '"quoted"'])
def test_controls_behind_ascii_and_signs_that_are_no_characters_cost_their_line(
    character: str, found: str, more: str
) -> None:
    rows, table = rows_of(f"{HEADER}E01,sales,5,a{character}b\nE02,sales,6,中·°\nE03,sales,7,{more}\n")

    assert [line for line, _ in rows] == [3, 4]
    assert aside(table) == [("bad-character", "actuals/a.csv:2:14")]
    assert table.ledger.problems[0].values["found"] == found


PEOPLE = Layout(
    ("person", "name", "role", "department"),
    ("manager", "base_salary"),
    ids=("person", "role", "department", "manager"),
)


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        pytest.param(
            "person,name,role,department,manager",
            (
                '015,"Ann,role-15,shop,018',
                "016,Bob,role-16,shop,018",
                '017,Carl",role-17,shop,018',
                "018,Dan,role-18,shop,",
            ),
            id="an id in the last column",
        ),
        pytest.param(
            "person,name,role,department,manager,base_salary",
            (
                '015,"Ann,role-15,shop,,1',
                "016,Bob,role-16,shop,,1",
                '017,Carl",role-17,shop,,1',
                "018,Dan,role-18,shop,015,1",
            ),
            id="ids that are not there",
        ),
        pytest.param(
            "person,name,role,department",
            ('015,"Ann,role-15,shop', "016,Bob,role-16,shop", '017,Carl",role-17,shop', "018,Dan,role-18,shop"),
            id="an id at the end of the line",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_two_stray_quotes_cost_a_row_each_at_most(header: str, lines: Sequence[str], end: str) -> None:
    data = "".join(f"{line}{end}" for line in (header, *lines))

    table, _ = read_table(data.encode(), "people.csv", PEOPLE)

    assert table is not None
    assert [cells[0] for _, cells in table.rows()] == ["016", "018"]
    assert [(each.code, each.place.line) for each in table.ledger.set_aside] == [
        ("quote-unclosed", 2),
        ("quote-misplaced", 4),
    ]


# Workbooks


def workbook(rows: Sequence[Sequence[object]], change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "data"
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """A workbook with its members changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


NAMES = ("subject", "measure", "actual", "note")
XLSX = "actuals/a.xlsx"
SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_is_read_by_the_same_rules() -> None:
    data = workbook([NAMES, ("E01", "sales", 5, "按时"), ("007", "sales", 0.285, None), (None, None, None, None)])

    rows, table = rows_of(data, XLSX)

    assert rows == [(2, ["E01", "sales", "5", "按时"]), (3, ["007", "sales", "0.285", ""])]
    assert str(table.place(3, rows[1][1], 2)) == "actuals/a.xlsx!data!C3"
    assert table.place(3, rows[1][1], 2) == Place("actuals/a.xlsx", 3, 3, "data!C3")
    assert report(table).encoding == "xlsx"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("0.28499999999999998", "0.285"),
        ("87.249999999999986", "87.25"),
        ("0.1", "0.1"),
        ("1E-3", "0.001"),
        ("1.5E3", "1500"),
        ("100", "100"),
        ("-12.50", "-12.5"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_a_stored_number_is_what_the_spreadsheet_shows(stored: str, text: str) -> None:
    """15 significant digits."""
    data = repacked(
        workbook([NAMES, ("E01", "sales", 4242, "")]),
        lambda members: members.update({SHEET: members[SHEET].replace(b"<v>4242</v>", f"<v>{stored}</v>".encode())}),
    )

    rows, _ = rows_of(data, XLSX)

    assert rows[0][1][2] == text


def formatted(code: str, value: object) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        book["data"]["C2"].number_format = code

    return workbook([NAMES, ("E01", "sales", value, "")], change)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("0.0%", "28.5%"),
        ("0%", "28.5%"),
        ("0.00", "0.285"),
        ('"%"0.0', "0.285"),
        ("#,##0", "0.285"),
        ("General", "0.285"),
    ],
)
def test_a_percentage_is_read_as_it_is_shown(code: str, text: str) -> None:
    """0.285 that is shown as a percentage is 28.5%."""
    rows, _ = rows_of(formatted(code, 0.285), XLSX)

    assert rows[0][1][2] == text


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "m/d/yy", "[$-804]yyyy年m月", "h:mm", "mm-dd-yy"])
def test_a_number_that_became_a_date_is_set_aside(code: str) -> None:
    _, table = rows_of(formatted(code, 45000), XLSX)

    assert aside(table) == [("cell-is-date", "actuals/a.xlsx!data!C2")]


@pytest.mark.parametrize(("is_1904", "text"), [(False, "2026-10-05"), (True, "2026-10-05")])
def test_a_date_is_read_in_a_column_of_dates(is_1904: bool, text: str) -> None:
    """Both systems of counting days."""

    def change(book: openpyxl.Workbook) -> None:
        if is_1904:
            book.epoch = CALENDAR_MAC_1904
        book["data"]["D2"] = date(2026, 10, 5)

    rows, _ = rows_of(workbook([(*NAMES[:3], "from"), ("E01", "sales", 5, None)], change), XLSX)

    assert rows[0][1][3] == text


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        pytest.param((7, "sales", 5, ""), "id-not-text", "A2", id="id stored as a number"),
        pytest.param((date(2026, 1, 1), "sales", 5, ""), "id-not-text", "A2", id="id turned into a date"),
        pytest.param(("E01", "sales", "#DIV/0!", ""), "cell-formula-error", "C2", id="division by zero"),
        pytest.param(("E01", "sales", "#N/A", ""), "cell-formula-error", "C2", id="not available"),
        pytest.param(("E01", "sales", "=1+1", ""), "cell-not-calculated", "C2", id="without a cached value"),
        pytest.param(("E01", "sales", True, ""), "cell-not-a-number", "C2", id="flag"),
        pytest.param(("E01", "sales", 5, "", "x"), "row-beyond-header", "E2", id="beyond the header"),
        pytest.param(("合计", None, 5), "totals-row", "A2", id="total"),
    ],
)
def test_a_faulty_row_of_a_workbook_costs_itself_only(row: Sequence[object], code: str, cell: str) -> None:
    rows, table = rows_of(workbook([NAMES, row, ("E03", "sales", 7, "ok")]), XLSX)

    assert [line for line, _ in rows] == [3]
    assert aside(table) == [(code, f"actuals/a.xlsx!data!{cell}")]
    assert all(str(problem) for problem in table.ledger.problems)


def test_a_cached_value_is_used_and_listed() -> None:
    data = repacked(
        workbook([NAMES, ("E01", "sales", "=1+1", "")]),
        lambda members: members.update(
            {SHEET: members[SHEET].replace(b"<v/>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")}
        ),
    )

    rows, table = rows_of(data, XLSX)

    assert rows[0][1][2] == "2"
    assert str(table.ledger.problems[0]).startswith(
        "actuals/a.xlsx: warning: 1 cells of sheet data are formulas; the results saved with them were used: C2 "
    )


def test_merged_cells_cost_the_file() -> None:
    data = workbook([NAMES, ("E01", "sales", 5, "")], lambda book: book["data"].merge_cells("A2:A3"))

    _, [problem] = read(data, XLSX)

    assert (problem.code, problem.values) == ("workbook-merged-cells", {"ranges": "data!A2:A3"})


def test_hidden_rows_are_read_and_told() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["data"].row_dimensions[3].hidden = True

    rows, table = rows_of(workbook([NAMES, ("E01", "sales", 5, ""), ("E02", "sales", 6, "")], hide), XLSX)

    assert [line for line, _ in rows] == [2, 3]
    assert table.ledger.problems[0].values == {"cells": "3", "count": 1, "sheet": "data"}


def test_hidden_columns_are_read_and_told() -> None:
    """Those that mean nothing here need no word."""

    def hide(book: openpyxl.Workbook) -> None:
        book["data"].column_dimensions["C"].hidden = True
        book["data"].column_dimensions["E"].hidden = True

    rows, table = rows_of(workbook([(*NAMES, "other"), ("E01", "sales", 5, "", "x")], hide), XLSX)

    assert rows[0][1][2] == "5"
    [told_of] = [problem for problem in table.ledger.problems if problem.code == "workbook-hidden-columns"]
    assert told_of.values == {"cells": "C", "count": 1, "sheet": "data"}


@pytest.mark.parametrize(("name", "is_told"), [("secret", True), ("_xlnm._FilterDatabase", False)])
def test_hidden_names_are_told(name: str, is_told: bool) -> None:
    names = f'<definedNames><definedName name="{name}" hidden="1">data!$A$1</definedName></definedNames>'.encode()

    def add(members: dict[str, bytes]) -> None:
        book = members["xl/workbook.xml"].replace(b"<definedNames />", b"").replace(b"<definedNames/>", b"")
        members["xl/workbook.xml"] = book.replace(b"</sheets>", b"</sheets>" + names)

    _, table = rows_of(repacked(workbook([NAMES, ("E01", "sales", 5, "")]), add), XLSX)

    assert [problem.values for problem in table.ledger.problems] == ([{"parts": "hidden names"}] if is_told else [])


def test_a_hidden_sheet_is_named_and_empty_ones_do_not_matter() -> None:
    def add(book: openpyxl.Workbook) -> None:
        book.create_sheet("Sheet2")
        book.create_sheet("old").append(["x"])
        book["old"].sheet_state = "hidden"

    rows, table = rows_of(workbook([NAMES, ("E01", "sales", 5, "")], add), XLSX)

    assert len(rows) == 1
    assert [(p.code, p.values["sheet"]) for p in table.ledger.problems] == [("workbook-hidden-sheet", "old")]


def test_two_sheets_with_content_cost_the_file() -> None:
    data = workbook([NAMES], lambda book: book.create_sheet("more").append(["x"]))

    _, [problem] = read(data, XLSX)

    assert (problem.code, problem.values) == ("workbook-several-sheets", {"sheets": "data, more"})


def in_sheet(old: bytes, new: bytes) -> bytes:
    """A small workbook whose sheet says something else."""

    def change(members: dict[str, bytes]) -> None:
        assert old in members[SHEET]
        members[SHEET] = members[SHEET].replace(old, new)

    return repacked(workbook([NAMES, ("E01", "sales", 4242, "ok")]), change)


def test_the_dimension_of_a_sheet_is_not_trusted() -> None:
    rows, _ = rows_of(in_sheet(b'ref="A1:D2"', b'ref="A1:A1"'), XLSX)

    assert rows == [(2, ["E01", "sales", "4242", "ok"])]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'<row r="2"', b'<row r="99999999999"', "row 99999999999"),
        (b'<row r="2"', b'<row r="1"', "row 1"),
        (b'r="C2"', b'r="XFE2"', "cell XFE2"),
        (b'r="C2"', b'r="A2"', "cell A2"),
        (b'r="C2"', b'r="?"', "cell ?"),
        (b"</sheetData>", b"", "mismatched tag: line 1, column 708"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(old: bytes, new: bytes, reason: str) -> None:
    _, [problem] = read(in_sheet(old, new), XLSX)

    assert problem.code == "workbook-damaged"
    assert str(problem.values["reason"]).startswith(reason[:14])


def test_a_cell_at_the_far_corner_costs_no_time() -> None:
    rows, table = rows_of(
        in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), XLSX
    )

    assert len(rows) == 1
    assert aside(table) == [("row-beyond-header", "actuals/a.xlsx!data!XFD1048576")]


def test_a_header_at_the_far_corner_is_refused() -> None:
    data = in_sheet(b'<c r="D1"', b'<c r="XFD1"')

    assert refused(data, XLSX) == "too-many-columns"


def test_rows_and_cells_without_a_reference_follow_each_other() -> None:
    rows, _ = rows_of(in_sheet(b'<row r="2"', b"<row").replace(b'r="zz"', b""), XLSX)

    assert [line for line, _ in rows] == [2]


def test_rich_and_inline_text_is_exact() -> None:
    """Without the pronunciation beside it."""
    inline = b'<c r="D2" t="inlineStr"><is><r><t>a </t></r><r><t>b</t></r><rPh><t>no</t></rPh></is></c>'
    data = in_sheet(b"</row></sheetData>", b"</row></sheetData>")

    def change(members: dict[str, bytes]) -> None:
        start = members[SHEET].index(b'<c r="D2"')
        end = members[SHEET].index(b"</c>", start) + 4
        members[SHEET] = members[SHEET][:start] + inline + members[SHEET][end:]

    rows, _ = rows_of(repacked(data, change), XLSX)

    assert rows[0][1][3] == "a b"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"xl/../../evil": b""}, "workbook-unsafe", id="path in a member"),
        pytest.param({"/evil": b""}, "workbook-unsafe", id="absolute member"),
        pytest.param({"XL/workbook.xml": b""}, "workbook-unsafe", id="member twice"),
        pytest.param({"xl/bomb.xml": b"0" * 10_000_000}, "workbook-unsafe", id="ratio"),
        pytest.param({"xl/bomb.bin": os.urandom(1) * 60_000_000}, "workbook-too-large", id="size"),
        pytest.param({f"x{i}": b"" for i in range(2001)}, "workbook-too-large", id="members"),
        pytest.param({"xl/styles.xml": b"<!DOCTYPE x []><x/>"}, "workbook-unsafe", id="document type"),
        pytest.param({"xl/styles.xml": "<!DOCTYPE x><x/>".encode("utf-16")}, "workbook-unsafe", id="hidden"),
        pytest.param({"xl/vbaProject.bin": b"x"}, "workbook-other-kind", id="macros"),
        pytest.param({"xl/workbook.bin": b"x"}, "workbook-other-kind", id="binary"),
        pytest.param({"xl/workbook.xml": b"<workbook"}, "workbook-damaged", id="damaged"),
        pytest.param({"xl/_rels/workbook.xml.rels": b"<x/>"}, "workbook-damaged", id="no relations"),
    ],
)
def test_a_dangerous_workbook_is_refused(change: dict[str, bytes], code: str) -> None:
    data = repacked(workbook([NAMES, ("E01", "sales", 5, "")]), lambda members: members.update(change))

    assert refused(data, XLSX) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook-other-kind", id="old or encrypted"),
        pytest.param(HEADER.encode(), "workbook-damaged", id="CSV under another name"),
        pytest.param(workbook([NAMES])[:-40], "workbook-damaged", id="truncated"),
        pytest.param(workbook([]), "file-empty", id="empty"),
        pytest.param(workbook([("a", "b")]), "missing-columns", id="another header"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    assert refused(data, XLSX) == code


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(workbook([NAMES]))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1

    assert refused(bytes(data), XLSX) == "workbook-unsafe"


def test_what_stands_beside_the_cells_is_named_and_never_read() -> None:
    data = repacked(
        workbook([NAMES, ("E01", "sales", 5, "")]),
        lambda members: members.update({"xl/externalLinks/externalLink1.xml": b"<x/>", "xl/comments1.xml": b"<x/>"}),
    )

    _, table = rows_of(data, XLSX)

    assert table.ledger.problems[0].values == {"parts": "external links, comments"}
