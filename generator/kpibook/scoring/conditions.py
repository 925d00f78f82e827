"""Conditions over numbers: gates, exemptions, conditions of grades, comparisons."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.rules.formulas import DivisionByZero, Formula, Name
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.sources import Gap, Missing, Source, gap_of
from kpibook.scoring.viewpoint import Viewpoint


def due_gaps(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """What is missing and due: nobody waits for a number before its time."""
    return tuple(gap for gap in missing if gap.gap is not Gap.NOT_DUE)


class Decision(NamedTuple):
    """Whether a condition holds, None where that cannot be told, and the numbers that decide it."""

    holds: bool | None
    values: Mapping[Name, mpq]
    sources: tuple[Source, ...]
    missing: tuple[Missing, ...]


def decide(formula: Formula, view: Viewpoint, lookup: NumberLookup, own: Mapping[str, mpq] | None = None) -> Decision:
    """Decide a condition; `own` are numbers of the card itself, such as the total."""
    values: dict[Name, mpq] = {}
    sources: list[Source] = []
    missing: tuple[Missing, ...] = ()
    for name in formula.names:
        if own and not name.scope and name.id in own:
            values[name] = own[name.id]
            continue
        found = lookup.number(view, name)
        if isinstance(found, Source):
            values[name] = found.value
            sources.append(found)
        else:
            missing += found
    if missing:
        return Decision(None, values, tuple(sources), missing)
    try:
        holds = bool(formula.evaluate(values))
    except DivisionByZero as fault:
        gap = view.missing("", gap_of(fault))._replace(divisor=fault.divisor)
        return Decision(None, values, tuple(sources), (gap,))
    return Decision(holds, values, tuple(sources), ())
