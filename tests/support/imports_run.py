"""An import on the tiny company, in Python or by its command, and what it left in the folder of the cycle."""

import csv
import datetime
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.content import read
from kpibook.exchange.importing import ImportPlan, Settings, plan_import, write_plan
from sent_tables import Cells, make_company, october, run

LAST_CELL = re.compile(r',(?:"(?:[^"]|"")*"|[^,"\n]*)$(?=\n)', re.MULTILINE)
TODAY = datetime.date(2026, 11, 6)
MORE = """\
return_rate: {name: 退货率, unit: "%", owner: shop, minimum: 0, maximum: 100, aliases: [退货比例, returns]}
balance: {name: 结余, unit: 元, owner: support}
"""
WIDE = """\
小满茶铺十月统计表,,,,,
制表：周然,,,,,
序号,姓名,销售额,退货率,成交率,到店人数
1,林晓,"5.5万",12%,30%,900
2,周然,22300,3.5%,,
3,何小青,16000,abc,,

,合计,93300,,,900
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny company with two measures more and an October without numbers."""
    return make_company(tmp_path, MORE)


def plan(root: Path, *files: Path, **chosen: object) -> ImportPlan:
    content = read(root / "handbook", root / "scorecards")
    cycle = content.cycles[Period.parse("2026-10")]
    supplier, delimiter = str(chosen.get("supplier", "")), str(chosen.get("delimiter", ""))
    how = Settings(supplier, replace=bool(chosen.get("replace")), delimiter=delimiter)
    return plan_import(files, content.catalog, cycle, october(root), how)


def taken_in(root: Path, *files: Path, **chosen: object) -> ImportPlan:
    """Import the files."""
    made = plan(root, *files, **chosen)
    write_plan(made, words("en"), TODAY)
    return made


def sent(root: Path, text: str | bytes, name: str = "sent.csv") -> Path:
    path = root / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def book(root: Path, name: str = "sent.xlsx", merge: Sequence[str] = (), **sheets: Cells) -> Path:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for cells in merge:
            sheet.merge_cells(cells)
    made.save(root / name)
    return root / name


def numbers(root: Path, name: str) -> str:
    """A file of actuals without its header and the cells from which its numbers came."""
    path = october(root) / "actuals" / f"{name}.csv"
    head, _, rows = path.read_text(encoding="utf-8").partition("\n") if path.exists() else ("", "", "")
    return LAST_CELL.sub("", rows) if head.endswith(",source") else rows


def aside(root: Path) -> list[Mapping[str, str]]:
    path = october(root) / "set-aside.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []


def waits(root: Path) -> list[tuple[str, str, str]]:
    """State, code and place of each line of set-aside.csv."""
    return [(row["state"], row["code"], row["cell"] or f"{row['line']}:{row['column']}") for row in aside(root)]


def everything(root: Path) -> Mapping[str, bytes]:
    files = sorted(path for path in october(root).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def filled(root: Path, cell: str, value: int) -> Path:
    """The sheet of the supporting department with one cell filled in."""
    assert run(root, "collect", "2026-10", "--out", str(root / "out")).exit_code == 0
    made = openpyxl.load_workbook(root / "out" / "support.xlsx")
    made.worksheets[1][cell] = value
    made.save(root / "out" / "support.xlsx")
    return root / "out" / "support.xlsx"
