"""The start pages of viewers: what each may do next, the newest result, the team, and the departments."""

import csv
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from kpibook import pipeline
from kpibook.access.sight import NO_SIGHT
from kpibook.content import read
from kpibook.pages.viewers import Viewing
from kpibook.pages.viewers.plans import checks_of, plans_of
from sources import ROOT

KEY = os.environ["KPIBOOK_KEY"].encode()
SAID = {"delivered": "已送达", "confirmed": "已确认", "disagrees": "有异议", "refused": "拒绝签字"}


@pytest.fixture(scope="module")
def viewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Viewing, Mapping[str, str]]:
    """Who sees what of the sample, and the Markdown of the start pages by login."""
    content = read(ROOT / "handbook", ROOT / "scorecards")
    assert content.catalog.company.access
    viewing = Viewing(content.catalog, content.catalog.company.access, content.cycles, content.say, KEY)
    folder = tmp_path_factory.mktemp("starts")
    pipeline.write_pages(content, folder, list(content.cycles), viewing)
    found = (folder / "viewers").rglob("*.md")
    return viewing, {path.parent.name.removeprefix("u-"): path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="module")
def starts(viewed: tuple[Viewing, Mapping[str, str]]) -> Mapping[str, str]:
    """The Markdown of the sample's start pages by login."""
    return viewed[1]


def rows_of(page: str, anchor: str) -> dict[str, list[str]]:
    """The rows of the tables below a heading, by what their first cell reads."""
    part = page[page.index(f"{{#{anchor}}}") :].partition("</section>")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    read_as = [[re.sub(r"\[([^]]*)\]\([^)]*\)|<[^>]*>", r"\1", cell).strip(" |") for cell in row] for row in rows]
    return {row[0].replace("&#32;", " "): row[1:] for row in read_as if row[0] != ":--"}


def rows_in(cycle: str, name: str) -> list[dict[str, str]]:
    with (ROOT / "scorecards" / cycle / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_head_sees_what_the_cycle_waits_for_and_how_the_last_results_stand(starts: Mapping[str, str]) -> None:
    """The states are counted once more from the file of answers."""
    rows = rows_of(starts["hy001"], "departments")

    last = {row["person"]: SAID[row["answer"]] for row in rows_in("2026-09", "confirmations.csv")}
    homes = {row["person"]: row["department"] for row in rows_in("2026-09", "people.csv")}
    for name, department in (("销售部", "sales"), ("客户服务部", "customer-service"), ("家居电商部", "home-online")):
        states = Counter(state for person, state in last.items() if homes[person] == department)
        told = dict(part.removesuffix(" 人").rsplit(" ", 1) for part in rows[name][2].split("、"))
        assert {state: int(number) for state, number in told.items()} == states
    assert rows["电子商务部"][0] == "还缺 11 项，被搁置 1 项，5 人在等"
    assert rows["财务部"][:2] == ["数据已收齐", "2 &#47; 3 人"]
    assert "[销售部](2026-09/departments/sales.md)" in starts["hy001"]
    assert "[运营部考核表](2026-09/units/operations.md)" in starts["hy001"]
    assert list(rows)[:2] == ["部门", "全公司"]


def test_a_head_sees_the_own_department_alone_and_who_leads_none_sees_none(starts: Mapping[str, str]) -> None:
    assert list(rows_of(starts["hy004"], "departments")) == ["部门", "财务部"]
    assert "{#departments}" not in starts["hy013"]


def test_who_stands_in_the_team_is_not_listed_once_more(starts: Mapping[str, str]) -> None:
    page = starts["hy009"]
    team, others = page[page.index("{#team}") :], page[page.index("{#others}") :]

    assert "2026-09/p/" in team[: team.index("</section>")]
    assert "2026-09" not in others
    assert others.count("2026-08/p/") == 3


def test_who_is_not_appraised_reads_so_and_no_dash(starts: Mapping[str, str]) -> None:
    page = starts["hy001"]
    newest = page[page.index("{#cards}") : page.index("{#past}")]

    assert '<span class="kpi-chip">不计分</span>' in newest
    assert "card-total" not in newest
    assert "- **不计分**  [2026年8月]" in page


def test_the_score_stands_beside_what_decided_it_and_the_first_way_on(starts: Mapping[str, str]) -> None:
    page = starts["hy013"]
    cards = page[page.index("{#cards}") : page.index("{#past}")]

    assert "<li>没得到的 24.4 分里，门店销售额占 13.9 分：实际 263,818 元，满分要 329,000 元。</li>" in cards
    assert '<p class="card-note">绩效工资 <b>¥2,056.32</b></p>' in cards
    assert "<li>离 B 差 4.4 分，最短的路：抽查无误笔数再多 <b>1 笔</b>，门店销售额再多 <b>6,581 元</b>" in cards
    assert '<div class="card-veto"><b>B → C</b>' in starts["hy007"]


def test_the_targets_of_the_cycle_that_goes_on_are_those_of_its_tables(starts: Mapping[str, str]) -> None:
    given = {row["indicator"]: row["target"] for row in rows_in("2026-10", "targets.csv") if row["subject"] == "HY013"}

    rows = rows_of(starts["hy013"], "running")

    assert given == {"store_sales": "307000"}
    assert rows["门店销售额"] == ["307,000 元", "70"]
    assert rows["会员流失率"] == ["不超过 5%", "10"]


def test_who_waits_for_numbers_reads_from_whom_and_no_result(starts: Mapping[str, str]) -> None:
    page = starts["hy025"]
    part = page[page.index("{#running}") :].partition("</section>")[0]

    rows = rows_of(page, "running")

    waiting = {name: row[0] for name, row in rows.items() if row[0] != "已到" and name != "指标"}
    assert set(waiting.values()) == {"等企划部"}
    assert f"{len(rows) - 1} 项里 {len(rows) - 1 - len(waiting)} 项的数据已到，还在等：企划部。" in part
    assert "总分" not in part


def test_a_plan_stands_with_its_owner_and_with_who_looks_after_it(starts: Mapping[str, str]) -> None:
    plan = rows_of(starts["hy013"], "plans")

    assert [name for name in plan if name.startswith("会员流失率")]
    assert "<b>检查 1 份改进计划的进展</b> <small>温以夏</small>" in starts["hy009"]
    assert "改进计划的进展" not in starts["hy013"]
    assert "{#plans}" not in starts["hy001"]


def test_a_plan_is_told_to_nobody_who_may_not_open_the_card_on_which_it_stands(
    viewed: tuple[Viewing, Mapping[str, str]],
) -> None:
    viewing, _ = viewed
    assert plans_of("hy013", viewing)
    assert checks_of("hy009", viewing)
    kept_back = {period: marks._replace(sight=NO_SIGHT) for period, marks in viewing.seen.items()}

    hidden = replace(viewing, seen=kept_back)

    assert plans_of("hy013", hidden) == ()
    assert checks_of("hy009", hidden) == ()


def test_who_leads_the_department_that_owes_a_number_is_waited_for(starts: Mapping[str, str]) -> None:
    page = starts["hy017"]
    mine = page[page.index("要你动手") : page.index("在等别人")]

    assert "等你的部门补交或改正：浏览量" in mine
    assert "阮星禾" in mine
    assert "<b>电子商务部有 1 项数据要改正重交</b> <small>交来的写法用不上：阮星禾的浏览量</small>" in page
    assert "还缺 0 项" not in "".join(starts.values())


def test_what_is_due_first_stands_first(starts: Mapping[str, str]) -> None:
    tasks = starts["hy017"].partition("{#tasks}")[2].partition("</section>")[0]

    days = re.findall(r'datetime="([^"]+)"', tasks)

    assert days == sorted(days) == ["2026-10-31", "2026-11-05", "2026-11-09"]
