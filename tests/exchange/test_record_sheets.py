"""Records on workbooks: what goes out, what people fill in, and what becomes of each row that comes back."""

import csv
import datetime
from collections.abc import Mapping

import pytest
from openpyxl import load_workbook

from lives import Life
from record_sheets import HEADER, collected, fill, number, rows, rows_of

SUMMARY = "上级意见（面谈要点）"
PLAN = {"改进措施": "每天对账", "跟进人": "林晓"}


def test_a_manager_gets_the_team_and_what_it_missed(life: Life) -> None:
    out = collected(life)

    assert sorted(path.name for path in out.iterdir()) == [
        "agreements.xlsx",
        "appeals.xlsx",
        "records-E01.xlsx",
        "records-unassigned.xlsx",
    ]
    book = load_workbook(out / "records-E01.xlsx")
    team = rows_of(book["确认与面谈"])
    assert [(row["工号"], row["姓名"], row["结果编号"], row["面谈人"]) for row in team] == [
        ("E02", "周然", number(life, "E02"), "林晓"),
        ("E03", "何小青", number(life, "E03"), "林晓"),
    ]
    plans = [row for row in rows_of(book["改进计划"]) if row]
    assert all(str(row["计划编号"]) == f"2026-10-{row['工号']}-{row['指标编号']}" for row in plans)
    assert {row["进展"] for row in plans} == {"进行中"}
    assert {row["检查日期"] for row in plans} == {datetime.datetime(2026, 11, 30)}


def test_choices_are_offered_and_the_rest_is_locked(life: Life) -> None:
    page = load_workbook(collected(life) / "records-E01.xlsx")["确认与面谈"]

    offered = {each.formula1 for each in page.data_validations.dataValidation if each.type == "list"}
    assert offered == {'"已确认,有异议,拒绝签字,未回复"', '"客观条件,个人努力,两者都有"'}
    head = [cell.value for cell in page[HEADER]]
    locked = {name for name, cell in zip(head, page[HEADER + 1], strict=True) if cell.protection.locked}
    assert locked == {"工号", "姓名", "总分", "等级", "结果编号"}
    assert page.protection.sheet


def test_what_was_filled_in_becomes_records_once(life: Life) -> None:
    out = collected(life)
    book = out / "records-E01.xlsx"
    day = datetime.datetime(2026, 11, 12)
    answered = {"送达日期": day, "回复": "有异议", "回复日期": day, "备注": "数不对"}
    talked = {
        "面谈日期": day,
        SUMMARY: "说了 =1+1，\n再排早班",
        "没达标的原因": "两者都有",
        "员工意见": "想多排早班",
    }
    fill(book, "确认与面谈", 0, {**answered, **talked})
    fill(book, "改进计划", 0, PLAN)

    first = life.take_in(str(book))
    files = {kind: life.path(f"2026-10/{kind}.csv").read_bytes() for kind in ("confirmations", "interviews", "plans")}
    again = life.take_in(str(book))

    assert "送达和回复 2 条，面谈 1 次，计划 1 条" in first.output
    assert "没有新的记录" in again.output
    assert {kind: life.path(f"2026-10/{kind}.csv").read_bytes() for kind in files} == files
    result = number(life, "E02")
    assert [tuple(row.values()) for row in rows(life, "confirmations")] == [
        ("E02", result, "delivered", "2026-11-12", "E01", ""),
        ("E02", result, "disagrees", "2026-11-12", "E02", "数不对"),
    ]
    [talk] = rows(life, "interviews")
    assert (talk["summary"], talk["cause"], talk["by"]) == ("说了 =1+1，\n再排早班", "both", "林晓")
    [plan] = rows(life, "plans")
    assert (plan["action"], plan["owner"], plan["due"], plan["state"]) == ("每天对账", "林晓", "2026-11-30", "open")


def test_a_workbook_collected_again_holds_what_was_recorded_and_brings_nothing_new(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    day = datetime.datetime(2026, 11, 12)
    fill(book, "确认与面谈", 1, {"回复": "已确认", "回复日期": day, "面谈日期": day, SUMMARY: "+都好"})
    fill(book, "改进计划", 0, PLAN)
    life.take_in(str(book))

    again = collected(life) / "records-E01.xlsx"
    done = life.take_in(str(again))

    row = rows_of(load_workbook(again)["确认与面谈"])[1]
    assert (row["回复"], row["回复日期"], row[SUMMARY]) == ("已确认", day, "+都好")
    assert "没有新的记录" in done.output


@pytest.mark.parametrize(
    ("sheet", "cells", "code", "cell"),
    [
        ("确认与面谈", {"回复": "好的", "回复日期": datetime.datetime(2026, 11, 12)}, "unknown-choice", "G6"),
        ("确认与面谈", {"回复": "已确认"}, "cell-empty", "H6"),
        ("确认与面谈", {"回复日期": datetime.datetime(2026, 11, 12)}, "cell-empty", "G6"),
        ("确认与面谈", {"送达日期": "上周五"}, "cell-not-a-date", "F6"),
        ("确认与面谈", {"送达日期": datetime.datetime(2026, 11, 1)}, "record-too-early", "F6"),
        (
            "确认与面谈",
            {SUMMARY: "谈过", "面谈人": "周然", "面谈日期": "2026-11-12"},
            "interview-by-oneself",
            "K6",
        ),
        ("确认与面谈", {SUMMARY: "谈过"}, "cell-empty", "J6"),
        ("确认与面谈", {"送达日期": "2026-11-12", "结果编号": "0badbad0"}, "record-other-result", "E6"),
        ("改进计划", {**PLAN, "进展": "已完成"}, "plan-unchecked", "M6"),
        ("改进计划", {**PLAN, "指标编号": "conversion"}, "plan-without-item", "D6"),
    ],
)
def test_a_row_that_does_not_fit_is_set_aside_at_its_cell(
    life: Life, sheet: str, cells: Mapping[str, object], code: str, cell: str
) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, sheet, 0, cells)

    done = life.take_in(str(book), code=3)

    assert f"records-E01.xlsx!{sheet}!{cell}: warning: " in done.stderr
    assert f"[{code}]" in done.stderr
    assert not list(life.path("2026-10").glob("confirmations*"))


def test_a_good_row_is_taken_beside_a_faulty_one(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"回复": "已确认"})
    fill(book, "确认与面谈", 1, {"回复": "已确认", "回复日期": datetime.datetime(2026, 11, 12)})

    life.take_in(str(book), code=3)

    assert [row["person"] for row in rows(life, "confirmations")] == ["E03"]


def test_an_appeal_goes_its_way_through_the_workbook_of_appeals(life: Life) -> None:
    book = collected(life) / "appeals.xlsx"
    head = {"申诉编号": "AP1", "申诉人工号": "E02", "结果编号": number(life, "E02")}
    day = datetime.datetime(2026, 11, 12)
    filed = {
        "指标编号": "attitude",
        "申诉类别": "事实有出入",
        "申诉内容": "那天我不在班",
        "步骤": "提出",
        "经办人": "E02",
    }
    fill(book, "申诉", 0, {**head, **filed, "这一步的日期": day})
    life.take_in(str(book))

    book = collected(life) / "appeals.xlsx"
    decided = {"步骤": "决定", "这一步的日期": day, "经办人": "店长会", "结论": "采纳", "理由": "排班表属实"}
    fill(book, "申诉", 1, {**head, **decided})
    fill(book, "申诉", 2, {**head, **decided, "经办人": "周然", "步骤": "复议决定"})
    done = life.take_in(str(book), code=3)

    assert "[appeal-step]" in done.stderr
    assert [(row["step"], row["category"], row["outcome"]) for row in rows(life, "appeals")] == [
        ("filed", "fact", ""),
        ("decided", "", "granted"),
    ]
    assert rows_of(load_workbook(book)["申诉"])[0]["申诉内容"] == "那天我不在班"


def test_a_sheet_that_was_saved_as_csv_is_refused_by_what_it_is(life: Life) -> None:
    sheet = load_workbook(collected(life) / "records-E01.xlsx")["确认与面谈"]
    file = life.root / "确认与面谈.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(sheet.iter_rows(values_only=True))

    refused = life.take_in(str(file), code=2)

    assert "确认与面谈.csv 是结果记录的表，存成了 CSV；请在原来的工作簿里填好，存成 xlsx 再导入" in refused.stderr


def test_an_old_workbook_does_not_take_a_plan_back(life: Life) -> None:
    old = collected(life) / "records-E01.xlsx"
    fill(old, "改进计划", 0, PLAN)
    life.take_in(str(old))
    kept = life.root / "old.xlsx"
    old.rename(kept)
    new = collected(life) / "records-E01.xlsx"
    fill(new, "改进计划", 0, {"进展": "已完成", "实际检查日期": datetime.datetime(2026, 11, 30), "检查结果": "对上了"})
    life.take_in(str(new))

    again = life.take_in(str(kept))

    assert "[plan-went-on]" in again.stderr
    assert [row["state"] for row in rows(life, "plans")] == ["open", "done"]


def test_rows_are_added_in_the_columns_and_the_encoding_of_the_file(life: Life) -> None:
    head = "sep=;\nanswer;by;person;result;on;comment\n"
    text = f"{head}confirmed;何小青;E03;{number(life, 'E03')};2026-11-12;已看过"
    life.path("2026-10/confirmations.csv").write_bytes(text.encode("gb18030"))
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"回复": "有异议", "回复日期": datetime.datetime(2026, 11, 12), "备注": "分数；不对"})

    life.take_in(str(book))

    lines = life.path("2026-10/confirmations.csv").read_bytes().decode("gb18030").splitlines()
    assert lines[:3] == text.splitlines()
    assert lines[3] == f"disagrees;E02;E02;{number(life, 'E02')};2026-11-12;分数；不对"


def test_records_in_a_workbook_of_the_cycle_take_no_rows(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"
    fill(book, "确认与面谈", 0, {"回复": "有异议", "回复日期": datetime.datetime(2026, 11, 12)})
    kept = load_workbook(book)
    kept.remove(kept.worksheets[0])
    page = kept.create_sheet("x")
    page.append(["person", "result", "answer", "on", "by"])
    for name in kept.sheetnames[:-1]:
        kept.remove(kept[name])
    kept.save(life.path("2026-10/confirmations.xlsx"))

    done = life.take_in(str(book), code=1)

    assert "[record-workbook]" in done.stderr
    assert not life.path("2026-10/confirmations.csv").exists()


def test_a_workbook_of_another_cycle_and_a_changed_head_are_told(life: Life) -> None:
    book = collected(life) / "records-E01.xlsx"

    other = life.take_in(str(book), "--cycle", "2026-09", code=1)
    page = load_workbook(book)
    page["确认与面谈"].cell(HEADER, 7).value = "意见"
    page.save(book)
    changed = life.take_in(str(book), code=1)

    assert "[sheet-other-cycle]" in other.stderr
    assert "[records-header]" in changed.stderr


def test_a_cycle_that_was_not_published_has_agreements_alone(life: Life) -> None:
    life.reopen_september()
    out = life.root / "out"

    unpublished = life.run("collect", "2026-09", "--records", "--out", str(out))
    style = life.run("collect", "2026-10", "--records", "--format", "csv", "--out", str(out), code=2)

    assert "只写出责任书登记表" in unpublished.output
    assert [path.name for path in out.iterdir()] == ["agreements.xlsx"]
    assert "xlsx" in style.stderr
