"""Workbooks as data files: the same rules as for CSV, and what only a workbook can hold."""

import io
import os
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kpibook.base.problems import Place
from kpibook.base.words import words
from table_files import HEADER, aside, read, refused, report, rows_of

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
        "actuals/a.xlsx: warning: 1 cell of sheet data is a formula; the result saved with it was used: C2 "
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

    told = [problem.message(words("zh")) for problem in table.ledger.problems]
    assert told == (["工作簿里还有 隐藏的名称，没有读取"] if is_told else [])


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
        (b'<row r="2"', b'<row r="99999999999"', "the number of a row, '99999999999', is none"),
        (b'<row r="2"', b'<row r="1"', "the number of a row, '1', is none"),
        (b'r="C2"', b'r="XFE2"', "the place of a cell, 'XFE2', is none"),
        (b'r="C2"', b'r="A2"', "the place of a cell, 'A2', is none"),
        (b'r="C2"', b'r="?"', "the place of a cell, '?', is none"),
        (b"</sheetData>", b"", "what is in it cannot be read"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(old: bytes, new: bytes, reason: str) -> None:
    _, [problem] = read(in_sheet(old, new), XLSX)

    assert problem.code == "workbook-damaged"
    assert problem.message(words("en")) == f"this workbook is damaged or no xlsx: {reason}"


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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"xl/../../evil": b""}, "工作簿里有不安全的内容：内部文件的名字 'xl/../../evil'", id="path"),
        pytest.param({"XL/workbook.xml": b""}, "工作簿里有不安全的内容：有同名的内部文件", id="twice"),
        pytest.param({"xl/bomb.xml": b"0" * 10_000_000}, "工作簿里有不安全的内容：压缩到不足 100 分之一", id="ratio"),
        pytest.param({"xl/bomb.bin": os.urandom(1) * 60_000_000}, "工作簿解开后太大（上限 50 MB）", id="size"),
        pytest.param({f"x{i}": b"" for i in range(2001)}, "工作簿解开后太大（上限 2000 个内部文件）", id="members"),
        pytest.param(
            {"xl/styles.xml": b"<!DOCTYPE x []><x/>"}, "工作簿里有不安全的内容：xl/styles.xml 里有 DOCTYPE", id="markup"
        ),
        pytest.param({"xl/vbaProject.bin": b"x"}, "不读取 .xlsm 文件", id="macros"),
    ],
)
def test_why_a_workbook_is_dangerous_is_said_in_the_reader_s_words(change: dict[str, bytes], told: str) -> None:
    data = repacked(workbook([NAMES, ("E01", "sales", 5, "")]), lambda members: members.update(change))

    _, [problem] = read(data, XLSX)

    assert problem.message(words("zh")) == told


def test_a_workbook_under_a_password_is_called_so() -> None:
    _, [problem] = read(b"\xd0\xcf\x11\xe0" + b"\0" * 600, XLSX)

    assert problem.message(words("zh")) == "不读取 .xls 或加密的 xlsx 文件"
    assert problem.hint(words("zh")) == "请另存为 .xlsx（不加密、不含宏）或 CSV（UTF-8）"
    assert problem.message(words("en")) == ".xls or encrypted .xlsx files are not read"


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

    [problem] = table.ledger.problems
    assert problem.message(words("zh")) == "工作簿里还有 外部链接, 批注，没有读取"
    assert problem.message(words("en")) == "the workbook also holds external links, comments, which was not read"
