"""Who stands next to a grade line, and what single number or rating decides on which side."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.analysis.frames import points_of
from kpibook.analysis.regrading import Regrader
from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.model import Grade
from kpibook.rules.formulas import Name
from kpibook.rules.standards import Deduction, Rating
from kpibook.scoring.near_thresholds import near_threshold
from kpibook.scoring.results import Card, ItemScore, RoleSpan, Status

STEPS = (mpq(1), mpq(2), mpq(5), mpq(10))
"""Per cent by which a number is tried to be another one."""
KINDS = ("count", "rating", "percent")
DECIDERS = 3
"""So many are told of one person."""


class Decider(NamedTuple):
    """A single number or rating that is enough for another grade."""

    kind: str
    """percent: the actual is `size` % more or less; count: so many times the measure; rating: so many points."""
    name: str
    """The id of the indicator or the measure."""
    size: mpq
    """With its sign."""


class Borderline(NamedTuple):
    """Somebody within `WITHIN` points of a line."""

    card: Card
    line: Grade
    """The grade whose line it is."""
    distance: mpq
    """The published total less the line: negative is below it."""
    deciders: tuple[Decider, ...]
    by_raters: bool
    """Whether the highest or the lowest of those who rated alone would have given another grade."""


def borderlines(regrader: Regrader) -> tuple[Borderline, ...]:
    """Everybody next to a line, nearest first; totals that people set by hand are left out."""
    return tuple(sorted(_borderlines(regrader), key=lambda each: (abs(each.distance), each.card.person)))


def _borderlines(regrader: Regrader) -> Iterator[Borderline]:
    for card in regrader.cards:
        total = card.total
        if total is None or card.calibration:
            continue
        if near := near_threshold(total, regrader.catalog.grades):
            # Per cents and points have no scale in common: what can be counted comes first.
            found = sorted(_deciders(regrader, card), key=lambda each: (KINDS.index(each.kind), abs(each.size)))
            by_raters = any(_raters_decide(regrader, card, score) for _, score in _scored(card))
            yield Borderline(card, near, total - near.threshold, tuple(found[:DECIDERS]), by_raters)


def _scored(card: Card) -> Iterator[tuple[RoleSpan, ItemScore]]:
    for part in card.spans:
        for score in part.items:
            if score.status is Status.SCORED and score.weight:
                yield part, score


def _deciders(regrader: Regrader, card: Card) -> Iterator[Decider]:
    for _, score in _scored(card):
        rule = score.item.standard
        if isinstance(rule, Rating):
            yield from _by_rating(regrader, card, score)
        elif isinstance(rule, Deduction):
            if not rule.event_names():
                yield from _by_count(regrader, card, score, rule)
        elif score.actual is not None:
            yield from _by_percent(regrader, card, score, score.actual)


def _by_percent(regrader: Regrader, card: Card, score: ItemScore, actual: mpq) -> Iterator[Decider]:
    """The smallest step of the actual, up or down, that gives another grade."""
    for step in STEPS:
        for size in (step, -step):
            points = regrader.points_under(score, actual=actual * (1 + size / HUNDRED))
            if points is not None and points != score.points and _changes_grade(regrader, card, score, points):
                yield Decider("percent", score.indicator.id, size)
                return


def _by_count(regrader: Regrader, card: Card, score: ItemScore, rule: Deduction) -> Iterator[Decider]:
    """One case more or less of what is deducted for."""
    known = {(each.scope, each.key): each.value for each in score.sources}
    for row in rule.deduct:
        value = known.get(("", row.measure)) if _uses(card, row.measure) == 1 else None
        for size in (-row.per, row.per):
            if value is None or value + size < 0:
                continue
            points = regrader.points_under(score, values={Name("", row.measure): value + size})
            if points is not None and _changes_grade(regrader, card, score, points):
                yield Decider("count", row.measure, size)
                break


def _uses(card: Card, measure: str) -> int:
    """How many items, extras, gates and conditions of a card use a number: what several use is no single decision."""
    scores = [score for part in card.spans for score in (*part.items, *part.extras)]
    of_outcomes = [each.sources for each in card.gates] + [each.sources for each in card.conditions]
    used = [*(score.sources for score in scores), *of_outcomes]
    return sum(any(source.key == measure for source in sources) for sources in used)


def _by_rating(regrader: Regrader, card: Card, score: ItemScore) -> Iterator[Decider]:
    """The fewest points of a rating, up to a tenth of what it gives, that give another grade."""
    points, plain = score.points, regrader.plain_card(card)
    if points is None or plain is None:
        return
    unit = mpq(1, 10)
    for mark, sign in ((plain.high, 1), (plain.low, -1)):
        gap = None if mark is None else abs(mark - plain.exact)
        if gap is None:
            continue
        # The next tenth of a point that is enough: at the mark from below, past it from above.
        size = unit * max(1, -(-gap // unit) if sign > 0 else gap // unit + 1)
        after = points + sign * size
        if size <= score.weight / 10 and ZERO <= after <= score.weight and _changes_grade(regrader, card, score, after):
            yield Decider("rating", score.indicator.id, sign * size)


def _changes_grade(regrader: Regrader, card: Card, score: ItemScore, points: mpq) -> bool:
    grade = regrader.grade_with_points(card, score, points)
    return (grade.id if grade else "") != (card.grade.id if card.grade else "")


def _raters_decide(regrader: Regrader, card: Card, score: ItemScore) -> bool:
    """Whether the grade would be another one if only the highest, or only the lowest, had rated."""
    given = counted_points(score)
    if len(given) < 2:
        return False
    return any(_changes_grade(regrader, card, score, each) for each in (min(given), max(given)))


def counted_points(score: ItemScore) -> Sequence[mpq]:
    """The points of every rating that could be taken, whose relation counts."""
    raters = score.item.raters
    rows = (row for row in score.ratings if raters is None or raters.get(row.relation))
    given = (points for row in rows if (points := points_of(row, score)[0]) is not None)
    rule = score.item.standard
    if not isinstance(rule, Rating) or rule.scale is None:
        return tuple(given)
    return tuple(rule.scale.points(rated, score.weight) for rated in given)
