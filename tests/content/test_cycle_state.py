"""What decides the state of a cycle: how large a person's number is decides nothing of it, that it is there does."""

from pathlib import Path

import pytest

from companies import a_company, change
from kpibook.base.periods import Period
from kpibook.content import read, score_cycle, state_key

OCTOBER = Period.parse("2026-10")
SALES = "scorecards/2026-10/actuals/support.csv"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return a_company(tmp_path)


def key(root: Path) -> str:
    content = read(root / "handbook", root / "scorecards")
    return state_key(content, score_cycle(content, OCTOBER))


def test_another_number_of_a_person_leaves_the_state_as_it_was(company: Path) -> None:
    before = key(company)

    change(company / SALES, "E01,sales,55000", "E01,sales,56000")

    assert before
    assert key(company) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SALES, "E01,sales,55000,", "E01,sales,,"),
        (SALES, "E01,sales,55000,", "E01,sales,many,"),
        (SALES, "E01,sales,55000,", "E01,sales,55000,\nshop,sales,90000,"),
        ("scorecards/2026-10/people.csv", "E02,", "E03,"),
        ("scorecards/2026-10/cycle.yml", "status: open", "status: open\nschedule: {collect_by: 2026-11-05}"),
        ("handbook/company.yml", "language: zh", "language: en"),
        ("scorecards/2026-09/cycle.yml", "2026年9月", "九月"),
    ],
)
def test_whatever_else_is_told_there_decides_it(company: Path, file: str, old: str, new: str) -> None:
    before = key(company)
    path = company / file
    text = path.read_text(encoding="utf-8")
    assert old in text

    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    assert key(company) != before


def test_of_a_file_that_is_none_nobody_knows_what_it_will_bring(company: Path) -> None:
    notes = company / "handbook/notes"
    notes.mkdir()
    (notes / "today.txt").symlink_to(company / SALES)

    assert key(company) == ""
