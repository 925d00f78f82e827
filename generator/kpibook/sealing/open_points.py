"""What is still open of a cycle before it is published: all of it, in one list."""

from collections.abc import Iterable, Iterator

from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.status import CycleState
from kpibook.scoring.results import Results, Status

HOLDING = frozenset(("roles-not-counted", "target-not-approved", "adjustment-not-approved", "adjustment-refused"))
"""Codes of problems that hold a publication although they are no errors: approvals that are required and lacking."""

LISTED = 3
"""So many names are told of those who wait for a number."""


def open_points(results: Results, state: CycleState, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors, required approvals, rows set aside, missing numbers, and the cards that have no total for them."""
    folder = f"{results.cycle.folder}/"
    own = [problem for problem in problems if problem.place.file.startswith(folder)]
    held = [problem for problem in own if problem.level is Level.ERROR or problem.code in HOLDING]
    return (*held, *_rows_aside(results), *_missing(state), *_waiting(results))


def _rows_aside(results: Results) -> Iterator[Problem]:
    for row in results.cycle.set_aside:
        yield Problem(row.code, row.place, row.values)


def _missing(state: CycleState) -> Iterator[Problem]:
    names = {count.id: count.name for count in state.suppliers}
    for owed in state.owed:
        if owed.need.state.value != "missing":
            continue
        waiting = ", ".join(owed.waiting[:LISTED]) + (" …" if len(owed.waiting) > LISTED else "")
        values = {"what": owed.key, "subject": owed.subject, "owner": names.get(owed.supplier) or owed.supplier or "-"}
        yield Problem("open-missing", Place(state.cycle.folder), {**values, "waiting": waiting or "-"})


def _waiting(results: Results) -> Iterator[Problem]:
    """People without a total, whatever they wait for."""
    held = [card for card in results.cards if card.status in (Status.MISSING, Status.SET_ASIDE)]
    if held:
        people = ", ".join(card.name for card in held[:LISTED]) + (" …" if len(held) > LISTED else "")
        yield Problem("open-totals", Place(results.cycle.folder), {"count": len(held), "people": people})
