"""Scoring against a second reckoning in fractions, over random companies."""

from fractions import Fraction

from gmpy2 import mpq
from hypothesis import HealthCheck, given, settings

from kpibook.results import Card
from kpibook.scoring import score
from oracle import Verdict, World, reckon
from worlds import as_catalog, as_cycle, worlds


def fraction(value: mpq | None) -> Fraction | None:
    return None if value is None else Fraction(int(value.numerator), int(value.denominator))


def verdict(card: Card) -> Verdict:
    scores = [score for part in card.slices for score in (*part.items, *part.extras)]
    return Verdict(
        card.status.value,
        fraction(card.total),
        fraction(card.coverage) or Fraction(0),
        card.grade.id if card.grade else None,
        card.rank,
        [] if card.status == "excluded" else [fraction(each.points) for each in scores],
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(worlds())
def test_every_card_equals_the_second_reckoning(world: World) -> None:
    results = score(as_catalog(world), as_cycle(world), {})

    assert {card.person: verdict(card) for card in results.cards} == reckon(world)
