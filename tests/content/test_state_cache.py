"""The state of a cycle that is kept: counted again only where something that it goes by is another."""

from dataclasses import fields
from pathlib import Path

import pytest

from companies import change
from followed import lived_in
from kpibook.base.periods import Period
from kpibook.content import Content, cycle_state, read, score_cycle, state_cache
from kpibook.content.state_cache import StateCache
from kpibook.exchange.status import CycleState
from kpibook.scoring.results import Results

PERIOD = Period.parse("2026-10")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company with every kind of table, in which much is missing."""
    return lived_in(tmp_path_factory.mktemp("lived") / "company")


def state(root: Path, folder: Path, secret: bytes = b"secret", *, is_kept: bool = True) -> CycleState:
    """The state as the next run has it, which is that of a count in any case."""
    content = read(root / "handbook", root / "scorecards")
    results = score_cycle(content, PERIOD)
    found = StateCache.of(content, results, folder, secret, is_kept=is_kept).get()
    counted = cycle_state(content, results)
    for each in fields(CycleState):
        assert getattr(found, each.name) == getattr(counted, each.name), each.name
    return found


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often it is counted."""
    found = list[str]()

    def counted(content: Content, results: Results) -> CycleState:
        found.append("counted")
        return cycle_state(content, results)

    monkeypatch.setattr(state_cache, "cycle_state", counted)
    return found


def test_it_is_counted_once_and_read_by_the_next_run(company: Path, tmp_path: Path, counts: list[str]) -> None:
    first = state(company, tmp_path)
    assert first.owed
    assert first.people
    assert first.progress
    assert counts == ["counted"]

    state(company, tmp_path)
    assert counts == ["counted"]

    state(company, tmp_path, b"another secret")
    assert counts == ["counted"] * 2


def test_what_it_goes_by_has_it_counted_again(company: Path, tmp_path: Path, counts: list[str]) -> None:
    state(company, tmp_path)
    change(company / "scorecards/2026-10/actuals/support.csv", "E03,sales,14000", "E03,sales,15000")
    state(company, tmp_path)
    assert counts == ["counted"]

    change(company / "scorecards/2026-10/actuals/support.csv", "E03,sales,15000", "E03,sales,")
    state(company, tmp_path)
    assert counts == ["counted"] * 2


def test_where_nothing_is_kept_it_is_counted_each_time(company: Path, tmp_path: Path, counts: list[str]) -> None:
    state(company, tmp_path, is_kept=False)
    state(company, tmp_path, is_kept=False)

    assert counts == ["counted"] * 2
    assert list(tmp_path.iterdir()) == []
