"""The list of a calibration goes out as a workbook and comes back whole, with reasons, or is refused."""

import csv
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from companies import change
from lives import Life

HEAD = 5
"""The row of the head, counted from 1."""


@pytest.fixture
def life(tmp_path: Path) -> Life:
    """The tiny company; in October E03 still lacks a number, and so a total."""
    return Life(tmp_path)


class Listed:
    """A list that was written, to be filled in."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.file = life.root / "list.xlsx"
        self.output = life.run("calibrate", "2026-10", "--out", str(self.file)).output
        self.book = openpyxl.load_workbook(self.file)
        sheet = self.book.worksheets[0]
        assert isinstance(sheet, Worksheet)
        self.sheet = sheet
        self.columns = {str(cell.value): at for at, cell in enumerate(self.sheet[HEAD], start=1)}

    def rows(self) -> list[dict[str, object]]:
        found = self.sheet.iter_rows(min_row=HEAD + 1, values_only=True)
        return [dict(zip(self.columns, row, strict=True)) for row in found]

    def fill(self, person: str, **values: str) -> None:
        for row in range(HEAD + 1, self.sheet.max_row + 1):
            if self.sheet.cell(row, self.columns["工号"]).value == person:
                for title, value in values.items():
                    self.sheet.cell(row, self.columns[title]).value = value

    def take(self, *options: str, code: int = 0) -> str:
        self.book.save(self.file)
        return self.life.run("import", str(self.file), *options, code=code).output

    @property
    def written(self) -> Path:
        return self.life.root / "scorecards/2026-10/calibration.csv"


WHOLE = {"理由": "带教新人", "决定人": "董事会", "日期": "2026-11-08"}


def test_the_list_has_everybody_with_a_total_and_what_the_committee_looks_at(life: Life) -> None:
    listed = Listed(life)

    rows = listed.rows()
    assert [row["工号"] for row in rows] == ["E01", "E02"]
    assert {row["部门"] for row in rows} == {"门店部"}
    assert all(row["计算总分"] and row["计算等级"] and row["上期等级"] for row in rows)
    assert [row["建议等级"] for row in rows] == [None, None]
    assert "2 人" in listed.output
    [choice] = listed.sheet.data_validations.dataValidation
    assert choice.type == "list"
    assert choice.formula1.startswith('"A,')


def test_the_same_list_has_the_same_bytes(life: Life) -> None:
    first = Listed(life).file.read_bytes()

    assert Listed(life).file.read_bytes() == first


def test_a_list_becomes_calibration_csv_and_counts(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E02", 建议等级="A", **WHOLE)

    output = listed.take()

    rows = list(csv.DictReader(listed.written.read_text(encoding="utf-8").splitlines()))
    assert rows == [
        {"person": "E02", "total": "", "grade": "A", "reason": "带教新人", "by": "董事会", "on": "2026-11-08"}
    ]
    assert "1 人有调整" in output
    life.run("score", "2026-10", "--out", str(life.root / "scores"), code=None)
    totals = (life.root / "scores/totals.csv").read_text(encoding="utf-8-sig").splitlines()
    [own] = [row for row in csv.DictReader(totals) if row["person"] == "E02"]
    assert own["grade"] == "A"


def test_what_was_calibrated_stands_there_when_the_list_is_written_again(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E02", 建议总分="91.5", **WHOLE)
    before = {row["工号"]: row["计算总分"] for row in listed.rows()}
    listed.take()

    again = Listed(life)

    rows = {str(row["工号"]): row for row in again.rows()}
    assert (rows["E02"]["建议总分"], rows["E02"]["理由"], rows["E02"]["计算总分"]) == (
        "91.5",
        "带教新人",
        before["E02"],
    )
    again.take()
    assert again.written.read_text(encoding="utf-8").splitlines()[1] == "E02,91.5,,带教新人,董事会,2026-11-08"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"建议等级": "A", "决定人": "董事会", "日期": "2026-11-08"}, "cell-empty", id="no reason"),
        pytest.param({"建议等级": "Z", **WHOLE}, "unknown-grade", id="no such grade"),
        pytest.param({"建议总分": "很高", **WHOLE}, "cell-not-a-number", id="no number"),
        pytest.param({"建议等级": "A", **WHOLE, "决定人": "E02"}, "calibrated-by-oneself", id="by the person"),
        pytest.param({"理由": "带教新人"}, "calibration-empty", id="nothing proposed"),
    ],
)
def test_one_faulty_row_refuses_the_whole_list(life: Life, values: dict[str, str], code: str) -> None:
    listed = Listed(life)
    listed.fill("E01", **({"建议等级": "A", **WHOLE} if code != "calibration-empty" else {}))
    listed.fill("E02", **values)

    output = listed.take(code=1)

    assert f"[{code}]" in output
    assert "整份没有导入" in output
    assert not listed.written.exists()


def test_a_list_that_lost_rows_is_refused(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E01", 建议等级="A", **WHOLE)
    listed.sheet.delete_rows(HEAD + 2)

    assert "[calibration-incomplete]" in listed.take(code=1)
    assert not listed.written.exists()


def test_a_list_of_other_totals_is_refused(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E02", 建议等级="A", **WHOLE)
    file = next((life.root / "scorecards/2026-10").glob("adjustments.csv"))
    file.write_text("person,points,reason,approved_by\nE02,-7,迟到,E01\n", encoding="utf-8")

    assert "[calibration-other-results]" in listed.take(code=1)
    assert not listed.written.exists()


def test_a_list_of_another_cycle_is_refused(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E02", 建议等级="A", **WHOLE)

    assert "[calibration-other-cycle]" in listed.take("--cycle", "2026-09", code=1)


def test_a_dry_run_writes_nothing(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E02", 建议等级="A", **WHOLE)

    listed.take("--dry-run")

    assert not listed.written.exists()


def test_a_published_cycle_is_not_calibrated(life: Life) -> None:
    listed = Listed(life)
    listed.fill("E02", 建议等级="A", **WHOLE)
    listed.book.save(listed.file)
    life.publish()

    assert "kpibook correct" in life.run("calibrate", "2026-10", "--out", str(life.root / "b.xlsx"), code=2).output
    assert "[calibration-settled]" in listed.take(code=1)


def test_quotas_stand_beside_the_list(life: Life) -> None:
    quota = "distribution: {within: company, limits: [{grade: A, at_most: 40}]}\n"
    change(life.root / "handbook/company.yml", "language: zh\n", f"language: zh\n{quota}")

    book = Listed(life).book

    rows = [[cell.value for cell in row] for row in book["名额"].iter_rows(min_row=3)]
    assert rows[0] == ["范围", "等级及以上", "有等级", "最多", "现有"]
    assert rows[1][1:4] == ["A", "2", "0"]
