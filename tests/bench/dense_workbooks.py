"""Workbooks of 1 MB that hold as much as such a file can, of every kind: how long each takes to be read or refused.

Run by `make bench`. Each is grown until its file has the size, or its parts unpack to as much as is allowed.
"""

import random
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from kpibook.base.problems import Problem
from kpibook.reading.tables import DataFile, Heading, Layout
from kpibook.reading.tables.archive import MAX_RATIO, MAX_UNPACKED, SMALL
from workbooks import a_row, book, header_row, row, text_cell

SIZE = 1_000_000
SECONDS, MEGABYTES = 3, 200
LAYOUT = Layout(
    required=("subject", "measure", "actual"), optional=("note",), ids=("subject", "measure"), numbers=("actual",)
)
SHEET, SHARED, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
FILE = "dense.xlsx"
REMARK = 100_000

Parts = tuple[str, Mapping[str, str]]


def noise(chance: random.Random, length: int) -> str:
    """Characters that hardly pack."""
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=length))


def numbers(chance: random.Random, count: int) -> Parts:
    """Rows of twenty numbers, as a department's sheet."""
    head = header_row(tuple(f"m{at}" for at in range(20)))
    return head + "".join(
        row(*(f"<c><v>{chance.randrange(10**6)}</v></c>" for _ in range(20))) for _ in range(count)
    ), {}


def same_numbers(_: random.Random, count: int) -> Parts:
    """The same numbers again and again."""
    return header_row(tuple(f"m{at}" for at in range(20))) + row(*["<c><v>1</v></c>"] * 20) * count, {}


def placed(chance: random.Random, count: int) -> Parts:
    """Rows and cells with their places and styles, as spreadsheet programs write them."""
    lines = (
        f'<row r="{line}" spans="1:20">'
        + "".join(f'<c r="{chr(65 + at)}{line}" s="0"><v>{chance.randrange(10**6)}</v></c>' for at in range(20))
        + "</row>"
        for line in range(2, count + 2)
    )
    return header_row(tuple(f"m{at}" for at in range(20))) + "".join(lines), {}


def long_rows(chance: random.Random, count: int) -> Parts:
    """Rows of one number each, all of them good."""
    return header_row() + "".join(a_row(f"<c><v>{chance.randrange(10**6)}</v></c>") for _ in range(count)), {}


def faulty_rows(_: random.Random, count: int) -> Parts:
    """Rows that are all set aside."""
    return header_row() + a_row('<c t="e"><v>#N/A</v></c>') * count, {}


def fractions(chance: random.Random, count: int) -> Parts:
    """Numbers that have to be rounded to what a spreadsheet shows."""
    return header_row() + "".join(a_row(f"<c><v>{chance.random()}E-3</v></c>") for _ in range(count)), {}


def long_numbers(chance: random.Random, count: int) -> Parts:
    """Numbers of very many digits."""
    return header_row() + "".join(a_row(f"<c><v>{chance.randrange(10**250)}</v></c>") for _ in range(count)), {}


def inline_texts(chance: random.Random, count: int) -> Parts:
    """A text of its own in every row."""
    return header_row() + "".join(a_row("<c><v>1</v></c>", text_cell(noise(chance, 40))) for _ in range(count)), {}


def runs(_: random.Random, count: int) -> Parts:
    """Texts of many runs."""
    text = f'<c t="inlineStr"><is>{"<r><t>a</t></r>" * 30_000}</is></c>'
    return header_row() + a_row("<c><v>1</v></c>", text) * (count // 100), {}


def shared_texts(chance: random.Random, count: int) -> Parts:
    """A list of texts, each used once."""
    texts = "".join(f"<si><t>{noise(chance, 10)}</t></si>" for _ in range(count))
    used = (a_row("<c><v>1</v></c>", f'<c t="s"><v>{at}</v></c>') for at in range(count))
    return header_row() + "".join(used), {SHARED: f"<sst>{texts}</sst>"}


def one_text(chance: random.Random, count: int) -> Parts:
    """One long text in every cell."""
    cells = '<c t="s"><v>0</v></c>' * 4
    return header_row() + row(cells) * count, {SHARED: f"<sst><si><t>{noise(chance, 30_000)}</t></si></sst>"}


def unused_texts(_: random.Random, count: int) -> Parts:
    """A list of texts that no cell uses."""
    return header_row(), {SHARED: f"<sst>{'<si><t>a</t></si>' * count}</sst>"}


def tags(_: random.Random, count: int) -> Parts:
    """Tags without a meaning, in a row."""
    return header_row() + row("<x/>" * 50_000) * (count // 500), {}


def styles(_: random.Random, count: int) -> Parts:
    """A list of formats."""
    return header_row(), {STYLES: f"<styleSheet><cellXfs>{'<xf/>' * count}</cellXfs></styleSheet>"}


def attributes(_: random.Random, count: int) -> Parts:
    """Cells of very many attributes."""
    said = " ".join(f"a{at:x}=''" for at in range(20_000))
    cell = f"<c {said}/>"
    return header_row() + row(cell) * (count // 1_000), {}


def names(chance: random.Random, count: int) -> Parts:
    """Elements each of another name."""
    return header_row() + "".join(row(f"<x{noise(chance, 3)}{at}/>" * 3) for at in range(count)), {}


def merged(_: random.Random, count: int) -> Parts:
    """Ranges of merged cells."""
    ranges = "".join(f'<mergeCell ref="A{at}:B{at + 1}"/>' for at in range(2, 2 * count, 2))
    body = f"<sheetData>{header_row()}{a_row('<c><v>1</v></c>')}</sheetData><mergeCells>{ranges}</mergeCells>"
    return "", {SHEET: f'<worksheet xmlns="x">{body}</worksheet>'}


def hidden_columns(_: random.Random, count: int) -> Parts:
    """Ranges of hidden columns."""
    columns = '<col min="1" max="9" hidden="1"/>' * count
    body = f"<cols>{columns}</cols><sheetData>{header_row()}{a_row('<c><v>1</v></c>')}</sheetData>"
    return "", {SHEET: f'<worksheet xmlns="x">{body}</worksheet>'}


def empty_rows(_: random.Random, count: int) -> Parts:
    """Rows of nothing."""
    return header_row() + "<row/>" * (10 * count) + a_row("<c><v>1</v></c>"), {}


def empty_cells(_: random.Random, count: int) -> Parts:
    """Cells of nothing."""
    return header_row() + row("<c/>" * 10_000) * (count // 100), {}


def wide_text(_: random.Random, count: int) -> Parts:
    """Text beside the rows that nothing asks for."""
    return header_row() + row("\U0001f600" * 90_000 + "<x/>") * (count // 1_000), {}


def many_sheets(_: random.Random, count: int) -> Parts:
    """Very many sheets that are the same part."""
    sheets = "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1_000))
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return header_row() + "<row/>" * (count * 5), {
        "xl/workbook.xml": f'<workbook xmlns:r="{links}"><sheets>{sheets}</sheets></workbook>'
    }


KINDS: Mapping[str, Callable[[random.Random, int], Parts]] = {
    each.__name__: each
    for each in (
        *(numbers, same_numbers, placed, long_rows, faulty_rows, fractions, long_numbers, inline_texts, runs),
        *(shared_texts, one_text, unused_texts, tags, styles, attributes, names, merged, hidden_columns),
        *(empty_rows, empty_cells, wide_text, many_sheets),
    )
}


def dense(kind: str) -> bytes:
    """The largest workbook of a kind that is no larger than allowed."""
    count, best = 1_000, b""
    while count < 2_000_000:
        rows, parts = KINDS[kind](random.Random(count), count)
        if len(rows) + sum(map(len, parts.values())) > MAX_UNPACKED * 0.98:
            break
        data = book(padded(rows), parts={name: padded(text) for name, text in parts.items()})
        if len(data) > SIZE:
            break
        best = data
        count = count * 5 // 4
    return best


def padded(text: str) -> str:
    """A part that packs more tightly than is allowed, with remarks that hardly pack."""
    lacking = len(text) // MAX_RATIO - len(zlib.compress(text.encode()))
    if lacking <= 0 or len(text) < SMALL:
        return text
    at = 0 if text.startswith("<row") else text.index(">") + 1
    chance = random.Random(1)
    remarks = "".join(f"<!--{noise(chance, REMARK)}-->" for _ in range(lacking * 3 // 2 // REMARK + 1))
    return text[:at] + remarks + text[at:]


def read(path: Path) -> str:
    """What comes out: the rows that were read, or why the file was refused."""
    file = DataFile(path.read_bytes(), FILE)
    tops, problems = file.heads("")
    rows = 0
    for top in tops[:1]:
        header = tuple(cell.strip() for cell in top.rows[0][1])
        layout = LAYOUT if "subject" in header else Layout(required=header, numbers=header)
        table, more = file.table(layout, Heading(top.rows[0][0], header, top.sheet))
        problems = (*problems, *more)
        rows += sum(1 for _ in table.rows()) if table else 0
    return f"{rows:,} rows {_codes(problems)}"


def _codes(problems: tuple[Problem, ...]) -> str:
    return ", ".join(
        sorted({f"{each.code} {each.values.get('what', each.values.get('reason', ''))}" for each in problems})
    )


def measured(path: Path) -> None:
    """Print time, memory and outcome of one file, in a process of its own."""
    begin = time.process_time()
    told = read(path)
    seconds = time.process_time() - begin
    # Of this process alone; what getrusage tells is that of its parent where that was larger.
    [peak] = re.findall(r"VmHWM:\s*([0-9]+)", Path("/proc/self/status").read_text(encoding="ascii"))
    print(f"{seconds:6.2f} {int(peak) / 1024:6.0f}  {told[:110]}")


def main(kinds: list[str]) -> None:
    """Print a line for each kind."""
    print(f"kind             MB file   s (< {SECONDS})  MB (< {MEGABYTES})")
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds or KINDS:
            path = Path(folder) / FILE
            path.write_bytes(dense(kind))
            found = subprocess.run(
                [sys.executable, __file__, "--read", str(path)], capture_output=True, text=True, check=False
            )
            print(
                f"{kind:16} {path.stat().st_size / 1e6:6.2f}  {found.stdout.strip() or found.stderr.strip()[-300:]}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        measured(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
