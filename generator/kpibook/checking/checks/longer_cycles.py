"""What a longer cycle takes from shorter ones fits it: targets, marks, and rates that do not add up."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpibook.base.entry import Entry
from kpibook.base.numbers import show
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.model import COMPANY, Accumulate, Catalog, Combine, Cycle, Indicator, Measure
from kpibook.rules.formulas import Name
from kpibook.rules.formulas.degrees import Degree, Odd, degree
from kpibook.rules.standards import (
    OF_THE_CASE,
    AllOrNothing,
    Bands,
    ByFormula,
    Deduction,
    Excess,
    Linear,
    Proportional,
    Range,
    Shortfall,
)
from kpibook.scoring.collected import RATES
from kpibook.scoring.target_periods import Degrees, TargetScale, is_written, parts_of

SAME_OVER_TIME = (0, Odd.ANY)
"""The degrees of what is as large in a quarter as in a month."""


class Longer(NamedTuple):
    """A cycle that takes its numbers from shorter ones."""

    cycle: Cycle
    parts: tuple[Period, ...]

    @property
    def values(self) -> dict[str, object]:
        """What every message about it says."""
        return {"cycle": str(self.cycle.period), "part": str(self.parts[0])}


def check_longer(catalog: Catalog, cycles: Sequence[Cycle]) -> Iterator[Problem]:
    """Targets and marks that are meant for a month are not held against a quarter without a word; each is told once."""
    degrees = Degrees(catalog)
    told: set[tuple[str, str]] = set()
    for longer in _longer(cycles):
        kind = longer.cycle.period.kind
        scale = TargetScale(catalog, kind, longer.parts[0].kind)
        for problem in (*_of_items(catalog, longer, scale, degrees), *_of_gates(catalog, longer, degrees)):
            if (problem.code, str(problem.place)) not in told:
                told.add((problem.code, str(problem.place)))
                yield problem


def check_rates(catalog: Catalog, cycles: Sequence[Cycle]) -> Iterator[Problem]:
    """A number in % says how months make a quarter: added up, three months of 97 % make 291 %."""
    entries: tuple[Measure | Indicator, ...] = (*catalog.measures.values(), *catalog.indicators.values())
    rates = [each for each in entries if _is_unclear_rate(each, catalog)]
    if not rates:
        return
    given = {cycle.period: {key for _, key in cycle.actuals} for cycle in cycles}
    longer = list(_longer(cycles))
    for rate in rates:
        if any(rate.id in keys for keys in given.values()):
            summed = next((each for each in longer if any(rate.id in given.get(part, ()) for part in each.parts)), None)
            values = {"measure": rate.id, "unit": rate.unit}
            if summed:
                yield Problem("rate-added-up", rate.place_of("unit"), {**values, **summed.values})
            else:
                yield Problem("rate-without-accumulate", rate.place_of("unit"), values, Level.WARNING)


def _is_unclear_rate(each: Measure | Indicator, catalog: Catalog) -> bool:
    is_collected = catalog.collected(each.id) is each and each.accumulate is Accumulate.SUM
    return is_collected and each.unit in RATES and not is_written(each, "accumulate")


def _longer(cycles: Sequence[Cycle]) -> Iterator[Longer]:
    known = [cycle.period for cycle in cycles]
    for cycle in cycles:
        parts = parts_of(cycle.period, known)
        if parts and cycle.combine is Combine.RECOMPUTE:
            yield Longer(cycle, parts)


def _of_items(catalog: Catalog, longer: Longer, scale: TargetScale, degrees: Degrees) -> Iterator[Problem]:
    for each in judged_items(catalog):
        if each.indicator is None or each.holder.entry.is_described_only:
            continue
        if not _is_scored(each.holder.entry.id, longer.cycle, catalog):
            continue
        values = {**longer.values, "indicator": each.item.indicator}
        found = scale.plain(each.item) if each.rule.judges_target() else None
        if found and scale.periods(found[1]) > 1 and scale.degree(each.item) not in (*SAME_OVER_TIME, 1):
            place = each.item.place_of("target")
            yield Problem("target-of-shorter", place, {**values, "target": show(found[0])}, Level.WARNING)
        if _has_marks(each, degrees):
            yield Problem("marks-of-shorter", each.rule.place_of("rule"), values, Level.WARNING)


def _is_scored(each: str, cycle: Cycle, catalog: Catalog) -> bool:
    """Whether a role, a department or the company has a card in a cycle."""
    return each == COMPANY or each in catalog.departments or any(row.role == each for row in cycle.people)


def _of_gates(catalog: Catalog, longer: Longer, degrees: Degrees) -> Iterator[Problem]:
    owners: Mapping[str, Entry] = {**catalog.roles, **catalog.departments, COMPANY: catalog.company}
    for identifier, owner in owners.items():
        if _is_scored(identifier, longer.cycle, catalog):
            for gate in getattr(owner, "gates", ()):
                if degrees.of_formula(gate.when) not in SAME_OVER_TIME:
                    values = {**longer.values, "when": gate.when.text}
                    yield Problem("gate-of-shorter", gate.place_of("when"), values, Level.WARNING)


def _has_marks(each: ScoredItem, degrees: Degrees) -> bool:
    """Whether a rule has marks in a unit that grows with time, as bands of an amount have."""
    rule, own = each.rule, degrees.of_id(each.item.indicator)
    match rule:
        case Bands():
            return rule.of == "actual" and own not in SAME_OVER_TIME
        case Linear() | Range() | Shortfall() | Excess():
            return own not in SAME_OVER_TIME
        case Proportional():
            return rule.by == "difference" and own not in SAME_OVER_TIME
        case AllOrNothing():
            return any(degrees.of_id(row.measure) not in SAME_OVER_TIME for row in rule.require)
        case Deduction():
            return any(degrees.of_id(row.measure) not in SAME_OVER_TIME for row in (*rule.deduct, *rule.add))
        case ByFormula():
            return degree(rule.points.root, lambda name: _of_the_case(name, own, degrees)) not in SAME_OVER_TIME
    return False


def _of_the_case(name: Name, own: Degree, degrees: Degrees) -> Degree:
    """The degree of a number in a formula for points: actual and target grow as the indicator does."""
    if name.scope or name.id not in OF_THE_CASE:
        return degrees.of(name)
    return own if name.id in ("actual", "target") else 0
