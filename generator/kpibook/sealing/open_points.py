"""What is still open of a cycle before it is published: all of it, in one list."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.needs import State
from kpibook.exchange.status import CycleState, OwedNumber
from kpibook.scoring.progress import lacking_weeks
from kpibook.scoring.results import Results, Status

HOLDING = frozenset(
    (
        *("roles-not-counted", "target-not-approved", "adjustment-not-approved", "adjustment-refused"),
        *("rating-without-comment", "attainment-without-note"),
    )
)
"""Codes of problems that hold a publication although they are no errors: approvals and words that are required."""

LISTED = 5
"""So many names are told; `status` tells them all."""


def open_points(results: Results, state: CycleState, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors, required approvals, rows set aside, missing numbers, and the cards that have no total for them."""
    folder = f"{results.cycle.folder}/"
    own = [problem for problem in problems if problem.place.file.startswith(folder)]
    held = [problem for problem in own if problem.level is Level.ERROR or problem.code in HOLDING]
    # What holds a publication is told as an error, whatever it is to `check`.
    return (
        *(replace(problem, level=Level.ERROR) for problem in held),
        *(Problem(row.code, row.place, row.values) for row in results.cycle.set_aside),
        *_missing(state),
        *_weeks_open(results),
        *_without_total(results),
    )


def _weeks_open(results: Results) -> Iterator[Problem]:
    """Numbers that came week by week, and not for every week of the cycle."""
    cycle = results.cycle
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for subject, measure in cycle.weekly:
        if lacking := lacking_weeks(cycle.actuals[subject, measure], cycle.period):
            found.setdefault((measure, lacking), []).append(subject)
    for (measure, lacking), subjects in found.items():
        place = cycle.actuals[subjects[0], measure].place
        values = {"measure": measure, "weeks": ", ".join(lacking), "subjects": _first_names(subjects)}
        yield Problem("open-weeks", place, values)


def _missing(state: CycleState) -> Iterator[Problem]:
    """Each number that is not there with all whom it is missing for, by who supplies it."""
    names = {count.id: count.name for count in state.suppliers}
    found: dict[tuple[str, str], list[OwedNumber]] = {}
    for owed in state.owed:
        if owed.need.state is State.MISSING:
            found.setdefault((owed.key, owed.supplier), []).append(owed)
    for (what, supplier), each in found.items():
        owner = names.get(supplier, "")
        values: dict[str, object] = {"what": what, "owner": owner, "cycle": str(state.cycle.period)}
        values["subjects"] = _first_names(owed.subject for owed in each)
        values["waiting"] = _first_names(name for owed in each for name in owed.waiting)
        yield Problem("open-missing" if owner else "open-unassigned", Place(state.cycle.folder), values)


def _without_total(results: Results) -> Iterator[Problem]:
    """People without a total, whatever they wait for."""
    held = [card for card in results.cards if card.status in (Status.MISSING, Status.SET_ASIDE)]
    if held:
        values = {"count": len(held), "people": _first_names(card.name for card in held)}
        yield Problem("open-totals", Place(results.cycle.folder), values)


def _first_names(names: Iterable[str]) -> str:
    """Names, each once: the first few, and how many there are in all."""
    known = list(dict.fromkeys(names))
    return ", ".join(known[:LISTED]) + (f" … ({len(known)})" if len(known) > LISTED else "") or "-"
