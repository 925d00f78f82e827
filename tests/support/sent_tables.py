"""Tables as people send them, and the tiny company that takes them in."""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
from click.testing import CliRunner, Result
from openpyxl.worksheet.worksheet import Worksheet

from kpibook.cli import main

COMPANY = Path(__file__).parents[1] / "company"
MEASURES = """\
return_rate: {name: 退货率, unit: "%", owner: shop, minimum: 0, maximum: 100}
training_hours: {name: 培训时长, unit: 小时, owner: shop}
reply_time: {name: 响应时长, unit: 秒, owner: shop, accumulate: mean}
stock: {name: 库存额, unit: 元, owner: support, accumulate: last}
"""

Cells = Sequence[Sequence[object]]


def make_company(folder: Path, measures: str = MEASURES) -> Path:
    """The tiny company with some measures more and an October without numbers."""
    for name in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / name, folder / name)
    with (folder / "handbook" / "measures.yml").open("a", encoding="utf-8") as file:
        file.write(measures)
    shutil.rmtree(october(folder) / "actuals")
    (october(folder) / "ratings.csv").unlink()
    return folder


def october(root: Path) -> Path:
    """The folder of the open cycle."""
    return root / "scorecards" / "2026-10"


def workbook(
    root: Path, rows: Cells, *, merge: Sequence[str] = (), name: str = "sent.xlsx", sheet: str = "数据"
) -> Path:
    """A workbook with one sheet, as a spreadsheet program saves it."""
    made = openpyxl.Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for cells in merge:
        page.merge_cells(cells)
    made.save(root / name)
    return root / name


def plain_file(root: Path, text: str, name: str = "sent.csv") -> Path:
    """A CSV file."""
    (root / name).write_text(text, encoding="utf-8")
    return root / name


def run(root: Path, *arguments: object) -> Result:
    """A command of the program on this company."""
    folders = ("--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards"))
    return CliRunner().invoke(main, [*folders, *map(str, arguments)])


def numbers(root: Path, cycle: str = "2026-10") -> dict[str, str]:
    """All numbers of a cycle by subject and measure."""
    files = sorted((root / "scorecards" / cycle / "actuals").glob("*.csv"))
    return {f"{row['subject']} {row['measure']}": row["actual"] for path in files for row in _rows(path)}


def ratings(root: Path) -> list[str]:
    """The ratings of the open cycle."""
    return _lines(october(root) / "ratings.csv")


def targets(root: Path) -> list[str]:
    """The targets of the open cycle."""
    return _lines(october(root) / "targets.csv")


def people(root: Path) -> list[str]:
    """The roster of the open cycle."""
    return _lines(october(root) / "people.csv")


def aside(root: Path) -> list[tuple[str, str]]:
    """Cell and code of everything that waits."""
    path = october(root) / "set-aside.csv"
    return [(row["cell"] or row["line"], row["code"]) for row in _rows(path)] if path.exists() else []


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    yield from csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
