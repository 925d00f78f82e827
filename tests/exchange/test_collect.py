"""The sheets that go out: the right rows to the right department, checked, locked, inert, and the same bytes."""

import csv
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from gmpy2 import mpq
from openpyxl.worksheet.worksheet import Worksheet

from kpibook.base.numbers import plain
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.exchange.collect import Request, collect_files
from kpibook.exchange.importing.names import relation_name
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.exchange.needs import State, needs_of
from kpibook.model import Catalog, Cycle, Indicator, Measure
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.reading.tables import read_heads
from kpibook.scoring import score

COMPANY = Path(__file__).parents[1] / "company"
SAMPLE = Path(__file__).parents[2]
NO_OFFICE = "no LibreOffice was found"
HEADER = 5
"""The row of the header."""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The tiny company, whose October lacks some numbers and ratings."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    return tmp_path


def collected(root: Path, *options: str, cycle: str = "2026-10") -> Mapping[str, bytes]:
    """The files that the command writes, by name."""
    out = root / "out"
    shutil.rmtree(out, ignore_errors=True)
    folders = ("--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards"))
    result = CliRunner().invoke(main, [*folders, "collect", cycle, "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def data_sheet(book: openpyxl.Workbook) -> Worksheet:
    """The sheet that a program shows first: the one to fill in."""
    assert isinstance(book.active, Worksheet)
    return book.active


def rows(sheet: Worksheet) -> list[list[str]]:
    """All cells from the header on, as text."""
    return [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(min_row=HEADER, values_only=True)]


def column(sheet: Worksheet, title: str) -> list[str]:
    header, *body = rows(sheet)
    return [row[header.index(title)] for row in body]


def test_each_supplier_gets_the_rows_that_its_numbers_need(company: Path) -> None:
    files = collected(company)

    assert list(files) == ["ratings-E01.xlsx", "shop.xlsx", "support.xlsx"]
    support = data_sheet(opened(files["support.xlsx"]))
    assert [row[:6] for row in rows(support)] == [
        ["编号", "姓名", "数据项编号", "数据项", "单位", "上期"],
        ["E01", "林晓", "sales", "销售额", "元", "48,000"],
        ["E02", "周然", "sales", "销售额", "元", "21,500"],
        ["E03", "何小青", "sales", "销售额", "元", "15,000"],
        ["E01", "林晓", "visitors", "到店人数", "人", "800"],
        ["E01", "林晓", "buyers", "成交人数", "人", "184"],
    ]
    assert column(data_sheet(opened(files["shop.xlsx"])), "数据项编号") == ["complaints"]


def test_a_row_shows_its_target_and_the_number_that_is_there(company: Path) -> None:
    support = data_sheet(opened(collected(company)["support.xlsx"]))

    assert column(support, "目标")[:3] == ["50,000 元", "20,000 元", "15,000 元"]
    assert column(support, "实际") == ["55000", "22300", "", "900", "234"]


def test_only_what_is_missing_goes_out_again(company: Path) -> None:
    files = collected(company, "--missing")

    assert list(files) == ["ratings-E01.xlsx", "support.xlsx"]
    assert column(data_sheet(opened(files["support.xlsx"])), "编号") == ["E03"]
    assert column(data_sheet(opened(files["ratings-E01.xlsx"])), "编号") == ["E03"]


def test_nothing_is_written_when_nothing_is_missing(company: Path) -> None:
    assert not collected(company, "--missing", cycle="2026-09")


def test_the_open_cells_are_checked_and_all_others_locked(company: Path) -> None:
    with (company / "handbook" / "measures.yml").open("a", encoding="utf-8") as file:
        file.write("hours: {name: 工时, unit: 小时, owner: support, minimum: -2.5, maximum: 744}\n")
    sales = company / "handbook" / "indicators" / "sales.yml"
    sales.write_text(
        sales.read_text(encoding="utf-8").replace("formula: sales\n", "formula: sales + 0 * hours\n"), encoding="utf-8"
    )

    sheet = data_sheet(opened(collected(company)["support.xlsx"]))

    is_open = {cell.coordinate[0] for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    header = rows(sheet)[0]
    assert is_open == {"H", "I"}
    assert (header[7], header[8]) == ("实际", "备注")
    assert sheet.protection.sheet is True
    assert sheet.protection.password is None
    checks = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    at = HEADER + 1 + column(sheet, "数据项编号").index("hours")
    check = checks[f"H{at}"]
    assert (check.type, check.operator, check.formula1, check.formula2) == ("decimal", None, "-2.5", "744")
    assert check.error == "请填 -2.5 到 744 之间的数；没有数就留空。"


def test_every_sheet_prints_all_its_columns_on_a_page(company: Path) -> None:
    for data in collected(company).values():
        for sheet in opened(data):
            assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", None)
            assert sheet.sheet_properties.pageSetUpPr is not None
            assert sheet.sheet_properties.pageSetUpPr.fitToPage is True


def test_nothing_is_hidden(company: Path) -> None:
    for data in collected(company).values():
        book = opened(data)

        assert {sheet.sheet_state for sheet in book} == {"visible"}
        assert not book.defined_names
        for sheet in book:
            assert not sheet.defined_names
            assert not any(part.hidden for part in sheet.row_dimensions.values())
            assert not any(part.hidden for part in sheet.column_dimensions.values())


def test_a_stamp_tells_cycle_catalog_and_sheet(company: Path) -> None:
    files = collected(company)

    stamps = {name: str(data_sheet(opened(data))["A2"].value) for name, data in files.items()}

    assert stamps["support.xlsx"].startswith("kpibook cycle=2026-10 catalog=")
    assert stamps["support.xlsx"].endswith(" sheet=support/1 rows=5")
    assert stamps["ratings-E01.xlsx"].endswith(" sheet=ratings/E01 rows=2")


def test_a_rater_gets_a_sheet_with_the_levels_and_what_they_mean(company: Path) -> None:
    role = company / "handbook" / "roles" / "barista.yml"
    text = role.read_text(encoding="utf-8").replace(
        "{level: 好, from: 30, to: 40}", "{level: 好, from: 40, to: 40, meaning: 从不迟到}"
    )
    role.write_text(text, encoding="utf-8")

    book = opened(collected(company)["ratings-E01.xlsx"])

    sheet = data_sheet(book)
    assert rows(sheet)[0][2:4] == ["指标编号", "指标"]
    assert column(sheet, "评价关系") == ["上级", "上级"]
    assert column(sheet, "满分") == ["40", "40"]
    assert column(sheet, "得分") == ["40", ""]
    assert column(sheet, "等级说明")[0] == "好 40 分：从不迟到；中 20–29 分；差 0–19 分"
    assert [[cell.value for cell in row] for row in book["等级说明"].iter_rows()] == [
        ["指标", "等级", "分数", "含义"],
        ["工作态度", "好", "40", "从不迟到"],
        ["工作态度", "中", "20–29", ""],
        ["工作态度", "差", "0–19", ""],
    ]
    levels, points = validated(sheet)
    assert levels == [("list", '"好,中,差"', None, "H6"), ("list", '"好,中,差"', None, "H7")]
    assert points == [("decimal", "0", "40", "I6"), ("decimal", "0", "40", "I7")]


def validated(
    sheet: Worksheet,
) -> tuple[list[tuple[str, str, str | None, str]], list[tuple[str, str, str | None, str]]]:
    """The lists to choose from and the bounds of numbers, each with its cell."""
    found = sorted(
        (each.type, each.formula1, each.formula2, cell)
        for each in sheet.data_validations.dataValidation
        for cell in str(each.sqref).split()
    )
    lists, others = [each for each in found if each[0] == "list"], [each for each in found if each[0] != "list"]
    return lists, others


def test_a_level_is_chosen_and_one_with_a_range_asks_for_its_points_beside(company: Path) -> None:
    role = company / "handbook" / "roles" / "barista.yml"
    text = role.read_text(encoding="utf-8").replace("{level: 好, from: 30, to: 40}", "{level: 好, from: 40, to: 40}")
    role.write_text(text.replace("from: 20, to: 29}", "from: 20, to: 29, default: 25}"), encoding="utf-8")
    (company / "scorecards" / "2026-10" / "ratings.csv").unlink()
    rate = partial(rated_as, company)

    assert column(data_sheet(opened(collected(company)["ratings-E01.xlsx"])), "等级说明")[0] == (
        "好 40 分；中 20–29，只选等级按 25 分；差 0–19 分"
    )
    assert rate("好", None) == ["E02,attitude,manager,E01,好,"]
    assert rate("中", None) == ["E02,attitude,manager,E01,中,"]
    assert rate("中", 28) == ["E02,attitude,manager,E01,28,"]
    assert rate("差", 15) == ["E02,attitude,manager,E01,15,"]
    assert rate(None, 33) == []
    assert rate("差", None) == []
    assert rate("差", 30) == []


def rated_as(company: Path, level: str | None, points: int | None) -> list[str]:
    """What ratings.csv holds after a rater has filled in the first row so."""
    file = company / "scorecards" / "2026-10" / "ratings.csv"
    file.unlink(missing_ok=True)
    sheet = company / "sheet.xlsx"
    book = opened(collected(company)["ratings-E01.xlsx"])
    page = data_sheet(book)
    page["H6"].value, page["I6"].value = level, points
    book.save(sheet)
    run(company, "import", str(sheet), "--cycle", "2026-10")
    return file.read_text(encoding="utf-8").splitlines()[1:] if file.exists() else []


def test_raters_of_an_item_on_trial_may_give_up_to_its_best_level(company: Path) -> None:
    role = company / "handbook" / "roles" / "barista.yml"
    text = role.read_text(encoding="utf-8").replace("weight: 60", "weight: 100").replace("weight: 40", "weight: 0")
    role.write_text(text.replace("points: 60", "points: 100"), encoding="utf-8")

    sheet = data_sheet(opened(collected(company)["ratings-E01.xlsx"]))

    assert column(sheet, "满分") == ["40", "40"]
    _, [points, _] = validated(sheet)
    assert points[:3] == ("decimal", "0", "40")


def test_somebody_without_a_superior_is_rated_on_a_sheet_with_an_open_rater(company: Path) -> None:
    people = company / "scorecards" / "2026-10" / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("shop,E01,,,5000", "shop,,,,5000"), encoding="utf-8")

    files = collected(company)

    sheet = data_sheet(opened(files["ratings-unassigned.xlsx"]))
    assert column(sheet, "编号") == ["E03"]
    assert column(sheet, "评分人") == [""]
    cell = sheet.cell(HEADER + 1, rows(sheet)[0].index("评分人") + 1)
    assert not cell.protection.locked


def test_the_same_rows_give_the_same_bytes(company: Path) -> None:
    assert collected(company) == collected(company)


def test_hostile_names_stay_text(company: Path) -> None:
    people = company / "scorecards" / "2026-10" / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("何小青", "=cmd|' /C calc'!A0"), encoding="utf-8")

    [book, text] = [collected(company, *options)[name] for name, options in _BOTH]

    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        cells = "".join(archive.read(name).decode("utf-8") for name in archive.namelist() if "sheet" in name)
    assert "<f>" not in cells
    assert "'=cmd|' /C calc'!A0" in text.decode("utf-8-sig")


_BOTH: Sequence[tuple[str, Sequence[str]]] = (("support.xlsx", ()), ("support.csv", ("--format", "csv")))


def test_the_same_goes_out_as_csv(company: Path) -> None:
    files = collected(company, "--format", "csv")

    assert list(files) == ["ratings-E01.csv", "shop.csv", "support.csv"]
    lines = list(csv.reader(io.StringIO(files["support.csv"].decode("utf-8-sig"))))
    assert lines[0][0].endswith(" sheet=support/all rows=5")
    assert lines[4][:8] == ["E01", "林晓", "sales", "销售额", "元", "48,000", "50,000 元", "55000"]
    [top], _ = read_heads(files["support.csv"], "support.csv")
    assert top.encoding == "utf-8-sig"


def test_sources_with_many_numbers_have_sheets_of_their_own() -> None:
    catalog, _ = load_catalog(SAMPLE / "handbook")
    cycles, _ = load_cycles(SAMPLE / "scorecards", catalog)
    history = {cycle.period: cycle for cycle in cycles}
    results = score(catalog, cycles[-1], history)
    request = Request(needs_of(results, catalog, history), results, catalog, history, words("zh"))

    [data] = [data for name, data, _ in collect_files(request) if name == "hr-admin.xlsx"]

    book = opened(data)
    assert book.sheetnames[0] == "填写说明"
    assert book.sheetnames[-1] == "其他来源"
    assert set(column(book["花名册"], "数据来源")) == {"花名册"}


def test_what_is_asked_for_is_what_was_given_last_time() -> None:
    catalog, _ = load_catalog(SAMPLE / "handbook")
    cycles, _ = load_cycles(SAMPLE / "scorecards", catalog)
    history = {cycle.period: cycle for cycle in cycles}
    closed = cycles[-2]

    needs = needs_of(score(catalog, closed, history), catalog, history)

    # What is asked for twice a year was given before it was due.
    given = set(closed.actuals) - {("HY034", "employee_satisfaction")}
    assert {(need.subject, need.key) for need in needs.needs if need.kind == "number"} == given
    assert all(need.state is State.GIVEN for need in needs.needs)


# There and back again


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice; without it its test is skipped, or fails where KPIBOOK_REQUIRE_OFFICE is 1."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found and os.environ.get("KPIBOOK_REQUIRE_OFFICE") == "1":
        pytest.fail(NO_OFFICE)
    if not found:
        pytest.skip(f"{NO_OFFICE}: apt-get install libreoffice-calc-nogui")
    return found


MACRO = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Fill
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim excel(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  excel(0).Name = "FilterName"
  excel(0).Value = "Calc MS Excel 2007 XML"
{statements}
End Sub
</script:module>
"""
LIBRARY = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>
"""


def fill_with_office(soffice: str, folder: Path, answers: Mapping[tuple[str, ...], str], home: Path) -> None:
    """Open every workbook in LibreOffice, write the numbers into its open cells as a person would, and save it."""
    statements = []
    for path in sorted(folder.glob("*.xlsx")):
        statements.append(f'  book = StarDesktop.loadComponentFromURL("{path.as_uri()}", "_blank", 0, hidden())')
        for sheet in opened(path.read_bytes()):
            statements += (
                f'  book.Sheets.getByName("{sheet.title}").getCellRangeByName("{cell}").Formula = "{answers[key]}"'
                for cell, key in open_cells(sheet)
                if key in answers
            )
        statements.append(f'  book.storeToURL("{(folder / "back" / path.name).as_uri()}", excel())')
        statements.append("  book.close(True)")
    office = [soffice, "--headless", "--norestore", f"-env:UserInstallation={home.as_uri()}"]
    subprocess.run([*office, "--terminate_after_init"], check=True, capture_output=True, timeout=240)
    basic = home / "user" / "basic" / "Standard"
    text = "\n".join(statements).replace("&", "&amp;").replace("<", "&lt;")
    (basic / "Module1.xba").write_text(MACRO.format(statements=text), encoding="utf-8")
    (basic / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    (folder / "back").mkdir()
    subprocess.run([*office, "macro:///Standard.Module1.Fill"], check=True, capture_output=True, timeout=240)


def open_cells(sheet: Worksheet) -> list[tuple[str, tuple[str, ...]]]:
    """The cells to fill in, each with the ids that its row is about."""
    names = {name: role for role in ColumnRole for name in words("zh")(f"importing.header.{role}").split("|")}
    header = [names.get(str(cell.value)) for cell in sheet[HEADER]] if sheet.max_row >= HEADER else []
    value = next((role for role in (ColumnRole.ACTUAL, ColumnRole.SCORE) if role in header), None)
    if value is None:
        return []
    keys = [
        role
        for role in (ColumnRole.SUBJECT, ColumnRole.MEASURE, ColumnRole.RELATION, ColumnRole.RATER)
        if role in header
    ]
    return [
        (row[header.index(value)].coordinate, tuple(str(row[header.index(role)].value or "") for role in keys))
        for row in sheet.iter_rows(min_row=HEADER + 1)
    ]


def test_sheets_filled_in_with_libreoffice_score_as_the_same_numbers_in_csv(soffice: str, tmp_path: Path) -> None:
    root, whole = tmp_path / "root", tmp_path / "whole"
    for folder in ("handbook", "scorecards"):
        shutil.copytree(SAMPLE / folder, root / folder)
    catalog, _ = load_catalog(root / "handbook")
    cycles, _ = load_cycles(root / "scorecards", catalog)
    october = cycles[-1]
    empty(root / "scorecards" / "2026-10")
    shutil.copytree(root, whole)
    write_plainly(october, catalog, whole / "scorecards" / "2026-10")

    collected(root)
    fill_with_office(soffice, root / "out", answers_of(october), tmp_path / "office")
    sheets = sorted((root / "out" / "back").glob("*.xlsx"))
    assert len(sheets) == len(list((root / "out").glob("*.xlsx")))
    assert run(root, "import", *map(str, sheets)) == 0
    for each in (root, whole):
        assert run(each, "score", "2026-10", "--out", str(each / "scores")) == 0
    for name in ("items.csv", "totals.csv"):
        assert (root / "scores" / name).read_bytes() == (whole / "scores" / name).read_bytes()
    assert run(root, "import", *map(str, sheets), "--dry-run") == 0


def run(root: Path, *arguments: str) -> int:
    folders = ("--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards"))
    return CliRunner().invoke(main, [*folders, *arguments]).exit_code


def empty(folder: Path) -> None:
    """Take all numbers and ratings out of a cycle."""
    shutil.rmtree(folder / "actuals")
    (folder / "ratings.csv").unlink()


def answers_of(cycle: Cycle) -> Mapping[tuple[str, ...], str]:
    numbers: dict[tuple[str, ...], str] = {key: plain(reading.value, 15) for key, reading in cycle.actuals.items()}
    for key, given in cycle.ratings.items():
        numbers |= {
            (*key, relation_name(row.relation, words("zh")), row.rater): row.level or plain(row.value or mpq(0), 15)
            for row in given
        }
    return numbers


def write_plainly(cycle: Cycle, catalog: Catalog, folder: Path) -> None:
    """The numbers of a cycle that are due in it, all that sheets ask for, as one CSV file; and its ratings."""
    (folder / "actuals").mkdir()
    entries: Mapping[str, Indicator | Measure] = {**catalog.indicators, **catalog.measures}
    due = {measure for measure, entry in entries.items() if cycle.period.is_due(entry.frequency)}
    numbers = [(*key, plain(reading.value, 15)) for key, reading in cycle.actuals.items() if key[1].casefold() in due]
    given = [
        (*key, row.relation.value, row.rater, row.level or plain(row.value or mpq(0), 15))
        for key, found in cycle.ratings.items()
        for row in found
    ]
    for name, header, body in (
        ("actuals/all.csv", ("subject", "measure", "actual"), numbers),
        ("ratings.csv", ("person", "indicator", "relation", "rater", "score"), given),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *body])
