"""What is odd on sheets of records: it is told in the words of the sheet, at its cell, in both languages."""

import datetime

import pytest
from openpyxl import load_workbook

from lives import Life
from record_sheets import collected, fill, number, rows, rows_of

DAY = datetime.datetime(2026, 11, 12)
ANSWERED = {"送达日期": DAY, "回复": "已确认", "回复日期": DAY}
PLAN = {"改进措施": "每天对账", "跟进人": "林晓"}


def test_every_missed_item_begins_a_plan_and_an_empty_row_needs_no_more_than_the_instructions_say(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    begun = len([row for row in rows_of(load_workbook(book)["改进计划"]) if row])
    own = {"工号": "E03", "指标编号": "个人销售额", "改进措施": "每天回访两位老客户", "检查日期": DAY}
    fill(book, "改进计划", begun, own)

    life.take_in(str(book))

    [plan] = rows(life, "plans")
    assert (plan["plan"], plan["indicator"], plan["state"]) == ("2026-10-E03-sales_volume", "sales_volume", "open")


def test_faults_speak_the_words_of_the_sheet(life: Life) -> None:
    out = collected(life)
    book, appeals = out / "records-E01.xlsx", out / "appeals.xlsx"
    fill(book, "确认与面谈", 0, {"回复": "好的", "回复日期": DAY})
    fill(book, "改进计划", 0, {**PLAN, "进展": "已完成"})
    head = {"申诉编号": "AP1", "申诉人工号": "E02", "结果编号": number(life, "E02"), "这一步的日期": DAY}
    fill(appeals, "申诉", 0, {**head, "步骤": "决定", "经办人": "店长会"})
    fill(appeals, "申诉", 1, {**head, "步骤": "受理", "经办人": "店长会"})

    told = life.take_in(str(book), str(appeals), code=3).stderr

    assert "hint: 可选：已确认, 有异议, 拒绝签字, 未回复" in told
    assert "hint: 进展 写了 已完成, 未完成 之一，就请在 实际检查日期 里写检查日期" in told
    assert "申诉的这一步是 决定，但没有写结论" in told
    assert "hint: 请在 结论 里写 维持原结果, 部分采纳, 采纳, 退回 之一，并在 理由 里写理由" in told
    assert "申诉 AP1 还没有 提出，就写了 受理" in told
    assert "hint: 请在它前面补一行 提出" in told


def test_faults_of_an_english_sheet_speak_english(life: Life) -> None:
    life.change_company("language: zh", "language: en")
    book = collected(life) / "records-E01.xlsx"
    fill(book, "Plans", 0, {"What to do": "check daily", "State": "missed"})

    told = life.take_in(str(book), code=3).stderr

    assert "hint: where State is one of done, missed, write that day into Checked on, such as 2026-10-31" in told


def test_each_fault_of_a_row_is_told_and_what_is_sound_beside_it_is_recorded(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"送达日期": DAY, "回复": "已确认", "面谈日期": DAY})

    done = life.take_in(str(book), code=3)

    assert "records-E01.xlsx!确认与面谈!H6: warning: 回复日期 没有填" in done.stderr
    assert "records-E01.xlsx!确认与面谈!L6: warning: 上级意见（面谈要点） 没有填" in done.stderr
    assert "2 行，新记 1 条，已有 0 条，没有填的 1 行，搁置 2 处" in done.output
    assert [row["answer"] for row in rows(life, "confirmations")] == ["delivered"]


def test_a_formula_without_a_result_hides_nothing_else_of_its_row(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    talk = {"面谈日期": "昨天", "面谈人": "", "上级意见（面谈要点）": "谈过", "没达标的原因": "天气"}
    fill(book, "确认与面谈", 0, {**ANSWERED, "回复日期": "=F6", **talk})

    done = life.take_in(str(book), code=3)

    at = "records-E01.xlsx!确认与面谈!{}: warning: {}"
    for cell, text in (
        ("H6", "回复日期 是一个没有计算结果的公式"),
        ("J6", "面谈日期 写的“昨天”不是日期"),
        ("K6", "面谈人 没有填"),
        ("M6", "没达标的原因 写的“天气”不认识"),
    ):
        assert at.format(cell, text) in done.stderr
    assert done.stderr.count(": warning: ") == 4
    assert [row["answer"] for row in rows(life, "confirmations")] == ["delivered"]


@pytest.mark.parametrize("column", ["工号", "结果编号", "姓名"])
def test_a_formula_for_whom_a_row_is_about_hides_nothing_else_of_it(life: Life, column: str) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"送达日期": DAY, "面谈日期": "昨天", "上级意见（面谈要点）": "谈过", column: "=A1"})

    told = life.take_in(str(book), code=3).stderr

    assert "面谈日期 写的“昨天”不是日期" in told
    assert (f"{column} 是一个没有计算结果的公式" in told) is (column != "姓名")


def test_of_an_appeal_each_faulty_cell_is_told_and_nothing_that_follows_from_one(life: Life) -> None:
    book = collected(life) / "appeals.xlsx"
    head = {"申诉编号": "AP1", "申诉人工号": "E02", "结果编号": number(life, "E02"), "经办人": "店长会"}
    fill(book, "申诉", 0, {**head, "步骤": "受理", "结论": "采纳", "这一步的日期": "昨天", "指标编号": "none"})
    fill(book, "申诉", 1, {**head, "步骤": "决定", "结论": "行", "这一步的日期": DAY})
    fill(book, "申诉", 2, {**head, "步骤": "看过", "这一步的日期": "昨天"})

    told = life.take_in(str(book), code=3).stderr

    cells = [line.partition(": warning: ")[0].rpartition("!")[2] for line in told.splitlines() if ": warning: " in line]
    assert sorted(cells) == ["D6", "I8", "J6", "L6", "L7", "M7"]


@pytest.mark.parametrize("day", [datetime.datetime(2026, 11, 12, 15, 30), 46338, "2026-11-12 15:30"])
def test_the_time_of_a_day_does_not_matter(life: Life, day: object) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"送达日期": day})

    life.take_in(str(book))

    assert [row["on"] for row in rows(life, "confirmations")] == ["2026-11-12"]


def test_days_typed_as_text_are_read_where_they_are_whole_days_and_a_count_of_days_is_refused(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"送达日期": "2026/11/12", "回复": "已确认", "回复日期": "2026年11月13日"})
    fill(book, "确认与面谈", 1, {"送达日期": "2026.11.31", "面谈日期": "46338", "上级意见（面谈要点）": "好"})

    told = life.take_in(str(book), code=3).stderr

    assert "F7: warning: 送达日期 写的“2026.11.31”不是日期" in told
    assert "J7: warning: 面谈日期 写的“46338”不是日期" in told
    assert [row["on"] for row in rows(life, "confirmations")] == ["2026-11-12", "2026-11-13"]


def test_a_plan_that_was_due_before_its_cycle_began_is_set_aside(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "改进计划", 0, {**PLAN, "检查日期": datetime.datetime(2025, 11, 30)})

    told = life.take_in(str(book), code=3).stderr

    assert "日期 2025-11-30 早于 2026-10-01（周期开始） [record-too-early]" in told
    assert not life.path("2026-10/plans.csv").exists()


def test_a_record_of_an_older_result_is_taken_told_and_marked(life: Life) -> None:
    old = number(life, "E03")
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 1, ANSWERED)
    life.change("2026-10/actuals/support.csv", "E03,sales,14000,", "E03,sales,21000,")
    life.correct()

    done = life.take_in(str(book))

    now = number(life, "E03", 2)
    told = f"确认与面谈!E7: warning: E03 的这条记录针对第 1 版的结果 {old}，现在是第 2 版，编号 {now}"
    assert told in done.stderr
    assert [row["result"] for row in rows(life, "confirmations")] == [old, old]
    appeals = collected(life) / "appeals.xlsx"
    late = {"申诉编号": "AP1", "申诉人工号": "E03", "结果编号": old, "申诉内容": "不对", "经办人": "E03"}
    fill(appeals, "申诉", 0, {**late, "步骤": "提出", "这一步的日期": datetime.datetime(2026, 11, 21)})
    assert "C6: warning: E03 的这条记录针对第 1 版的结果" in life.take_in(str(appeals)).stderr
    life.run("pages")
    assert f"针对旧结果 {old}，提出时已经更正" in (life.root / "build/cards/2026-10/records.md").read_text("utf-8")
    life.path("2026-10/appeals.csv").unlink()
    assert "已更正，待送达 1 人" in life.run("status", "2026-10", "--today", "2026-11-21", code=3).output


def test_silence_can_be_noted_once_the_time_is_over(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    late = datetime.datetime(2026, 11, 30)
    fill(book, "确认与面谈", 0, {"送达日期": DAY, "回复": "未回复", "回复日期": DAY})
    fill(book, "确认与面谈", 1, {"送达日期": DAY, "回复": "未回复", "回复日期": late})

    done = life.take_in(str(book), code=3)

    assert "[answer-too-soon]" in done.stderr
    assert [(row["person"], row["answer"], row["by"]) for row in rows(life, "confirmations")] == [
        ("E02", "delivered", "E01"),
        ("E03", "delivered", "E01"),
        ("E03", "no_reply", "E01"),
    ]


def test_what_has_not_happened_yet_is_set_aside(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, ANSWERED)

    done = life.take_in(str(book), on="2026-11-11", code=3)

    assert done.stderr.count("日期 2026-11-12 还没有到，今天是 2026-11-11 [record-in-future]") == 2
    assert not life.path("2026-10/confirmations.csv").exists()


def test_people_of_another_team_are_set_aside(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    begun = len([row for row in rows_of(load_workbook(book)["改进计划"]) if row])
    fill(book, "改进计划", begun, {"工号": "E01", "改进措施": "少加班", "检查日期": DAY})

    done = life.take_in(str(book), code=3)

    assert f"改进计划!B{6 + begun}: warning: 工号 写的 E01 不在 E01 的名下 [person-other-team]" in done.stderr
    assert not life.path("2026-10/plans.csv").exists()


@pytest.mark.parametrize(("old", "new"), [("cycle=2026-10", "cycle=2026-09"), ("/E01/", "/E02/")])
def test_a_mark_that_was_altered_brings_nothing(life: Life, old: str, new: str) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "改进计划", 0, PLAN)
    made = load_workbook(book)
    for page in made.worksheets[1:]:
        page["A2"].value = str(page["A2"].value).replace(old, new)
    made.save(book)

    done = life.take_in(str(book), code=1)

    assert "[records-mark]" in done.stderr
    assert not list(life.path(".").rglob("plans.csv"))


def appealed(life: Life, filed: datetime.datetime, by: str) -> str:
    book = collected(life) / "appeals.xlsx"
    head = {"申诉编号": "AP1", "申诉人工号": "E02", "结果编号": number(life, "E02")}
    fill(book, "申诉", 0, {**head, "步骤": "提出", "申诉内容": "不对", "这一步的日期": filed, "经办人": "E02"})
    decided = {"步骤": "决定", "这一步的日期": filed, "经办人": by, "结论": "维持原结果", "理由": "核对过"}
    fill(book, "申诉", 1, {**head, **decided})
    told = life.take_in(str(book)).stderr
    assert [row["step"] for row in rows(life, "appeals")] == ["filed", "decided"]
    return told


def test_a_late_appeal_and_a_decision_by_a_party_are_told_and_recorded(life: Life) -> None:
    team = collected(life) / "records-E01.xlsx"
    fill(team, "确认与面谈", 0, ANSWERED)
    life.take_in(str(team))

    told = appealed(life, datetime.datetime(2026, 11, 24), "林晓")

    assert "appeals.xlsx!申诉!I6: warning: 申诉 AP1（E02）在 2026-11-24 提出，申诉期限是 2026-11-23" in told
    life.run("pages")
    [card] = [path for path in (life.root / "build/cards/2026-10/p").iterdir() if "周然 ·" in path.read_text("utf-8")]
    assert "- 提出时已过申诉期限 11月23日（周一）" in card.read_text(encoding="utf-8")
    records = (life.root / "build/cards/2026-10/records.md").read_text(encoding="utf-8")
    assert "决定；提出时已过申诉期限 11月23日（周一）" in records
    assert "appeals.xlsx!申诉!K7: warning: 申诉 AP1 由 林晓 决定，而 林晓 是 E02 的直接上级或评分人" in told


def test_an_appeal_against_a_result_that_was_not_delivered_is_told(life: Life) -> None:
    told = appealed(life, DAY, "店长会")

    assert "[appeal-undelivered]" in told
    assert "[appeal-decided-by-party]" not in told


def test_an_answer_without_a_delivery_is_told_and_holds_nothing(life: Life) -> None:
    books = collected(life)
    for book, line in (("records-E01.xlsx", 0), ("records-E01.xlsx", 1), ("records-unassigned.xlsx", 0)):
        fill(books / book, "确认与面谈", line, {"回复": "已确认", "回复日期": DAY})

    done = life.take_in(*(str(books / name) for name in ("records-E01.xlsx", "records-unassigned.xlsx")))

    assert "F6: note: E02 有回复，但没有送达的记录" in done.stderr
    life.run("close", "2026-10", "--by", "HR", "--on", "2026-12-20")


def test_an_agreement_is_signed_on_its_sheet_and_told_when_it_was_printed_before_a_change(life: Life) -> None:
    book = collected(life) / "agreements.xlsx"
    team = rows_of(load_workbook(book)["责任书"])
    fill(book, "责任书", 1, {"签订日期": DAY})
    fill(book, "责任书", 2, {"签订日期": DAY, "责任书号": "00000000"})

    done = life.take_in(str(book))
    again = life.take_in(str(collected(life) / "agreements.xlsx"))

    assert {row["状态"] for row in team} == {"未签"}
    assert [(row["person"], row["by"], row["catalog"]) for row in rows(life, "agreements")] == [
        ("E02", "周然", team[1]["责任书号"]),
        ("E03", "何小青", "00000000"),
    ]
    assert "agreements.xlsx!责任书!D8: warning: E03 2026-11-12签的责任书已经失效" in done.stderr
    assert "责任书 2 份" in done.output
    assert "没有新的记录" in again.output
    states = [row["状态"] for row in rows_of(load_workbook(life.root / "out" / "agreements.xlsx")["责任书"])]
    assert states == ["未签", "有效", "失效：2026-11-12签的，之后有改动，要重新签"]
