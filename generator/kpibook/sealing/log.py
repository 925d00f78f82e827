"""log.csv: every step in the life of a cycle, a row each, only ever added to."""

import csv
import io
from pathlib import Path
from typing import NamedTuple

LOG = "log.csv"
COLUMNS = ("on", "step", "revision", "by", "reason")


class LogEntry(NamedTuple):
    """A step of a cycle: when, which, the revision that it wrote (0: none), by whom and why."""

    on: str
    step: str
    revision: int = 0
    by: str = ""
    reason: str = ""


def read_log(file: Path) -> tuple[LogEntry, ...]:
    """All steps, oldest first; rows that cannot be read count for nothing."""
    try:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return tuple(_entry(row) for row in rows)


def _entry(row: dict[str, str | None]) -> LogEntry:
    revision = (row.get("revision") or "").strip()
    number = int(revision) if revision.isascii() and revision.isdigit() else 0
    return LogEntry(row.get("on") or "", row.get("step") or "", number, row.get("by") or "", row.get("reason") or "")


def log_row(file: Path, entry: LogEntry) -> bytes:
    """A row to add to a log, with the header where the log is new."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    if not file.exists():
        writer.writerow(COLUMNS)
    writer.writerow((entry.on, entry.step, entry.revision or "", _one_line(entry.by), _one_line(entry.reason)))
    return stream.getvalue().encode("utf-8")


def _one_line(text: str) -> str:
    """A text on one line that no spreadsheet takes as a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] and line[:1] in "=+-@" else line
