"""Open a cycle: its folder, its roster, the usual days, and a catalog of its own."""

from collections.abc import Iterator

from kpibook.authoring.rosters import RolledRoster, rolled_leave
from kpibook.authoring.skeletons import NewEntry, NewFile, new_cycle, new_roster
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, has_errors
from kpibook.base.words import Words
from kpibook.base.working_days import usual_days
from kpibook.content import Content
from kpibook.lifecycle.steps import (
    CycleStep,
    log_entry,
    log_step,
    refuse_tampered,
    refuse_unless,
    set_status,
    take_catalog,
)
from kpibook.model import CycleStatus
from kpibook.reading.cycle.folder import CYCLE_FILE, CycleFolder
from kpibook.sealing.revisions import Signed

LEAVE = "leave"
PLANNED, OPEN = b"\nstatus: planned", b"\nstatus: open"


def open_cycle(
    content: Content, asked: NewEntry, signed: Signed, *, period: Period, source: Period | None = None
) -> CycleStep:
    """A cycle that is open, with people of the cycle before it or of `source`, and today's catalog.

    Raises:
        Failure: it is open or published already, today's handbook is faulty, or the people would come of a cycle that
            is not as it was sealed.
        CannotMake: something else lies in its folder, or those people cannot be read.
    """
    faults = [each for each in content.problems if each.place.file.startswith(f"{content.catalog.folder}/")]
    if has_errors(faults):
        raise Failure(faults)
    step, say = CycleStep(), content.say
    if period in content.cycles:
        refuse_unless(content, period, CycleStatus.PLANNED)
        set_status(content, period, CycleStatus.OPEN, step)
        _add_days(content, period, step)
        if not _has_roster(content, period):
            roster = new_roster(content.scorecards, period, source)
            _write(roster, period, step, content)
            _take_leave(content, period, roster.people_of, step)
    else:
        for beginning in new_cycle(content.scorecards, say, asked, content.working_days, source):
            opened = beginning._replace(content=beginning.content.replace(PLANNED, OPEN, 1))
            _write(opened if beginning.path.name == CYCLE_FILE else beginning, period, step, content)
            _take_leave(content, period, beginning.people_of, step)
    take_catalog(content.handbook, content.scorecards / str(period), step)
    log_step(content, period, step, log_entry(signed, "open"))
    step.lines.append(say("lifecycle.open.done", cycle=period))
    return step


def _write(beginning: NewFile, period: Period, step: CycleStep, content: Content) -> None:
    say = content.say
    if beginning.people_of:
        refuse_tampered(content, Period.parse(beginning.people_of))
    step.changes.writes[f"{period}/{beginning.path.name}"] = beginning.content
    if beginning.people_of:
        step.lines.append(say("skeletons.people_of", file=beginning.path.as_posix(), cycle=beginning.people_of))
    step.lines += _to_look_at(beginning.roster, say) if beginning.roster else ()


def _take_leave(content: Content, period: Period, source: str, step: CycleStep) -> None:
    """Protected leave that has not ended comes along with the people."""
    old, new = content.scorecards / source, content.scorecards / str(period)
    path, _ = CycleFolder(old, old.name).table(LEAVE) if source else (None, ())
    if path is None or CycleFolder(new, new.name).table(LEAVE)[0]:
        return
    if leave := rolled_leave(path, f"{old.name}/{path.name}", period):
        step.changes.writes[f"{period}/{LEAVE}.csv"] = leave
        step.lines.append(content.say("skeletons.leave", file=f"{period}/{LEAVE}.csv", cycle=source))


def _to_look_at(roster: RolledRoster, say: Words) -> Iterator[str]:
    """Who left, whose exemption is over, and which rows could not be read."""
    for key, people in (("left", roster.left), ("exempt", roster.exempt)):
        if people:
            named = (say(f"skeletons.one_{key}", **each._asdict()) for each in people)
            yield say(f"skeletons.{key}", people=say("skeletons.comma").join(named))
    if roster.unread:
        yield say("skeletons.unread", places=say("skeletons.comma").join(map(str, roster.unread)))


def _has_roster(content: Content, period: Period) -> bool:
    folder = content.scorecards / str(period)
    path, problems = CycleFolder(folder, folder.name).table("people")
    return path is not None or bool(problems)


def _add_days(content: Content, period: Period, step: CycleStep) -> None:
    """The usual days, where a planned cycle says none."""
    data = step.changes.writes[f"{period}/{CYCLE_FILE}"]
    if b"schedule" in data:
        return
    days = usual_days(period, content.working_days)
    line = f"schedule: {{collect_by: {days[0]}, review_by: {days[1]}, confirm_by: {days[2]}}}\n"
    gap = b"" if data.endswith(b"\n") else b"\n"
    step.changes.writes[f"{period}/{CYCLE_FILE}"] = data + gap + line.encode()
