"""Take today's handbook over into an open cycle, and say first what that changes for whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.content import Content, Memo, score_with
from kpibook.lifecycle.renaming_ids import Followed, follow_ids
from kpibook.lifecycle.result_changes import ResultChange, changes_between, rows_of
from kpibook.lifecycle.steps import CycleStep, log_entry, log_step, refuse_unless, take_catalog
from kpibook.model import Catalog, Cycle, CycleStatus
from kpibook.reading.own_catalogs import catalog_digest
from kpibook.reviewing.catalog_drift import catalog_drift
from kpibook.sealing.revisions import Signed
from kpibook.sealing.tables import totals_table


@dataclass(slots=True)
class Agreed(CycleStep):
    """Today's catalog in the place of the older one, worked out."""

    moved: tuple[ResultChange, ...] = ()


def agree(content: Content, period: Period, signed: Signed) -> Agreed:
    """Today's catalog in the folder of an open cycle, and rows that use a former id under the one it has now.

    Raises:
        Failure: the cycle is not open, or has today's catalog, or rows would be lost as their ids are gone.
    """
    refuse_unless(content, period, CycleStatus.OPEN)
    cycle, step = content.cycles[period], Agreed()
    own = content.own.get(period)
    if own and own.digest == catalog_digest(content.handbook):
        raise Failure([Problem("agree-same", Place(cycle.folder), {"cycle": str(period)})])
    followed = follow_ids(content.scorecards / str(period), _earlier(content, period), content.catalog)
    if followed.problems:
        raise Failure(followed.problems)
    step.changes.writes.update({f"{period}/{path}": data for path, data in followed.files.items()})
    step.lines += _renamed(content, followed)
    if own or followed.files:
        step.moved = _moves(content, period, followed.cycle)
        step.lines += _report_lines(content, cycle, followed.cycle, step.moved)
    take_catalog(content.handbook, content.scorecards / str(period), step)
    log_step(content, period, step, log_entry(signed, "agree"))
    step.lines.append(content.say("lifecycle.agree.done", cycle=period))
    return step


def _earlier(content: Content, period: Period) -> Catalog:
    """The catalog that a cycle has gone by: its own, else that of the cycle before, which knows the ids of its rows."""
    before = [each for each in content.cycles if each < period]
    return content.catalog_of(period if period in content.own or not before else before[-1])


def _renamed(content: Content, followed: Followed) -> Iterator[str]:
    """Which rows are written anew."""
    for each in followed.renamed:
        values = {"file": each.file, "rows": each.rows, "before": each.before, "after": each.after}
        yield content.say("lifecycle.agree.rows", **values)


def _moves(content: Content, period: Period, cycle: Cycle) -> tuple[ResultChange, ...]:
    """Everybody whose result differs by today's catalog; departments are nobody."""
    before = score_with(content, period, None)
    own = {key: each for key, each in content.own.items() if key != period}
    anew = replace(content, own=own, cycles={**content.cycles, period: cycle}, memo=Memo())
    after = score_with(anew, period, None)
    tables = totals_table(before, content.catalog_of(period)), totals_table(after, content.catalog)
    return tuple(move for move in changes_between(period, *map(rows_of, tables)) if not move.is_unit)


def _report_lines(content: Content, cycle: Cycle, anew: Cycle, moved: Iterable[ResultChange]) -> Iterator[str]:
    """What differs, by role and by file, and whose results move by it."""
    say, own = content.say, content.catalog_of(cycle.period)
    held = _holders(anew)
    for note in catalog_drift(own, content.catalog, cycle, say):
        yield say("lifecycle.agree.differs", what=note.values["what"], name=note.values["name"])
    roles = {person: role for role, people in held.items() for person in people}
    by_role = Counter(roles.get(move.person.casefold(), "") for move in moved)
    everybody = sum(map(len, held.values()))
    yield say("lifecycle.agree.moves", count=by_role.total(), people=everybody)
    for identifier, count in by_role.items():
        role = content.catalog.roles.get(identifier)
        name = role.name if role else identifier
        yield say("lifecycle.agree.of_role", role=name, count=count, people=len(held.get(identifier, ())))


def _holders(cycle: Cycle) -> Mapping[str, set[str]]:
    """By role: the ids of those who hold it last, in small letters."""
    last = {row.person.casefold(): row.role for row in cycle.people}
    found: dict[str, set[str]] = {}
    for person, role in last.items():
        found.setdefault(role, set()).add(person)
    return found
