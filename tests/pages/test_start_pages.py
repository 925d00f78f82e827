"""The start pages of viewers: what each may do next, the newest result, the team, and the departments."""

import csv
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from kpibook import pipeline
from kpibook.access.permissions import NO_PERMISSIONS
from kpibook.base.periods import Period
from kpibook.content import read
from kpibook.model import CycleStatus
from kpibook.pages.viewers import ViewerFacts
from kpibook.pages.viewers.plans import checks_of, plans_of
from kpibook.pages.viewers.start import _greeting
from kpibook.pages.viewers.targets import planned_targets
from kpibook.pages.viewers.tasks import tasks_of
from sources import ROOT

KEY = os.environ["KPIBOOK_KEY"].encode()
SAID = {"delivered": "已送达", "confirmed": "已确认", "disagrees": "有异议", "refused": "拒绝签字"}


@pytest.fixture(scope="module")
def viewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[ViewerFacts, Mapping[str, str]]:
    """Who sees what of the sample, and the Markdown of the start pages by login."""
    content = read(ROOT / "handbook", ROOT / "scorecards")
    assert content.catalog.company.access
    viewing = ViewerFacts(content.catalog, content.catalog.company.access, content.cycles, content.say, KEY)
    folder = tmp_path_factory.mktemp("starts")
    pipeline.write_pages(content, folder, list(content.cycles), viewing)
    found = (folder / "viewers").rglob("*.md")
    return viewing, {path.parent.name.removeprefix("u-"): path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="module")
def starts(viewed: tuple[ViewerFacts, Mapping[str, str]]) -> Mapping[str, str]:
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
    assert rows["财务部"][:2] == ["", "2 &#47; 3 人"]
    assert "没有写在等什么的，数据已收齐" in starts["hy001"]
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


def test_a_card_without_a_result_is_not_said_to_be_there(viewed: tuple[ViewerFacts, Mapping[str, str]]) -> None:
    viewing, starts = viewed
    newest = next(iter(viewing.newest_first))
    greeted = [_greeting("甲", (), [(newest, newest.marks[person])], viewing.say) for person in ("hy001", "hy013")]

    assert greeted == ["甲的绩效", f"甲，{newest.cycle.name}的考核表出来了"]
    assert "[打开考核表]" in starts["hy001"]
    assert "[看每一分的依据]" not in starts["hy001"]
    assert "[看每一分的依据]" in starts["hy013"]


def test_the_score_stands_beside_what_decided_it_and_the_first_way_on(starts: Mapping[str, str]) -> None:
    page = starts["hy013"]
    cards = page[page.index("{#cards}") : page.index("{#past}")]

    assert "<li>没得到的 24.4 分里，门店销售额占 13.9 分：实际 263,818 元，满分要 329,000 元。</li>" in cards
    assert '<p class="card-note">绩效工资 <b>¥2,056.32</b> &#61; 6,800 × 0.4 × 75.6 ÷ 100</p>' in cards
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
    assert '<b class="my-next">检查 1 份改进计划的进展</b> <small>温以夏</small>' in starts["hy009"]
    assert "改进计划的进展" not in starts["hy013"]
    assert "{#plans}" not in starts["hy001"]


def test_a_plan_is_told_to_nobody_who_may_not_open_the_card_on_which_it_stands(
    viewed: tuple[ViewerFacts, Mapping[str, str]],
) -> None:
    viewing, _ = viewed
    assert plans_of("hy013", viewing)
    assert checks_of("hy009", viewing)
    kept_back = {period: marks._replace(permissions=NO_PERMISSIONS) for period, marks in viewing.seen.items()}

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


def test_several_ratings_are_one_task_with_what_they_are_about_and_of_whom(
    viewed: tuple[ViewerFacts, Mapping[str, str]],
) -> None:
    viewing, starts = viewed
    state = viewing.state
    assert state
    [one] = state.of_supplier("rater:HY017")
    others = [
        replace(one, subject="苏以宁", key=key, need=replace(one.need, subject="HY018"))
        for key in ("团队协作", "客服与物流培训")
    ]
    several = replace(viewing, state=replace(state, owed=(one, *others)))
    viewer = next(each for each in viewing.viewers if each.person == "HY017")

    tasks = {task.what: task.why for task in tasks_of(viewer, several, lambda path: "")}

    assert tasks["给 2 人评分，共 3 项"] == "团队协作：杭子谦、苏以宁；客服与物流培训：苏以宁"
    assert not any("评“" in what for what in tasks)
    assert "<b>给杭子谦评“团队协作”</b>" in starts["hy017"]


def test_what_was_missed_twice_is_a_task_of_both_and_nothing_is_said_to_be_owed_no_more(
    starts: Mapping[str, str],
) -> None:
    own = starts["hy013"].partition("{#tasks}")[2].partition("</section>")[0]
    team = starts["hy017"].partition("{#tasks}")[2].partition("</section>")[0]

    assert '<b class="my-next">和何彦初商定一份改进计划</b> <small>连续两期没达标，还没有改进计划：门店销售额' in own
    assert '<span class="my-due">面谈时一起定</span> [打开考核表](2026-09/p/' in own
    assert "现在没有要你交的数据或评分" not in own
    assert "<b>和 9 位下级商定改进计划</b> <small>连续两期没达标，还没有计划：[苏以宁](2026-09/p/" in team
    # The plans of the page tell of plans alone: what is due stands above.
    assert "连续两期" not in starts["hy013"].partition("{#plans}")[2]


def test_the_run_of_a_cycle_goes_on_to_the_appeal(starts: Mapping[str, str]) -> None:
    steps = re.findall(r"<b>([^<]*)</b><small>(.*?)</small>", starts["hy013"].partition("{#cycle}")[2])

    assert [name for name, _ in steps] == ["考核周期", "数据截止", "评分和复核截止", "确认截止", "申诉截止"]
    assert steps[0][1] == '<time datetime="2026-10-31">10月1日—31日</time>'
    assert "<b>申诉截止</b><small></small><small>送达后 5 个工作日内</small>" in starts["hy013"]


def test_the_targets_of_a_planned_cycle_stand_there_once_its_people_are_known(
    viewed: tuple[ViewerFacts, Mapping[str, str]],
) -> None:
    viewing, starts = viewed
    current = viewing.current
    assert current
    november = replace(current, period=Period.parse("2026-11"), name="2026年11月", status=CycleStatus.PLANNED)
    nobody = replace(november, people=())
    planned = replace(viewing, cycles={**viewing.cycles, november.period: november}, planned=viewing.running)
    empty = replace(viewing, cycles={**viewing.cycles, nobody.period: nobody}, planned=viewing.running)

    found = planned_targets("hy013", planned)

    assert found
    assert found.heading == "2026年11月的目标"
    assert not found.is_waiting
    assert found.items[0].target == "307,000 元"
    assert planned_targets("hy013", empty) is None
    assert "{#planned}" not in starts["hy013"]
