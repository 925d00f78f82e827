"""Cards of open cycles are kept where all that decides them is as it was: byte for byte what a fresh run makes."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from companies import COMPANY, change
from edits import any_edit, every_edit
from followed import lived_in
from kpibook.base.problems import has_errors
from kpibook.content import read, score_cache
from kpibook.reading.catalog.series import SERIES
from kpibook.reading.cycle.actuals import ACTUALS
from kpibook.reading.cycle.adjustments import ADJUSTMENTS
from kpibook.reading.cycle.calibration import CALIBRATION
from kpibook.reading.cycle.leave import LEAVE
from kpibook.reading.cycle.manifest import MANIFEST
from kpibook.reading.cycle.people import PEOPLE
from kpibook.reading.cycle.ratings import RATINGS
from kpibook.reading.cycle.records import AGREEMENTS, APPEALS, CONFIRMATIONS, INTERVIEWS, PLANS
from kpibook.reading.cycle.targets import TARGETS
from kpibook.reading.holidays import HOLIDAYS
from kpibook.typesetting import CardRun, write_cards

KEY = b"a key of the tests"
EDITS = 12
"""Random ones, one after the other; the bench makes a thousand."""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The tiny company with its cards."""
    root = tmp_path / "company"
    shutil.copytree(COMPANY, root)
    assert set_cards(root) == []
    return root


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def set_cards(root: Path) -> list[str]:
    """Set what is to be set; the pages that are not what a fresh run makes. Nothing is set of faulty content."""
    content = read(root / "handbook", root / "scorecards")
    if has_errors(content.problems):
        return []
    made, anew = root / "build/cards", root.parent / "fresh/cards"
    shutil.rmtree(anew.parent, ignore_errors=True)
    for folder in (made, anew):
        write_cards(content, folder, CardRun(list(content.cycles), KEY, None, 1))
    now, fresh = tree(made), tree(anew)
    return sorted(path for path in now.keys() | fresh.keys() if now.get(path) != fresh.get(path))


def edited(root: Path) -> Iterator[tuple[str, list[str]]]:
    for edit in list(every_edit(root)):
        before = edit.path.read_bytes()
        edit.make()
        yield edit.name, set_cards(root)
        edit.path.write_bytes(before)


LAYOUTS = {
    "handbook/holidays.csv": HOLIDAYS,
    "handbook/targets/2026.csv": SERIES,
    "2026-10/people.csv": PEOPLE,
    "2026-10/targets.csv": TARGETS,
    "2026-10/ratings.csv": RATINGS,
    "2026-10/adjustments.csv": ADJUSTMENTS,
    "2026-10/leave.csv": LEAVE,
    "2026-10/calibration.csv": CALIBRATION,
    "2026-10/agreements.csv": AGREEMENTS,
    "2026-10/manifest.csv": MANIFEST,
    "2026-10/actuals/weeks.csv": ACTUALS,
    "2026-09/plans.csv": PLANS,
    "2026-09/interviews.csv": INTERVIEWS,
    "2026-09/confirmations.csv": CONFIRMATIONS,
    "2026-09/appeals.csv": APPEALS,
}
"""Every kind of table that people write, and the columns that it may have."""


def test_the_company_that_is_edited_has_every_column_of_every_table(tmp_path: Path) -> None:
    names = [edit.name for edit in every_edit(lived_in(tmp_path / "company"))]

    missing = [
        f"{table}: {column}"
        for table, layout in LAYOUTS.items()
        for column in layout.known
        if not any(name.endswith(f"{table}: {column}") for name in names)
    ]
    assert missing == []


def test_after_any_edit_of_any_column_and_key_all_cards_are_those_of_a_fresh_run(tmp_path: Path) -> None:
    company = lived_in(tmp_path / "company")
    assert set_cards(company) == []

    found = dict(edited(company))

    assert len(found) > 200
    assert {name: pages for name, pages in found.items() if pages} == {}


def test_after_one_random_edit_upon_another_all_cards_are_those_of_a_fresh_run(company: Path) -> None:
    chance = random.Random(20261130)

    for _ in range(EDITS):
        edit = any_edit(company, chance)
        before = edit.path.read_bytes()
        edit.make()
        assert set_cards(company) == [], edit.name
        if has_errors(read(company / "handbook", company / "scorecards").problems):
            edit.path.write_bytes(before)


def test_one_number_sets_the_cards_that_tell_it_and_no_other(company: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (company / "build/cards/2026-10/p").iterdir()}
    change(company / "scorecards/2026-10/actuals/support.csv", "E02,sales,", "E02,sales,1")

    set_cards(company)

    now = {path.name: path.stat().st_mtime_ns for path in (company / "build/cards/2026-10/p").iterdir()}
    moved = {name for name in now if now[name] != before[name]}
    assert 0 < len(moved) < len(now)


def test_of_a_large_company_the_same_cards_are_set_one_by_one(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(company / "build/cards")
    shutil.rmtree(company / "build")
    monkeypatch.setattr(score_cache, "LARGE", 1)

    assert set_cards(company) == []

    assert tree(company / "build/cards") == before
