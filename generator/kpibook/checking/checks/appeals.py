"""The steps of an appeal follow one another in time, and nobody judges in a case of his own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kpibook.base.problems import Problem
from kpibook.checking.checks.recorded_cycle import RecordedCycle, too_early
from kpibook.model import Appeal, AppealStep
from kpibook.records.appeals import FOLLOWING


def check_appeals(recorded: RecordedCycle) -> Iterator[Problem]:
    """The steps of each appeal follow one another, it comes in time, and who decides is no party to it."""
    for rows in recorded.records.appeals_by_id.values():
        yield from _steps(rows)
        yield from _window(rows[0], recorded)
        yield from _judges(rows, recorded)


def _steps(rows: Sequence[Appeal]) -> Iterator[Problem]:
    first = rows[0]
    values: dict[str, object] = {"id": first.appeal, "person": first.person}
    if first.step is not AppealStep.FILED:
        told = {"step": first.step.value, "next": AppealStep.FILED.value}
        yield Problem("appeal-unfiled", first.place, {**values, **told})
    if first.filed_on and first.filed_on > first.on:
        yield too_early(first.place, first.on, first.filed_on, _step_word(AppealStep.FILED))
    for last, row in pairwise(rows):
        if row.person != first.person or row.result != first.result:
            other = {"id": row.appeal, "person": row.person, "other": first.person, "first": str(first.place)}
            yield Problem("record-two-people" if row.person != first.person else "appeal-two-results", row.place, other)
        elif row.step not in FOLLOWING[last.step]:
            following = ", ".join(FOLLOWING[last.step]) or "-"
            told = {"step": row.step.value, "before": last.step.value, "next": following}
            yield Problem("appeal-step", row.place, {**values, **told})
        elif row.on < last.on:
            yield too_early(row.place, row.on, last.on, _step_word(last.step))


def _step_word(step: AppealStep) -> str:
    return f"following.choice.AppealStep.{step}"


def _window(first: Appeal, recorded: RecordedCycle) -> Iterator[Problem]:
    """Whoever appeals had the result, and the time to appeal was not over; HR decides what becomes of it otherwise."""
    if recorded.published is None or recorded.windows is None:
        return
    values = {"id": first.appeal, "person": first.person}
    delivered = recorded.delivered.get((first.person, first.result))
    filed = first.filed_on or first.on
    if delivered is None:
        yield Problem("appeal-undelivered", first.place, values)
    elif filed > (until := recorded.windows.to_appeal(delivered)):
        yield Problem("appeal-late", first.place, {**values, "day": str(filed), "until": str(until)})


def _judges(rows: Sequence[Appeal], recorded: RecordedCycle) -> Iterator[Problem]:
    """Nobody decides about his own appeal or one against himself, nor a second time about the same one."""
    earlier = ""
    for row in rows:
        if row.outcome is None:
            continue
        values = {"id": row.appeal, "by": row.by}
        if recorded.is_same(row.by, row.person):
            yield Problem("appeal-own-decision", row.place, values)
        elif earlier and row.by.casefold() == earlier.casefold():
            yield Problem("appeal-same-decider", row.place, values)
        if any(recorded.is_same(row.by, judge) for judge in recorded.judges.get(row.person, ())):
            yield Problem("appeal-decided-by-party", row.place, {**values, "person": row.person})
        earlier = row.by
