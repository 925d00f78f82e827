"""What people record around results is read as strictly as their numbers, and every row of it is kept."""

import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from companies import a_company
from kpibook.base.problems import Problem
from kpibook.base.words import words
from kpibook.model import (
    Agreement,
    Answer,
    AppealCategory,
    AppealStep,
    Cause,
    Outcome,
    PlanState,
    Records,
)
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle
from kpibook.reading.cycle.records import load_records

HEADS = {
    "confirmations": "person,result,answer,on,by,comment",
    "interviews": "person,result,on,by,summary,cause,opinion",
    "plans": "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome",
    "appeals": "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason",
    "agreements": "person,on,by,catalog",
}
DAY = datetime.date(2026, 11, 10)


def loaded(tmp_path: Path, **files: str) -> tuple[Records, tuple[Problem, ...]]:
    """The records of the tiny company, with rows for some of the files."""
    root = a_company(tmp_path)
    folder = root / "scorecards/2026-10"
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(f"{HEADS[name]}\n{rows}", encoding="utf-8")
    catalog, _ = load_catalog(root / "handbook")
    cycle, problems = load_cycle(folder, catalog)
    assert problems == ()
    return load_records(folder, cycle, catalog)


def test_a_cycle_without_records_has_none(tmp_path: Path) -> None:
    assert loaded(tmp_path) == (Records(), ())


def test_what_people_answered_is_read(tmp_path: Path) -> None:
    rows = "e02,0A1B2C3D,delivered,2026-11-10,林晓,\nE02,0a1b2c3d,Disagrees,2026-11-11,周然,客诉不是我的\n"

    records, problems = loaded(tmp_path, confirmations=rows)

    assert problems == ()
    assert [(row.person, row.result, row.answer, row.by, row.comment) for row in records.confirmations] == [
        ("E02", "0a1b2c3d", Answer.DELIVERED, "林晓", ""),
        ("E02", "0a1b2c3d", Answer.DISAGREES, "周然", "客诉不是我的"),
    ]
    [report] = records.files
    assert (report.rows, report.used, report.set_aside) == (2, 2, 0)


def test_a_talk_a_plan_and_an_agreement_are_read(tmp_path: Path) -> None:
    records, problems = loaded(
        tmp_path,
        interviews="E02,0a1b2c3d,2026-11-10,林晓,谈了成交率,both,想多排早班\nE03,1a1b2c3d,2026-11-10,林晓,都好,,\n",
        plans="P1,E02,conversion,差 3 个百分点,跟班学习,排班,林晓,2026-11-30,,open,\n",
        agreements="E02,2026-11-10,林晓,0a1b2c3d4e\n",
    )

    assert problems == ()
    assert [(row.cause, row.summary, row.opinion) for row in records.interviews] == [
        (Cause.BOTH, "谈了成交率", "想多排早班"),
        (None, "都好", ""),
    ]
    [plan] = records.plans
    assert (plan.plan, plan.indicator, plan.due, plan.state) == (
        "P1",
        "conversion",
        datetime.date(2026, 11, 30),
        PlanState.OPEN,
    )
    [agreement] = records.agreements
    assert agreement == Agreement(agreement.place, "E02", DAY, "林晓", "0a1b2c3d4e")


def test_each_step_of_an_appeal_is_a_row(tmp_path: Path) -> None:
    rows = (
        "AP1,E02,0a1b2c3d,complaint_count,fact,不是我的,录像,2026-11-10,filed,2026-11-10,E02,,\n"
        "AP2,E03,1a1b2c3d,,other,太严,,,filed,2026-11-10,E03,,\n"
        "AP1,E02,0a1b2c3d,,,,,,decided,2026-11-12,总经理办公会,granted,录像属实\n"
    )

    records, problems = loaded(tmp_path, appeals=rows)

    assert problems == ()
    filed, decided = records.appeals_by_id["AP1"]
    assert (filed.step, filed.category, filed.outcome) == (AppealStep.FILED, AppealCategory.FACT, None)
    assert (decided.step, decided.outcome, decided.reason) == (AppealStep.DECIDED, Outcome.GRANTED, "录像属实")
    assert [*records.appeals_by_id] == ["AP1", "AP2"]


def test_the_last_row_of_a_plan_counts_and_none_is_lost(tmp_path: Path) -> None:
    opened = "P1,E02,conversion,,跟班学习,,,2026-11-30,,open,\n"
    missed = "P1,E02,conversion,,跟班学习,,,2026-11-30,2026-11-30,missed,没排上班\n"

    records, problems = loaded(tmp_path, plans=opened + missed + missed + opened)

    assert [problem.code for problem in problems] == ["repeated-row"]
    assert [row.state for row in records.plans] == [PlanState.OPEN, PlanState.MISSED, PlanState.OPEN]
    assert records.plans_now["P1"].place.line == 5


def test_a_row_that_stands_there_twice_is_used_once(tmp_path: Path) -> None:
    row = "E02,0a1b2c3d,delivered,2026-11-10,林晓,\n"

    records, problems = loaded(tmp_path, confirmations=row * 2)

    assert len(records.confirmations) == 1
    assert [(str(problem.place), problem.code) for problem in problems] == [
        ("scorecards/2026-10/confirmations.csv:3:1", "repeated-row")
    ]


@pytest.mark.parametrize(
    ("file", "row", "code", "column"),
    [
        ("confirmations", "E99,0a1b2c3d,delivered,2026-11-10,林晓,", "unknown-person", 1),
        ("confirmations", "E02,,delivered,2026-11-10,林晓,", "cell-empty", 5),
        ("confirmations", "E02,6.9E+07,delivered,2026-11-10,林晓,", "bad-result-number", 5),
        ("confirmations", "E02,0a1b2c3d,ok,2026-11-10,林晓,", "unknown-choice", 14),
        ("confirmations", "E02,0a1b2c3d,confirmed,11月10日,林晓,", "cell-not-a-date", 24),
        ("confirmations", "E02,0a1b2c3d,confirmed,,林晓,", "cell-empty", 24),
        ("confirmations", "E02,0a1b2c3d,confirmed,2026-11-10,,", "cell-empty", 35),
        ("interviews", "E02,0a1b2c3d,2026-11-10,林晓,,own,", "cell-empty", 28),
        ("interviews", "E02,0a1b2c3d,2026-11-10,林晓,谈了,bad,", "unknown-choice", 31),
        ("plans", ",E02,conversion,,跟班,,,2026-11-30,,open,", "cell-empty", 1),
        ("plans", "P1,E02,conversions,,跟班,,,2026-11-30,,open,", "unknown-indicator", 8),
        ("plans", "P1,E02,conversion,,跟班,,,2026-11-30,,done,成了", "plan-unchecked", 36),
        ("appeals", "A,E02,0a1b2c3d,,fact,,,,filed,2026-11-10,E02,,", "cell-empty", 22),
        ("appeals", "A,E02,0a1b2c3d,,fact,不是我,,,asked,2026-11-10,E02,,", "unknown-choice", 28),
        ("appeals", "A,E02,0a1b2c3d,,,,,,heard,2026-11-10,HR,granted,", "outcome-too-early", 41),
        ("appeals", "A,E02,0a1b2c3d,,,,,,decided,2026-11-10,HR,,属实", "outcome-missing", 43),
        ("appeals", "A,E02,0a1b2c3d,,,,,,decided,2026-11-10,HR,granted,", "cell-empty", 51),
        ("agreements", "E02,2026-11-10,林晓,2026版", "bad-catalog-number", 19),
    ],
)
def test_a_row_that_says_something_unknown_is_set_aside(
    tmp_path: Path, file: str, row: str, code: str, column: int
) -> None:
    records, problems = loaded(tmp_path, **{file: row + "\n"})

    assert [(problem.code, problem.place.column) for problem in problems] == [
        (code, column),
        ("many-rows-set-aside", 0),
    ]
    assert [each.raw for each in records.set_aside] == [row]


def test_a_day_with_a_time_is_refused_as_people_read_it(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    folder = root / "scorecards/2026-10"
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADS["confirmations"].split(","))
    for hour in (0, 15):
        on = datetime.datetime(2026, 11, 10, hour, 30 if hour else 0)
        book.active.append(["E02", "0a1b2c3d", "confirmed", on, "周然", None])
    book.active["D2"].number_format = book.active["D3"].number_format = "yyyy-mm-dd hh:mm"
    book.save(folder / "confirmations.xlsx")
    catalog, _ = load_catalog(root / "handbook")
    cycle, _ = load_cycle(folder, catalog)

    records, problems = load_records(folder, cycle, catalog)

    assert [row.on for row in records.confirmations] == [DAY]
    assert [problem.message(words("zh")) for problem in problems] == [
        "on 写的“2026-11-10 15:30:00”不是日期",
        "2 行里有 1 行被搁置",
    ]


def test_a_workbook_is_read_with_its_dates(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    folder = root / "scorecards/2026-10"
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADS["confirmations"].split(","))
    book.active.append(["E02", "0a1b2c3d", "confirmed", datetime.datetime(2026, 11, 10), "周然", None])
    book.save(folder / "confirmations.xlsx")
    catalog, _ = load_catalog(root / "handbook")
    cycle, _ = load_cycle(folder, catalog)

    records, problems = load_records(folder, cycle, catalog)

    assert problems == ()
    assert [(row.answer, row.on) for row in records.confirmations] == [(Answer.CONFIRMED, DAY)]
