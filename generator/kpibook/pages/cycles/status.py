"""How far a cycle's numbers have come, ready to be set; it does not depend on the day on which it is made."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED
from kpibook.base.words import Words
from kpibook.exchange.status import (
    Count,
    CycleState,
    OwedNumber,
    messages,
    refused_text,
    some_of,
    supplier_text,
    what_text,
    why,
)
from kpibook.pages.dates import due_day
from kpibook.pages.figures import NONE
from kpibook.pages.groups import MOST_ROWS
from kpibook.pages.number_format import share


class CountRow(NamedTuple):
    """How much of something is there."""

    name: str
    needed: str
    given: str
    set_aside: str
    missing: str
    uncovered: str


class OwedRow(NamedTuple):
    """Something that is missing."""

    what: str
    subject: str
    state: str
    reason: str
    waiting: str


class OwedGroup(NamedTuple):
    """What one supplier owes."""

    supplier: str
    numbers: str
    has_reasons: bool
    """Whether why is told of any row: it came and cannot be used, or its row says why it lacks."""
    rows: tuple[OwedRow, ...]


class Counts(NamedTuple):
    """Rows of which something is missing, and those that are complete."""

    open: tuple[CountRow, ...]
    complete: tuple[CountRow, ...]


class StatusView(NamedTuple):
    """Everything that stands on the page."""

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    suppliers: Counts
    measures: tuple[CountRow, ...]
    departments: Counts
    people: tuple[CountRow, ...]
    unapproved: tuple[str, ...]
    owed: tuple[OwedGroup, ...]
    rest: str
    messages: tuple[tuple[str, str], ...]


def status_view(state: CycleState, say: Words) -> StatusView:
    """The finished view: everything about suppliers and departments, of all else what is not complete."""
    incomplete = [count for count in state.people if not count.is_complete]
    left = max(len(state.owed), len(incomplete)) - MOST_ROWS
    return StatusView(
        title=say("cards.title.status", period=state.cycle.name),
        name=say("cards.status_of", name=state.cycle.name),
        facts=tuple(_facts(state, say)),
        suppliers=_counts(state.suppliers, say),
        measures=tuple(_rows((count for count in state.measures if not count.is_complete), say)),
        departments=_counts(state.departments, say),
        people=tuple(_rows(incomplete[:MOST_ROWS], say)),
        unapproved=tuple(refused_text(each, say) for each in state.unapproved),
        owed=tuple(_owed_groups(state, say)),
        rest=say("cards.more_rows", count=left) if left > 0 else "",
        messages=tuple(messages(state, say)),
    )


def _facts(state: CycleState, say: Words) -> Iterator[tuple[str, str]]:
    whole = state.all
    yield say("cards.schedule.collect_by"), due_day(state.due, state.cycle.moved_days, say) if state.due else NONE
    yield say("cards.label.needed"), str(whole.needed)
    yield say("cards.label.given"), str(whole.given)
    yield say("cards.label.missing_count"), str(whole.missing)
    yield say("cards.label.set_aside"), str(whole.set_aside)
    yield say("cards.label.rows_aside"), str(len(state.cycle.set_aside))
    yield say("cards.label.uncovered"), _share(whole.uncovered)


def _share(percent: mpq | None) -> str:
    """A share of weight in whole per cent, or a dash; never 0 or 100 before it is."""
    return NONE if percent is None else share(percent / HUNDRED)


def _counts(counts: Iterable[Count], say: Words) -> Counts:
    known = tuple(counts)
    return Counts(
        tuple(_rows((count for count in known if not count.is_complete), say)),
        tuple(_rows((count for count in known if count.is_complete), say)),
    )


def _rows(counts: Iterable[Count], say: Words) -> Iterator[CountRow]:
    for count in counts:
        needed, given, aside, missing = map(str, (count.needed, count.given, count.set_aside, count.missing))
        name, uncovered = supplier_text(count.id, count.name, say), _share(count.uncovered)
        yield CountRow(name, needed, given, aside, missing, uncovered)


def _owed_groups(state: CycleState, say: Words) -> Iterator[OwedGroup]:
    """What is owed, supplier by supplier, those who owe most first; the count is whole where the list is cut."""
    counts = Counter(owed.supplier for owed in state.owed)
    names = {count.id: count.name for count in state.suppliers}
    found: dict[str, list[OwedRow]] = {}
    for owed in state.owed[:MOST_ROWS]:
        found.setdefault(owed.supplier, []).append(_owed(owed, say))
    for supplier, rows in sorted(found.items(), key=lambda each: -counts[each[0]]):
        name = supplier_text(supplier, names.get(supplier, ""), say)
        count = say("cards.late.count", count=counts[supplier])
        yield OwedGroup(name, count, any(row.reason for row in rows), tuple(rows))


def _owed(owed: OwedNumber, say: Words) -> OwedRow:
    need = owed.need
    return OwedRow(
        _owed_text(owed, say),
        owed.subject if owed.subject == need.subject else say("status.subject", name=owed.subject, id=need.subject),
        say(f"cards.need.{need.state}"),
        why(owed, say),
        some_of(owed.waiting, say),
    )


def _owed_text(owed: OwedNumber, say: Words) -> str:
    """The number; or what is rated, and in which relation."""
    if not owed.need.relation:
        return what_text(owed, say)
    return say("status.rating_of", key=owed.key, relation=say(f"relations.{owed.need.relation}"))
