"""What somebody missed in a cycle: the items that a talk is about, and that a plan begins with."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Indicator
from kpibook.scoring.marks import brought_by
from kpibook.scoring.results import Card, ItemScore, Status

HALF = 2


class MissedItem(NamedTuple):
    """An item that was missed, with the points that it lost."""

    indicator: Indicator
    score: ItemScore
    lost: mpq
    """In its own marks, where it has any."""
    of_total: mpq
    """What that is in the total."""


def missed_items(card: Card) -> tuple[MissedItem, ...]:
    """The missed items of a card, the dearest for the total first; an indicator of several roles stands there once.

    An item with a target is missed where the target was not reached; one without where it got less than half of its
    points. One without an actual is not missed: nothing is known of it.
    """
    found: dict[str, MissedItem] = {}
    for missed in sorted(_missed(card), key=lambda each: -each.of_total):
        found.setdefault(missed.indicator.id, missed)
    return tuple(found.values())


def missed_ids(card: Card) -> frozenset[str]:
    """The indicators that somebody missed."""
    return frozenset(each.indicator.id for each in _missed(card))


def missed_in_rows(rows: Iterable[Mapping[str, str]]) -> Mapping[str, frozenset[str]]:
    """By person in small letters: the indicators that were missed, from the sealed rows of items.csv."""
    found: dict[str, set[str]] = {}
    for row in rows:
        weight, points = mpq(row["weight"] or 0), mpq(row["points"] or 0)
        if row["is_extra"] == "no" and row["status"] == Status.SCORED and weight and points < weight:
            has_target, attainment = bool(row["target"]), row["attainment"]
            reached = mpq(attainment) >= 1 if has_target and attainment else not has_target and points * HALF >= weight
            if not reached:
                found.setdefault(row["person"].casefold(), set()).add(row["indicator"])
    return {person: frozenset(each) for person, each in found.items()}


def _missed(card: Card) -> Iterator[MissedItem]:
    for part in card.spans:
        for score in part.items:
            if score.status is not Status.SCORED or not score.weight:
                continue
            # The weight is full marks, as the card says: what an item may have above it is not lost.
            best = score.weight if score.levels else min(score.weight, score.best)
            lost = best - (score.points or ZERO)
            if lost > 0 and _is_missed(score, lost, best):
                yield MissedItem(score.indicator, score, lost, lost * brought_by(score, part.items))


def _is_missed(score: ItemScore, lost: mpq, best: mpq) -> bool:
    if score.target is not None and score.attainment is not None:
        return score.attainment < 1
    return score.target is not None or lost * HALF > best
