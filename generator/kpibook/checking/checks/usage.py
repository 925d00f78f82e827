"""Each thing is there once, is used, and has a name that is still free."""

from collections.abc import Iterator

from kpibook.base.numbers import show
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import ReferenceEnd, check_reference, holders, judged_items
from kpibook.checking.checks.references import GRADE_NAMES, formulas, pay_formulas
from kpibook.model import Approval, Catalog, Indicator, Lifecycle, Measure
from kpibook.rules.formulas import NEVER_NAMES
from kpibook.rules.standards.rated import OF_THE_CASE

RESERVED = (*NEVER_NAMES, *OF_THE_CASE, *GRADE_NAMES, "factor")
"""Words that mean something of their own in formulas."""


def check_free_names(catalog: Catalog) -> Iterator[Problem]:
    """An id that formulas use is not one of their own words, and means either a measure or an indicator."""
    for entry in _measured(catalog):
        if entry.id in RESERVED:
            yield Problem("formula-word-as-id", entry.place_of("id"), {"id": entry.id})
    for indicator in catalog.indicators.values():
        measure = catalog.measures.get(indicator.id)
        if measure and indicator.formula:
            values = {"id": indicator.id, "first": str(measure.place_of("id"))}
            yield Problem("measure-and-indicator", indicator.place_of("id"), values)


def check_limits(catalog: Catalog) -> Iterator[Problem]:
    """The least value of a number is not over its greatest."""
    for entry in _measured(catalog):
        least, most = entry.minimum, entry.maximum
        if least is not None and most is not None and least > most:
            values = {"minimum": show(least), "maximum": show(most)}
            yield Problem("minimum-over-maximum", entry.place_of("minimum"), values)


def check_items_once(catalog: Catalog) -> Iterator[Problem]:
    """An indicator stands once on a scorecard."""
    for holder in holders(catalog):
        first: dict[tuple[str, str], Place] = {}
        for item in holder.entry.items:
            place = item.place_of("indicator")
            # Two job levels may each have an item of their own with the same indicator.
            before = [first.setdefault((item.indicator, level), place) for level in item.levels or ("",)]
            before += [at for (indicator, level), at in first.items() if indicator == item.indicator and not level]
            other = next((at for at in before if at != place), None)
            if other:
                values = {"indicator": item.indicator, "owner": holder.entry.id}
                yield Problem("indicator-twice", place, {**values, "first": str(other)})


def check_used(catalog: Catalog) -> Iterator[Problem]:
    """Each measure and indicator is used somewhere."""
    used = set(_used(catalog))
    if catalog.faulty:
        return
    for entry in _measured(catalog):
        if entry.id not in used and entry.status is Lifecycle.ACTIVE:
            code = "measure-unused" if isinstance(entry, Measure) else "indicator-unused"
            yield Problem(code, entry.place_of("id"), {"id": entry.id}, Level.WARNING)


def check_shared_scorecards(catalog: Catalog) -> Iterator[Problem]:
    """A scorecard is shared with a role that has one of its own, by one that has none."""
    for role in catalog.roles.values():
        if role.scorecard_of is None:
            continue
        place, values = role.place_of("scorecard_of"), {"role": role.id, "owner": role.scorecard_of}
        yield from check_reference(catalog, "role", role.scorecard_of, ReferenceEnd(role.id, "scorecard_of", place))
        owner = catalog.roles.get(role.scorecard_of)
        if any(key in role.places for key in ("scorecard", "extras", "gates")):
            yield Problem("scorecard-twice", place, values)
        elif owner and owner.scorecard_of is not None:
            yield Problem("scorecard-of-sharer", place, values)


def check_roles_complete(catalog: Catalog) -> Iterator[Problem]:
    """A role has duties, and an approved one says who approved it and when."""
    for role in catalog.roles.values():
        if not role.duties and ("role", role.id) not in catalog.faulty:
            yield Problem("duties-missing", role.place_of(), {"role": role.id}, Level.WARNING)
        if role.status is Approval.APPROVED and not (role.by and role.on):
            yield Problem("approval-incomplete", role.place_of("status"), {"role": role.id}, Level.WARNING)


def _measured(catalog: Catalog) -> Iterator[Measure | Indicator]:
    yield from catalog.measures.values()
    yield from catalog.indicators.values()


def _used(catalog: Catalog) -> Iterator[str]:
    conditions = [condition for grade in catalog.grades for condition in grade.when]
    paid = [formula for role in catalog.roles.values() for _, _, formula in pay_formulas(role)]
    for formula in (*(formula for _, _, _, formula in formulas(catalog)), *conditions, *paid):
        yield from (name.id for name in formula.names)
    for each in judged_items(catalog):
        yield from (name.id for name in each.rule.names())
    for holder in holders(catalog):
        yield from (item.indicator for item in holder.scored)
