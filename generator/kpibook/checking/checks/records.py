"""What is recorded around results fits them: the right result, steps and days in order, no judge in his own case."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kpibook.base.persons import is_person
from kpibook.base.problems import Level, Place, Problem, in_order
from kpibook.model import Answer, Appeal, AppealStep, Catalog, Confirmation, Cycle, Interview, Plan, Records
from kpibook.records.appeals import FOLLOWING
from kpibook.records.published import PublishedResults


@dataclass(frozen=True)
class RecordedCycle:
    """A cycle with its records, and what was published of it."""

    cycle: Cycle
    records: Records
    published: PublishedResults | None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of all people by their ids in small letters."""
        return {row.person.casefold(): row.name for row in self.cycle.people}

    def is_same(self, written: str, person: str) -> bool:
        """Whether a text that people wrote means a person."""
        return is_person(written, person, self.names.get(person.casefold(), ""))


def check_records(catalog: Catalog, recorded: RecordedCycle) -> tuple[Problem, ...]:
    """Everything that is wrong with the records of a cycle beyond their single rows.

    All of it are warnings: records decide no result, so they hold the closing of their cycle and nothing else.
    """
    found = (
        *check_results(recorded),
        *check_answers(recorded),
        *check_interviews(recorded),
        *check_plans(catalog, recorded),
        *check_appeals(recorded),
    )
    return in_order(replace(problem, level=Level.WARNING) for problem in found)


def check_results(recorded: RecordedCycle) -> Iterator[Problem]:
    """Each record is about a result that this person had, and not from before it was published."""
    records = recorded.records
    rows: tuple[Confirmation | Interview | Appeal, ...] = (
        *records.confirmations,
        *records.interviews,
        *records.appeals,
    )
    for row in rows:
        values = {"person": row.person, "result": row.result}
        if recorded.published is None:
            yield Problem("record-unpublished", row.place, {**values, "cycle": str(recorded.cycle.period)})
            continue
        first = recorded.published.first_with(row.person, row.result)
        if first is None:
            now = recorded.published.revisions[-1].people.get(row.person, "")
            yield Problem("record-other-result", row.place, {**values, "now": now or "-"})
        elif row.on < first.on:
            yield _before(row.place, row.on, first.on, "published")


def check_answers(recorded: RecordedCycle) -> Iterator[Problem]:
    """Nobody answers before the delivery, and nobody has let the time pass to whom nothing was delivered."""
    found: dict[tuple[str, str], list[Confirmation]] = {}
    for row in recorded.records.confirmations:
        found.setdefault((row.person, row.result), []).append(row)
    for rows in found.values():
        delivered = min((row.on for row in rows if row.answer is Answer.DELIVERED), default=None)
        for row in rows:
            if delivered and row.on < delivered:
                yield _before(row.place, row.on, delivered, "delivered")
            elif not delivered and row.answer is Answer.NO_REPLY:
                yield Problem("answer-undelivered", row.place, {"person": row.person})


def check_interviews(recorded: RecordedCycle) -> Iterator[Problem]:
    """Nobody holds the talk with himself."""
    for row in recorded.records.interviews:
        if recorded.is_same(row.by, row.person):
            yield Problem("interview-by-oneself", row.place, {"person": row.person})


def check_plans(catalog: Catalog, recorded: RecordedCycle) -> Iterator[Problem]:
    """A plan is about an item of the person's own scorecard, stays with that person, and is checked after it began."""
    items: dict[str, set[str]] = {}
    for row in recorded.cycle.people:
        role = catalog.roles.get(row.role)
        own = items.setdefault(row.person.casefold(), set())
        if role:
            own |= {item.indicator for item in role.items} | {extra.indicator for extra in role.extras}
    first_of: dict[str, Plan] = {}
    for plan in recorded.records.plans:
        known = items.get(plan.person.casefold(), set())
        if plan.indicator and plan.indicator not in known:
            values = {"person": plan.person, "indicator": plan.indicator, "items": ", ".join(sorted(known)) or "-"}
            yield Problem("plan-without-item", plan.place, values)
        first = first_of.setdefault(plan.plan, plan)
        if first.person != plan.person:
            values = {"id": plan.plan, "person": plan.person, "other": first.person, "first": str(first.place)}
            yield Problem("record-two-people", plan.place, values)
        if plan.checked_on and plan.checked_on <= recorded.cycle.period.first_day:
            yield _before(plan.place, plan.checked_on, recorded.cycle.period.first_day, "begun")


def check_appeals(recorded: RecordedCycle) -> Iterator[Problem]:
    """The steps of each appeal follow one another, and who decides is no party to it."""
    for rows in recorded.records.appeals_by_id.values():
        yield from _steps(rows)
        yield from _judges(rows, recorded)


def _steps(rows: Sequence[Appeal]) -> Iterator[Problem]:
    first = rows[0]
    values: dict[str, object] = {"id": first.appeal, "person": first.person}
    if first.step is not AppealStep.FILED:
        yield Problem("appeal-step", first.place, {**values, "step": first.step.value, "before": "-", "next": "filed"})
    if first.filed_on and first.filed_on > first.on:
        yield _before(first.place, first.on, first.filed_on, "filed")
    for before, row in pairwise(rows):
        if row.person != first.person or row.result != first.result:
            other = {"id": row.appeal, "person": row.person, "other": first.person, "first": str(first.place)}
            yield Problem("record-two-people" if row.person != first.person else "appeal-two-results", row.place, other)
        elif row.step not in FOLLOWING[before.step]:
            following = ", ".join(FOLLOWING[before.step]) or "-"
            told = {"step": row.step.value, "before": before.step.value, "next": following}
            yield Problem("appeal-step", row.place, {**values, **told})
        elif row.on < before.on:
            yield _before(row.place, row.on, before.on, before.step.value)


def _judges(rows: Sequence[Appeal], recorded: RecordedCycle) -> Iterator[Problem]:
    """Nobody decides about his own appeal, nor a second time about the same one."""
    earlier = ""
    for row in rows:
        if row.outcome is None:
            continue
        values = {"id": row.appeal, "by": row.by}
        if recorded.is_same(row.by, row.person):
            yield Problem("appeal-own-decision", row.place, values)
        elif earlier and row.by.casefold() == earlier.casefold():
            yield Problem("appeal-same-decider", row.place, values)
        earlier = row.by


def _before(place: Place, day: datetime.date, earlier: datetime.date, what: str) -> Problem:
    return Problem("record-too-early", place, {"day": str(day), "earlier": str(earlier), "what": what})
