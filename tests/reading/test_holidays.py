"""holidays.csv is read strictly: by these days people lose the time to answer."""

import datetime
import shutil
from pathlib import Path

import pytest

from companies import COMPANY
from kpibook.base.problems import Problem, has_errors
from kpibook.base.words import words
from kpibook.base.working_days import WorkingDays
from kpibook.content import read
from kpibook.reading.catalog import load_catalog
from kpibook.reading.holidays import load_working_days
from kpibook.reading.own_catalogs import catalog_digest, catalog_files

HEAD = "day,works,name\n"


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    """The handbook of the tiny company, which has no holidays."""
    shutil.copytree(COMPANY / "handbook", tmp_path / "handbook")
    return tmp_path / "handbook"


def loaded(handbook: Path, text: str) -> tuple[WorkingDays, tuple[Problem, ...]]:
    (handbook / "holidays.csv").write_text(text, encoding="utf-8")
    return load_working_days(handbook)


def told(problems: tuple[Problem, ...], language: str = "en") -> list[str]:
    say = words(language)
    return [problem.text(say) for problem in problems]


def test_without_the_file_nothing_is_off_but_the_weekend(handbook: Path) -> None:
    assert load_working_days(handbook) == (WorkingDays(), ())


def test_days_off_and_days_worked_are_told_apart_in_both_languages(handbook: Path) -> None:
    days, problems = loaded(
        handbook, f"{HEAD}2026-10-01,no,国庆节\n2026-10-02,否,国庆节\n2026-10-10,yes,\n2026-09-20,是,\n"
    )

    assert problems == ()
    assert days.off == {datetime.date(2026, 10, 1), datetime.date(2026, 10, 2)}
    assert days.worked == {datetime.date(2026, 10, 10), datetime.date(2026, 9, 20)}


@pytest.mark.parametrize(
    ("row", "english", "chinese"),
    [
        (
            "2026-10-01,maybe,",
            "handbook/holidays.csv:2:12: error: works says 'maybe', which is neither yes nor no [holiday-works]\n"
            "    hint: write yes for a day that is worked, no for a day off",
            "handbook/holidays.csv:2:12: error: works 写的“maybe”既不是 yes 也不是 no [holiday-works]\n"
            "    hint: 上班的日子写 yes（或 是），放假写 no（或 否）",
        ),
        (
            "10月1日,no,",
            "handbook/holidays.csv:2:1: error: day says '10月1日', which is not a date [cell-not-a-date]\n"
            "    hint: write it as 2026-10-31",
            "handbook/holidays.csv:2:1: error: day 写的“10月1日”不是日期 [cell-not-a-date]\n"
            "    hint: 请写成 2026-10-31 的样子",
        ),
        (
            "2026-10-01,,x",
            "handbook/holidays.csv:2:12: error: works is empty [cell-empty]\n    hint: fill it in",
            "handbook/holidays.csv:2:12: error: works 没有填 [cell-empty]\n    hint: 请补上",
        ),
        (
            "2026-10-08,yes,",
            "handbook/holidays.csv:2:1: warning: 2026-10-08 is a Monday to Friday and is worked anyway,"
            " so this row changes nothing [holiday-worked-anyway]\n"
            "    hint: check the day: yes is meant for Saturdays and Sundays that are worked instead of a holiday",
            "handbook/holidays.csv:2:1: warning: 2026-10-08 是周一至周五，本来就上班，这一行不起作用"
            " [holiday-worked-anyway]\n"
            "    hint: 请核对日期：yes 是写给因调休而上班的周六、周日的",
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_its_cell(handbook: Path, row: str, english: str, chinese: str) -> None:
    _, problems = loaded(handbook, f"{HEAD}{row}\n")

    assert told(problems)[0] == english
    assert told(problems, "zh")[0] == chinese


def test_a_day_that_is_said_to_be_both_is_neither_and_holds_the_check(handbook: Path) -> None:
    days, problems = loaded(handbook, f"{HEAD}2026-10-10,yes,\n2026-10-10,no,\n2026-10-01,no,\n2026-10-01,no,\n")

    assert (days.off, days.worked) == ({datetime.date(2026, 10, 1)}, set())
    assert [(str(problem.place), problem.code, problem.level.value) for problem in problems if problem.code != "x"] == [
        ("handbook/holidays.csv:5:1", "repeated-row", "warning"),
        ("handbook/holidays.csv:2:1", "conflicting-values", "error"),
        ("handbook/holidays.csv:3:1", "conflicting-values", "error"),
    ]


def test_a_file_without_its_columns_is_refused(handbook: Path) -> None:
    days, problems = loaded(handbook, "date,name\n2026-10-01,国庆节\n")

    assert days == WorkingDays()
    assert next(problem.code for problem in problems) == "missing-columns"
    assert has_errors(problems)


def test_it_belongs_to_the_handbook_and_to_no_catalog(handbook: Path) -> None:
    before = catalog_digest(handbook)
    loaded(handbook, f"{HEAD}2026-10-01,no,国庆节\n")

    assert load_catalog(handbook)[1] == ()
    assert catalog_digest(handbook) == before
    assert "holidays.csv" not in catalog_files(handbook)


def test_check_tells_what_is_wrong_with_it(handbook: Path) -> None:
    loaded(handbook, f"{HEAD}2026-10-01,maybe,\n")
    shutil.copytree(COMPANY / "scorecards", handbook.parent / "scorecards")

    content = read(handbook, handbook.parent / "scorecards")

    assert "holiday-works" in {problem.code for problem in content.problems}
