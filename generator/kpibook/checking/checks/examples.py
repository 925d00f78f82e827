"""The examples of a rule come to the points that they name."""

from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, plain, round_half_up, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.model import Catalog, Company, Indicator
from kpibook.rules.formulas import DivisionByZero, Name
from kpibook.rules.standards import Case, Example, Rating, RatingFault, Vote, marks_beside_target

FINEST = 12
"""The most decimals that an example's points are compared at."""


def check_examples(catalog: Catalog) -> Iterator[Problem]:
    """Each example gives what its rule needs, nothing else, and has the points that the rule gives."""
    for each in judged_items(catalog):
        if each.indicator and (each.is_extra or each.item.weight):
            for example in each.rule.examples:
                yield from _Trial(each, each.indicator, example, catalog.company).problems()


class _Trial:
    """An example put to its rule."""

    def __init__(self, each: ScoredItem, indicator: Indicator, example: Example, company: Company) -> None:
        self.item, self.rule, self.exempt = each.item, each.rule, each.item.exempt
        self.indicator = indicator
        self.example = example
        self.places = company.rounding.score
        self.raters = self.item.raters or company.rater_weights
        self.target = each.target if example.target is None else example.target
        self.values = example.numbers
        self.formula = indicator.formula if self.rule.judges_actual() and example.actual is None else None

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the example."""
        if unused := ", ".join(self._unused()):
            yield Problem("example-unused", self.example.place_of(), {"keys": unused}, Level.WARNING)
        try:
            if lacking := ", ".join(self._lacking()):
                yield Problem("example-incomplete", self.example.place_of(), {"keys": lacking})
                return
            points = self._points()
        except RatingFault as fault:
            yield Problem(fault.code, self.example.place_of(), fault.values)
            return
        except DivisionByZero:
            points = None
        if points is None:
            yield Problem("example-undecided", self.example.place_of())
        elif not equals_rounded(points, self.example.points, self.places):
            values = {"expected": show(self.example.points), "computed": plain(points)}
            yield Problem("example-wrong", self.example.place_of("points"), values)

    def _points(self) -> mpq | None:
        if self.exempt and self._is_exempt():
            return self.item.weight if self.exempt.then == "full" else None
        found = self.rule.judge(self._case())
        if isinstance(self.rule, Rating):
            found = self.rule.scaled(found, self.item.weight or ZERO)
        points = found.points
        if points is not None and self.item.most is not None:
            points = min(points, self.item.most)
        if points is not None and self.item.least is not None:
            points = max(points, self.item.least)
        return points

    def _is_exempt(self) -> bool:
        """Whether the example gives the numbers of the exemption, and they hold."""
        if self.exempt is None or any(name not in self.values for name in self.exempt.when.names):
            return False
        return bool(self.exempt.when.evaluate(self.values))

    def _case(self) -> Case:
        actual = self.formula.evaluate(self.values) if self.formula else self.example.actual
        direction, weight = self.indicator.direction, self.item.weight or ZERO
        votes, marks = tuple(self._votes(weight)), marks_beside_target(self.item, self.target)
        return Case(weight, direction, self.target, actual, self.values, votes, self.item.floor, {}, marks)

    def _votes(self, weight: mpq) -> Iterator[Vote]:
        """The ratings of the example; one alone needs no relation."""
        if not isinstance(self.rule, Rating):
            return
        example = self.example
        if not example.votes:
            yield Vote("manager", self.rule.rating_points(example.value, example.level, weight), mpq(1))
        for relation, points in example.votes.items():
            share = self._share(relation)
            if share:
                yield Vote(relation, self.rule.rating_points(points, "", weight), share)

    def _share(self, relation: str) -> mpq:
        return next((weight for known, weight in self.raters.items() if known == relation), ZERO)

    def _needed(self) -> tuple[Name, ...]:
        measured = self.formula.names if self.formula else ()
        return tuple(dict.fromkeys((*measured, *self.rule.names())))

    def _lacking(self) -> Iterator[str]:
        if self._is_exempt():
            return
        if self.rule.judges_actual() and self.example.actual is None and not self.formula:
            yield "actual"
        if self.rule.judges_target() and self.target is None:
            yield "target"
        yield from (f"values: {name}" for name in self._needed() if name not in self.values)
        if isinstance(self.rule, Rating) and self.example.value is None and not self.example.level:
            yield from () if any(map(self._share, self.example.votes)) else ("value",)

    def _unused(self) -> Iterator[str]:
        used = {"actual"} if self.rule.judges_actual() else set()
        used |= {"target"} if self.rule.judges_target() else set()
        used |= {"value", "level", "votes"} if isinstance(self.rule, Rating) else set()
        yield from (key for key in self.example.given() if key != "values" and key not in used)
        known = (*self._needed(), *(self.exempt.when.names if self.exempt else ()))
        yield from (f"values: {name}" for name in self.values if name not in known)


def equals_rounded(value: mpq, expected: mpq, places: int) -> bool:
    """Whether a value equals the expected one after both are rounded half-up to as many decimals as are written or
    published.
    """
    while places < FINEST and (expected * 10**places).denominator != 1:
        places += 1
    return round_half_up(value, places) == expected
