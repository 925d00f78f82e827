"""What of a cycle is there, what is missing, who owes it since when: figures that can be counted by hand."""

import csv
import datetime
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kpibook import pipeline
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.content import read, score_cycle
from kpibook.exchange.needs import NeedKind, State
from kpibook.exchange.status import CycleState, state_of
from kpibook.pages.cycles import status
from kpibook.pages.cycles.rendering import status_page
from kpibook.pages.cycles.status import status_view
from kpibook.pages.text import escape

COMPANY = Path(__file__).parents[1] / "company"
BEFORE = """\
2026年10月（2026-10）：需要 8 项，已有 6，被搁置 0，还缺 2。
请在 11月5日（周四）前交齐。平均每人有 33.33% 的权重没有数据。

提供部门和评分人
  门店部：1/1
  支持部：4/5，缺 1
  林晓：1/2，缺 1

没有收齐的数据项和指标
  销售额：2/3，缺 1
  工作态度：1/2，缺 1

还在等数据的部门
  门店部：6/8，缺 2，33.33% 的权重没有数据

还在等数据的人
  何小青：0/2，缺 2，100% 的权重没有数据

可以直接粘贴的催办消息

【支持部】2026年10月考核还缺 1 项数据。请在 11月5日（周四）前交齐。有 1 张考核表在等：
1. 销售额：何小青（E03）
请填好后发回填报表；真的没有的，也请说明一声。

【林晓】2026年10月考核还缺 1 项数据。请在 11月5日（周四）前交齐。有 1 张考核表在等：
1. 给何小青（E03）的“工作态度”评分
请填好后发回评分表。
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The tiny company: in October somebody new has neither a number nor a rating."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    folders = ("--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards"))
    return CliRunner().invoke(main, [*folders, *arguments])


def state(root: Path, cycle: str = "2026-10") -> CycleState:
    content = read(root / "handbook", root / "scorecards")
    results = score_cycle(content, Period.parse(cycle))
    return state_of(results, content.catalog, content.cycles)


def append(root: Path, name: str, text: str) -> None:
    with (root / "scorecards" / "2026-10" / name).open("a", encoding="utf-8") as file:
        file.write(text)


def test_the_text_says_who_owes_what_and_who_waits(company: Path) -> None:
    result = run(company, "status", "--today", "2026-11-05")

    assert result.exit_code == 3
    assert result.output == BEFORE


def test_the_state_after_the_missing_numbers_have_come_is_complete(company: Path) -> None:
    append(company, "actuals/support.csv", "E03,sales,16000,\n")
    append(company, "ratings.csv", "E03,attitude,manager,E01,30,\n")

    result = run(company, "status", "2026-10")

    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "2026年10月（2026-10）：需要 8 项，已有 8，被搁置 0，还缺 0。"
    assert result.output.splitlines()[-1] == "数据已收齐。"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-05", "请在 11月5日（周四）前交齐。"),
        ("2026-11-06", "应于 11月5日（周四）交齐，已过 1 天。"),
        ("2026-12-05", "应于 11月5日（周四）交齐，已过 30 天。"),
    ],
)
def test_lateness_is_told_from_the_day_after(company: Path, day: str, said: str) -> None:
    result = run(company, "status", "--today", day)

    assert result.output.count(said) == 3


def test_without_a_schedule_nobody_is_late(company: Path) -> None:
    file = company / "scorecards" / "2026-10" / "cycle.yml"
    text = "\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if "schedule" not in line)
    file.write_text(text + "\n", encoding="utf-8")

    result = run(company, "status", "--today", "2030-01-01")

    assert "没有规定收齐的日期。" in result.output
    assert state(company).days_late(datetime.date(2030, 1, 1)) == 0


def test_a_number_that_was_set_aside_is_not_missing_and_says_why(company: Path) -> None:
    append(company, "actuals/support.csv", "E03,sales,many,\n")

    found = state(company)
    result = run(company, "status")

    [need] = [each for each in found.owed if each.need.kind is NeedKind.NUMBER]
    assert need.need.state is State.SET_ASIDE
    assert (found.all.needed, found.all.given, found.all.set_aside, found.all.missing) == (8, 6, 1, 1)
    assert (
        "1. 何小青（E03）的销售额已收到，但不能用：actual 写的“many”不是数字"
        "（scorecards/2026-10/actuals/support.csv:6:11）。请只写数字，例如 1234.5；没有数就留空" in result.output
    )


def test_a_decision_that_was_set_aside_is_asked_of_hr_by_its_name(company: Path) -> None:
    rows = "person,total,grade,reason,by,on\nE02,high,,fair,Owner,2026-11-01\n"
    (company / "scorecards/2026-10/calibration.csv").write_text(rows, encoding="utf-8")
    append(company, "adjustments.csv", "E02,many,late,Owner\n")

    told = run(company, "status", "2026-10").output
    derivation = run(company, "explain", "2026-10", "E02").output

    assert "【人事】2026年10月考核还缺 2 项数据。" in told
    assert "周然（E02）的加减分已收到，但不能用：points 写的“many”不是数字" in told
    assert "周然（E02）的校准已收到，但不能用：total 写的“high”不是数字" in told
    assert "校准（E02，2026-10）已提交但被搁置：total 写的“high”不是数字" in derivation
    assert "加减分（E02，2026-10）已提交但被搁置：points 写的“many”不是数字" in derivation


def test_the_department_that_keeps_the_handbook_is_asked_for_decisions(company: Path) -> None:
    settings = company / "handbook/company.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "owner: support\n", encoding="utf-8")
    append(company, "adjustments.csv", "E02,many,late,Owner\n")

    [owed] = [each for each in state(company).owed if each.need.kind == "adjustment"]

    assert owed.supplier == "support"


def test_json_holds_all_of_it(company: Path) -> None:
    result = run(company, "status", "--format", "json", "--today", "2026-11-07")

    told = json.loads(result.output)
    assert (told["cycle"], told["complete"], told["days_late"]) == ("2026-10", False, 2)
    assert told["all"] == {
        "id": "",
        "name": "",
        "needed": 8,
        "given": 6,
        "set_aside": 0,
        "missing": 2,
        "uncovered_percent": "33.333333333333",
    }
    assert [(each["id"], each["missing"]) for each in told["suppliers"]] == [
        ("shop", 0),
        ("support", 1),
        ("rater:E01", 1),
    ]
    assert [each["uncovered_percent"] for each in told["people"]] == [0, 0, 100]
    assert told["messages"][0]["text"].startswith(
        "【支持部】2026年10月考核还缺 1 项数据。应于 11月5日（周四）交齐，已过 2 天。"
    )


def test_csv_has_a_row_for_each_thing_owed(company: Path) -> None:
    result = run(company, "status", "--format", "csv", "--today", "2026-11-08")

    rows = list(csv.DictReader(io.StringIO(result.output.removeprefix("\ufeff"))))
    assert {(row["due"], row["days_late"]) for row in rows} == {("2026-11-05", "3")}
    assert [(row["cards"], row["waiting"]) for row in rows] == [("1", "何小青"), ("1", "何小青")]
    assert [(row["supplier"], row["kind"], row["subject"], row["key"], row["weight"]) for row in rows] == [
        ("support", "number", "E03", "sales", "60"),
        ("rater:E01", "rating", "E03", "attitude", "40"),
    ]


def test_a_closed_cycle_with_everything_ends_with_0(company: Path) -> None:
    assert run(company, "status", "2026-09").exit_code == 0


def test_a_cycle_that_is_not_there_is_refused(company: Path) -> None:
    result = run(company, "status", "2026-11")

    assert result.exit_code == 2


def test_two_open_cycles_have_to_be_told_apart(company: Path) -> None:
    file = company / "scorecards" / "2026-09" / "cycle.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("closed", "open"), encoding="utf-8")

    result = run(company, "status")

    assert result.exit_code == 2
    assert "请写明是哪个周期：2026-09, 2026-10" in result.output


def test_what_is_wrong_with_a_cycle_is_no_reason_not_to_tell_its_state(company: Path) -> None:
    append(company, "cycle.yml", "surplus: 1\n")

    assert run(company, "check").exit_code == 1
    assert run(company, "status").exit_code == 3


def test_a_faulty_catalog_ends_it(company: Path) -> None:
    (company / "handbook" / "grades.yml").write_text("- {id: A}\n", encoding="utf-8")

    result = run(company, "status")

    assert result.exit_code == 1
    assert "grades.yml" in result.output


def test_a_department_s_own_number_is_asked_for_where_it_was_given_last_time(company: Path) -> None:
    role = company / "handbook" / "roles" / "shop-manager.yml"
    text = role.read_text(encoding="utf-8").replace("measure: complaints", "measure: company.complaints")
    role.write_text(text.replace("complaints >= 5", "company.complaints >= 5"), encoding="utf-8")
    indicator = company / "handbook" / "indicators" / "service.yml"
    indicator.write_text(
        indicator.read_text(encoding="utf-8").replace("formula: complaints", "formula: company.complaints"),
        encoding="utf-8",
    )
    for cycle in ("2026-09", "2026-10"):
        (company / "scorecards" / cycle / "actuals" / "shop.csv").write_text(
            "subject,measure,actual\n" + ("company,complaints,2\n" if cycle == "2026-09" else ""), encoding="utf-8"
        )

    found = [(each.need.subject, each.need.key) for each in state(company).owed]

    assert ("company", "complaints") in found


def test_the_page_says_the_same_and_not_on_which_day(company: Path) -> None:
    content = read(company / "handbook", company / "scorecards")

    path, text = status_page(state(company), content.say)

    assert path == "2026-10/status.md"
    assert "| 支持部 | 5 | 4 | 0 | 1 |\n" in text
    assert "| 门店部 | 8 | 6 | 0 | 2 | 33% |" in text
    assert "| 何小青 | 2 | 0 | 0 | 2 | 100% |" in text
    assert "| 工作态度（上级评分） | 何小青（E03） | 缺 | 何小青 |" in text
    assert "请在 11月5日（周四）前交齐。" in text
    assert "已过" not in text


def test_the_page_is_made_with_the_cards(company: Path) -> None:
    content = read(company / "handbook", company / "scorecards")

    pipeline.write_pages(content, company / "build", content.cycles)

    assert (company / "build" / "cards" / "2026-09" / "status.md").is_file()
    records = (company / "build" / "cards" / "2026-10" / "records.md").read_text(encoding="utf-8")
    assert "(status.md)" in records


def test_what_does_not_count_for_lack_of_approval_is_told(company: Path) -> None:
    handbook = company / "handbook"
    with (handbook / "company.yml").open("a", encoding="utf-8") as file:
        file.write("approvals: {roles: require, targets: require, adjustments: require, adjustment_most: 1}\n")

    text = run(company, "status", "--today", "2026-11-05").stdout
    found = json.loads(run(company, "status", "--today", "2026-11-05", "--format", "json").stdout)

    lines = [
        "岗位茶艺师（barista）：还不是已批准（handbook/roles/barista.yml:1:1），任职的人不出总分",
        "何小青（E03）的“个人销售额”目标：缺批准日期（scorecards/2026-10/targets.csv:2:18）",
        "周然（E02）的加减分：缺批准日期、超过每次加减分的上限（scorecards/2026-10/adjustments.csv:2:5）",
    ]
    assert "未批准，不计入\n" + "".join(f"  {line}\n" for line in lines) in text
    assert [each["text"] for each in found["unapproved"]] == lines
    assert [each["lacks"] for each in found["unapproved"]] == [["status"], ["on"], ["on", "limit"]]
    assert not found["complete"]
    _, page = status_page(state(company), read(handbook, company / "scorecards").say)
    assert all(f"- {escape(line)}" in page for line in lines)


def test_nothing_is_told_of_approvals_that_are_not_required(company: Path) -> None:
    assert "未批准" not in run(company, "status", "--today", "2026-11-05").stdout


def test_a_list_that_is_cut_still_says_how_much_each_supplier_owes(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = state(company)
    supplier = found.owed[0].supplier
    owed = (*found.owed, found.owed[0], found.owed[0])
    monkeypatch.setattr(status, "MOST_ROWS", 1)

    view = status_view(replace(found, owed=owed), words("zh"))

    [group] = view.owed
    assert len(group.rows) == 1
    assert group.numbers == f"{sum(each.supplier == supplier for each in owed)} 项"
    assert view.rest == words("zh")("cards.more_rows", count=len(owed) - 1)
