"""Hand a cycle over to payroll: from the figures that were sealed, and never twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, priced
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.words import Words
from kpibook.content import Content, follow_up_of
from kpibook.exchange.payroll import (
    BATCHES,
    ENDINGS,
    AmountTooLong,
    Batch,
    BatchFault,
    Due,
    batch_id,
    batch_text,
    money_text,
    payroll_rows,
    read_batch,
    sheet_bytes,
)
from kpibook.lifecycle.steps import CycleStep, log_entry, log_step, refuse_unless
from kpibook.model import Company, CycleStatus
from kpibook.reading.cycle.folder import is_record
from kpibook.records.result_states import ResultState
from kpibook.scoring.results import Status
from kpibook.sealing.log import LOG, read_log
from kpibook.sealing.revisions import Sealed, Signed
from kpibook.sealing.tables import PAY

LISTED = 10
"""So many people who wait are named."""

STEP = "payroll"
"""How the log calls it."""


@dataclass(slots=True)
class HandOver(CycleStep):
    """A batch that was worked out, and the file that payroll gets."""

    sheet: bytes = b""


class Whom(StrEnum):
    """Whose amounts are handed over."""

    ALL = "all"
    NO_APPEAL = "no_appeal"
    """All but those whose appeal is not decided, or granted and not corrected yet."""
    CONFIRMED = "confirmed"
    """Those alone who confirmed their result."""


def hand_over(
    content: Content, period: Period, signed: Signed, style: str = ENDINGS[0], whom: Whom = Whom.ALL
) -> HandOver:
    """The next batch of a published cycle; the file has headers alone where there is nothing to hand over.

    Raises:
        Failure: the cycle is not published, differs from its seal, or the record of an earlier batch is damaged.
    """
    sealed, before = _sealed(content, period), batches_of(content, period)
    due = tuple(_due(content, period, sealed))
    appealing = _appealing(content, period)
    asked = tuple(each for each in due if not _is_for_later(each, whom, appealing))
    left = {each.person.casefold() for each in due} - {each.person.casefold() for each in asked}
    # What was handed over to those who are left waits with them; what somebody has no more is taken back.
    earlier = [row for batch in before for row in batch.rows if row.person.casefold() not in left]
    if whom is Whom.CONFIRMED:
        people = {each.person.casefold() for each in asked}
        earlier = [row for row in earlier if row.person.casefold() in people]
    rows = tuple(payroll_rows(asked, earlier))
    batch = Batch(batch_id(str(period), len(before) + 1), rows, sealed.number, sealed.newest.hash)
    step = HandOver(sheet=_sheet(content, period, batch, style))
    if rows:
        step.changes.writes[f"{period}/{BATCHES}/{batch.id}.csv"] = batch_text(batch).encode("utf-8")
        entry = log_entry(signed, STEP, sealed.number)
        log_step(content, period, step, entry._replace(reason=f"{batch.id} {signed.reason}".strip()))
    step.lines += _batch_lines(content, period, batch, (*before, batch))
    step.lines += _left_lines(content.say, due, asked, whom)
    if pending := {each.person for each in asked if each.person.casefold() in appealing}:
        step.lines.append(content.say("payroll.appealed", people=_names_text(pending, content.say), count=len(pending)))
    return step


def _appealing(content: Content, period: Period) -> frozenset[str]:
    """Whose appeal is not decided, or granted and not corrected yet; ids in small letters."""
    cases = follow_up_of(content, period).appeals
    return frozenset(case.person.casefold() for case in cases if case.is_open or case.awaits_correction)


def _is_for_later(due: Due, whom: Whom, appealing: frozenset[str]) -> bool:
    """Whether an amount is left for a later batch."""
    if whom is Whom.CONFIRMED:
        return due.state != ResultState.CONFIRMED
    return whom is Whom.NO_APPEAL and due.person.casefold() in appealing


def hand_over_again(content: Content, period: Period, identifier: str, style: str) -> HandOver:
    """The file of an earlier batch once more; nothing is recorded.

    Raises:
        Failure: there is no such batch, or its record is damaged.
    """
    _sealed(content, period)
    known = {batch.id.casefold(): batch for batch in batches_of(content, period)}
    batch = known.get(identifier.strip().casefold())
    if batch is None:
        place = Place(f"{content.cycles[period].folder}/{BATCHES}")
        listed = ", ".join(each.id for each in known.values()) or "-"
        raise Failure([Problem("payroll-no-batch", place, {"batch": identifier, "batches": listed})])
    step = HandOver(sheet=_sheet(content, period, batch, style))
    step.lines.append(content.say("payroll.again", batch=batch.id, rows=len(batch.rows)))
    return step


def batches_of(content: Content, period: Period) -> tuple[Batch, ...]:
    """What was handed over of a cycle, oldest first.

    Raises:
        Failure: a record is not as it was written, or one is gone that the log or a later one tells of.
    """
    folder, name = content.scorecards / str(period), content.cycles[period].folder
    told = [entry.reason.split(" ")[0] for entry in read_log(folder / LOG) if entry.step == STEP]
    files = {path.stem for path in (folder / BATCHES).glob("*.csv")}
    found, problems = list[Batch](), list[Problem]()
    expected = [batch_id(str(period), number) for number in range(1, max(len(told), len(files)) + 1)]
    seals = {seal.revision: seal.hash for seal in content.seals[period].seals}
    for identifier in dict.fromkeys((*expected, *told, *sorted(files))):
        file = f"{BATCHES}/{identifier}.csv"
        place, values = Place(f"{name}/{file}"), {"batch": identifier}
        if identifier not in files:
            problems.append(Problem("payroll-batch-missing", place, values))
            continue
        if identifier not in expected or identifier not in told:
            problems.append(Problem("payroll-batch-unknown", place, values))
            continue
        try:
            batch = read_batch((folder / file).read_bytes(), identifier)
        except BatchFault as fault:
            problems.append(Problem("payroll-batch-changed", Place(place.file, fault.line, 1), values))
            continue
        if seals.get(batch.revision) != batch.seal:
            problems.append(Problem("payroll-batch-changed", place, values))
        found.append(batch)
    if problems:
        raise Failure(problems)
    return tuple(found)


def _sealed(content: Content, period: Period) -> Sealed:
    """The revisions of a cycle that may be handed over."""
    refuse_unless(content, period, CycleStatus.PUBLISHED, CycleStatus.CLOSED)
    sealed = content.seals.get(period)
    if sealed is None:
        raise Failure([Problem("step-unsealed", Place(content.cycles[period].folder), {"cycle": str(period)})])
    own = (each for each in content.problems if each.place.file.startswith(f"{sealed.name}/"))
    differing = [each for each in own if not is_record(each.place.file, sealed.name)]
    if differing:
        raise Failure([*differing, Problem("payroll-differs", Place(sealed.name), {"cycle": str(period)})])
    return sealed


def _due(content: Content, period: Period, sealed: Sealed) -> Iterator[Due]:
    """What each line of everybody's pay comes to by the newest revision, in the order of its table."""
    grades = {grade.id: grade for grade in content.catalog_of(period).grades}
    totals, states = sealed.totals(sealed.number), follow_up_of(content, period)
    own = _own_lines(content, period, totals)
    for person, number in sealed.newest.people.items():
        row = totals[person]
        waits = row["status"] not in (Status.EXCLUDED, Status.NOT_APPLICABLE)
        for column in row:
            line, amount = column.removeprefix(PAY), row[column]
            if column.startswith(PAY) and (amount or (waits and (person.casefold(), line) in own)):
                yield Due(
                    person=person,
                    name=row["name"],
                    line=line,
                    amount=mpq(amount) if amount else None,
                    coefficient=grade.factor if (grade := grades.get(row["grade"])) else None,
                    result=number,
                    state=told.state if (told := states.of(person)) else "",
                )


def _own_lines(content: Content, period: Period, totals: Mapping[str, Mapping[str, str]]) -> frozenset[tuple[str, str]]:
    """The pay lines of the roles that pay somebody: one of them without an amount waits, any other is none."""
    catalog = content.catalog_of(period)
    if catalog.company.pay_after_transfer == "last":
        held = [(person, row["role"]) for person, row in totals.items()]
    else:
        held = [(row.person, row.role) for row in content.cycles[period].people]
    return frozenset(
        (person.casefold(), line.name)
        for person, role in held
        if role in catalog.roles
        for line in catalog.roles[role].pay
    )


def _sheet(content: Content, period: Period, batch: Batch, style: str) -> bytes:
    payroll, rounding = content.catalog.company.payroll, content.catalog_of(period).company.rounding
    try:
        return sheet_bytes(batch, payroll.headers, rounding.money, content.say, style)
    except AmountTooLong as err:
        place = Place(content.cycles[period].folder)
        raise Failure([Problem("payroll-amount-long", place, {"amount": str(err)})]) from err


def _batch_lines(content: Content, period: Period, batch: Batch, all_batches: tuple[Batch, ...]) -> Iterator[str]:
    """What this batch is, and what all of them come to."""
    company, say = content.catalog_of(period).company, content.say
    if not batch.rows:
        yield say("payroll.nothing", cycle=period, revision=batch.revision)
    else:
        people = {row.person.casefold() for row in batch.rows}
        total = _money(batch.total, company)
        yield say("payroll.done", batch=batch.id, people=len(people), rows=len(batch.rows), total=total)
    so_far = sum((each.total for each in all_batches), ZERO)
    count = sum(bool(each.rows) for each in all_batches)
    yield say("payroll.so_far", cycle=period, batches=count, total=_money(so_far, company))


def _left_lines(say: Words, due: tuple[Due, ...], asked: tuple[Due, ...], whom: Whom) -> Iterator[str]:
    """Who is left for a later batch, and why."""
    waiting = {each.person for each in asked if each.amount is None}
    left = {each.person for each in due} - {each.person for each in asked}
    if waiting:
        yield say("payroll.waiting", people=_names_text(waiting, say), count=len(waiting))
    if left:
        yield say(f"payroll.left.{whom}", people=_names_text(left, say), count=len(left))


def _names_text(people: set[str], say: Words) -> str:
    return say("payroll.comma").join(sorted(people)[:LISTED]) + (" …" if len(people) > LISTED else "")


def _money(amount: mpq, company: Company) -> str:
    return priced(money_text(amount, company.rounding.money), company.currency)
