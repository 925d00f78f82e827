"""Ways to the next grade: scored again with the actuals that they tell, they bring the points, and no less would do."""

import dataclasses
from collections.abc import Mapping, Sequence

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.content import Content
from kpibook.model import Reading
from kpibook.pages.cards.ways import Move, Way, ways
from kpibook.rules.standards import Case
from kpibook.scoring import score
from kpibook.scoring.results import Card, ItemScore, Results

OCTOBER = Period.parse("2026-10")
PLACES = 2


def plain_cards(scored: Results) -> Sequence[Card]:
    """Cards of one role with a total that nothing but points makes."""
    return [card for card in scored.cards if card.total is not None and card.exact is not None and len(card.spans) == 1]


def judged(score: ItemScore, actual: mpq) -> mpq:
    """The points of an item at another actual, by its own rule."""
    assert score.item.standard
    case = Case(score.weight, score.indicator.direction, score.target and score.target.value, actual)
    return score.item.standard.judge(case).points or mpq(0)


def test_each_part_of_a_way_wins_what_it_says_and_all_together_are_enough(scored: Results) -> None:
    found = 0
    for card in plain_cards(scored):
        for points in (mpq(1, 2), mpq(2), mpq(5)):
            for way in ways(card.spans[0], points, PLACES):
                found += 1
                for move in way.moves:
                    assert judged(move.score, move.actual) - (move.score.points or 0) == move.won
                assert sum(move.won for move in way.moves) >= points
    assert found > 100


def test_one_unit_less_of_the_last_part_is_not_enough(scored: Results) -> None:
    tried = 0
    for card in plain_cards(scored):
        for way in ways(card.spans[0], mpq(2), PLACES):
            *others, last = way.moves
            if last.counted is None:
                tried += 1
                step = mpq(1, 10**last.places)
                closer = last.actual + (-step if last.actual > (last.score.actual or 0) else step)
                won = judged(last.score, closer) - (last.score.points or 0)
                assert sum(move.won for move in others) + won < 2, (card.person, last)
    assert tried > 10


def with_readings(sample: Content, person: str, numbers: Mapping[str, mpq]) -> Results:
    """October scored again with other numbers of somebody."""
    cycle = sample.cycles[OCTOBER]
    actuals = dict(cycle.actuals)
    for key, value in numbers.items():
        old = actuals[person, key]
        actuals[person, key] = Reading(value, old.place, old.raw)
    return score(sample.catalog, dataclasses.replace(cycle, actuals=actuals), sample.cycles)


def own_numbers(way: Way, card: Card, sample: Content) -> Mapping[str, mpq] | None:
    """What a way changes among somebody's own numbers, where it is told in these alone."""
    found = {}
    for move in way.moves:
        key = move.counted.key if move.counted else _only_measure(move)
        if key is None or (card.person, key) not in sample.cycles[OCTOBER].actuals:
            return None
        found[key] = move.counted.after if move.counted else move.actual
    return found


def _only_measure(move: Move) -> str | None:
    formula = move.score.indicator.formula
    if formula is None:
        return move.score.indicator.id
    return formula.names[0].id if formula.template == "{0}" and not formula.names[0].scope else None


def test_scoring_again_with_the_numbers_of_a_way_brings_the_total(sample: Content, scored: Results) -> None:
    tried = 0
    for card in plain_cards(scored)[:20]:
        for way in ways(card.spans[0], mpq(1), PLACES)[:2]:
            numbers = own_numbers(way, card, sample)
            used = [source.key for item in card.spans[0].items for source in item.sources]
            if numbers is None or any(used.count(key) > 1 for key in numbers):
                continue
            tried += 1
            again = next(
                each for each in with_readings(sample, card.person, numbers).cards if each.person == card.person
            )
            assert again.exact is not None
            assert card.exact is not None
            assert again.exact >= card.exact + 1, (card.person, numbers)
    assert tried > 3


def test_ways_are_of_different_items_and_the_easiest_comes_first(scored: Results) -> None:
    for card in plain_cards(scored):
        found = ways(card.spans[0], mpq(2), PLACES)
        items = [frozenset(id(move.score) for move in way.moves) for way in found]

        assert len(set(items)) == len(items) <= 3
        assert [way.effort for way in found] == sorted(way.effort for way in found)


def test_no_way_joins_an_item_to_another_that_is_enough_alone(scored: Results) -> None:
    steps = 0
    for card in scored.cards:
        for points in (mpq(1, 2), mpq(19, 10), mpq(5)):
            for way in ways(card.spans[0], points, PLACES) if card.spans else ():
                won = [move.won for move in way.moves]
                steps += len(won) == 1 and won[0] > points + 1
                assert len(won) == 1 or max(won) < points, (card.person, points, won)
    assert steps > 3
