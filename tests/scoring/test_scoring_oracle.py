"""Scoring against a second reckoning in fractions, over random companies."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from kpibook.base.problems import Level
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle
from kpibook.scoring import score
from oracle import World, reckon
from worlds import as_catalog, as_cycle, verdict_on, whole_worlds, worlds
from written_worlds import write, written_worlds


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(worlds())
def test_every_card_equals_the_second_reckoning(world: World) -> None:
    results = score(as_catalog(world), as_cycle(world), {})

    assert {card.person: verdict_on(card) for card in results.cards} == reckon(world)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(worlds(is_wide=True))
def test_every_card_of_every_kind_of_rule_equals_the_second_reckoning(world: World) -> None:
    results = score(as_catalog(world), as_cycle(world), {})

    assert {card.person: verdict_on(card) for card in results.cards} == reckon(world)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(whole_worlds())
def test_sections_levels_days_and_pay_tables_equal_the_second_reckoning(world: World) -> None:
    results = score(as_catalog(world), as_cycle(world), {})

    assert {card.person: verdict_on(card) for card in results.cards} == reckon(world)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(written_worlds())
def test_files_of_posts_leave_words_days_and_shared_scorecards_equal_the_second_reckoning(world: World) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(world, folder)
        made, problems = load_catalog(folder / "handbook")
        month, told = load_cycle(folder / "scorecards" / "2026-10", made)

    results = score(made, month, {})

    assert [str(problem) for problem in (*problems, *told) if problem.level is Level.ERROR] == []
    assert {card.person: verdict_on(card) for card in results.cards} == reckon(world)
