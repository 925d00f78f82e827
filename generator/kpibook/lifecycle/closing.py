"""Close a published cycle: all were shown their results and answered or let the time pass; appeals are decided."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem, has_errors
from kpibook.content import Content, follow_up_of
from kpibook.lifecycle.steps import Step, log, log_entry, refuse_unless, set_status
from kpibook.model import Answer, CycleStatus
from kpibook.reading.cycle.folder import is_record
from kpibook.records.follow_up import FollowUp
from kpibook.records.told_results import ResultState, ToldResult
from kpibook.sealing.revisions import Signed

FILE = "confirmations.csv"
LISTED = 5


def close(content: Content, period: Period, signed: Signed, *, anyway: bool = False) -> Step:
    """The status of a cycle whose windows are over, with a row for each who let the time to answer pass.

    Raises:
        Failure: it is not published, or something holds it; all of that is told.
    """
    refuse_unless(content, period, CycleStatus.PUBLISHED)
    place = Place(content.cycles[period].folder)
    if period not in content.seals:
        raise Failure([Problem("step-unsealed", place, {"cycle": str(period)})])
    faults = [each for each in content.problems if is_record(each.place.file, place.file)]
    if has_errors(faults):
        raise Failure(faults)
    found = follow_up_of(content, period, signed.on)
    lapsed = found.in_state(ResultState.OVERDUE)
    points = (*_unanswered(found, place), *_appeals(found, place))
    if points and not anyway:
        raise Failure((*points, Problem("close-open", place, {"cycle": str(period), "count": len(points)})))
    step = Step()
    if lapsed:
        step.changes.append(f"{period}/{FILE}", _rows(lapsed, content.scorecards / str(period), signed))
    set_status(content, period, CycleStatus.CLOSED, step)
    log(content, period, step, log_entry(signed, "close"))
    step.lines.append(content.say("lifecycle.close.done", cycle=period, lapsed=len(lapsed)))
    return step


def _unanswered(found: FollowUp, place: Place) -> Iterator[Problem]:
    """Whoever was not told the result, or may still answer."""
    for code, states in (
        ("close-undelivered", (ResultState.UNDELIVERED, ResultState.CORRECTED)),
        ("close-unanswered", (ResultState.DELIVERED,)),
    ):
        people = [each.person for each in found.in_state(*states)]
        if people:
            listed = ", ".join(people[:LISTED]) + (" …" if len(people) > LISTED else "")
            yield Problem(code, place, {"count": len(people), "people": listed})


def _appeals(found: FollowUp, place: Place) -> Iterator[Problem]:
    """Appeals that are not decided, and granted ones that no correction names."""
    for case in found.appeals:
        values = {"appeal": case.id, "person": case.person}
        if case.is_open:
            yield Problem("close-appeal", place, values)
        elif case.awaits_correction:
            yield Problem("close-appeal-granted", place, values)


def _rows(lapsed: Sequence[ToldResult], folder: Path, signed: Signed) -> bytes:
    """A row for each who did not answer, in the columns that the file has.

    Raises:
        Failure: the answers stand in a workbook, which takes no rows.
    """
    stream = io.StringIO()
    columns = _columns(folder)
    writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
    for each in lapsed:
        no_reply = Answer.NO_REPLY.value
        row = {"person": each.person, "result": each.number, "answer": no_reply, "by": signed.by}
        writer.writerow(dict.fromkeys(columns, "") | row | {"on": signed.on.isoformat()})
    return stream.getvalue().encode("utf-8")


def _columns(folder: Path) -> tuple[str, ...]:
    path = folder / FILE
    if path.is_file():
        head = path.read_bytes().decode("utf-8-sig", errors="replace").partition("\n")[0]
        return tuple(name.strip() for name in next(csv.reader([head])))
    place = f"{folder.parent.name}/{folder.name}/{path.with_suffix('.xlsx').name}"
    raise Failure([Problem("record-workbook", Place(place), {})])
