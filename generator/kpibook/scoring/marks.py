"""Marks of an item's own, and what they are in points of the total.

An item may have 30 marks and count 12 points; a section of 35 points may have items of 20, 20, 15 and 40 marks, of
which it gives 35 × reached ÷ 95. What is left out is left out of the section's own whole first.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.rules.standards import Step
from kpibook.scoring.results import AS_THEY_ARE, ONE, ItemScore


class CountedPoints(NamedTuple):
    """What an item, or a section that shares its weight, brings to the total."""

    points: mpq
    weight: mpq
    """What it counts; the others are weighed anew where some of it is not there."""
    step: Step | None = None


def has_marks(items: Iterable[ItemScore]) -> bool:
    """Whether some item's points are not points of the total."""
    # Nearly always it is this very one, which is known without comparing numbers.
    others = [score.worth for score in items if score.worth is not AS_THEY_ARE]
    return any(each.is_pooled or each.per_mark != ONE for each in others)


def points_counted(items: Sequence[ItemScore]) -> Iterator[CountedPoints]:
    """What the weighted items bring to the total, those of a section with marks together; in their order."""
    for _, run in groupby(items, key=group_of):
        scores = list(run)
        given = [score for score in scores if score.points is not None]
        if not given:
            continue
        yield _section(scores, given) if scores[0].is_pooled else _item(given[0])


def group_of(score: ItemScore) -> object:
    """The key to group items by: their section where they share its weight, else the item itself."""
    return score.section if score.is_pooled else id(score)


def _section(scores: Sequence[ItemScore], given: Sequence[ItemScore]) -> CountedPoints:
    weight = sum((score.counts for score in scores), ZERO)
    terms = tuple(score.points for score in given if score.points is not None)
    reached, full = sum(terms, ZERO), sum((score.weight for score in given), ZERO)
    points = weight * reached / full
    values = {"section": scores[0].section, "terms": terms, "sum": reached, "full": full, "weight": weight}
    key = "marks_percent" if full == HUNDRED and len(given) == len(scores) else "marks_section"
    return CountedPoints(points, weight, Step(key, {**values, "points": points}))


def _item(score: ItemScore) -> CountedPoints:
    points, weight = (score.points or ZERO) * score.per_mark, score.counts
    if score.per_mark == ONE:
        return CountedPoints(points, weight)
    values = {"section": score.indicator.name, "reached": score.points, "full": score.weight, "weight": weight}
    return CountedPoints(points, weight, Step("marks_item", {**values, "points": points}))


def brought_by(score: ItemScore, items: Iterable[ItemScore]) -> mpq:
    """How many points of the total one more point of an item brings, before other sections are weighed anew."""
    if not score.is_pooled:
        return score.per_mark
    together = [each for each in items if each.is_pooled and each.section == score.section and each.weight]
    full = sum((each.weight for each in together if each.points is not None), ZERO)
    return sum((each.counts for each in together), ZERO) / full if full else ZERO
