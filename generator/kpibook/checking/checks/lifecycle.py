"""Numbers that were given up are not used any more, and those that are only planned give no points yet."""

from collections.abc import Iterator

from kpibook.base.numbers import ZERO
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import ReferenceEnd, check_reference, holders, judged_items, name_place
from kpibook.checking.checks.references import formulas, pay_formulas
from kpibook.model import Catalog, Indicator, Lifecycle, Measure


def check_lifecycle(catalog: Catalog) -> Iterator[Problem]:
    """Nothing uses what is retired; what is a draft gives no points; what replaced a number is there."""
    entries: tuple[Measure | Indicator, ...] = (*catalog.measures.values(), *catalog.indicators.values())
    if all(entry.status is Lifecycle.ACTIVE and entry.replaced_by is None for entry in entries):
        return
    for entry in entries:
        if entry.replaced_by and catalog.named(entry.replaced_by) is None:
            link = ReferenceEnd(entry.id, "replaced_by", entry.place_of("replaced_by"))
            kind = "measure" if isinstance(entry, Measure) else "indicator"
            yield from check_reference(catalog, kind, entry.replaced_by, link)
    for identifier, owner, place in _uses(catalog):
        used = catalog.named(identifier)
        if used is not None:
            yield from _use(used, owner, place)


def _use(used: Measure | Indicator, owner: str, place: Place) -> Iterator[Problem]:
    values = {"id": used.id, "owner": owner}
    if used.status is Lifecycle.RETIRED:
        code = "retired-replaced" if used.replaced_by else "retired-used"
        yield Problem(code, place, {**values, "replaced_by": used.replaced_by or ""})
    elif used.status is Lifecycle.DRAFT:
        yield Problem("draft-used", place, values, Level.WARNING)


def _uses(catalog: Catalog) -> Iterator[tuple[str, str, Place]]:
    """Each number that something of today's handbook uses: its id, by whom, and where."""
    yield from _on_scorecards(catalog)
    for owner, entry, key, formula in formulas(catalog):
        is_given_up = isinstance(entry, Indicator) and entry.status is Lifecycle.RETIRED
        for name in () if is_given_up else formula.names:
            yield name.id, owner, name_place(entry, key, formula, name)
    for role in catalog.roles.values():
        for line, key, formula in pay_formulas(role):
            yield from ((name.id, role.id, line.place_of(key)) for name in formula.names)


def _on_scorecards(catalog: Catalog) -> Iterator[tuple[str, str, Place]]:
    """What items and their rules use; a draft may be on trial."""
    for holder in holders(catalog):
        for item in holder.scored:
            indicator = catalog.indicators.get(item.indicator)
            is_trial = item.weight == ZERO and indicator is not None and indicator.status is Lifecycle.DRAFT
            if not is_trial:
                yield item.indicator, holder.entry.id, item.place_of("indicator")
    for each in judged_items(catalog):
        yield from ((name.id, each.holder.entry.id, each.rule.place_of()) for name in each.rule.names())
