"""Correct a published cycle after its inputs were mended: what was shown stays, and the next revision beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.content import Content, score_with
from kpibook.lifecycle.carried_numbers import carried_too_early, takes_other_numbers, without_cycles
from kpibook.lifecycle.lookback import with_lookback
from kpibook.lifecycle.publishing import newest_revisions
from kpibook.lifecycle.result_changes import ResultChange, result_changes
from kpibook.lifecycle.step_days import later_approvals
from kpibook.lifecycle.steps import CycleStep, differences_from_seals, log_entry, log_step, refuse_unless, set_status
from kpibook.model import CycleStatus, Records
from kpibook.reading.cycle.folder import CYCLE_FILE
from kpibook.scoring import Carried, standings
from kpibook.scoring.results import Results
from kpibook.sealing.input_hashes import input_hashes
from kpibook.sealing.result_numbers import results_hash
from kpibook.sealing.revisions import CHANGED, Draft, Sealed, Signed, make_revision
from kpibook.sealing.seals import Seal
from kpibook.sealing.signers import NameFault, check_approver
from kpibook.sealing.tables import totals_table

ALSO, LEAVE = "also", "leave"


@dataclass(frozen=True, slots=True)
class Correction:
    """What was asked for: who signs, what becomes of later cycles, and why a closed cycle is opened again."""

    signed: Signed
    later: str = ""
    reopen: str = ""


@dataclass(slots=True)
class Corrected(CycleStep):
    """A correction that was worked out."""

    moved: tuple[ResultChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rescored:
    """A cycle with its new results."""

    period: Period
    sealed: Sealed
    results: Results
    moved: tuple[ResultChange, ...]


def correct(content: Content, period: Period, asked: Correction) -> Corrected:
    """The next revision of a cycle, and of the later ones that took numbers from it.

    Raises:
        Failure: it was not published, nothing differs, later cycles are not decided about, or this one may not approve.
    """
    sealed = _sealed(content, period, asked)
    if to_come := tuple(later_approvals(content, period, asked.signed.on)):
        raise Failure(to_come)
    touched = [_rescored(content, period, sealed, without_cycles(sealed.carried, carried_too_early(content, sealed)))]
    content.memo.corrected[period] = touched[0].results
    if results_hash(touched[0].results) == sealed.newest.results and not _has_changed(content, period):
        raise Failure([Problem("correct-nothing", Place(sealed.name), {"cycle": str(period)})])
    later = list(_later(content, touched[0]))
    step, say = Corrected(), content.say
    _check_later(content, asked, touched[0], later)
    touched += later if asked.later == ALSO else []
    step.moved = tuple(move for each in touched for move in each.moved)
    _check_approver(content, asked.signed, touched, Place(sealed.name))
    _check_appeal(content, asked.signed.appeal, touched[0])
    for each in touched:
        _reopen(content, each.period, asked, step)
        seal = _write(content, each, asked.signed, step, touched)
        people = sum(not move.is_unit for move in each.moved)
        values = {"cycle": each.period, "revision": seal.revision, "count": people, "hash": seal.hash[:12]}
        step.lines.append(say("lifecycle.correct.done", **values))
        if others := _with_other_figures(each, seal):
            step.lines.append(say("lifecycle.correct.figures", count=others))
    if later and asked.later == LEAVE:
        step.lines.append(say("lifecycle.correct.left", cycles=", ".join(str(each.period) for each in later)))
    return step


def _check_later(content: Content, asked: Correction, first: _Rescored, later: Sequence[_Rescored]) -> None:
    """Later cycles are corrected by a choice, each as it was sealed: no other change slips in under this reason.

    Raises:
        Failure: nothing was chosen; or they are to be corrected, and one differs from its seal or is closed.
    """
    if later and not asked.later:
        values = {"cycle": str(first.period), "later": ", ".join(str(each.period) for each in later)}
        raise Failure([Problem("correct-later", Place(first.sealed.name), values)])
    found: list[Problem] = []
    for period in [each.period for each in later if asked.later == ALSO]:
        refuse_unless(content, period, CycleStatus.PUBLISHED, CycleStatus.CLOSED)
        found += differences_from_seals(content, period)
        cycle = content.cycles[period]
        if cycle.status is CycleStatus.CLOSED and not asked.reopen:
            values = {"cycle": str(first.period), "later": str(period)}
            found.append(Problem("correct-later-closed", Place(f"{cycle.folder}/{CYCLE_FILE}"), values))
    if found:
        raise Failure(found)


def _reopen(content: Content, period: Period, asked: Correction, step: CycleStep) -> None:
    """A closed cycle is published once more: its people are told the result anew, and may answer."""
    if content.cycles[period].status is CycleStatus.CLOSED:
        set_status(content, period, CycleStatus.PUBLISHED, step)
        log_step(content, period, step, log_entry(replace(asked.signed, reason=asked.reopen), "reopen"))


def _with_other_figures(each: _Rescored, seal: Seal) -> int:
    """How many keep total, grade and pay and have other figures: they are shown the result anew, too."""
    moved, before = {move.person for move in each.moved}, each.sealed.newest.people
    return sum(number != before.get(person) and person not in moved for person, number in seal.people.items())


def _check_appeal(content: Content, appeal: str, first: _Rescored) -> None:
    """A correction after an appeal names one that was granted, and makes nothing worse for who appealed.

    Raises:
        Failure: there is no such appeal, it was not granted, or the new total is lower.
    """
    if not appeal:
        return
    place, values = Place(first.sealed.name), {"appeal": appeal, "cycle": str(first.period)}
    rows = content.records.get(first.period, Records()).appeals_by_id.get(appeal, ())
    if not rows or not (rows[-1].outcome and rows[-1].outcome.asks_correction):
        raise Failure([Problem("correct-appeal-open", place, values)])
    for move in first.moved:
        was, now = (move.before.get("total_exact", ""), move.after.get("total_exact", ""))
        if move.person == rows[0].person and was and (not now or mpq(now) < mpq(was)):
            told = {
                "person": move.person,
                "before": move.before.get("total", ""),
                "after": move.after.get("total", "-"),
            }
            raise Failure([Problem("correct-appeal-worse", place, {**values, **told})])


def _sealed(content: Content, period: Period, asked: Correction) -> Sealed:
    """The cycle's revisions, if it may be corrected."""
    allowed = (CycleStatus.PUBLISHED, CycleStatus.CLOSED) if asked.reopen else (CycleStatus.PUBLISHED,)
    refuse_unless(content, period, *allowed)
    folder = content.cycles[period].folder
    own = (each for each in content.problems if each.place.file.startswith(f"{folder}/"))
    broken = [each for each in own if each.code.startswith("seal-")]
    sealed = content.seals.get(period)
    if sealed is None or broken:
        place = Place(f"{folder}/{CYCLE_FILE}")
        raise Failure(broken or [Problem("step-unsealed", place, {"cycle": str(period)})])
    return sealed


def _has_changed(content: Content, period: Period) -> bool:
    folder = f"{content.cycles[period].folder}/"
    return any(each.code in CHANGED and each.place.file.startswith(folder) for each in content.problems)


def _rescored(content: Content, period: Period, sealed: Sealed, carried: Carried) -> _Rescored:
    results = score_with(content, period, carried)
    content.memo.standings[period] = standings(results)
    found = result_changes(period, sealed, totals_table(results, content.catalog_of(period)))
    return _Rescored(period, sealed, results, found)


def _later(content: Content, first: _Rescored) -> Iterator[_Rescored]:
    """The published cycles that took something from a corrected one and would have taken something else."""
    touched = {str(first.period)}
    for period, sealed in content.seals.items():
        rows = [row for row in sealed.carried_rows if row["cycle"] in touched]
        if str(period) in touched or not rows:
            continue
        anew = _rescored(content, period, sealed, without_cycles(sealed.carried, touched))
        if takes_other_numbers(anew.results, rows, touched):
            touched.add(str(period))
            content.memo.corrected[period] = anew.results
            yield anew


def _check_approver(content: Content, signed: Signed, touched: list[_Rescored], place: Place) -> None:
    moved = {move.person.casefold() for each in touched for move in each.moved}
    cycles = [content.cycles[each.period] for each in touched]
    try:
        check_approver(signed.by, signed.approved_by, moved, cycles)
    except NameFault as fault:
        raise Failure([Problem(fault.code, place, fault.values)]) from fault


def _write(content: Content, each: _Rescored, signed: Signed, step: CycleStep, touched: Sequence[_Rescored]) -> Seal:
    corrected = {other.period: other.sealed.number + 1 for other in touched if other is not each}
    draft = Draft(
        signed=signed,
        inputs=input_hashes(content.scorecards / str(each.period)),
        before=each.sealed,
        revisions=newest_revisions(content) | corrected,
        anew=frozenset(corrected),
        still_open=each.sealed.newest.open,
    )
    catalog = content.catalog_of(each.period)
    seal, files = make_revision(with_lookback(content, each.results), catalog, draft)
    step.changes.writes.update({f"{each.period}/{path}": data for path, data in files.items()})
    log_step(content, each.period, step, log_entry(signed, "correct", seal.revision))
    return seal
