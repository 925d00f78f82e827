"""What follows from a row of the roster that was set aside, told once and beside that row."""

from collections.abc import Iterable, Mapping, Sequence

from kpibook.base.problems import Level, Place, Problem
from kpibook.model import Assignment
from kpibook.reading.cycle.subjects import folded

NAMED = 5
"""So many rows or people are named; the others are counted."""


def grouped_by_person(problems: Iterable[Problem], lost: Mapping[str, Place]) -> tuple[Problem, ...]:
    """The same problems, with one for all rows of each person whose own row was set aside."""
    rows: dict[str, list[Problem]] = {}
    kept: list[Problem] = []
    for problem in problems:
        person = folded(str(problem.values["text"])) if problem.code == "person-set-aside" else ""
        if person in lost:
            rows.setdefault(person, []).append(problem)
        else:
            kept.append(problem)
    return (*kept, *(_problem_of_rows(found, lost[person]) for person, found in rows.items()))


def _problem_of_rows(rows: list[Problem], place: Place) -> Problem:
    more = ", …" if len(rows) > NAMED else ""
    where = ", ".join(str(row.place) for row in rows[:NAMED]) + more
    values = {"person": str(rows[0].values["text"]).strip(), "count": len(rows), "where": where}
    return Problem("rows-set-aside-with", place, values, Level.WARNING)


def problem_of_manager(followers: Sequence[Assignment], place: Place) -> Problem:
    """The one problem for all whose manager is the person of the row that stands aside at `place`."""
    people = {row.person: f"{row.name} {row.person}" for row in followers}
    who = ", ".join([*people.values()][:NAMED]) + (" \u2026" if len(people) > NAMED else "")
    values = {"manager": followers[0].manager, "count": len(people), "who": who}
    return Problem("manager-set-aside", place, values, Level.NOTE)
