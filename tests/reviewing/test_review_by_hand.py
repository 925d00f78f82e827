"""A review as a reviewer lives it: a weight changed on a branch, the commands of the CI, and its comment done by hand.

Nothing here asks the program what a change does: both catalogs are scored as files, and the rest is arithmetic on them.
"""

import csv
import html
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from click.testing import CliRunner

from companies import never_sealed
from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.cli import main
from runners import GITHUB, Clone, change, git, played, recorders
from sources import ROOT

CLOSED = ("2026-08", "2026-09")
GRADES = "EDCBA"
BEFORE_PAY = "status"
AFTER_PAY = "computed"
"""Columns of totals.csv between which those of the pay lines stand."""
FEW = 5

Change = tuple[str, str, str]
"""A file below the handbook, a text in it, and what it becomes."""

STORE = "roles/store-manager.yml"
WEIGHTS: Sequence[Change] = (
    (STORE, "{indicator: product_knowledge, weight: 5,", "{indicator: product_knowledge, weight: 10,"),
    (STORE, "indicator: member_churn\n        weight: 10", "indicator: member_churn\n        weight: 5"),
    (STORE, "section: 人员\n    weight: 15", "section: 人员\n    weight: 20"),
    (STORE, "section: 账目与会员\n    weight: 15", "section: 账目与会员\n    weight: 10"),
    (STORE, "{actual: 6, points: 8.3}", "{actual: 6, points: 4.2}"),
    (STORE, "{actual: 4, points: 10}", "{actual: 4, points: 5}"),
    (STORE, "{actual: 0, points: 10}", "{actual: 0, points: 5}"),
)
"""Five points go from the members of a shop to what its manager knows, with all that depends on the weights."""
MARK: Sequence[Change] = (("grades.yml", "name: 良好\n  from: 80", "name: 良好\n  from: 77"),)
"""A grade becomes easier, and everybody near its mark has another one."""


class Person(NamedTuple):
    """What the files that `score` writes say of somebody."""

    role: str
    department: str
    total: Fraction | None
    grade: str
    pay: Fraction | None
    points: Mapping[str, str]
    """By indicator, as written."""


Cycle = Mapping[str, Person]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def scored(root: Path, period: str, out: Path) -> Cycle:
    """Everybody's results in the files of a run of `score`."""
    folders = ["--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards")]
    done = CliRunner().invoke(main, [*folders, "score", period, "--out", str(out)])
    assert done.exit_code in (0, 3), done.output
    points: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(out / "items.csv"):
        points[row["person"]][row["indicator"]] = row["points"]
    people = (row for row in rows(out / "totals.csv") if row["role"])
    return {row["person"]: person(row, points[row["person"]]) for row in people}


def person(row: Mapping[str, str], points: Mapping[str, str]) -> Person:
    columns = list(row)
    lines = [row[name] for name in columns[columns.index(BEFORE_PAY) + 1 : columns.index(AFTER_PAY)] if row[name]]
    total = Fraction(row["total"]) if row["total"] else None
    pay = sum(map(Fraction, lines), Fraction(0)) if lines else None
    return Person(row["role"], row["department"], total, row["grade"], pay, points)


def moved(before: Cycle, after: Cycle) -> list[str]:
    """Who has another total, grade or pay, of those who have a total on both sides."""
    return [who for who in compared(before, after) if before[who][2:5] != after[who][2:5]]


def compared(before: Cycle, after: Cycle) -> list[str]:
    return [who for who in before if before[who].total is not None and after[who].total is not None]


def steps(before: Cycle, after: Cycle) -> list[int]:
    """By how many grades everybody rises or falls."""
    pairs = ((before[who].grade, after[who].grade) for who in compared(before, after))
    return [GRADES.index(newer) - GRADES.index(older) for older, newer in pairs]


def band(points: Fraction) -> str:
    """A difference of points in words."""
    if not points:
        return "分数不变"
    sign, size = "升" if points > 0 else "降", abs(points)
    if size < 1:
        return f"{sign}不到 1 分"
    return f"{sign} 1 到 5 分" if size < 5 else f"{sign} 5 到 10 分" if size < 10 else f"{sign} 10 分及以上"


def count(number: int) -> str:
    return "少于 5 人" if 0 < number < FEW else f"{number} 人"


def expected(before: Cycle, after: Cycle) -> Iterator[str]:
    """The first lines about a cycle in which at least five people moved."""
    movers, all_steps = moved(before, after), steps(before, after)
    departments = Counter(after[who].department for who in movers)
    yield (
        f"- {len(compared(before, after))} 人在两个版本下都有总分，其中 {len(movers)} 人的结果有变化，"
        f"涉及 {len(departments)} 个部门。"
    )
    up, down = (count(sum(step * sign > 0 for step in all_steps)) for sign in (1, -1))
    yield f"- 等级上升：{up}；下降：{down}。"
    yield pay_line(before, after)


def pay_line(before: Cycle, after: Cycle) -> str:
    """Total pay of those who have a total on both sides, to the cent."""
    paid = [who for who in compared(before, after) if before[who].pay is not None or after[who].pay is not None]
    pairs = [(before[who].pay or Fraction(0), after[who].pay or Fraction(0)) for who in paid]
    older, newer = (sum(side, Fraction(0)) for side in zip(*pairs, strict=True))
    changed, share = sum(one != other for one, other in pairs), (newer - older) * 100 / older
    if not changed:
        return f"- 绩效工资没有变化，合计仍是 ¥{decimals(older, 2)}。"
    if changed < FEW:
        return "- 绩效工资有变化的不足 5 人，不列合计。"
    return (
        f"- {changed} 人的绩效工资有变化，合计 ¥{decimals(older, 2)} → ¥{decimals(newer, 2)}"
        f"（{decimals(newer - older, 2):+}，{decimals(share, 1):+}%）。"
    )


def decimals(value: Fraction, places: int) -> Decimal:
    """The value with so many decimals, half-up and never by way of a float."""
    scaled = value * 10**places
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def names(root: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What the roles and the indicators are called, by a reader of YAML that knows nothing of kpibook."""
    roles = {path.stem: yaml.safe_load(path.read_text("utf-8"))["name"] for path in root.glob("handbook/roles/*.yml")}
    books = [yaml.safe_load(path.read_text("utf-8")) for path in root.glob("handbook/indicators/*.yml")]
    return roles, {key: entry["name"] for book in books for key, entry in (book or {}).items()}


def reasons(before: Cycle, after: Cycle, root: Path) -> set[str]:
    """The rows of the table that says why: each item of a role whose points differ for at least five people."""
    found: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for who in moved(before, after):
        older, newer = before[who].points, after[who].points
        for key in newer:
            if older[key] != newer[key]:
                found[after[who].role, key].append(Fraction(newer[key]) - Fraction(older[key]))
    roles, indicators = names(root)
    return {
        f"| {roles[role]}：{indicators[key]} | {len(each)} | {band(sum(each, Fraction(0)) / len(each))} |"
        for (role, key), each in found.items()
        if len(each) >= FEW
    }


class Reviewed(NamedTuple):
    """A comment in plain text, and both sides of it as scored files."""

    comment: str
    root: Path
    cycles: Mapping[str, tuple[Cycle, Cycle]]

    def about(self, period: str) -> list[str]:
        """The lines of the comment about a cycle."""
        _, _, rest = self.comment.partition(f"（{period}）**\n")
        return [line for line in rest.partition("\n**")[0].splitlines() if line]


def reviewed(tmp_path: Path, changes: Sequence[Change]) -> Reviewed:
    """The sample company in a repository, a change on a branch, and a clone of it in which the CI's commands run."""
    origin = tmp_path / "origin"
    create_company(origin, NewCompany("Sample", Period.parse("2026-10"), "1"), words("zh"))
    for name in ("handbook", "scorecards"):
        shutil.rmtree(origin / name)
        shutil.copytree(ROOT / name, origin / name)
    never_sealed(origin / "scorecards")
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "the company")
    base = git(origin, "rev-parse", "HEAD")
    older = {period: scored(origin, period, tmp_path / "older") for period in CLOSED}
    git(origin, "switch", "--quiet", "--create", "change")
    for file, text, becomes in changes:
        change(origin / "handbook" / file, (text, becomes))
    git(origin, "commit", "--quiet", "--all", "--message", "a change")
    git(tmp_path, "clone", "--quiet", "--branch", "change", str(origin), "clone")
    clone = Clone(tmp_path / "clone", base, recorders(tmp_path / "tools"))
    for step in played(GITHUB, "pull_request", clone):
        assert step.code == 0, step.output
        if step.name == "Say so on the pull request":
            break
    newer = {period: scored(clone.folder, period, tmp_path / "newer") for period in CLOSED}
    [comment] = clone.said("gh")["texts"]
    return Reviewed(html.unescape(comment), clone.folder, {each: (older[each], newer[each]) for each in CLOSED})


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    return reviewed(tmp_path_factory.mktemp("weights"), WEIGHTS)


def test_the_comment_states_the_change(weights: Reviewed) -> None:
    assert "- **店长**：货品专业知识达标率 5 → 10; 会员流失率 10 → 5\n" in weights.comment


def test_who_moved_by_how_much_and_what_is_paid_agree_with_both_scorings(weights: Reviewed) -> None:
    before, after = weights.cycles["2026-08"]

    lines = weights.about("2026-08")

    movers = moved(before, after)
    differences = Counter(
        band((after[who].total or Fraction(0)) - (before[who].total or Fraction(0))) for who in movers
    )
    assert len(movers) >= FEW
    assert {before[who].role for who in movers} == {"store-manager"}
    assert lines[:3] == list(expected(before, after))
    assert all(f"| {words} | {number} |" in lines for words, number in differences.items())
    assert f"| 销售部 | {len(movers)} |" in lines


def test_the_reason_why_each_moved_agrees_with_the_points_of_both_scorings(weights: Reviewed) -> None:
    before, after = weights.cycles["2026-08"]

    lines = weights.about("2026-08")

    table = lines[lines.index("| 岗位与项目 | 人数 | 平均变化 |") + 2 :]
    rows_of_table = {line for line in table if line.startswith("|")}
    assert rows_of_table == reasons(before, after, weights.root)
    assert len(rows_of_table) == 2


def test_a_cycle_in_which_fewer_than_five_moved_tells_no_number(weights: Reviewed) -> None:
    before, after = weights.cycles["2026-09"]

    lines = weights.about("2026-09")

    assert 0 < len(moved(before, after)) < FEW
    assert lines[0] == f"- {len(compared(before, after))} 人在两个版本下都有总分，其中结果有变化的少于 5 人，不再细分。"
    assert not [line for line in lines if line.startswith("|")]


def test_grades_that_rise_agree_with_both_scorings(tmp_path: Path) -> None:
    made = reviewed(tmp_path, MARK)

    for period in CLOSED:
        before, after = made.cycles[period]
        rises = sum(step > 0 for step in steps(before, after))
        assert made.about(period)[1] == f"- 等级上升：{count(rises)}；下降：0 人。"
        assert made.about(period)[2] == pay_line(before, after)
        assert rises == len(moved(before, after))


def test_nobody_s_name_or_id_is_in_the_comment(weights: Reviewed) -> None:
    people = rows(weights.root / "scorecards/2026-08/people.csv")

    assert not [row["person"] for row in people if row["person"] in weights.comment or row["name"] in weights.comment]
