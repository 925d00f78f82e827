"""Sealed tables tell later cycles what scoring would: totals, ranks, items of the last role, means, standings."""

from dataclasses import replace
from pathlib import Path

import pytest
from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.content import Content, past_results, read, score_cycle
from kpibook.pages.lookback import Lookback, past_cycle_of
from kpibook.pages.lookback_rows import lookback_rows
from kpibook.scoring import standings, totals_of
from kpibook.scoring.results import Results
from lives import Life

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sample() -> Content:
    return read(ROOT / "handbook", ROOT / "scorecards")


def told(results: Results) -> dict[tuple[Period, str, str], str]:
    """Everything that the cards and pages of a later cycle look back at."""
    return lookback_rows(Lookback(results, (past_cycle_of(results),)))


@pytest.mark.parametrize("cycle", ["2026-08", "2026-09"])
def test_later_cycles_are_told_the_same_as_by_scoring(sample: Content, cycle: str) -> None:
    period = Period.parse(cycle)

    scored, read_back = score_cycle(sample, period), past_results(sample, period)

    assert len(told(scored)) > 300
    assert told(read_back) == told(scored)
    assert standings(read_back) == standings(scored)
    assert totals_of(read_back) == totals_of(scored)


def test_somebody_who_changed_within_one_role_is_compared_by_the_last_scorecard(life: Life) -> None:
    life.change(
        "2026-10/people.csv",
        "E03,何小青,barista,shop,E01,,,5000",
        "E03,何小青,barista,shop,E01,,2026-10-10,5000\nE03,何小青,barista,support,E01,2026-10-11,,5000",
    )
    life.publish()

    content = read(life.root / "handbook", life.root / "scorecards")
    period = Period.parse("2026-10")
    scored, read_back = score_cycle(content, period), past_results(content, period)

    [card] = [card for card in read_back.cards if card.person == "E03"]
    assert len(card.spans) == 2
    assert told(read_back) == told(scored)


def test_tables_that_were_touched_are_not_believed(life: Life) -> None:
    life.publish()
    life.change("2026-10/revisions/1/totals.csv", "E02", "E99")
    content = read(life.root / "handbook", life.root / "scorecards")

    results = past_results(content, Period.parse("2026-10"))

    assert [card.person for card in results.cards] == ["E01", "E02", "E03"]


def test_a_total_that_the_program_computes_otherwise_is_told_as_it_was_sealed(life: Life) -> None:
    life.publish()
    content = read(life.root / "handbook", life.root / "scorecards")
    october = Period.parse("2026-10")
    sealed = content.seals[october]
    other = replace(content.cycles[october], actuals={})

    results = past_results(replace(content, cycles={**content.cycles, october: other}), october)

    assert {card.person: card.total for card in results.cards} == {
        person: mpq(row["total"]) for person, row in sealed.totals(1).items()
    }
