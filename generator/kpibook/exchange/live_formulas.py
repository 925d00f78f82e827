"""Rules as formulas of a spreadsheet: those that are plain ones; every other rule has none."""

from collections.abc import Callable
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, is_exact, plain
from kpibook.base.words import Words
from kpibook.model import Catalog, Direction
from kpibook.rules.standards import AllOrNothing, Band, Bands, Deduction, Linear, Proportional, Rating
from kpibook.scoring.results import ItemScore, Status

PLACES = 9
"""So far what a spreadsheet adds up in floating point is trusted before it is rounded."""


class ItemCells(NamedTuple):
    """Where the numbers of an item stand."""

    weight: str
    target: str
    actual: str


class NumberCells(NamedTuple):
    """Puts a further number on the sheet of numbers and tells its cell and that of its share."""

    put: Callable[..., tuple[str, str]]
    catalog: Catalog
    say: Words


def levelled_formula(formula: str, score: ItemScore, cells: ItemCells) -> str:
    """What an item brings by the level that its points reach, where its total is made by levels."""
    levels, found = score.levels, "0"
    for each in reversed(levels):
        reached = f"ROUND(({formula})*100-{literal(each.threshold)}*{cells.weight},9)>=0"
        found = f"IF({reached},{cells.weight}*{literal(each.factor)},{found})"
    return found if levels else formula


def points_formula(score: ItemScore, cells: ItemCells, numbers: NumberCells) -> str | None:
    """The points of an item within its `max` as a formula, without its sign; None where the rule is no plain one."""
    if score.status is not Status.SCORED or score.is_extra:
        return None
    formula, most = _of_rule(score, cells, numbers), score.item.most
    return formula if formula is None or most is None else f"MIN({formula},{literal(most)})"


def _of_rule(score: ItemScore, cells: ItemCells, numbers: NumberCells) -> str | None:
    is_lower = score.indicator.direction is Direction.LOWER
    match score.item.standard:
        case Proportional() as rule:
            return _proportional(rule, score, cells, is_lower=is_lower)
        case Bands() as rule:
            return _bands(rule, score, cells, is_lower=is_lower)
        case Linear() as rule if rule.zero_from is None:
            share = f"({cells.actual}-{literal(rule.zero)})/{literal(rule.full - rule.zero)}"
            return f"{cells.weight}*MAX(0,MIN(1,{share}))"
        case AllOrNothing() as rule if not rule.require:
            sign = "<=" if is_lower else ">="
            return f"IF({cells.actual}{sign}{cells.target},{cells.weight},{literal(rule.otherwise)})"
        case Deduction() as rule:
            return _deduction(rule, score, cells, numbers)
        case Rating():
            return _rating(score, cells, numbers)
        case _:
            return None


def _proportional(rule: Proportional, score: ItemScore, cells: ItemCells, *, is_lower: bool) -> str | None:
    if rule.by == "difference":
        gap = f"{cells.actual}-{cells.target}" if is_lower else f"{cells.target}-{cells.actual}"
        return f"{cells.weight}*MAX(0,MIN(1,1-({gap})/100))"
    cap = literal(rule.cap / HUNDRED)
    ratio = _attainment(score, cells, is_lower=is_lower, inverse=rule.lower == "inverse", cap=cap)
    if ratio is None:
        return None
    points = f"{cells.weight}*MIN({ratio},{cap})"
    return points if rule.floor is None else f"IF({ratio}*100<{literal(rule.floor)},0,{points})"


def _attainment(
    score: ItemScore, cells: ItemCells, *, is_lower: bool, inverse: bool = False, cap: str = ""
) -> str | None:
    """As in rules/standards/base.py:attainment; None for a target that allows no ratio."""
    target = score.target.value if score.target else None
    if target is None or target < 0 or (not target and not is_lower):
        return None
    if not is_lower:
        return f"MAX(0,{cells.actual}/{cells.target})"
    if not target:
        return f"IF({cells.actual}>0,0,1)"
    if inverse:
        return f"IF({cells.actual}>0,{cells.target}/{cells.actual},{cap})"
    return f"MAX(0,2-{cells.actual}/{cells.target})"


def _bands(rule: Bands, score: ItemScore, cells: ItemCells, *, is_lower: bool) -> str | None:
    value: str | None = cells.actual
    if rule.of == "attainment":
        ratio = _attainment(score, cells, is_lower=is_lower)
        value = f"({ratio}*100)" if ratio else None
    if value is None:
        return None
    formula = "0"
    for band in reversed(rule.bands):
        held = _band_condition(band, value)
        formula = f"IF({held},{literal(band.points)},{formula})" if held else literal(band.points)
    return formula


def _band_condition(band: Band, value: str) -> str:
    """When a band takes a value; empty for one that takes all."""
    marks = []
    if band.lowest is not None:
        marks.append(f"{value}{'>' if band.ends.is_above else '>='}{literal(band.lowest)}")
    if band.highest is not None:
        marks.append(f"{value}{'<' if band.ends.is_below else '<='}{literal(band.highest)}")
    return marks[0] if len(marks) == 1 else f"AND({','.join(marks)})" if marks else ""


def _deduction(rule: Deduction, score: ItemScore, cells: ItemCells, numbers: NumberCells) -> str | None:
    """The weight less the points of each case; tables of steps are no plain formula."""
    known = {source.key: source.value for source in score.sources if not source.scope}
    if (
        rule.add
        or any(row.steps or row.each for row in rule.deduct)
        or any(row.measure not in known for row in rule.deduct)
    ):
        return None
    losses = []
    for row in rule.deduct:
        measure = numbers.catalog.named(row.measure)
        cell, _ = numbers.put(measure.name if measure else row.measure, known[row.measure])
        losses.append(f"MAX(0,INT({cell}/{literal(row.per)}))*{literal(row.points or mpq(0))}")
    return f"MAX(0,{cells.weight}-({'+'.join(losses)}))"


def _rating(score: ItemScore, cells: ItemCells, numbers: NumberCells) -> str | None:
    """The mean of what the relations gave, by their weights; None where months or raters were put together."""
    votes = next((step.values["votes"] for step in score.steps if step.key == "rated_mean"), None)
    if votes is None:
        single = next((step.values for step in score.steps if step.key == "rated"), None)
        if single is None:
            return None
        votes = ((single["relation"], single["points"], mpq(1)),)
    given = [numbers.put(numbers.say(f"relations.{relation}"), points, weight) for relation, points, weight in votes]
    above, below = "+".join(f"{cell}*{share}" for cell, share in given), "+".join(share for _, share in given)
    rule, mean = score.item.standard, f"({above})/({below})"
    if not isinstance(rule, Rating) or rule.scale is None:
        return mean
    zero, most = literal(rule.scale.zero), literal(rule.scale.highest)
    return f"MAX(0,{cells.weight}*({mean}-{zero})/({most}-{zero}))"


def rounded(formula: str, places: int) -> str:
    """A formula rounded half-up; what floating point leaves behind the ninth decimal does not decide."""
    return f"ROUND(ROUND({formula},{PLACES}),{places})"


def literal(value: mpq) -> str:
    """A number in a formula: a decimal, or a division where it has none."""
    return plain(value, PLACES) if is_exact(value, PLACES) else f"({value.numerator}/{value.denominator})"
