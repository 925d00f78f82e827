"""Sheets that went out and come back, and ratings on them."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from imports_run import everything, filled, numbers, plan, sent, taken_in, waits
from sent_tables import COMPANY, october, run

# Sheets that went out


@pytest.mark.parametrize("style", ["xlsx", "csv"])
def test_a_sheet_that_comes_back_unchanged_changes_nothing(tmp_path: Path, style: str) -> None:
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    assert run(tmp_path, "collect", "2026-10", "--out", str(tmp_path / "out"), "--format", style).exit_code == 0
    before = everything(tmp_path)

    result = run(tmp_path, "import", *map(str, sorted((tmp_path / "out").iterdir())))

    assert result.exit_code == 0, result.output
    assert everything(tmp_path) == before
    assert "总共：" in result.output


def test_a_sheet_knows_its_cycle(root: Path) -> None:
    file = filled(root, "H6", 5)

    result = run(root, "import", str(file), "--cycle", "2026-09")

    assert result.exit_code == 1
    assert "[sheet-other-cycle]" in result.output


def test_a_closed_cycle_takes_numbers_only_where_it_is_named(root: Path) -> None:
    file = october(root) / "cycle.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("open", "closed"), encoding="utf-8")
    late = str(sent(root, "姓名,销售额\n林晓,5\n"))

    refused = run(root, "import", late)
    before = numbers(root, "support")
    named = run(root, "import", late, "--cycle", "2026-10")

    assert (refused.exit_code, before) == (2, "")
    assert "请用 --cycle 写明导入到哪个周期：2026-09（已结束）, 2026-10（已结束）。" in refused.output
    assert named.exit_code == 0
    assert "warning: 2026-10 已结束 [import-cycle-closed]" in named.output
    assert "导入以后用 kpibook correct 封存下一版" in named.output
    assert numbers(root, "support") == "E01,sales,5,\n"


def test_a_published_cycle_is_not_called_closed(root: Path) -> None:
    file = october(root) / "cycle.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("open", "published"), encoding="utf-8")

    named = run(root, "import", str(sent(root, "姓名,销售额\n林晓,5\n")), "--cycle", "2026-10")

    assert "warning: 2026-10 已公布 [import-cycle-closed]" in named.output


def test_a_sheet_knows_its_supplier(root: Path) -> None:
    file = filled(root, "H6", 5)

    assert run(root, "import", str(file), "--supplier", "shop").exit_code == 1
    assert run(root, "import", str(file)).exit_code == 0
    assert numbers(root, "support") == "E01,sales,5,\n"


def test_a_sheet_of_another_catalog_is_compared_row_by_row(root: Path) -> None:
    file = filled(root, "H6", 5)
    measures = root / "handbook" / "measures.yml"
    text = measures.read_text(encoding="utf-8").replace("销售额, unit: 元", "销售额, unit: 箱")
    measures.write_text(text.replace("E02", "E02"), encoding="utf-8")

    found = taken_in(root, file)

    assert {problem.code for problem in found.problems} == {"sheet-other-catalog"}
    assert [code for _, code, _ in waits(root)] == ["sheet-other-unit"]
    assert not numbers(root, "support")


def test_a_sheet_cut_short_is_told(root: Path) -> None:
    file = filled(root, "H6", 5)
    made = openpyxl.load_workbook(file)
    made.worksheets[1].delete_rows(8, 2)
    made.save(file)

    found = plan(root, file)

    assert [(problem.code, problem.values) for problem in found.problems] == [
        ("sheet-rows-missing", {"expected": 5, "found": 3})
    ]


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        ("上级", "manager"),
        ("直接上级", "manager"),
        ("同级", "peer"),
        ("下属", "report"),
        ("Client", "customer"),
        ("PEER", "peer"),
    ],
)
def test_relations_go_by_what_people_call_them(root: Path, said: str, relation: str) -> None:
    taken_in(root, sent(root, f"姓名,指标,关系,评分人,评分\n周然,工作态度,{said},E01,20\n"))

    assert (october(root) / "ratings.csv").read_text(encoding="utf-8").splitlines()[
        1
    ] == f"E02,attitude,{relation},E01,20,"


def test_ratings_come_in_as_points_and_as_levels(root: Path) -> None:
    role = root / "handbook" / "roles" / "barista.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("好, from: 30,", "好, from: 40,"), encoding="utf-8")
    file = sent(
        root, "姓名,指标,关系,评分人,评分,评语\n周然,工作态度,manager,E01,好,很好\n何小青,attitude,manager,E01,20.0,\n"
    )

    taken_in(root, file)

    assert (october(root) / "ratings.csv").read_text(encoding="utf-8") == (
        "person,indicator,relation,rater,score,comment\nE02,attitude,manager,E01,好,很好\nE03,attitude,manager,E01,20,\n"
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("周然,attitude,boss,E01,5", "unknown-relation"),
        ("周然,attitude,peer,,5", "rater-missing"),
        ("周然,attitude,manager,E01,棒", "unknown-level"),
        ("周然,attitude,manager,E01,好", "rating-level-open"),
        ("周然,attitude,manager,E01,41", "rating-beyond-weight"),
        ("周然,attitude,manager,E01,29.5", "rating-between-levels"),
        ("周然,altitude,manager,E01,5", "unknown-indicator"),
        ("shop,attitude,manager,E01,5", "unknown-person"),
    ],
)
def test_a_rating_that_cannot_be_taken_is_set_aside(root: Path, row: str, code: str) -> None:
    taken_in(root, sent(root, f"person,indicator,relation,rater,score\n{row}\n"))

    assert [code for _, code, _ in waits(root)] == [code]
    assert not (october(root) / "ratings.csv").exists()
