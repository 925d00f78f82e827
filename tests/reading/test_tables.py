"""Data files: a fault costs its row and not its file, and every row has an outcome."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpibook.model import FileReport
from kpibook.reading.tables import CellFault, Layout, decoding, read_bytes, read_number, read_table
from kpibook.reading.tables.decoding import Encoding, detect
from kpibook.reading.tables.records import MAX_CELL
from table_files import HEADER, aside, read, refused, report, rows_of, told

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


def test_a_quote_closes_beyond_the_block_it_was_opened_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "BLOCK", 3_000)
    filler = "".join(f"E{i:05d},sales,{i},\n" for i in range(150))
    quoted = 'A,sales,5,"one\ntwo"\n'
    data = f'{quoted}{filler}B,sales,6,"x"\n'

    # The first block ends with a line: at each letter of the quoted ones once.
    for shift in range(len(quoted)):
        note = "x" * (3_000 - len(f"{HEADER}{filler}E,sales,1,\n") - shift)
        rows, table = rows_of(f"{HEADER}{filler}E,sales,1,{note}\n{data}")

        assert not table.ledger.set_aside
        assert len(rows) == 2 * 150 + 3


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
        *((token, "cell-not-a-number") for token in ("abc", "1.234,5", "1,23", "1_000", "²", "一百", "٣")),
        *((token, "cell-odd-negative") for token in ("(500)", "（1,234.5）", "(¥5)", "(5%)", "5-", "−5", "– 5")),
        *((token, "cell-other-unit") for token in ("5人", "85%")),
        *((token, "cell-too-large") for token in ("9" * 17, "1" * 60)),
    ],
)
def test_what_is_no_number_says_why(text: str, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        read_number(text, "元")

    assert fault.value.code == code


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
