"""What a change makes different in fact: data of cycles and open cycles, told apart from what would have been."""

import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from lives import Life

BARISTA = "handbook/roles/barista.yml"


@pytest.fixture
def before(tmp_path: Path) -> Life:
    """A company whose October was published by its own catalog."""
    (tmp_path / "before").mkdir()
    life = Life(tmp_path / "before")
    life.publish()
    return life


def after(before: Life) -> Life:
    """A copy of the company, to be changed."""
    root = before.root.parent / "after"
    root.mkdir()
    made = Life(root)
    for folder in ("handbook", "scorecards"):
        shutil.rmtree(root / folder)
        shutil.copytree(before.root / folder, root / folder)
    return made


def in_fact(before: Life, changed: Life) -> dict[str, dict[str, Any]]:
    """What `diff` tells of each cycle."""
    done = changed.run("diff", str(before.root), "--format", "json")
    return {each["period"]: each for each in json.loads(done.stdout)["in_fact"]}


def raise_the_target(life: Life) -> None:
    """A change of the handbook that decides results."""
    path = life.root / BARISTA
    path.write_text(path.read_text(encoding="utf-8").replace("target: 20000", "target: 25000"), encoding="utf-8")


def test_data_of_a_published_cycle_are_compared_and_a_correction_is_asked_for(before: Life) -> None:
    changed = after(before)
    changed.change("2026-10/actuals/support.csv", "E03,sales,14000", "E03,sales,1400")

    found = in_fact(before, changed)

    assert found["2026-10"]["files"] == [
        {"path": "actuals/support.csv", "added": 1, "removed": 1, "is_counted": True},
    ]
    assert found["2026-10"]["notes"] == ["not_sealed"]


def test_a_corrected_cycle_is_told_as_sealed_anew_and_who_moves_stands_in_the_table_for_hr(before: Life) -> None:
    changed = after(before)
    changed.change("2026-10/actuals/support.csv", "E03,sales,14000", "E03,sales,1400")
    changed.correct()
    table = changed.root / "people.csv"

    done = changed.run("diff", str(before.root), "--people", str(table))

    rows = [row.split(",") for row in table.read_text(encoding="utf-8-sig").splitlines()]
    moved = [row for row in rows if row[-1] == "in_fact" and row[7] not in ("", "0", "0.0")]
    assert [(row[0], row[1]) for row in moved] == [("2026-10", "E03")]
    assert "已经按这些数据重新封存。" in done.stdout
    assert "E03" not in done.stdout


def test_a_new_handbook_moves_no_published_cycle_in_fact(before: Life) -> None:
    changed = after(before)
    raise_the_target(changed)

    assert in_fact(before, changed) == {}


def test_an_open_cycle_takes_a_change_over_only_if_it_has_no_catalog_of_its_own(before: Life) -> None:
    before.run("open", "2026-11", "--on", "2026-11-01")
    changed = after(before)
    raise_the_target(changed)

    agreed = in_fact(before, changed)
    for life in (before, changed):
        shutil.rmtree(life.path("2026-11/handbook"))
    without = in_fact(before, changed)

    assert [(each["notes"], each["impact"]) for each in agreed.values()] == [(["own_catalog"], None)]
    assert without["2026-11"]["notes"] == []
    assert without["2026-11"]["impact"] is not None


def test_a_new_and_a_lost_cycle_are_told(before: Life) -> None:
    changed = after(before)
    changed.run("open", "2026-11", "--on", "2026-11-01")

    assert in_fact(before, changed)["2026-11"]["notes"] == ["new"]
    assert in_fact(changed, before)["2026-11"]["notes"] == ["gone"]


def test_what_decides_no_result_is_no_difference(before: Life) -> None:
    changed = after(before)
    changed.add("2026-10/cycle.yml", "release: managers\n")
    changed.add("2026-10/log.csv", "2026-11-12,looked,,HR,\n")

    assert in_fact(before, changed) == {}


def told_reasons(before: Life, changed: Life) -> dict[str, str]:
    """Why each result moved in fact, as the table for HR tells."""
    table = changed.root / "people.csv"
    changed.run("diff", str(before.root), "--people", str(table), "--cycles", "0")
    rows = [row.split(",") for row in table.read_text(encoding="utf-8-sig").splitlines()[1:]]
    return {row[1]: row[12] for row in rows if row[12]}


def test_a_calibration_a_salary_and_points_by_hand_are_reasons_of_their_own(before: Life) -> None:
    before.change("2026-10/cycle.yml", "status: published", "status: open")
    shutil.rmtree(before.path("2026-10/revisions"))
    before.path("2026-10/log.csv").unlink()
    changed = after(before)
    rows = "person,total,grade,reason,by,on\nE01,,B,too kind,Owner,2026-11-01\n"
    changed.path("2026-10/calibration.csv").write_text(rows, encoding="utf-8")
    changed.change("2026-10/people.csv", "E01,林晓,shop-manager,shop,,,,8000", "E01,林晓,shop-manager,shop,,,,8600")
    changed.add("2026-10/adjustments.csv", "E03,-2,late,Owner\n")

    assert told_reasons(before, changed) == {"E01": "校准; 花名册里的工资数", "E03": "加减分"}


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("roles/shop-manager.yml", "base_salary * 0.3", "base_salary * 0.4", "绩效工资算法"),
        ("grades.yml", "factor: 1.2", "factor: 1.3", "等级系数"),
        ("grades.yml", "from: 90", "from: 110", "等级分数线"),
    ],
)
def test_what_the_handbook_pays_for_a_result_is_told_apart(
    before: Life, file: str, old: str, new: str, reason: str
) -> None:
    for name in ("revisions", "log.csv"):
        before.path(f"2026-10/{name}").rename(before.root / name)
    before.change("2026-10/handbook/roles/shop-manager.yml", "base_salary * 0.3", "base_salary * 0.3 * factor")
    before.change("2026-10/cycle.yml", "status: published", "status: open")
    changed = after(before)
    changed.change(f"2026-10/handbook/{file}", old, new)

    assert told_reasons(before, changed)["E01"] == reason


def test_many_files_of_an_own_handbook_are_told_together(before: Life) -> None:
    before.run("open", "2026-11", "--by", "HR", "--on", "2026-11-01")
    changed = after(before)
    shutil.rmtree(changed.path("2026-11/handbook"))

    told = changed.run("diff", str(before.root), "--format", "text", "--cycles", "0").stdout

    assert "- 它自己的手册有改动（8 个文件）\n" in told
    assert "handbook/grades.yml 有改动" not in told


def test_a_department_with_another_id_and_name_goes_on_by_what_the_handbook_says(before: Life) -> None:
    shutil.rmtree(before.path("2026-09"))
    changed = after(before)
    departments = changed.root / "handbook/departments.yml"
    text = departments.read_text(encoding="utf-8").replace(
        "{id: shop, name: 门店部,", "{id: retail, was: shop, name: 零售,"
    )
    departments.write_text(text.replace("parent: shop", "parent: retail"), encoding="utf-8")
    for path in (changed.root / "handbook").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(department|owner): shop\b", r"\1: retail", text), encoding="utf-8")

    told = json.loads(changed.run("diff", str(before.root), "--format", "json").stdout)

    [october] = [each for each in told["impact"] if each["period"] == "2026-10"]
    assert [(each["id"], each["state"]) for each in told["changes"]] == [("retail", "renamed")]
    assert (october["lost_people"], october["moved"]) == (0, 0)


def test_whether_the_newest_seal_knows_the_data_is_told_by_the_files_and_not_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    unpublished = Life(tmp_path / "before")
    unpublished.complete_october()
    published = after(unpublished)
    published.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11")

    clean = in_fact(unpublished, published)["2026-10"]["notes"]
    published.change("2026-10/actuals/support.csv", "E03,sales,14000", "E03,sales,1400")
    changed = in_fact(unpublished, published)["2026-10"]["notes"]

    assert (clean, changed) == (["published"], ["not_sealed"])


def unpublish(life: Life) -> None:
    """Take everything away that says that October was published."""
    shutil.rmtree(life.path("2026-10/revisions"))
    life.change("2026-10/cycle.yml", "status: published", "status: open")
    life.change("2026-10/log.csv", "2026-11-11,publish,1,HR,\n", "")


@pytest.mark.parametrize("anew", [False, True], ids=["gone", "replaced"])
def test_a_seal_that_is_gone_or_replaced_is_told_and_refused(before: Life, anew: bool) -> None:
    changed = after(before)
    unpublish(changed)
    if anew:
        changed.change("2026-10/actuals/support.csv", "E03,sales,14000", "E03,sales,1400")
        changed.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11")

    done = changed.run("diff", str(before.root), code=1)

    assert "[seal-" not in changed.run("check", code=None).output
    assert "- 公布时的封存不见了，或者被换掉了，请把 revisions/ 找回来。\n" in unescape(done.stdout)
    assert done.stderr == (
        "scorecards/2026-10/revisions: error: 2026-10 已经公布，那时的封存现在不见了，或者被换掉了 [seal-lost]\n"
        "    hint: 从 git 取回 scorecards/2026-10/revisions；"
        "公布过的只能用 kpibook correct 2026-10 更正，更正写在旁边\n"
    )
