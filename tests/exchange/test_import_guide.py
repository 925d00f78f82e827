"""The guide's page on tables is true: each table that it shows is imported, in both languages, as it says."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kpibook.base.words import LANGUAGES, words
from kpibook.pages.context import HandbookContext
from kpibook.pages.handbook.guide_tables import LAYOUTS, NOT_READ, tables_page
from kpibook.reading.catalog import load_catalog
from sent_tables import make_company, numbers, people, ratings, run, targets

ENGLISH = {"林晓": "Lin Xiao", "周然": "Zhou Ran", "工作态度": "Attitude"}
ENGLISH |= {"name: 茶艺师": "name: Barista", "name: 门店部": "name: Shop"}
ENGLISH |= {"name: 销售额": "aliases: [Sales], name: 销售额", "name: 到店人数": "aliases: [Visitors], name: 到店人数"}
NAMES = {"林晓": "E01", "Lin Xiao": "E01", "周然": "E02", "Zhou Ran": "E02"}
MEASURES = {"销售额": "sales", "Sales": "sales", "到店人数": "visitors", "Visitors": "visitors"}


def company(folder: Path, language: str) -> Path:
    root = make_company(folder)
    files = (path for path in folder.rglob("*") if path.suffix in (".yml", ".csv"))
    for path in files if language == "en" else ():
        text = path.read_text(encoding="utf-8")
        for word, other in ENGLISH.items():
            text = text.replace(word, other)
        path.write_text(text, encoding="utf-8")
    return root


def parts(language: str) -> dict[str, str]:
    """The page below each heading, by the heading's id."""
    catalog, _ = load_catalog(Path(__file__).parents[1] / "company" / "handbook")
    _, page = tables_page(HandbookContext(catalog, words(language)))
    cut = re.split(r"^#+ .* \{#(.+)\}$", page, flags=re.MULTILINE)
    return dict(zip(cut[1::2], cut[2::2], strict=True))


def tables(part: str) -> Iterator[list[list[str]]]:
    """The tables of a part, without their heads."""
    for block in re.findall(r"(?:^\|.*\n)+", part, flags=re.MULTILINE):
        rows = [[_text(cell) for cell in line.strip("|").split("|")] for line in block.splitlines()]
        yield rows[2:]


def _text(cell: str) -> str:
    return re.sub(r"&#([0-9]+);", lambda found: chr(int(found[1])), cell).strip()


def as_workbook(root: Path, rows: Sequence[Sequence[str]]) -> Path:
    """The table in the cells where the page shows it; numbers as numbers."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    for number, *cells in rows:
        for at, cell in enumerate(cells, start=1):
            page.cell(int(number), at).value = float(cell) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", cell) else cell or None
    book.save(root / "sent.xlsx")
    return root / "sent.xlsx"


def written(root: Path) -> set[tuple[str, ...]]:
    """Everything that stands in the cycle, as the page writes it."""
    own = {(*key.split(), value) for key, value in numbers(root).items()}
    rated = {("rated", *line.split(",")[:1], line.split(",")[4]) for line in ratings(root)}
    goals = {("target", *line.split(",")[:1], line.split(",")[2]) for line in targets(root)}
    return own | rated | goals


def promised(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for _, who, what, value in rows:
        if what in ("工作态度", "Attitude"):
            yield "rated", NAMES[who], value
        elif what in ("目标", "Target"):
            yield "target", NAMES[who], value
        else:
            yield NAMES[who], MEASURES[what], value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", [name.replace("_", "-") for name in LAYOUTS])
def test_each_table_is_read_as_the_page_says(tmp_path: Path, language: str, layout: str) -> None:
    root = company(tmp_path, language)
    sheet, taken = tables(parts(language)[layout])
    before = {*people(root)}, written(root)

    result = run(root, "import", as_workbook(root, sheet), *(["--targets"] if layout == "targets" else []))

    assert result.exit_code == 0, result.output
    if layout == "roster":
        [line] = {*people(root)} - before[0]
        assert line.startswith(taken[0][3])
    else:
        assert written(root) - before[1] == set(promised(taken)), result.output
        assert {*people(root)} == before[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", ["long", "wide", "two-rows", "months", "several"])
def test_the_cells_are_those_that_import_names(tmp_path: Path, language: str, layout: str) -> None:
    root = company(tmp_path, language)
    sheet, taken = tables(parts(language)[layout])

    result = run(root, "import", as_workbook(root, sheet), "--dry-run")

    assert all(f"!{cell} -> scorecards/" in result.output for cell, *_ in taken), result.output


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", NOT_READ)
def test_each_table_that_is_not_read_is_told_by_its_code(tmp_path: Path, language: str, code: str) -> None:
    root = company(tmp_path, language)
    [sheet] = tables(parts(language)[code])
    before = written(root)

    result = run(root, "import", as_workbook(root, sheet))

    assert f"[{code}]" in result.output
    assert result.exit_code in (1, 3)
    assert written(root) == before
