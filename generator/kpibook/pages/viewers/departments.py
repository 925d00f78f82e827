"""The departments that a viewer may look at: what the newest cycle waits for, and how the last results stand."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages.text import escape, link
from kpibook.pages.viewers.team import missing_text
from kpibook.pages.viewers.viewer_facts import CycleMarks, ViewerFacts
from kpibook.records.result_states import ResultState

WHOLE = ""
"""Stands for the whole company beside the ids of departments."""


class DepartmentRow(NamedTuple):
    """A department, or the company, of the newest cycle that the viewer may look at."""

    name: Markup
    waiting: str
    """What the cycle that goes on waits for; empty for nothing."""
    scored: str
    """How many have a total, of how many."""
    states: str
    """What they answered to their results; empty before there are any to answer."""


class DepartmentsView(NamedTuple):
    """The departments of a viewer: the rows of the newest cycle, and the pages of the earlier ones."""

    note: str
    waits: bool
    """Whether the cycle that goes on waits for anything of a row."""
    rows: tuple[DepartmentRow, ...]
    earlier: tuple[tuple[str, Markup], ...]
    """Each earlier cycle with the links to its pages."""


NOTHING = DepartmentsView("", waits=False, rows=(), earlier=())


def departments_of(person: str, viewing: ViewerFacts) -> DepartmentsView:
    """What a viewer, whose id is in small letters, may see of departments."""
    found = [(marks, pages) for marks in viewing.newest_first if (pages := tuple(_pages(person, marks, viewing)))]
    if not found:
        return NOTHING
    (newest, _), *earlier = found
    comma, rows = escape(viewing.say("my.comma")), tuple(_rows(person, newest, viewing))
    waits = any(row.waiting for row in rows)
    complete = "" if not viewing.state else "_others_complete" if waits else "_complete"
    return DepartmentsView(
        viewing.say(f"my.departments_note{complete}", cycle=newest.cycle.name),
        waits,
        rows,
        tuple((marks.cycle.name, comma.join(pages)) for marks, pages in earlier),
    )


def _pages(person: str, marks: CycleMarks, viewing: ViewerFacts) -> Iterator[Markup]:
    """The links to all pages of a cycle that are no card of a person."""
    for identifier in _subjects(person, marks):
        yield from _links(identifier, marks, viewing)


def _subjects(person: str, marks: CycleMarks) -> Iterator[str]:
    """The whole company where the viewer may look at it, then departments."""
    if person in marks.permissions.whole:
        yield WHOLE
    yield from marks.permissions.departments.get(person, ())


def _links(identifier: str, marks: CycleMarks, viewing: ViewerFacts) -> Iterator[Markup]:
    say, period = viewing.say, marks.cycle.period
    if identifier == WHOLE:
        yield link(say("my.whole"), f"{period}/index.md")
        return
    department = viewing.catalog.departments.get(identifier)
    name = department.name if department else viewing.catalog.company.name
    if identifier in marks.departments:
        yield link(name, f"{period}/departments/{identifier}.md")
    if identifier in marks.units:
        yield link(say("my.unit", name=name), f"{period}/units/{identifier}.md")


def _rows(person: str, marks: CycleMarks, viewing: ViewerFacts) -> Iterator[DepartmentRow]:
    stop = escape(viewing.say("my.dot"))
    for identifier in _subjects(person, marks):
        if name := stop.join(_links(identifier, marks, viewing)):
            people = [each for each, home in marks.homes.items() if identifier in (WHOLE, home)]
            scored = sum(marks.marks[each].value is not None for each in people)
            yield DepartmentRow(
                name,
                _missing_text(identifier, viewing),
                viewing.say("my.scored", count=scored, people=len(people)) if people else "",
                _states(people, marks, viewing),
            )


def _missing_text(identifier: str, viewing: ViewerFacts) -> str:
    """How many numbers are missing, each once, and how many people wait for them; no result of theirs."""
    state, say, roster = viewing.state, viewing.say, viewing.roster
    if not state:
        return ""
    counts = (state.all,) if identifier == WHOLE else state.departments
    count = next((each for each in counts if each.id == identifier), None)
    if not count or count.is_complete:
        return ""
    people = sum(
        not each.is_complete and identifier in (WHOLE, roster[person].department)
        for person, each in viewing.counts.items()
        if person in roster
    )
    return say("my.waiting_people", count=people, what=missing_text(count, viewing))


def _states(people: Collection[str], marks: CycleMarks, viewing: ViewerFacts) -> str:
    """How many results stand where, in the order of the states."""
    if not marks.follow_up:
        return ""
    told = [result for each in people if (result := marks.follow_up.of(each))]
    counts = Counter(result.state for result in told)
    return viewing.say("my.comma").join(
        viewing.say("my.state_count", state=viewing.say(f"following.state.{state}"), count=counts[state])
        for state in ResultState
        if counts[state]
    )
