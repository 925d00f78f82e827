"""What all steps share: the files that they change, what they tell, and why they refuse."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.transactions import Transaction
from kpibook.content import Content
from kpibook.lifecycle.step_days import check_day
from kpibook.model import CycleStatus
from kpibook.reading.cycle.folder import CYCLE_FILE
from kpibook.reading.own_catalogs import HANDBOOK, catalog_files
from kpibook.sealing.input_hashes import figure_hash
from kpibook.sealing.log import LOG, LogEntry, log_row
from kpibook.sealing.revisions import Signed

_STATUS = re.compile(rb"(?m)((?:^|[{,])[ \t]*status[ \t]*:[ \t]*[\"']?)[a-z]+")

REFUSED = {
    CycleStatus.PLANNED: "step-planned",
    CycleStatus.OPEN: "step-open",
    CycleStatus.PUBLISHED: "step-published",
    CycleStatus.CLOSED: "step-closed",
}
"""Why a step is refused in each state of a cycle."""


OF_SEALS = ("seal-", "sealed-", "seals-", "erasure-")
"""How the codes of problems begin that tell a published cycle from its seals."""


@dataclass(slots=True)
class CycleStep:
    """A step that was worked out: what changes below the folder of the cycles, and what is told of it."""

    changes: Transaction = field(default_factory=Transaction)
    lines: list[str] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    """Warnings that hold nothing."""


def refuse_unless(content: Content, period: Period, *allowed: CycleStatus) -> None:
    """Refuse a step that a cycle's status does not allow.

    Raises:
        Failure: the cycle stands elsewhere.
    """
    cycle = content.cycles[period]
    place = Place(f"{cycle.folder}/{CYCLE_FILE}")
    if period in content.seals and not cycle.status.is_settled:
        raise Failure([Problem("step-set-back", place, {"cycle": str(period), "status": cycle.status.value})])
    if cycle.status not in allowed:
        raise Failure([Problem(REFUSED[cycle.status], place, {"cycle": str(period)})])


def refuse_tampered(content: Content, period: Period) -> None:
    """Refuse to go by a published cycle that is not as it was sealed.

    Raises:
        Failure: it differs from its seals; all of that.
    """
    if broken := differences_from_seals(content, period):
        raise Failure(broken)


def differences_from_seals(content: Content, period: Period) -> list[Problem]:
    """What tells a published cycle from its seals."""
    above = f"{content.cycles[period].folder}/"
    own = (each for each in content.problems if each.place.file.startswith(above))
    return [each for each in own if each.code.startswith(OF_SEALS)]


def set_status(content: Content, period: Period, status: CycleStatus, step: CycleStep) -> None:
    """Write the new status into cycle.yml, and leave every other sign as it is.

    Raises:
        Failure: it does not say its status on a line of its own.
    """
    path = content.scorecards / str(period) / CYCLE_FILE
    data, count = _STATUS.subn(rb"\g<1>" + status.value.encode(), path.read_bytes(), count=1)
    if not count:
        place = Place(f"{content.cycles[period].folder}/{CYCLE_FILE}")
        raise Failure([Problem("step-no-status", place, {"status": status.value})])
    step.changes.writes[f"{period}/{CYCLE_FILE}"] = data


def log_entry(signed: Signed, name: str, revision: int = 0) -> LogEntry:
    """A step as the log tells it."""
    return LogEntry(signed.on.isoformat(), name, revision, signed.by, signed.reason)


def log_step(content: Content, period: Period, step: CycleStep, entry: LogEntry) -> None:
    """Add a row to the cycle's log.

    Raises:
        Failure: the day of the step cannot be.
    """
    check_day(content, period, entry.step, datetime.date.fromisoformat(entry.on))
    step.changes.append(f"{period}/{LOG}", log_row(content.scorecards / str(period) / LOG, entry))


def take_catalog(handbook: Path, cycle: Path, step: CycleStep) -> Mapping[str, str]:
    """Copy today's catalog into a cycle's folder; returns the hashes of its files by their paths below the folder."""
    files = {f"{HANDBOOK}/{name}": path.read_bytes() for name, path in catalog_files(handbook).items()}
    for name, path in catalog_files(cycle / HANDBOOK).items():
        if f"{HANDBOOK}/{name}" not in files:
            step.changes.removes.append(path.relative_to(cycle.parent).as_posix())
    step.changes.writes.update({f"{cycle.name}/{path}": data for path, data in files.items()})
    return {path: figure_hash(data) for path, data in files.items()}
