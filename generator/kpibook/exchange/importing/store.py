"""Write what an import decided into the cycle's folder: the log first, so that nothing is replaced unsaid."""

import datetime
import os
from pathlib import Path

from kpibook.base.words import Words
from kpibook.exchange.importing.journal import log_text, people_log_text, waiting_text
from kpibook.exchange.importing.plan import ImportPlan
from kpibook.reading.cycle import arrivals
from kpibook.reading.cycle.waiting_rows import COLUMNS, NAME


def write_plan(plan: ImportPlan, say: Words, today: datetime.date) -> tuple[Path, ...]:
    """Write every file that changes, each whole; returns those that were written. Raises OSError."""
    names = {target.name for target in plan.targets}
    changes = tuple(change for change in plan.changes if change.target in names)
    replaced = plan.people.replaced if plan.people else []
    log = log_text(changes, plan.tallies, today) + people_log_text(replaced, plan.tallies, today)
    written = _extended(plan.folder / arrivals.NAME, arrivals.COLUMNS, log)
    for target in plan.targets:
        written += _replaced(target.path, target.text())
    if plan.people and plan.people.is_changed:
        written += _replaced(plan.people.path, plan.people.text())
    rows = waiting_text(plan.journal.rows(plan.tallies, say))
    return (*written, *_extended(plan.folder / NAME, COLUMNS, rows))


def _extended(path: Path, columns: tuple[str, ...], lines: str) -> tuple[Path, ...]:
    """Add lines to a file that only ever grows."""
    if not lines:
        return ()
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    before = before if before.strip() else ",".join(columns) + "\n"
    return _replaced(path, before + ("" if before.endswith("\n") else "\n") + lines)


def _replaced(path: Path, text: str) -> tuple[Path, ...]:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return (path,)
