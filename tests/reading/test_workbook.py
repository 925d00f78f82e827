"""What a workbook stores, as its format means it, and what is refused: cell by cell where it can be."""

import io
import random
import zipfile
from decimal import Decimal

import pytest
from xlsxwriter.workbook import Workbook

from kpibook.base.problems import Problem
from kpibook.base.words import words
from kpibook.reading.tables import Heading, Layout, Table, read_number, read_table
from kpibook.reading.tables.markup import MIN_TAGS
from workbooks import HEADER, a_row, book, header_row, row, text_cell

LAYOUT = Layout(
    ("subject", "measure", "actual"), ("note", "day"), ids=("subject",), numbers=("actual",), dates=("day",)
)
FILE = "actuals/a.xlsx"
SHARED = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
STYLE_OF_DAYS = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'

HIDDEN = '<col hidden="1"/>'


def read(data: bytes) -> tuple[Table | None, tuple[Problem, ...]]:
    return read_table(data, FILE, LAYOUT)


def rows_of(data: bytes) -> list[list[str]]:
    table, problems = read(data)
    assert table is not None, problems
    rows = [list(cells) for _, cells in table.rows()]
    assert not table.ledger.set_aside, table.ledger.problems
    return rows


def asides(data: bytes) -> tuple[list[list[str]], list[str]]:
    """The rows that are used, and what is told of the others."""
    table, problems = read(data)
    assert table is not None, problems
    rows = [list(cells) for _, cells in table.rows()]
    return rows, [str(problem).split("\n")[0] for problem in table.ledger.problems]


def refused(data: bytes) -> str:
    table, problems = read(data)
    if table is not None:
        list(table.rows())
        return ""
    return str(problems[0]).split("\n")[0]


# Damaged files


def test_any_flipped_bit_leaves_the_file_read_or_refused() -> None:
    """No library's own exception comes through; the same bits each time."""
    data = written_by_xlsxwriter([HEADER, ("E01", "sales", 5.5, "ok"), ("E02", "sales", 6, "fine")])
    sound, chance, kinds = rows_of(data), random.Random(1), set[str]()

    for _ in range(400):
        spoilt = bytearray(data)
        spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        table, problems = read(bytes(spoilt))
        if table is None:
            kinds |= {problem.code for problem in problems}
        else:
            assert [list(cells) for _, cells in table.rows()] == sound

    assert "workbook-damaged" in kinds


def test_a_damaged_stream_is_refused_with_its_reason() -> None:
    data = bytearray(book(header_row()))
    at = data.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[at : at + 3] = b"\xff\xff\xff"

    assert refused(bytes(data)).startswith(
        "actuals/a.xlsx: error: this workbook is damaged or no xlsx: it was not saved, or not sent, as a whole"
    )


def test_a_packing_that_the_format_does_not_know_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "0" * 90_000)

    assert refused(file.getvalue()).endswith("something unsafe: packed by method 12 [workbook-unsafe]")


@pytest.mark.parametrize("encoding", ["hex", "base64", "utf-7", "cp037", "no-such", "gb2312", "idna"])
def test_an_encoding_that_the_format_does_not_know_is_refused(encoding: str) -> None:
    data = book(header_row(), parts={SHARED: f'<?xml version="1.0" encoding="{encoding}"?><sst/>'})

    assert refused(data) == (
        f"actuals/a.xlsx: error: this workbook is damaged or no xlsx: unknown encoding {encoding} [workbook-damaged]"
    )


@pytest.mark.parametrize("where", [SHARED, STYLES, "xl/worksheets/sheet1.xml"])
def test_elements_within_elements_are_bounded(where: str) -> None:
    nested = f"<a>{'<x>' * 3000}{'</x>' * 3000}</a>"

    assert refused(book("", parts={where: nested})).startswith(
        "actuals/a.xlsx: error: this workbook is damaged or no xlsx: elements within elements, 65 levels"
    )


@pytest.mark.parametrize(
    ("rows", "shared"),
    [
        pytest.param(a_row("<c><v>1</v></c>"), "<sst><si><r><r><t>x</t></r></r></si></sst>", id="shared"),
        pytest.param(a_row('<c t="inlineStr"><is><r><t>x</t><r/></r></is></c>'), "<sst/>", id="in the cell"),
    ],
)
def test_runs_within_runs_are_refused(rows: str, shared: str) -> None:
    assert refused(book(header_row() + rows, parts={SHARED: shared})) == (
        "actuals/a.xlsx: error: this workbook is damaged or no xlsx: a run of text within a run [workbook-damaged]"
    )


def test_the_text_of_an_element_ends_where_another_begins_within() -> None:
    text = '<c t="inlineStr"><is><t>a<x>no</x>no</t><y><t>no</t></y><r><t>b</t><z/></r><rPh><t>no</t></rPh></is></c>'

    rows, told = asides(book(header_row() + a_row("<c><v>1<x/>2</v></c>", text)))

    assert (rows, told) == ([["E01", "sales", "1", "ab"]], [])


# Cells


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c t="s"><v>-1</v></c>', id="before the first text"),
        pytest.param('<c t="s"><v>1</v></c>', id="behind the last text"),
        pytest.param('<c t="s"><v>x</v></c>', id="no number of a text"),
        pytest.param('<c t="s"><v>' + "9" * 5000 + "</v></c>", id="far behind"),
        pytest.param("<c><v>4x</v></c>", id="no number"),
        pytest.param('<c s="7"><v>4</v></c>', id="a format that is not there"),
    ],
)
def test_a_damaged_cell_costs_its_row_only(cell: str) -> None:
    data = book(header_row() + a_row(cell) + a_row("<c><v>2.5</v></c>"), parts={SHARED: "<sst><si><t>8</t></si></sst>"})

    rows, told = asides(data)

    assert rows == [["E01", "sales", "2.5", ""]]
    [line] = told
    assert line.startswith("actuals/a.xlsx!data!C2: warning: actual is damaged in this cell and cannot be read")
    assert line.endswith("[cell-damaged]")


@pytest.mark.parametrize("stored", ["NaN", "INF", "-INF", "sNaN", "1e999999", "1E-999999", "-1e41"])
def test_a_number_beyond_all_bounds_is_left_as_it_is_stored(stored: str) -> None:
    rows = rows_of(book(header_row() + a_row(f"<c><v>{stored}</v></c>")))

    assert rows == [["E01", "sales", stored, ""]]
    with pytest.raises(ValueError, match="cell-"):
        read_number(stored, "")


@pytest.mark.parametrize(
    ("properties", "serial", "shown"),
    [
        pytest.param("", "61", "1900-03-01", id="the first that is certain"),
        pytest.param("", "46326", "2026-10-31", id="a day of today"),
        pytest.param("", "60", "60", id="the day that never was"),
        pytest.param("", "1", "1", id="a day that spreadsheets count one too far"),
        pytest.param("", "7.354", "7.354", id="a duration"),
        pytest.param("", "-3", "-3", id="before all days"),
        pytest.param("", "9999999", "9999999", id="behind all days"),
        pytest.param('<workbookPr date1904="1"/>', "1", "1904-01-02", id="the other epoch"),
        pytest.param('<workbookPr date1904="true"/>', "44864", "2026-10-31", id="the other epoch today"),
    ],
)
def test_a_serial_is_a_day_where_it_is_certain(properties: str, serial: str, shown: str) -> None:
    names = ("subject", "measure", "actual", "day")
    cell = f'<c s="1"><v>{serial}</v></c>'

    rows = rows_of(
        book(header_row(names) + a_row("<c><v>1</v></c>", cell), parts={STYLES: STYLE_OF_DAYS}, properties=properties)
    )

    assert rows == [["E01", "sales", "1", shown]]


# Texts


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x0041__x0042_", "AB"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x005f__x000d_", "_\r"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_x00_ _xZZZZ_ x000D_", "_x00_ _xZZZZ_ x000D_"),
        ("_x4E2D_", "\u4e2d"),
    ],
)
@pytest.mark.parametrize("kind", ["inline", "shared", "formula"])
def test_escapes_are_read_as_the_format_says(stored: str, meant: str, kind: str) -> None:
    cells = {
        "inline": text_cell(stored),
        "shared": '<c t="s"><v>0</v></c>',
        "formula": f'<c t="str"><f>A1</f><v>{stored}</v></c>',
    }

    rows = rows_of(
        book(
            header_row() + a_row("<c><v>1</v></c>", cells[kind]),
            parts={SHARED: f"<sst><si><r><t>{stored}</t></r><r><t></t></r></si></sst>"},
        )
    )

    assert rows[0][3] == meant


@pytest.mark.parametrize(("stored", "found"), [("_x001B_[2J", "U+001B"), ("a_x0000_", "U+0000"), ("_xD800_", "U+D800")])
def test_a_character_that_no_cell_may_hold_costs_its_row(stored: str, found: str) -> None:
    rows, told = asides(book(header_row() + a_row("<c><v>1</v></c>", text_cell(stored))))

    assert rows == []
    assert f"this line holds the character {found}, which cannot stand there" in told[0]


def test_texts_that_look_like_escapes_come_back_to_the_letter() -> None:
    texts = ["_x000D_", "_x0041_", "a\rb", "a\nb", "_x005F_", "x_x000d_", "_X000D_"]

    rows = rows_of(written_by_xlsxwriter([HEADER, *(("E01", "sales", 1, text) for text in texts)]))

    assert [cells[3] for cells in rows] == texts


def written_by_xlsxwriter(rows: list[tuple[object, ...]]) -> bytes:
    file = io.BytesIO()
    made = Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet("data")
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell)
            else:
                sheet.write_number(at, column, Decimal(str(cell)))
    made.close()
    return file.getvalue()


# Bounds


def noise(count: int) -> str:
    """Letters that do not pack."""
    return "".join(random.Random(count).choices("abcdefghijklmnopqrstuvwxyz", k=count))


@pytest.mark.parametrize(
    ("rows", "parts", "told"),
    [
        pytest.param(
            header_row(tuple(f"m{at}" for at in range(1000)))
            + "".join(row(f"<c><v>{at}</v></c>") for at in range(1001)),
            {},
            "limit 1000000 cells",
            id="rows as wide as their header",
        ),
        pytest.param(
            header_row() + "".join(row(f'<c t="s"><v>0</v></c><c><v>{at}</v></c>') for at in range(700)),
            {SHARED: f"<sst><si><t>{noise(30_000)}</t></si></sst>"},
            "limit 20000000 characters",
            id="a long text in many cells",
        ),
        pytest.param(
            header_row() + a_row("<c><v>1</v></c>", text_cell(noise(500_000))),
            {},
            "limit 400000 bytes in one text",
            id="a text longer than any cell",
        ),
        pytest.param(
            "".join(row(f"<c><v>{at}</v></c>") for at in range(100_001)), {}, "limit of 100000", id="very many rows"
        ),
        pytest.param(
            header_row(),
            {STYLES: f"<styleSheet>{noise(20_000)}<cellXfs>{'<xf/>' * 65_537}</cellXfs></styleSheet>"},
            "limit 65536 formats",
            id="formats",
        ),
        pytest.param(
            "",
            {"xl/worksheets/sheet1.xml": f"<worksheet>{noise(20_000)}<cols>{HIDDEN * 16_385}</cols></worksheet>"},
            "no xlsx: what it says of its columns is wrong",
            id="hidden columns",
        ),
    ],
)
def test_what_a_small_file_may_hold_is_bounded(rows: str, parts: dict[str, str], told: str) -> None:
    # Without the bound each of these takes minutes or gigabytes; how long it takes is measured in the bench.
    assert told in refused(book(rows, parts=parts))


def test_a_bound_is_told_in_the_reader_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    styles = f"<styleSheet>{noise(20_000)}<cellXfs>{'<xf/>' * 65_537}</cellXfs></styleSheet>"
    _, [many] = read(book(header_row(), parts={STYLES: styles}))
    # A file of as many tags as may be takes ten seconds: how many that are is no more than a number here.
    assert MIN_TAGS == 2_000_000
    monkeypatch.setattr("kpibook.reading.tables.markup.MIN_TAGS", 20_000)
    noisy = f"<styleSheet>{noise(3_000)}{'<x/>' * 20_000}</styleSheet>"
    refused_for_tags, [tags] = read(book(header_row(), parts={STYLES: noisy}))
    _, [damage] = read(b"PK\x03\x04")

    assert damage.message(words("zh")) == "这个工作簿已损坏，或者不是 xlsx：文件没有保存完整或没有传完"
    assert many.message(words("zh")) == "工作簿解开后太大（上限 65536 种格式）"
    assert refused_for_tags is None
    assert tags.message(words("zh")).endswith(" 个 XML 标签）")
    assert tags.message(words("en")).endswith(" XML tags)")


def test_a_cell_longer_than_a_spreadsheet_takes_costs_its_row() -> None:
    rows, told = asides(book(header_row() + a_row("<c><v>1</v></c>", text_cell(noise(40_000)))))

    assert rows == []
    assert told[0] == "actuals/a.xlsx!data!D2: warning: a cell is too long (32768 characters) [cell-too-long]"


def test_merged_cells_are_looked_up_in_one_pass() -> None:
    """Two rows of four are merged over their ids."""
    merged = "".join(f'<mergeCell ref="A{at}:B{at + 1}"/>' for at in range(2, 20_000, 4))
    lines = "".join(a_row(f"<c><v>{at}</v></c>") for at in range(20_000))
    body = f"<sheetData>{header_row()}{lines}</sheetData><mergeCells>{merged}</mergeCells>"
    data = book("", parts={"xl/worksheets/sheet1.xml": f'<worksheet xmlns="x">{body}</worksheet>'})

    table, _ = read_table(data, FILE, LAYOUT, Heading(1, HEADER, "data"))

    assert table is not None
    assert [line for line, _ in table.rows()] == [at for at in range(2, 20_002) if at % 4 in (0, 1)]
