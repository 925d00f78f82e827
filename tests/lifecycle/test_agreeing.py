"""Today's handbook is taken over into an open cycle: nobody is lost by a rename, and what changes is told first."""

import re
import shutil

import pytest

from companies import change
from lives import Life
from workbooks import book, row, text_cell

AGREE = ("agree", "2026-11", "--by", "HR", "--reason", "renamed", "--on", "2026-11-05")
TODAY = ("--by", "HR", "--on", "2026-11-01")


def rename_shop(life: Life, was: str = "was: shop, ") -> None:
    """The department `shop` is called `store` from today on."""
    for path in (life.root / "handbook").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"(department|owner|parent): shop\b", r"\1: store", text)
        path.write_text(text.replace("{id: shop, ", f"{{id: store, {was}"), encoding="utf-8")


def november(life: Life) -> None:
    """November is open by a catalog of its own, with numbers of a department."""
    shutil.rmtree(life.path("2026-09"))
    life.publish()
    life.run("open", "2026-11", *TODAY)
    life.path("2026-11/actuals").mkdir()
    rows = "subject,measure,actual,note\r\nE02,sales,30000,shop\r\nshop,sales,90000,\r\n"
    life.path("2026-11/actuals/support.csv").write_text(rows, encoding="gb18030", newline="")


def test_rows_of_a_renamed_department_follow_its_new_id(life: Life) -> None:
    november(life)
    people = life.read("2026-11/people.csv")
    rename_shop(life)

    told = life.run(*AGREE).stdout

    assert told.splitlines()[:2] == [
        "scorecards/2026-11/people.csv：3 行的编号 shop 改写为 store（手册里的 was 写明了改名）。",
        "scorecards/2026-11/actuals/support.csv：1 行的编号 shop 改写为 store（手册里的 was 写明了改名）。",
    ]
    assert "按现有数据，3 人中有 0 人的结果会变。" in told
    assert life.read("2026-11/people.csv") == people.replace(",shop,", ",store,")
    assert life.path("2026-11/actuals/support.csv").read_bytes() == (
        b"subject,measure,actual,note\r\nE02,sales,30000,shop\r\nstore,sales,90000,\r\n"
    )
    assert "scorecards/2026-11/" not in life.run("check").stdout


def test_a_row_follows_in_each_of_its_cells(life: Life) -> None:
    november(life)
    rename_shop(life)
    role = life.root / "handbook/roles/barista.yml"
    role.write_text(role.read_text(encoding="utf-8") + "was: [barista]\n", encoding="utf-8")
    role.rename(role.with_name("tea-maker.yml"))
    measures = life.root / "handbook/measures.yml"
    text = measures.read_text(encoding="utf-8").replace("sales: {name: 销售额,", "revenue: {name: 销售额, was: sales,")
    measures.write_text(text, encoding="utf-8")
    for path in (life.root / "handbook/indicators").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\bsales\b(?=[ ,}\n])", "revenue", text), encoding="utf-8")

    life.run(*AGREE)

    assert ",tea-maker,store," in life.read("2026-11/people.csv")
    assert ",barista," not in life.read("2026-11/people.csv")
    assert "\nstore,revenue,90000," in life.read("2026-11/actuals/support.csv")


def test_a_trial_writes_no_row(life: Life) -> None:
    november(life)
    rename_shop(life)
    before = life.tree()

    told = life.run(*AGREE, "--dry-run").stdout

    assert told.startswith("预演，什么都没有写。去掉 --dry-run 运行，会是这样：\nscorecards/2026-11/people.csv：3 行")
    assert life.tree() == before


@pytest.mark.parametrize("has_catalog", [True, False])
def test_rows_of_an_id_that_is_gone_hold_it_with_the_likely_new_one(life: Life, *, has_catalog: bool) -> None:
    november(life)
    cycle = "2026-11"
    if not has_catalog:
        cycle = "2026-12"
        life.run("open", cycle, *TODAY)
        shutil.rmtree(life.path("2026-12/handbook"))
    rename_shop(life, was="")
    before = life.tree()

    told = life.run("agree", cycle, *AGREE[2:], code=1).stderr

    assert told.startswith(
        f"scorecards/{cycle}/people.csv: error: 当前手册里没有编号 shop 了，而这个文件还有 3 行在用它"
        "（第 2, 3, 4 行）；改用当前手册，这些行就不算了 [agree-id-gone]\n"
        "    hint: 如果只是改了编号，请在手册里新的那一项（多半是 store）下面写上 was: [shop]，再运行一次，"
        "这些行会跟着改；如果真的取消了，请先改这些行\n"
    )
    assert life.tree() == before


def test_rows_that_no_program_may_write_are_told(life: Life) -> None:
    november(life)
    rows = [line.split(",") for line in life.read("2026-11/people.csv").splitlines()]
    life.path("2026-11/people.csv").unlink()
    sheet = "".join(row(*map(text_cell, cells)) for cells in rows)
    life.path("2026-11/people.xlsx").write_bytes(book(sheet))
    rename_shop(life)
    before = life.tree()

    told = life.run(*AGREE, code=1).stderr

    assert told.startswith(
        "scorecards/2026-11/people.xlsx: error: 编号 shop 已改为 store，这个文件有 3 行（第 2, 3, 4 行）没法自动改写；"
        "改用当前手册，这些行就不算了 [agree-id-stays]\n    hint: 请在文件里把 shop 改成 store，再运行一次\n"
    )
    assert life.tree() == before


def test_what_changes_is_told_by_role_and_the_names_go_into_a_file(life: Life) -> None:
    life.complete_october()
    life.run("agree", "2026-10", *AGREE[2:])
    change_role(life)
    names = life.root / "names.csv"

    told = life.run("agree", "2026-10", *AGREE[2:], "--people", str(names)).stdout

    assert told == (
        "店长：权重：个人销售额 40 → 30; 顾客投诉 30 → 40\n"
        "等级：优秀（分数线：90 → 91）\n"
        "按现有数据，3 人中有 1 人的结果会变。\n"
        "　　店长：1 人中的 1 人\n"
        "2026-10 已改用当前手册。\n"
    )
    assert names.read_text(encoding="utf-8-sig") == (
        "cycle,person,name,total_before,total_after,grade_before,grade_after,pay\n"
        "2026-10,E01,林晓,104.0,103.0,A,A,绩效工资: 2496 -> 2472\n"
    )


def change_role(life: Life) -> None:
    """Today the manager's sales weigh less, and more points are wanted for an A."""
    change(life.root / "handbook/roles/shop-manager.yml", "        weight: 40\n", "        weight: 30\n")
    change(life.root / "handbook/roles/shop-manager.yml", "    weight: 70\n", "    weight: 60\n")
    text = (life.root / "handbook/roles/shop-manager.yml").read_text(encoding="utf-8")
    head, service = text.split("  - section: 服务\n")
    service = service.replace("        weight: 30\n", "        weight: 40\n", 1)
    (life.root / "handbook/roles/shop-manager.yml").write_text(f"{head}  - section: 服务\n{service}", encoding="utf-8")
    change(life.root / "handbook/grades.yml", "from: 90", "from: 91")


def test_everything_that_decides_results_is_told_where_the_handbook_moved_on(life: Life) -> None:
    shutil.rmtree(life.path("2026-09"))
    life.run("open", "2026-11", *TODAY)
    change_role(life)
    change(life.root / "handbook/company.yml", "within: company", "within: role")
    change(life.root / "handbook/departments.yml", "parent: shop, purpose: 提供数据", "purpose: 给数据")
    change(life.root / "handbook/indicators/sales.yml", "formula: sales\n", "formula: sales * 2\n")
    change(life.root / "handbook/indicators/sales.yml", "本人当月开单金额合计", "本人开单金额合计")
    change(
        life.root / "handbook/measures.yml",
        "unit: 人, owner: support, source: 收银",
        "unit: 名, owner: support, source: 小票",
    )

    told = [line for line in life.run("check").stdout.splitlines() if line.startswith("scorecards/2026-11/handbook")]

    own, today = "scorecards/2026-11/handbook/", "note: 2026-11 按它自己较早的手册评分；当前手册的"
    assert told == [
        f"{own}company.yml: {today}公司设置不同：排名范围：全公司 → 同岗位 [rules-moved-on]",
        f"{own}departments.yml: {today}部门不同：支持部（上级部门：取消（原为 门店部）） [rules-moved-on]",
        f"{own}grades.yml: {today}等级不同：优秀（分数线：90 → 91） [rules-moved-on]",
        f"{own}indicators/sales.yml: {today}指标不同：个人销售额（公式：销售额 → 销售额 × 2） [rules-moved-on]",
        f"{own}measures.yml: {today}数据不同：成交人数（单位：人 → 名） [rules-moved-on]",
        f"{own}roles/shop-manager.yml: note: 2026-11 的店长按它自己较早的手册评分；当前手册不同："
        "权重：个人销售额 40 → 30; 顾客投诉 30 → 40 [handbook-moved-on]",
    ]


def test_of_many_entries_that_differ_the_first_are_told_and_all_are_counted(life: Life) -> None:
    shutil.rmtree(life.path("2026-09"))
    life.run("open", "2026-11", *TODAY)
    grades = life.root / "handbook/grades.yml"
    more = "".join(
        f"- {{id: B{number}, name: {number} 级, from: {60 - number}, factor: 1}}\n" for number in range(1, 7)
    )
    grades.write_text(grades.read_text(encoding="utf-8").replace("- {id: C,", f"{more}- {{id: C,"), encoding="utf-8")

    told = life.run("check").stdout

    assert (
        "等级不同：1 级（新增）；2 级（新增）；3 级（新增）；4 级（新增）；5 级（新增）；……共 6 项 [rules-moved-on]"
        in told
    )
