"""import-log.csv: what an import replaced, and on which day the numbers of each owner came in."""

import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NAME = "import-log.csv"
COLUMNS = ("on", "file", "sha256", "action", "table", "subject", "key", "before", "after", "place")
RECEIVED = "received"
"""The action of a row that says how many numbers of a measure (key) came from a department (subject)."""


class Arrival(NamedTuple):
    """Numbers of a measure that came in on one day; those that stood in the cycle already are not counted."""

    day: datetime.date
    owner: str
    """The department that supplies the measure; empty where nobody does."""
    measure: str
    numbers: int


class ArrivalLog(NamedTuple):
    """What a cycle's log says about arrivals."""

    arrivals: tuple[Arrival, ...] = ()
    unread: int = 0
    """Rows about arrivals without a day or a count that can be read: the log was changed by hand."""


def read_arrivals(path: Path) -> ArrivalLog:
    """The arrivals in a log; none where there is no log, or one of before arrivals were kept. Raises OSError."""
    if not path.is_file():
        return ArrivalLog()
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    found = [_arrival(row) for row in _rows(text)]
    known = tuple(arrival for arrival in found if arrival)
    return ArrivalLog(known, len(found) - len(known))


def _rows(text: str) -> Iterator[dict[str, str]]:
    """The rows about arrivals."""
    for row in csv.DictReader(io.StringIO(text, newline=""), restval=""):
        if row.get("action") == RECEIVED:
            yield row


def _arrival(row: dict[str, str]) -> Arrival | None:
    try:
        day = datetime.date.fromisoformat(row.get("on", ""))
        return Arrival(day, row.get("subject", ""), row.get("key", ""), int(row.get("after", "")))
    except ValueError:
        return None
