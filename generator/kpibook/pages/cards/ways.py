"""Ways to more points: which actuals would bring them, one item alone or two together, exactly as the rules say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, permutations
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, round_down, round_up
from kpibook.model import levelled, unlevelled
from kpibook.pages.number_format import WHOLE_FROM
from kpibook.rules.formulas import DivisionByZero, Name
from kpibook.rules.standards import NO_MARKS, Case, Rule, marks_beside_target
from kpibook.scoring.marks import brought_by
from kpibook.scoring.results import ItemScore, RoleSpan, Status

MOST_ITEMS = 5
"""So many items are combined: those that have most points left."""
MOST_WAYS = 3

ONE = mpq(1)


class Counted(NamedTuple):
    """The measure under a rate that would have to change, while all else stays: from how many to how many."""

    key: str
    before: mpq
    after: mpq


class Move(NamedTuple):
    """An item that would have another actual, and the points that it would win with it."""

    score: ItemScore
    actual: mpq
    won: mpq
    places: int
    """The decimals with which it can be told and is still enough."""
    counted: Counted | None = None
    """How that looks in the number that is counted, where the indicator is made from others."""

    @property
    def effort(self) -> mpq:
        """By how much of the target, or of what was reached, the actual would have to change."""
        before = self.score.actual or ZERO
        scale = max(abs(before), abs(self.score.target.value) if self.score.target else ZERO)
        return abs(self.actual - before) / scale if scale else abs(self.actual - before)


class Way(NamedTuple):
    """One item, or two, that together bring the points asked for."""

    moves: tuple[Move, ...]

    @property
    def effort(self) -> mpq:
        """The efforts of its items together."""
        return sum((move.effort for move in self.moves), ZERO)


class _Told(NamedTuple):
    """An actual that may be told."""

    actual: mpq
    places: int
    counted: Counted | None = None


class _Item:
    """An item that a number decides, with what it still has to give."""

    def __init__(self, score: ItemScore, rule: Rule, places: int, worth: mpq) -> None:
        self.score, self._rule, self._places = score, rule, places
        self._worth = worth
        """How many points of the total each of its points brings."""
        self.points = score.points or ZERO
        self.left = (score.best - self.points) * worth
        # Worked out at once: what a property remembers costs a lock each time in Python 3.11.
        self._target: mpq | None = score.target.value if score.target else None
        self._marks = marks_beside_target(score.item, self._target, score.target.beside if score.target else NO_MARKS)
        self._case = self._case_of(score.actual)
        self._slope = _slope_of(score)

    @cached_property
    def whole(self) -> Move | None:
        """The item with all its points."""
        return self.by(self.left)

    def by(self, points: mpq) -> Move | None:
        """The nearest actual that can be told and that wins so many points; None where none does."""
        if not 0 < points <= self.left:
            return None
        score = self.score
        wanted = unlevelled(score.levels, self.points + points / self._worth, score.weight)
        found = None if wanted is None else self._rule.reach(self._case, wanted)
        if found is None:
            return None
        before = self.score.actual or ZERO
        is_up = found.side > 0 or (found.side == 0 and found.actual > before)
        # Worked out one after the other: the first is nearly always enough.
        for told in chain(self._by_count(found.actual, is_up=is_up), self._told(found.actual, is_up=is_up)):
            after = self._rule.judge(self._case_of(told.actual)).points or ZERO
            won = (levelled(score.levels, after, score.weight) - self.points) * self._worth
            if won >= points:
                return Move(self.score, told.actual, won, told.places, told.counted)
        return None

    def _told(self, actual: mpq, *, is_up: bool) -> Iterator["_Told"]:
        """The actual with as few decimals as can be told, on the side on which it is enough."""
        score, before = self.score, self.score.actual or ZERO
        is_whole = before.denominator == 1 and score.indicator.unit != "%" and not _is_computed(score)
        for places in (0, self._places) if is_whole or abs(actual) >= WHOLE_FROM else (self._places,):
            nearest = round_up(actual, places) if is_up else round_down(actual, places)
            step = ONE / 10**places
            yield _Told(nearest, places)
            yield _Told(nearest + (step if is_up else -step), places)

    def _by_count(self, actual: mpq, *, is_up: bool) -> Iterator["_Told"]:
        """The actual that a whole number of what is counted gives, where the indicator follows it in a line."""
        if not self._slope:
            return
        name, values, slope = self._slope
        exact = values[name] + (actual - (self.score.actual or ZERO)) / slope
        is_more = (slope > 0) is is_up
        count = round_up(exact, 0) if is_more else round_down(exact, 0)
        formula = self.score.indicator.formula
        if formula and count >= 0:
            yield _Told(formula.evaluate({**values, name: count}), 0, Counted(name.id, values[name], count))

    def _case_of(self, actual: mpq | None) -> Case:
        """The item with another actual. Made anew each time: `_replace` takes three times as long."""
        return Case(self.score.weight, self.score.indicator.direction, self._target, actual, marks=self._marks)


def ways(piece: RoleSpan, points: mpq, places: int) -> tuple[Way, ...]:
    """The ways of least effort to so many more points, the easiest first; `places` are the decimals of actuals."""
    items = sorted(_items(piece, places), key=lambda item: -item.left)[:MOST_ITEMS]
    found = sorted(_ways(items, points), key=lambda way: (way.effort, len(way.moves)))
    return tuple(_different(found))[:MOST_WAYS]


def _items(piece: RoleSpan, places: int) -> Iterator[_Item]:
    for score in piece.items:
        rule = score.item.standard
        if rule and score.status is Status.SCORED and score.weight and score.actual is not None and not score.ratings:
            item = _Item(score, rule, places, brought_by(score, piece.items))
            if item.left > 0 and not rule.names():
                yield item


def _ways(items: Sequence[_Item], points: mpq) -> Iterator[Way]:
    alone = [Way((move,)) for item in items if (move := item.by(points))]
    yield from alone
    # Whatever takes more effort than the last of those that are told cannot become one of them.
    known = sorted(way.effort for way in alone)[MOST_WAYS - 1 : MOST_WAYS]
    for first, second in permutations(items, 2):
        # One item with all its points, and the other with what is then lacking; a step of the other that is enough
        # alone stands above as a way of its own.
        is_enough = first.left < points <= first.left + second.left
        if not is_enough or not (whole := first.whole) or any(whole.effort > most for most in known):
            continue
        if (rest := second.by(points - whole.won)) and rest.won < points:
            yield Way((whole, rest))


def _different(found: Iterable[Way]) -> Iterator[Way]:
    """Each set of items once, with the way of least effort."""
    seen = set[frozenset[int]]()
    for way in found:
        items = frozenset(id(move.score) for move in way.moves)
        if items not in seen:
            seen.add(items)
            yield way


def _is_computed(score: ItemScore) -> bool:
    """Whether an indicator is made from several numbers, or from one by a computation."""
    formula = score.indicator.formula
    return formula is not None and formula.template != "{0}"


class _Slope(NamedTuple):
    """The number that an indicator follows in a straight line, and by how much one more of it makes the actual grow."""

    name: Name
    values: Mapping[Name, mpq]
    """All numbers of the formula."""
    slope: mpq


def _slope_of(score: ItemScore) -> _Slope | None:
    """How an indicator follows the first number of its formula, a whole one; None where not in a straight line."""
    formula = score.indicator.formula
    if formula is None or not _is_computed(score) or not formula.names:
        return None
    values = dict(zip(formula.names, (source.value for source in score.sources), strict=False))
    name = formula.names[0]
    if name.scope or len(values) < len(formula.names) or values[name].denominator != 1:
        return None
    try:
        at = [formula.evaluate({**values, name: values[name] + step}) for step in (ZERO, ONE, 2 * ONE)]
    except DivisionByZero:
        return None
    slope = at[1] - at[0]
    return _Slope(name, values, slope) if slope and at[2] - at[1] == slope else None
