"""Grades under other points, weights or targets: exactly what scoring would give, without scoring everybody again.

Nearly every card is plain: one role, every item measured, no gate closed, nothing calibrated. Of such a card only the
total changes, and while it stays between the same two marks of grades, so does the grade. Every other card, and every
total that passes a mark, goes through the same functions as in scoring.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, round_half_up, round_up
from kpibook.base.periods import Period
from kpibook.model import Catalog, Cycle, Grade, levelled
from kpibook.rules.formulas import DivisionByZero, Name
from kpibook.rules.standards import NO_MARKS, Case, marks_beside_target
from kpibook.scoring.cards import CardScorer
from kpibook.scoring.carried import Carried
from kpibook.scoring.marks import has_marks
from kpibook.scoring.results import Card, ItemScore, Results, RoleSpan, Status
from kpibook.scoring.totals import Decisions, SliceTotal, finish, gates_withhold, join_spans, sum_up

OF_THE_TOTAL = frozenset({"total", "exact_total", "coverage"})
"""What a grade's condition may ask of the card itself."""

BEYOND = mpq(10**12)
"""More than any total."""

Scores = tuple[ItemScore, ...]
Change = Callable[[RoleSpan], tuple[Scores, Scores]]
"""The items and extras of a role under other points."""


class PlainCard(NamedTuple):
    """A card of which only the total matters: it keeps its grade from `low` on and below `high`."""

    card: Card
    exact: mpq
    """The total with adjustments, unrounded."""
    points: mpq
    """What the items make, without extras."""
    low: mpq | None
    """None: the lowest line that there is."""
    high: mpq | None
    """None: however much it is."""

    fewest: mpq
    """By so much the total may change, and keeps its grade: the mark below, less the total."""
    most: mpq
    """So much more has reached the mark above."""

    def keeps(self, difference: mpq) -> bool:
        """Whether a total changed by so much reaches the same marks."""
        return self.fewest <= difference < self.most


class Regrader:
    """Grades the cards of one cycle anew."""

    def __init__(
        self,
        results: Results,
        catalog: Catalog,
        history: Mapping[Period, Cycle],
        carried: Carried | None = None,
    ) -> None:
        self.results = results
        self.catalog = catalog
        self._lookup = CardScorer(catalog, results.cycle, history, carried).lookup
        self._calibration = results.cycle.calibration or {}
        self._places = catalog.company.rounding.score
        self.rounds_items = catalog.company.rounding.at == "item"
        thresholds = sorted({grade.threshold for grade in catalog.grades})
        half = mpq(1, 2 * 10**self._places)
        # A total reaches a mark as soon as it rounds to it; below 0 rounding goes the other way.
        self._marks = [round_up(each, self._places) - half for each in thresholds[1:]]
        self._lowest = thresholds[0]
        self._by_marks = [next(grade for grade in catalog.grades if grade.threshold <= each) for each in thresholds]
        """By how many marks a total has passed: its grade, where no grade asks for anything else."""
        self._asking = {role for role in catalog.roles if any(grade.conditions(role) for grade in catalog.grades)}
        asked = {name.id for grade in catalog.grades for when in grade.when for name in when.names if not name.scope}
        self._has_plain = not self.rounds_items and not asked & OF_THE_TOTAL and all(mark > 0 for mark in self._marks)
        self.cards = tuple(filter(can_be_regraded, results.cards))
        """The cards that have a total and the numbers that it was made of."""
        self._plain = {id(card): self._as_plain(card) for card in self.cards}

    def plain_card(self, card: Card) -> PlainCard | None:
        """The card, if it is a plain one."""
        return self._plain[id(card)]

    def _as_plain(self, card: Card) -> PlainCard | None:
        if not self._has_plain or len(card.spans) > 1 or card.calibration or any(each.holds for each in card.gates):
            return None
        part = card.spans[0]
        weighted = [score for score in part.items if score.weight]
        if has_marks(weighted) or self.catalog.total_of(part.role).turned is not None:
            return None
        if part.total is None or any(score.points is None for score in (*weighted, *part.extras)):
            return None
        points = sum((score.points or ZERO for score in weighted), ZERO)
        exact = part.total + card.adjustment
        at = bisect_right(self._marks, exact)
        low = self._marks[at - 1] if at else None
        high = self._marks[at] if at < len(self._marks) else None
        # Below the lowest line nobody has a grade; how that rounds is left to scoring.
        fewest = (self._lowest if low is None else low) - exact
        return PlainCard(card, exact, points, low, high, fewest, BEYOND if high is None else high - exact)

    def grade_of_plain(self, card: PlainCard, difference: mpq) -> Grade | None:
        """The grade of a plain card whose total is another one."""
        if card.keeps(difference):
            return card.card.grade
        part, changed = card.card.spans[0], card.exact + difference
        if changed >= self._lowest and part.role.id not in self._asking:
            return self._by_marks[bisect_right(self._marks, changed)]
        total = (part.total or ZERO) + difference
        return self._finished(card.card, (part,), SliceTotal(total, card.card.coverage, ()))

    def grade_of_changed(self, card: Card, change: Change) -> Grade | None:
        """The grade of any card whose items are changed."""
        spans, sums = list[RoleSpan](), list[SliceTotal]()
        for part in card.spans:
            items, extras = change(part)
            found = (
                SliceTotal(None, ZERO, ())
                if part.role.is_described_only
                else sum_up(items, extras, self.catalog.total_of(part.role))
            )
            spans.append(replace(part, items=items, extras=extras, total=found.total, coverage=found.coverage))
            sums.append(found)
        return self._finished(card, tuple(spans), join_spans(tuple(spans), tuple(sums)))

    def _finished(self, card: Card, spans: tuple[RoleSpan, ...], found: SliceTotal) -> Grade | None:
        changes = Decisions(card.adjustments, self._calibration.get(card.person))
        final = finish(found, changes, card.gates, spans[-1], self._lookup)
        held = gates_withhold(final.conditions, self.catalog.company.missing)
        return None if held else final.grade

    def rounded_points(self, points: mpq) -> mpq:
        """Points of an item as they go into the total."""
        return round_half_up(points, self._places) if self.rounds_items else points

    def points_under(self, score: ItemScore, *, values: Mapping[Name, mpq] | None = None, **other: Any) -> mpq | None:
        """The points of a measured item with another `weight`, `target`, `actual`, or other `values` of measures.

        The item keeps all its other numbers; None where it has no points then.
        """
        rule, target, item = score.item.standard, score.target, score.item
        if rule is None:
            return None
        # Few rules ask for more than the actual and the target; gathering their numbers takes as long as judging.
        known = {Name(each.scope, each.key): each.value for each in score.sources} if rule.names() else {}
        if values:
            known |= values
        aim = other.get("target", target and target.value)
        actual, weight = other.get("actual", score.actual), other.get("weight", score.weight)
        marks = marks_beside_target(item, aim, target.beside_at(aim) if target else NO_MARKS)
        case = Case(weight, score.indicator.direction, aim, actual, known, (), item.floor, {}, marks)
        try:
            points = rule.judge(case).points
        except DivisionByZero:
            return None
        if points is None:
            return None
        points = points if item.most is None else min(points, item.most)
        points = points if item.least is None else max(points, item.least)
        return self.rounded_points(levelled(score.levels, points, weight) if weight else points)

    def grade_with_points(self, card: Card, score: ItemScore, points: mpq) -> Grade | None:
        """The grade of a card of which one item has other points."""
        plain = self.plain_card(card)
        if plain:
            return self.grade_of_plain(plain, points - (score.points or ZERO))

        def change(part: RoleSpan) -> tuple[Scores, Scores]:
            return _replaced(part.items, score, points), _replaced(part.extras, score, points)

        return self.grade_of_changed(card, change)


def _replaced(scores: Scores, wanted: ItemScore, points: mpq) -> Scores:
    return tuple(replace(each, points=points) if each is wanted else each for each in scores)


def can_be_regraded(card: Card) -> bool:
    """Whether a card has a total that was made of its items here: neither a mean of months nor a seal's figures."""
    return (
        card.status is Status.SCORED
        and card.total is not None
        and not card.is_as_sealed
        and not any(step.key == "combined" for part in card.spans for score in part.items for step in score.steps)
    )


def without_points(score: ItemScore) -> ItemScore:
    """An item whose rule gives no points."""
    return replace(score, points=None, status=Status.SET_ASIDE)
