"""What is recorded around results fits them: the right result, days in order, nobody who talks with himself."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from kpibook.base.problems import Level, Problem, in_order
from kpibook.checking.checks.appeals import check_appeals
from kpibook.checking.checks.recorded_cycle import RecordedCycle, too_early
from kpibook.model import Agreement, Answer, Appeal, Catalog, Confirmation, Interview, Plan
from kpibook.reading.tables import REPLACED
from kpibook.records.result_states import delivered_on

ONLY_TOLD = (
    *("answer-without-delivery", "appeal-decided-by-party", "appeal-late", "appeal-undelivered"),
    REPLACED,
)
"""What is told of a record that stands nevertheless: it neither is set aside nor holds the closing of its cycle."""

HARMLESS = "answer-without-delivery"
"""Of these the one that asks nothing of most: a paper that was handed over and signed at once."""


def check_records(catalog: Catalog, recorded: RecordedCycle) -> tuple[Problem, ...]:
    """Everything that is wrong with the records of a cycle beyond their single rows.

    Nothing of it is an error: records decide no result, so they hold the closing of their cycle and nothing else.
    """
    found = (
        *check_results(recorded),
        *check_answers(recorded),
        *check_interviews(recorded),
        *check_plans(catalog, recorded),
        *check_appeals(recorded),
        *check_future(recorded),
    )
    return in_order(replace(each, level=Level.NOTE if each.code == HARMLESS else Level.WARNING) for each in found)


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
        elif row.on < first.on and not recorded.is_corrected(row):
            yield too_early(row.place, row.on, first.on, "records.day.published")


def check_answers(recorded: RecordedCycle) -> Iterator[Problem]:
    """Nobody answers before the delivery of a published result, nor lets time pass to whom nothing was delivered."""
    for (person, result), rows in recorded.confirmations.items():
        since = recorded.since(person, result)
        if since is None:
            continue
        day = delivered_on(rows, since)
        for row in rows:
            if day is None and row.answer is Answer.DELIVERED:
                continue
            if day is None:
                lapsed = row.answer is Answer.NO_REPLY
                yield Problem(
                    "answer-undelivered" if lapsed else "answer-without-delivery", row.place, {"person": row.person}
                )
            elif row.answer is not Answer.DELIVERED and row.on < day:
                yield too_early(row.place, row.on, day, "records.day.delivered")
            elif row.answer is Answer.NO_REPLY:
                yield from _too_soon(row, day, recorded)


def _too_soon(row: Confirmation, delivered: datetime.date, recorded: RecordedCycle) -> Iterator[Problem]:
    """Silence is a state only after the last day to answer."""
    until = recorded.windows.to_confirm(delivered) if recorded.windows else None
    if until and row.on <= until:
        yield Problem("answer-too-soon", row.place, {"person": row.person, "until": str(until)})


def check_interviews(recorded: RecordedCycle) -> Iterator[Problem]:
    """Nobody holds the talk with himself."""
    for row in recorded.records.interviews:
        if recorded.is_same(row.by, row.person):
            yield Problem("interview-by-oneself", row.place, {"person": row.person})


def check_plans(catalog: Catalog, recorded: RecordedCycle) -> Iterator[Problem]:
    """A plan is about an item of the person's own scorecard, stays with that person, and is checked after it began.

    Only the row that counts is looked at: what an earlier one of its id said is over.
    """
    items: dict[str, set[str]] = {}
    for row in recorded.cycle.people:
        role = catalog.roles.get(row.role)
        own = items.setdefault(row.person.casefold(), set())
        if role:
            own |= {item.indicator for item in role.items} | {extra.indicator for extra in role.extras}
    first_of = {plan.plan: plan for plan in reversed(recorded.records.plans)}
    for plan in recorded.records.plans_now.values():
        known = items.get(plan.person.casefold(), set())
        if plan.indicator and plan.indicator not in known:
            values = {"person": plan.person, "indicator": plan.indicator, "items": ", ".join(sorted(known)) or "-"}
            yield Problem("plan-without-item", plan.place, values)
        first = first_of[plan.plan]
        if first.person != plan.person:
            values = {"id": plan.plan, "person": plan.person, "other": first.person, "first": str(first.place)}
            yield Problem("record-two-people", plan.place, values)
        for day in (plan.due, plan.checked_on):
            if day and day <= recorded.cycle.period.first_day:
                yield too_early(plan.place, day, recorded.cycle.period.first_day, "records.day.begun")


def check_future(recorded: RecordedCycle) -> Iterator[Problem]:
    """Nothing is recorded that has not happened yet; a day on which a plan is to be checked may lie ahead."""
    records = recorded.records
    rows: tuple[Confirmation | Interview | Plan | Appeal | Agreement, ...] = (
        *records.confirmations,
        *records.interviews,
        *records.plans_now.values(),
        *records.appeals,
        *records.agreements,
    )
    for row in rows:
        day = row.checked_on if isinstance(row, Plan) else row.on
        if recorded.today and day and day > recorded.today:
            yield Problem("record-in-future", row.place, {"day": str(day), "today": str(recorded.today)})
