"""Nothing that happens in the handbook or in another cycle changes a byte of what was published."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lives import Life


@pytest.fixture
def published(life: Life, monkeypatch: pytest.MonkeyPatch) -> Life:
    """September and October are published, and October's cards look back at September."""
    monkeypatch.setenv("KPIBOOK_KEY", "a key of the tests")
    indicators = life.root / "handbook/indicators/sales.yml"
    text = indicators.read_text(encoding="utf-8")
    indicators.write_text(text.replace("formula: sales\n", "formula: sales + previous.sales / 10\n"), encoding="utf-8")
    life.reopen_september()
    life.run("publish", "2026-09", "--by", "HR", "--anyway", "--reason", "no month before", "--on", "2026-10-11")
    life.publish()
    return life


def pages(life: Life, cycle: str) -> dict[str, bytes]:
    """All pages of a cycle, made from nothing."""
    shutil.rmtree(life.root / "build", ignore_errors=True)
    life.run("pages")
    folder = life.root / "build/cards" / cycle
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def edit(life: Life, name: str, old: str, new: str) -> None:
    path: Path = life.root / "handbook" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def weights(life: Life) -> None:
    edit(life, "roles/shop-manager.yml", "weight: 40\n", "weight: 10\n")
    edit(life, "roles/shop-manager.yml", "weight: 30\n        target: 25\n", "weight: 60\n        target: 25\n")
    edit(life, "roles/shop-manager.yml", "    weight: 70\n", "")


def target(life: Life) -> None:
    edit(life, "roles/shop-manager.yml", "target: 50000", "target: 90000")


def department(life: Life) -> None:
    edit(life, "departments.yml", "name: 门店部", "name: 零售部")


def department_id(life: Life) -> None:
    edit(life, "departments.yml", "{id: shop, ", "{id: retail, was: shop, ")
    for path in (life.root / "handbook").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        for key in ("department", "owner", "parent"):
            text = text.replace(f"{key}: shop\n", f"{key}: retail\n").replace(f"{key}: shop,", f"{key}: retail,")
            text = text.replace(f"{key}: shop}}", f"{key}: retail}}")
        path.write_text(text, encoding="utf-8")


def grades(life: Life) -> None:
    edit(life, "grades.yml", "factor: 1", "factor: 9")


def pay(life: Life) -> None:
    edit(life, "roles/shop-manager.yml", "base_salary * 0.3", "base_salary * 0.1")


def rounding(life: Life) -> None:
    edit(life, "company.yml", "score: 1", "score: 3")


def indicator_name(life: Life) -> None:
    edit(life, "indicators/sales.yml", "name: 个人销售额", "name: 本人业绩")


def september(life: Life) -> None:
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")
    life.correct("2026-09", "--later", "leave")


def september_whole(life: Life) -> None:
    life.add("2026-09/actuals/support.csv", "shop,sales,99000,\n")

    life.correct("2026-09", "--later", "leave")


def november(life: Life) -> None:
    life.run("open", "2026-11", "--on", "2026-11-12")
    life.path("2026-11/actuals").mkdir(exist_ok=True)
    life.path("2026-11/actuals/all.csv").write_text("subject,measure,actual,note\nE01,sales,1,\n", encoding="utf-8")


CHANGES = (
    weights,
    target,
    department,
    department_id,
    grades,
    pay,
    rounding,
    indicator_name,
    september,
    september_whole,
    november,
)


@pytest.mark.parametrize("change", CHANGES, ids=[each.__name__ for each in CHANGES])
def test_a_published_cycle_stays_as_it_was_shown(published: Life, change: Callable[[Life], None]) -> None:
    before = pages(published, "2026-10")

    change(published)
    after = pages(published, "2026-10")

    assert len(before) > 5
    assert "status.md" in before
    assert after == before
    assert published.run("verify", "2026-10", "--recompute").exit_code == 0


def test_a_salary_of_a_published_cycle_is_told_with_the_command_that_is_meant(published: Life) -> None:
    published.change("2026-10/people.csv", "E01,林晓,shop-manager,shop,,,,8000", "E01,林晓,shop-manager,shop,,,,9000")

    refused = published.run("check", code=1)

    assert refused.stdout.startswith(
        "scorecards/2026-10/people.csv: error: 这个文件与 2026-10 公布时不一样（第 1 版，2026-11-11）"
        " [sealed-file-changed]\n"
        "    hint: 从 git 取回；确实要改的，运行 kpibook correct 2026-10：公布过的保留不动，更正写在旁边\n"
    )
    assert published.run("build", code=1).stderr.startswith("scorecards/2026-10/people.csv: error:")
