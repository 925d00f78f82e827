"""Which cycles used an indicator: by its own catalog and the posts held in it, without what is confidential."""

from pathlib import Path

import pytest

from companies import a_company, change
from kpibook.content import read
from kpibook.content.usage import used_in
from kpibook.pipeline import write_pages
from lives import Life

SEPTEMBER, OCTOBER = "2026年9月", "2026年10月"


def used(root: Path) -> dict[str, tuple[str, ...]]:
    return dict(used_in(read(root / "handbook", root / "scorecards")))


def test_a_cycle_used_what_the_posts_are_scored_by_that_somebody_held(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    for path in (root / "scorecards").glob("*/people.csv"):
        rows = path.read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows if path.parent.name == "2026-10" or "shop-manager" not in row]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")

    found = used(root)

    assert found["sales_volume"] == (SEPTEMBER, OCTOBER)
    assert found["attitude"] == (SEPTEMBER, OCTOBER)
    assert found["conversion"] == (OCTOBER,)


def test_a_planned_cycle_used_nothing(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "scorecards/2026-10/cycle.yml", "status: open", "status: planned")

    assert used(root)["sales_volume"] == (SEPTEMBER,)


def test_a_department_scored_by_it_uses_it_in_each_cycle_and_one_to_draw_on_in_none(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    (root / "handbook/indicators/footfall.yml").write_text(
        "footfall: {name: 客流, unit: 人, direction: higher, owner: support}\n", encoding="utf-8"
    )
    scored = (
        "parent: shop, purpose: 提供数据, scorecard: [{section: 客流, items: ["
        "{indicator: footfall, weight: 100, target: 10, standard: {rule: proportional}}]}]"
    )
    departments = root / "handbook/departments.yml"
    change(departments, "parent: shop, purpose: 提供数据", scored)
    assert used(root)["footfall"] == (SEPTEMBER, OCTOBER)

    change(departments, "purpose: 提供数据", "reference: true")

    assert "footfall" not in used(root)


def test_what_is_confidential_was_used_by_nobody(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    assert "attitude" in used(root)
    path = next(path for path in (root / "handbook/indicators").iterdir() if "attitude:" in path.read_text("utf-8"))
    change(path, "attitude:\n", "attitude:\n  confidential: true\n")

    assert "attitude" not in used(root)


def test_a_renamed_indicator_keeps_the_cycles_that_used_its_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    life = Life(tmp_path)
    life.run("open", "2026-11", "--on", "2026-11-01")
    for path in (life.root / "handbook").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        renamed = text.replace(": attitude\n", ": manner\n").replace("attitude:\n", "manner:\n  was: attitude\n")
        path.write_text(renamed, encoding="utf-8")

    found = used(life.root)

    assert "2026年11月" in found["manner"]
    assert "attitude" not in found


def test_the_page_of_an_indicator_tells_its_cycles_newest_first(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    content = read(root / "handbook", root / "scorecards")

    write_pages(content, root / "build", [])

    page = (root / "build/handbook/indicators/conversion.md").read_text(encoding="utf-8")
    assert f"\n**用过这个指标的周期**：{OCTOBER}、{SEPTEMBER}\n" in page
    assert "\n**承接这个指标的下级指标**：[工作态度](attitude.md)\n" in page
