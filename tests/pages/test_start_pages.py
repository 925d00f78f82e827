"""The start pages of viewers: what each may do next, the newest result, the team, and the departments."""

import csv
import os
import re
from collections import Counter
from collections.abc import Mapping

import pytest

from kpibook import pipeline
from kpibook.content import read
from kpibook.pages.viewers import Viewing
from sources import ROOT

KEY = os.environ["KPIBOOK_KEY"].encode()
SAID = {"delivered": "已送达", "confirmed": "已确认", "disagrees": "有异议", "refused": "拒绝签字"}


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The Markdown of the sample's start pages by login."""
    content = read(ROOT / "handbook", ROOT / "scorecards")
    assert content.catalog.company.access
    viewing = Viewing(content.catalog, content.catalog.company.access, content.cycles, content.say, KEY)
    folder = tmp_path_factory.mktemp("starts")
    pipeline.write_pages(content, folder, list(content.cycles), viewing)
    found = (folder / "viewers").rglob("*.md")
    return {path.parent.name.removeprefix("u-"): path.read_text(encoding="utf-8") for path in found}


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
