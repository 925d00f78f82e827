"""Close a published cycle: all were shown their results and answered or let the time pass; appeals are decided."""

import csv
import datetime
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.content import Content
from kpibook.lifecycle.steps import Step, log, log_entry, refuse_unless, set_status
from kpibook.model import CycleStatus
from kpibook.sealing.revisions import Sealed, Signed

CONFIRMATIONS, APPEALS = "confirmations.csv", "appeals.csv"
COLUMNS = ("person", "result", "answer", "on", "by", "comment")
ANSWERS = ("confirmed", "disagrees", "refused", "no_reply")
DECIDED = ("final", "withdrawn")
GRANTED = ("partly", "granted")

LISTED = 5


def close(content: Content, period: Period, signed: Signed, *, anyway: bool = False) -> Step:
    """The status of a cycle whose windows are over, with a row for each who let the time to answer pass.

    Raises:
        Failure: it is not published, or something holds it; all of that is told.
    """
    refuse_unless(content, period, CycleStatus.PUBLISHED)
    sealed, folder = content.seals.get(period), content.scorecards / str(period)
    place = Place(content.cycles[period].folder)
    if sealed is None:
        raise Failure([Problem("step-unsealed", place, {"cycle": str(period)})])
    answers = read_records(folder / CONFIRMATIONS)
    lapsed = tuple(_lapsed(sealed, answers, content, period, signed.on))
    points = (*_unanswered(sealed, answers, lapsed, place), *_appeals(folder, sealed, place))
    if points and not anyway:
        raise Failure((*points, Problem("close-open", place, {"cycle": str(period), "count": len(points)})))
    step = Step()
    if lapsed:
        step.changes.append(f"{period}/{CONFIRMATIONS}", _rows(lapsed, sealed, signed))
    set_status(content, period, CycleStatus.CLOSED, step)
    log(content, period, step, log_entry(signed, "close"))
    step.lines.append(content.say("lifecycle.close.done", cycle=period, lapsed=len(lapsed)))
    return step


def read_records(file: Path) -> tuple[Mapping[str, str], ...]:
    """The rows of a file of records; none where there is no such file."""
    if not file.is_file():
        return ()
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    return tuple({k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(io.StringIO(text)))


def _of_result(rows: tuple[Mapping[str, str], ...], person: str, number: str) -> list[Mapping[str, str]]:
    """The rows about the present result of a person."""
    return [
        row
        for row in rows
        if row.get("person", "").casefold() == person.casefold() and row.get("result", "") in (number, "")
    ]


def _lapsed(
    sealed: Sealed, rows: tuple[Mapping[str, str], ...], content: Content, period: Period, today: datetime.date
) -> Iterator[str]:
    """Who was shown the result, did not answer, and can answer no more."""
    last, days = content.cycles[period].schedule.confirm_by, content.catalog.company.confirm_days
    for person, number in sealed.newest.people.items():
        own = _of_result(rows, person, number)
        delivered = [row.get("on", "") for row in own if row.get("answer") == "delivered"]
        if not delivered or any(row.get("answer") in ANSWERS for row in own):
            continue
        day = _day(delivered[0])
        due = max(filter(None, (last, content.working_days.after(day, days) if day else None)), default=None)
        if due and due < today:
            yield person


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _unanswered(
    sealed: Sealed, rows: tuple[Mapping[str, str], ...], lapsed: tuple[str, ...], place: Place
) -> Iterator[Problem]:
    found: dict[str, list[str]] = {"close-undelivered": [], "close-unanswered": []}
    for person, number in sealed.newest.people.items():
        answers = {row.get("answer") for row in _of_result(rows, person, number)}
        if person in lapsed or answers & set(ANSWERS):
            continue
        found["close-unanswered" if "delivered" in answers else "close-undelivered"].append(person)
    for code, people in found.items():
        if people:
            listed = ", ".join(people[:LISTED]) + (" …" if len(people) > LISTED else "")
            yield Problem(code, place, {"count": len(people), "people": listed})


def _appeals(folder: Path, sealed: Sealed, place: Place) -> Iterator[Problem]:
    """Appeals that are not decided, and granted ones that no correction names."""
    last = {row.get("appeal", ""): row for row in read_records(folder / APPEALS)}
    corrected = {seal.appeal for seal in sealed.seals}
    for appeal, row in last.items():
        decided = row.get("step") in DECIDED or row.get("outcome", "") != ""
        if not decided:
            yield Problem("close-appeal", place, {"appeal": appeal, "person": row.get("person", "")})
        elif row.get("outcome") in GRANTED and appeal not in corrected:
            yield Problem("close-appeal-granted", place, {"appeal": appeal, "person": row.get("person", "")})


def _rows(lapsed: tuple[str, ...], sealed: Sealed, signed: Signed) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for person in lapsed:
        number = sealed.newest.people[person]
        writer.writerow((person, number, "no_reply", signed.on.isoformat(), signed.by, ""))
    return stream.getvalue().encode("utf-8")
