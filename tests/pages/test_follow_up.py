"""A card says where its result stands: how to answer and to appeal, what was said and planned, whom to ask."""

import json
import re
from pathlib import Path

import pytest

from kpibook.base.periods import Period
from kpibook.content import lookback_of, read, score_cycle
from kpibook.pages.cards import follow_up
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.figures import page_id
from lives import Life

KEY = b"a key"
CONFIRMATIONS = "person,result,answer,on,by,comment\n"
APPEALS = "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason\n"
INTERVIEWS = "person,result,on,by,summary,cause,opinion\n"
PLANS = "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome\n"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """The tiny company, whose October is published on Wednesday, 11 November."""
    monkeypatch.chdir(tmp_path)
    life = Life(tmp_path)
    life.publish()
    return life


def number(life: Life, person: str, revision: int = 1) -> str:
    return str(json.loads(life.read(f"2026-10/revisions/{revision}/seal.json"))["people"][person])


def record(life: Life, kind: str, head: str, *rows: str, cycle: str = "2026-10") -> None:
    path = life.path(f"{cycle}/{kind}.csv")
    before = path.read_text(encoding="utf-8") if path.exists() else head
    path.write_text(before + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def card(life: Life, person: str = "E02", cycle: str = "2026-10") -> str:
    """The Markdown of somebody's card."""
    content, period = read(life.root / "handbook", life.root / "scorecards"), Period.parse(cycle)
    lookback, catalog = lookback_of(content, period), content.catalog_of(period)
    pages = dict(card_pages(score_cycle(content, period), catalog, content.say, lookback, key=KEY))
    return pages[f"{period}/p/{page_id(KEY, period, person)}.md"].replace("&#8203;", "")


def part(text: str, anchor: str) -> list[str]:
    """The lines of a section, without the empty ones."""
    found = text.partition(f"{{#{anchor}}}\n")[2].partition("\n</section>")[0]
    return [line for line in found.splitlines() if line.strip() and not line.startswith(("<div", "</div"))]


def test_an_undelivered_result_says_how_long_there_will_be_to_answer(life: Life) -> None:
    assert part(card(life), "confirm") == [
        "**未送达**",
        "- 送达后 3 个工作日内确认；不同意的，7 个工作日内可以申诉。",
        "- 确认办法：在本表签字栏签字，或写明不同意之处，交给直接上级登记；没有别的渠道。",
    ]


def test_a_delivered_one_says_until_when_and_how_to_answer_and_to_appeal(life: Life) -> None:
    record(life, "confirmations", CONFIRMATIONS, f"E02,{number(life, 'E02')},delivered,2026-11-12,林晓,")

    lines = part(card(life), "confirm")

    assert lines[0] == "**已送达，等待确认**"
    assert '<time datetime="2026-11-17">11月17日（周二）</time>' in lines[1]
    assert '<time datetime="2026-11-23">11月23日（周一）</time>' in lines[3]
    assert number(life, "E02") in lines[3]
    assert lines[4] == "- 2026年11月12日 送达，林晓"


def test_what_came_in_for_somebody_without_a_manager_was_noted_by_hr(life: Life) -> None:
    record(life, "confirmations", CONFIRMATIONS, f"E02,{number(life, 'E02')},delivered,2026-11-12,hr,")

    assert part(card(life), "confirm")[4] == "- 2026年11月12日 送达，人事"


def test_the_form_has_what_a_row_of_the_workbook_takes(life: Life) -> None:
    form = card(life).partition("{#signing}")[2].replace("&#12288;", " ").replace("&#9633;", "□")

    assert f"结果编号 {number(life, 'E02')} 送达日期" in form
    assert "□ 已确认 □ 有异议 □ 拒绝签字" in form
    assert "□ 客观条件 □ 个人努力 □ 两者都有" in form


def test_outside_of_derivations_a_source_is_named_and_no_path_told(life: Life) -> None:
    text = card(life, "E03")

    outside = re.sub(r"<details class=\"card-item\".*?</details>", "", text, flags=re.DOTALL)

    assert "csv" in text
    assert "csv" not in outside


def test_no_part_of_it_stands_on_the_card_of_an_open_cycle(life: Life) -> None:
    life.reopen_september()

    assert "#confirm" not in card(life, cycle="2026-09")


def test_an_answer_is_told_as_it_was_given_and_is_no_markup(life: Life) -> None:
    record(
        life, "confirmations", CONFIRMATIONS, f"E02,{number(life, 'E02')},disagrees,2026-11-12,E02,<b>不对</b> | **x**"
    )

    lines = part(card(life), "confirm")

    assert lines[0] == "**有异议**"
    assert lines[-1].startswith("- 2026年11月12日 有异议，周然（E02）：&#60;b&#62;不对")
    assert "**x**" not in lines[-1]


def test_an_appeal_is_told_step_by_step_with_its_clock(life: Life) -> None:
    result = number(life, "E02")
    filed = f"AP1,E02,{result},attitude,fact,那天我不在班,排班表,2026-11-12,filed,2026-11-12,E02,,"
    record(life, "appeals", APPEALS, filed)

    lines = part(card(life), "confirm")

    assert lines[0] == "**申诉中**"
    assert lines[-3:] == [
        "**申诉 AP1（工作态度、事实有出入）**",
        "- 2026年11月12日 提出，周然（E02）：那天我不在班；排班表",
        "- 应在 11月26日（周四）前作出决定。",
    ]


def test_a_corrected_result_asks_again_and_keeps_what_was_said_of_the_old_one(life: Life) -> None:
    record(life, "confirmations", CONFIRMATIONS, f"E03,{number(life, 'E03')},confirmed,2026-11-12,E03,")
    life.change("2026-10/actuals/support.csv", "E03,sales,14000,", "E03,sales,21000,")
    life.correct()

    lines = part(card(life, "E03"), "confirm")

    assert number(life, "E03", 2) != number(life, "E03")
    assert lines[0] == "**第 2 版（更正），请重新确认**"
    assert lines[-1] == "- 对应旧结果：2026年11月12日 确认，何小青（E03）"


def test_after_a_talk_both_sides_and_the_plan_are_told(life: Life) -> None:
    result = number(life, "E02")
    record(life, "interviews", INTERVIEWS, f"E02,{result},2026-11-13,E01,谈了早班,own,想多排早班")
    record(life, "plans", PLANS, "P1,E02,sales_volume,差 3000,跟班学习,排班,E01,2026-11-30,,open,")

    lines = part(card(life), "talk")

    assert lines[:4] == [
        "**2026年11月13日 与林晓（E01）面谈**",
        "- 上级意见（面谈要点）：谈了早班",
        "- 没达标的原因：个人努力",
        "- 员工意见：想多排早班",
    ]
    row = next(line for line in lines if "跟班学习" in line)
    assert row.startswith("| 个人销售额 | 差 3000 | 跟班学习（需要：排班） | 林晓（E01） |")
    assert row.endswith("| 进行中 |")


def test_open_plans_stand_on_the_next_card_and_settled_ones_say_what_came_of_them(life: Life) -> None:
    rows = (
        "P1,E02,sales_volume,差 3000,跟班学习,,E01,2026-10-31,,open,",
        "P2,E02,attitude,失 5 分,礼仪培训,,E01,2026-10-20,2026-10-20,done,已通过",
    )
    record(life, "plans", PLANS, *rows, cycle="2026-09")

    lines = part(card(life), "talk")

    assert [line.split(" | ")[0] for line in lines if "的计划" in line] == [
        "| 工作态度（2026年9月的计划）",
        "| 个人销售额（2026年9月的计划）",
    ]
    assert any("已完成，2026年10月20日 检查：已通过" in line for line in lines)


def test_what_was_missed_twice_without_a_plan_is_told(life: Life) -> None:
    before = part(card(life, "E03"), "talk")
    record(life, "plans", PLANS, "P1,E03,sales_volume,,跟班学习,,E01,2026-11-30,,open,")

    after = part(card(life, "E03"), "talk")

    assert before == ['<p class="card-notice card-again">连续两期没达标，还没有改进计划：个人销售额。</p>']
    assert not any("还没有改进计划" in line for line in after)


def test_the_card_names_whom_to_ask_for_its_numbers(life: Life) -> None:
    departments = life.root / "handbook/departments.yml"
    text = departments.read_text(encoding="utf-8")
    assert "id: support" in text
    departments.write_text(text.replace("id: support", "id: support, contact: 周敏（8012）", 1), encoding="utf-8")

    lines = part(card(life), "contacts")

    assert lines[:2] == ["| 部门 | 联系人 | 问什么 |", "| :-- | :-- | :-- |"]
    assert lines[2].startswith("| 直接上级 | ")
    assert lines[2].endswith(" | 目标、面谈、改进计划 |")
    assert any("周敏（8012）" in line for line in lines)


def test_of_many_numbers_of_one_supplier_the_first_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    life = Life(tmp_path)
    company = life.root / "handbook/company.yml"
    company.write_text(company.read_text(encoding="utf-8") + "owner: support\n", encoding="utf-8")
    life.publish()
    assert part(card(life), "contacts")[-1] == "| 支持部 |  | 销售额、规则、申诉 |"

    monkeypatch.setattr(follow_up, "MOST_NUMBERS", 1)
    monkeypatch.setattr(follow_up, "NAMED_NUMBERS", 0)

    lines = part(card(life), "contacts")
    assert lines[-1] == "| 支持部 |  | 规则、申诉，以及另外 1 个数（每一项的明细里写着由谁提供） |"
