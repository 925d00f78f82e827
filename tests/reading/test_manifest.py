"""Control totals: a file that was cut short, or has a number changed on the way, is caught."""

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from kpibook.base.problems import Problem, has_errors
from kpibook.model import Cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

COMPANY = Path(__file__).parents[1] / "company"
MANIFEST = "file,rows,column,sum\n"
SUPPORT = "subject,measure,actual\nE01,sales,55000\nE02,sales,22300.5\nE01,visitors,900\n"


@pytest.fixture
def cycle(tmp_path: Path) -> Path:
    """October of the small company, with one file of a supplier."""
    for name in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / name, tmp_path / name)
    folder = tmp_path / "scorecards" / "2026-10"
    (folder / "actuals" / "support.csv").write_text(SUPPORT, encoding="utf-8")
    return folder


def read(folder: Path, manifest: str) -> tuple[Cycle, tuple[Problem, ...]]:
    (folder / "manifest.csv").write_text(manifest, encoding="utf-8")
    catalog, _ = load_catalog(folder.parents[1] / "handbook")
    return load_cycle(folder, catalog)


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem).splitlines()[0].replace("scorecards/2026-10/", "") for problem in problems]


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        MANIFEST,
        f"{MANIFEST}actuals/support.csv,3,actual,78200.5\n",
        f"{MANIFEST}actuals/support.csv,3,,\n",
        f'{MANIFEST}actuals/support.csv,3,Actual,"78,200.50"\npeople.csv,3,base_salary,18000\n',
        "file,rows\nactuals/support.csv,3\n",
    ],
)
def test_a_file_that_is_whole_is_not_spoken_of(cycle: Path, manifest: str) -> None:
    _, problems = read(cycle, manifest)

    assert not [problem for problem in problems if "manifest" in problem.place.file]


def test_a_file_cut_short_is_caught(cycle: Path) -> None:
    (cycle / "actuals" / "support.csv").write_text(SUPPORT.removesuffix("E01,visitors,900\n"), encoding="utf-8")

    _, problems = read(cycle, f"{MANIFEST}actuals/support.csv,3,actual,78200.5\n")

    assert told(problems) == [
        "manifest.csv:2:1: error: actuals/support.csv should have 3 rows, but 2 were read [manifest-rows]",
        "manifest.csv:2:1: error: actual in actuals/support.csv should add up to 78200.5, but it adds up to 77300.5"
        " [manifest-sum]",
    ]
    assert has_errors(problems)


def test_a_number_cut_in_its_middle_is_caught(cycle: Path) -> None:
    (cycle / "actuals" / "support.csv").write_text(SUPPORT.replace("900\n", "9"), encoding="utf-8")

    _, problems = read(cycle, f"{MANIFEST}actuals/support.csv,3,actual,78200.5\n")

    assert [problem.code for problem in problems] == ["manifest-sum", "maybe-cut"]


def test_rows_are_counted_whether_they_are_used_or_set_aside_but_not_when_blank(cycle: Path) -> None:
    with (cycle / "actuals" / "support.csv").open("a", encoding="utf-8") as file:
        file.write(",,\nE99,sales,4\nE02,visitors,\n")

    _, problems = read(cycle, f"{MANIFEST}actuals/support.csv,5,actual,78204.5\n")

    assert not [problem for problem in problems if "manifest" in problem.place.file]


def test_a_workbook_is_added_up_as_its_program_would(cycle: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["subject", "measure", "actual"])
    sheet.append(["E01", "buyers", 0.25])
    sheet["C2"].number_format = "0%"
    sheet.append(["E02", "buyers", "12万元"])
    stream = io.BytesIO()
    book.save(stream)
    (cycle / "actuals" / "more.xlsx").write_bytes(stream.getvalue())

    _, problems = read(cycle, f"{MANIFEST}actuals/more.xlsx,2,actual,0.25\n")

    assert not [problem for problem in problems if "manifest" in problem.place.file]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "actuals/support.csv,3,value,5",
            "manifest.csv:2:1: error: actuals/support.csv has no column value that could add up to 5 [manifest-column]",
        ),
        (
            "actuals/none.csv,3,,",
            "manifest.csv:2:1: error: the manifest names actuals/none.csv, which is not there [manifest-file-missing]",
        ),
        ("actuals/support.csv,many,,", "manifest.csv:2:21: warning: rows says 'many', which is not a number"),
        ("actuals/support.csv,3,,5", "manifest.csv:2:23: warning: column is empty [cell-empty]"),
    ],
)
def test_what_is_wrong_with_the_manifest_is_told(cycle: Path, row: str, message: str) -> None:
    _, problems = read(cycle, f"{MANIFEST}{row}\n")

    [found] = [line for line in told(problems) if line.startswith("manifest.csv")]
    assert found.startswith(message)


def test_a_file_still_to_be_imported_may_be_named(cycle: Path) -> None:
    _, problems = read(cycle, f"{MANIFEST}统计表.xlsx,12,销售额,5\n")

    assert not [problem for problem in problems if "manifest" in problem.place.file]
