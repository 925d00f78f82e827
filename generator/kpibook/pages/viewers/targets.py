"""The targets of the cycle that goes on, and of the next one where it is planned already."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpibook.base.words import Words
from kpibook.model import Assignment, Cycle
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.viewers.running import RunningCard, RunningItem
from kpibook.pages.viewers.viewer_facts import ViewerFacts


class ViewerTargetRow(NamedTuple):
    """An item of the cycle."""

    name: str
    data: str
    """Whether its numbers are there, or who owes them; empty while it has no target."""
    target: str
    worth: str


class TargetsView(NamedTuple):
    """The own scorecard of a cycle without a result: its targets, and what it waits for."""

    heading: str
    signed: str
    is_outdated: bool
    lines: tuple[str, ...]
    """How much is there and who owes the rest, and whom to ask for targets."""
    items: tuple[ViewerTargetRow, ...]
    is_waiting: bool
    """Whether numbers of an item are not there yet."""


def running_targets(person: str, viewing: ViewerFacts) -> TargetsView | None:
    """The targets of the cycle that goes on."""
    found, cycle = viewing.running.get(person), viewing.current
    if found is None or cycle is None:
        return None
    waiting = any(item.waits_for for item in found.items)
    lines = (*_awaited(found.items, viewing), *_lacking(found.items, viewing.roster.get(person), viewing))
    return _view(found, cycle, lines, viewing.say)._replace(is_waiting=waiting)


def planned_targets(person: str, viewing: ViewerFacts) -> TargetsView | None:
    """The targets of the cycle that is planned next; its numbers are nobody's matter yet."""
    found, cycle = viewing.planned.get(person), viewing.next_cycle
    if found is None or cycle is None:
        return None
    row = next((row for row in cycle.people if row.person.casefold() == person), None)
    return _view(found, cycle, tuple(_lacking(found.items, row, viewing)), viewing.say)


def _view(card: RunningCard, cycle: Cycle, lines: tuple[str, ...], say: Words) -> TargetsView:
    rows = tuple(_row(item, say) for item in card.items)
    return TargetsView(
        say("my.running.heading", cycle=cycle.name), card.signed, card.is_outdated, lines, rows, is_waiting=False
    )


def _row(item: RunningItem, say: Words) -> ViewerTargetRow:
    if item.lacks_target:
        return ViewerTargetRow(item.name, "", say("my.running.lacks"), item.worth)
    owners = say("my.comma").join(item.waits_for)
    data = say("my.running.waits", owners=owners) if owners else say("my.running.arrived")
    return ViewerTargetRow(item.name, data, item.target or HAS_NONE, item.worth)


def _awaited(items: Sequence[RunningItem], viewing: ViewerFacts) -> Iterator[str]:
    """Whose numbers are still to come."""
    say, asked = viewing.say, [item for item in items if not item.lacks_target]
    waiting = [item for item in asked if item.waits_for]
    owners = say("my.comma").join(dict.fromkeys(owner for item in waiting for owner in item.waits_for))
    if waiting:
        yield say("my.running.waiting", given=len(asked) - len(waiting), items=len(asked), owners=owners)
    elif asked:
        yield say("my.running.complete")


def _lacking(items: Sequence[RunningItem], row: Assignment | None, viewing: ViewerFacts) -> Iterator[str]:
    """How many targets are not given yet, and whom to ask for them."""
    if lacking := sum(item.lacks_target for item in items):
        manager = viewing.roster.get(row.manager.casefold()) if row else None
        key = "no_target_ask" if manager else "no_target"
        yield viewing.say(f"my.running.{key}", count=lacking, manager=manager.name if manager else "")
