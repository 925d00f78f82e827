"""What can be right and is likely wrong: told, with the reason."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.entry import Entry
from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.base.words import LANGUAGES, words
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.checking.checks.comparisons import unless_waived
from kpibook.checking.checks.display_names import DisplayNames
from kpibook.model import Catalog, Cycle, Direction, Indicator, Measure
from kpibook.rules.formulas import Name, Node
from kpibook.rules.standards import ByFormula, Deduct, Deduction
from kpibook.rules.standards.bounds import most_of

PER_CENT = "%"


def check_target_sizes(catalog: Catalog) -> Iterator[Problem]:
    """A target of 0.25 for a rate in % is a quarter of one per cent; seldom is that meant."""
    called = DisplayNames(catalog)
    for each in judged_items(catalog):
        if each.indicator and each.rule.judges_target():
            for target in each.item.targets.values() or filter(None, [each.item.target]):
                place = each.item.place_of("target")
                for problem in _doubtful(target, each.indicator, place, called):
                    yield replace(problem, values={**problem.values, "address": _address(each)})


def check_target_rows(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """What `check_target_sizes` asks of the catalog, of the rows of targets.csv; what is waived is left out."""
    called = DisplayNames(catalog, cycle)
    for (subject, key), row in cycle.targets.items():
        if key in catalog.indicators:
            for problem in _doubtful(row.value, catalog.indicators[key], row.place, called):
                yield from unless_waived(catalog, cycle, (subject, key), problem, "indicators")


def _address(each: ScoredItem) -> str:
    """How a waiver names an item."""
    holder = each.holder.kind if each.holder.kind == "company" else f"{each.holder.kind}s/{each.holder.entry.id}"
    return f"{holder}/{each.item.indicator}"


def _doubtful(target: mpq, indicator: Indicator, place: Place, called: DisplayNames) -> Iterator[Problem]:
    if is_doubtful_target(target, indicator):
        values = {"indicator": called.number(indicator.id), "target": show(target), "other": show(target * HUNDRED)}
        yield Problem("target-or-fraction", place, values, Level.WARNING)


def is_doubtful_target(target: mpq, indicator: Indicator) -> bool:
    """Whether 0.85 may have been meant as 85 %; where less is better, small targets are what one wants."""
    if indicator.unit != PER_CENT or indicator.direction is Direction.LOWER or not 0 < target <= 1:
        return False
    return indicator.maximum is None or target * HUNDRED <= indicator.maximum


def check_points_lost(catalog: Catalog) -> Iterator[Problem]:
    """No single breach costs more than the item is worth: the numbers are then those of a paper with other marks."""
    called = DisplayNames(catalog)
    for each in judged_items(catalog):
        weight = each.item.weight
        if not weight or each.is_extra or not isinstance(each.rule, Deduction):
            continue
        for row in each.rule.deduct:
            for entry, points in _costs(row):
                if points > weight and not each.rule.may_rise():
                    values = {"measure": called.number(row.measure), "points": show(points), "weight": show(weight)}
                    yield Problem("deduction-beyond-weight", entry.place_of("points"), values, Level.WARNING)


def _costs(row: Deduct) -> Iterator[tuple[Entry, mpq]]:
    """What a row costs at once: each of its points, and each of its steps."""
    if row.points is not None:
        yield row, row.points
    yield from ((step, step.points) for step in (*row.steps, *row.each))


def check_formula_points(catalog: Catalog) -> Iterator[Problem]:
    """A formula for points that may give more than the item is worth says so by a min()."""
    called = DisplayNames(catalog)
    for each in judged_items(catalog):
        if isinstance(each.rule, ByFormula) and each.item.weight and not each.is_extra:
            most = most_of(each.rule.points.root, partial(_span, each, catalog))
            if each.item.most is None and (most is None or most > each.item.weight):
                values = {"indicator": called.number(each.item.indicator), "weight": show(each.item.weight)}
                yield Problem("formula-beyond-weight", each.rule.place_of("points"), values, Level.WARNING)


def _span(each: ScoredItem, catalog: Catalog, name: Name) -> tuple[mpq | None, mpq | None]:
    """The least and the most that a number of a formula for points can be."""
    if not name.scope and name.id == "weight":
        return each.item.weight, each.item.weight
    if not name.scope and name.id == "attainment":
        return ZERO, None
    if not name.scope and name.id == "target":
        return each.item.target, each.item.target
    known: Measure | Indicator | None = catalog.named(name.id)
    if not name.scope and name.id == "actual":
        known = each.indicator
    return (known.minimum, known.maximum) if known else (None, None)


class Quotient(NamedTuple):
    """An indicator that is a part of a whole, in per cent."""

    indicator: Indicator
    part: str
    whole: str


def check_parts(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Nobody delivers 301 of 300 orders on time."""
    called = DisplayNames(catalog, cycle)
    of_part: dict[str, list[Quotient]] = {}
    for indicator in catalog.indicators.values():
        if found := _quotient(indicator, catalog):
            of_part.setdefault(found.part, []).append(found)
    for (subject, key), part in cycle.actuals.items() if of_part else ():
        for each in of_part.get(key, ()):
            whole = cycle.actuals.get((subject, each.whole))
            if whole and part.value > whole.value >= 0:
                values = {"indicator": called.number(each.indicator.id), "subject": called.subject(subject)}
                values |= {"part": called.number(key), "whole": called.number(each.whole)}
                numbers = {"value": show(part.value), "most": show(whole.value), "place": str(whole.place)}
                problem = Problem("part-over-whole", part.place, {**values, **numbers}, Level.WARNING)
                yield from unless_waived(catalog, cycle, (subject, key), problem)


def _quotient(indicator: Indicator, catalog: Catalog) -> Quotient | None:
    """The part and the whole of `part / whole * 100`, where both count the same things and the whole is no plan."""
    names = _ratio(indicator.formula.root) if indicator.formula and indicator.unit == PER_CENT else None
    part, whole = (catalog.named(each.id) for each in names) if names else (None, None)
    if part is None or whole is None or part.unit != whole.unit or _is_money(part.unit, catalog):
        return None
    called = f"{whole.id} {whole.name}".casefold()
    if any(word in called for word in _words_of_both("plausible.no_whole")):
        return None
    return Quotient(indicator, part.id, whole.id)


def _ratio(root: Node) -> tuple[Name, Name] | None:
    """The two numbers of `a / b * 100` or `100 * a / b`."""
    divided = next((node for node in _within(root) if node.sign == "\u00f7"), None)
    factors = [node for node in _within(root) if not node.parts and not node.name]
    names = [node.name for node in _within(root) if node.name]
    signs = sorted(node.sign for node in _within(root) if node.parts)
    is_plain = divided and len(names) == 2 and [node.compute({}) for node in factors] == [HUNDRED]
    if not is_plain or signs != ["\u00d7", "\u00f7"] or any(name.scope for name in names):
        return None
    return names[0], names[1]


def _within(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _within(part)


def _is_money(unit: str, catalog: Catalog) -> bool:
    return unit.casefold() in (catalog.company.currency.casefold(), *_words_of_both("plausible.money"))


@cache
def _words_of_both(key: str) -> tuple[str, ...]:
    """Words of both languages: names are written in either."""
    return tuple(word for language in LANGUAGES for word in words(language)(key).split())
