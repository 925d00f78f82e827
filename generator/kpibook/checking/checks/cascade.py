"""Targets that support a higher one add up to it: over people and departments, and over the parts of a year."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import Holder, holders, with_sign
from kpibook.checking.checks.comparisons import unless_waived
from kpibook.checking.checks.references import holders_above
from kpibook.model import COMPANY, Accumulate, Catalog, Cycle, Direction, Indicator, ScorecardItem


class ServingItem(NamedTuple):
    """Somebody's item that serves an item above."""

    subject: str
    department: str
    manager: str
    item: ScorecardItem
    above: tuple[str, str]
    """Kind and id of the nearest one above that has the item it serves."""


def check_cascade(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """The targets of all who serve an item make at least its target; at most, where less is better."""
    parts = list(_parts(catalog, cycle))
    for holder in holders(catalog):
        serving = [part for part in parts if part.above == (holder.kind, holder.entry.id)]
        for item in holder.entry.items if serving else ():
            for subject, own in _groups(holder, [p for p in serving if p.item.supports == item.indicator], cycle):
                yield from _check_sums(catalog, cycle, item, (subject, holder.entry.id), own)


def check_periods(catalog: Catalog, cycles: Sequence[Cycle]) -> Iterator[Problem]:
    """The targets of quarters and months make at least those of their year, where all of them are set."""
    known = {cycle.period: cycle for cycle in cycles}
    for cycle in cycles:
        for parts in reversed(cycle.period.parts):
            found = [known.get(period) for period in parts]
            for (subject, key), row in cycle.targets.items():
                targets = [
                    each.targets[subject, key].value for each in found if each and (subject, key) in each.targets
                ]
                indicator = catalog.indicators.get(key)
                if not indicator or not _is_additive(indicator) or len(targets) != len(parts):
                    continue
                total = sum(targets, ZERO)
                if _falls_short(indicator, total, row.value):
                    values = {"subject": subject, "indicator": indicator.name, "parts": f"{parts[0]} … {parts[-1]}"}
                    problem = Problem("cascade-periods", row.place, values | _sums(total, row.value), Level.WARNING)
                    yield from unless_waived(catalog, cycle, (subject, key), problem, "indicators")


def _check_sums(
    catalog: Catalog, cycle: Cycle, item: ScorecardItem, of: tuple[str, str], parts: Sequence[ServingItem]
) -> Iterator[Problem]:
    subject, owner = of
    indicator = catalog.indicators.get(item.indicator)
    target = _target(cycle, item, subject, subject if owner in catalog.departments else "")
    targets = [_target(cycle, part.item, part.subject, part.department) for part in parts]
    served = [catalog.indicators.get(part.item.indicator) for part in parts]
    if not parts or target is None or indicator is None or not _is_additive(indicator):
        return
    known = [value for value in targets if value is not None]
    if len(known) < len(targets) or any(not each or not _adds_to(each, indicator) for each in served):
        return
    total = sum(known, ZERO)
    if _falls_short(indicator, total, target):
        values = {"owner": subject, "indicator": indicator.name, "count": len(parts)}
        place = Place(f"{cycle.folder}/cycle.yml")
        problem = Problem("cascade-gap", place, values | _sums(total, target), Level.WARNING)
        yield from unless_waived(catalog, cycle, (subject, item.indicator), problem, "indicators")


def _sums(total: mpq, target: mpq) -> dict[str, str]:
    return {"total": show(total), "target": show(target), "difference": with_sign(target - total)}


def _parts(catalog: Catalog, cycle: Cycle) -> Iterator[ServingItem]:
    """Every item of the people and departments of a cycle that serves one above."""
    serving = {role.id: list(_serving(catalog, Holder("role", role))) for role in catalog.roles.values()}
    for row in {row.person: row for row in cycle.people}.values():
        for item, above in serving.get(row.role, ()):
            yield ServingItem(row.person, row.department, row.manager, item, above)
    for department in catalog.departments.values():
        for item, above in _serving(catalog, Holder("department", department)):
            yield ServingItem(department.id, department.id, "", item, above)


def _serving(catalog: Catalog, holder: Holder) -> Iterator[tuple[ScorecardItem, tuple[str, str]]]:
    """The items that serve one above, with the nearest that has it."""
    for item in holder.entry.items:
        if item.supports:
            above = (key for key in holders_above(catalog, holder) if item.supports in _offered(catalog, *key))
            yield from ((item, key) for key in islice(above, 1))


def _offered(catalog: Catalog, kind: str, identifier: str) -> set[str]:
    if kind == "company":
        return {item.indicator for item in catalog.company.items}
    entry = catalog.roles.get(identifier) if kind == "role" else catalog.departments.get(identifier)
    return {item.indicator for item in entry.items} if entry else set()


def _groups(holder: Holder, parts: Sequence[ServingItem], cycle: Cycle) -> Iterator[tuple[str, Sequence[ServingItem]]]:
    """Whom the parts serve: the department or the company, or each person in a role with those below."""
    if holder.kind != "role":
        yield (COMPANY if holder.kind == "company" else holder.entry.id), parts
        return
    people = [row.person for row in cycle.people if row.role == holder.entry.id]
    for person in dict.fromkeys(people):
        below = [part for part in parts if part.manager.casefold() == person.casefold()]
        yield person, below if len(set(people)) > 1 else parts


def _target(cycle: Cycle, item: ScorecardItem, subject: str, department: str) -> mpq | None:
    for key in (subject, department):
        row = cycle.targets.get((key, item.indicator))
        if row:
            return row.value
    return item.target


def _is_additive(indicator: Indicator) -> bool:
    """Whether numbers of parts make that of the whole: no rate, no mean, nothing that is divided."""
    is_divided = indicator.formula is not None and "/" in indicator.formula.text
    return indicator.accumulate is Accumulate.SUM and indicator.unit != "%" and not is_divided


def _adds_to(part: Indicator, whole: Indicator) -> bool:
    return _is_additive(part) and part.unit == whole.unit and part.direction is whole.direction


def _falls_short(indicator: Indicator, total: mpq, target: mpq) -> bool:
    return total > target if indicator.direction is Direction.LOWER else total < target
