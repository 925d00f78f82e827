"""Whose total, grade or pay is another one after a correction."""

import csv
import io
from collections.abc import Mapping
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.tables import MARK, PAY, read_rows

COLUMNS = ("cycle", "person", "name", "total_before", "total_after", "grade_before", "grade_after", "pay")


class ResultChange(NamedTuple):
    """A result before and after a correction."""

    cycle: Period
    person: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def is_unit(self) -> bool:
        """Whether it is the result of a department or the company, which have no role."""
        return not (self.after or self.before).get("role")

    @property
    def pay(self) -> str:
        """The pay lines that differ: `Bonus: 3357.9 -> 0`."""
        keys = dict.fromkeys((*self.before, *self.after))
        lines = [
            key for key in keys if key.startswith(PAY) and (self.before.get(key) or "") != (self.after.get(key) or "")
        ]
        return "; ".join(
            f"{key.removeprefix('pay: ')}: {self.before.get(key) or '-'} -> {self.after.get(key) or '-'}"
            for key in lines
        )


def result_changes(period: Period, sealed: Sealed, totals: str) -> tuple[ResultChange, ...]:
    """Everybody whose result differs between the newest revision of a cycle and a new table of totals."""
    return changes_between(period, sealed.totals(sealed.number), rows_of(totals))


def rows_of(totals: str) -> Mapping[str, Mapping[str, str]]:
    """The rows of a table of totals by person, department or company."""
    return {row["person"]: row for row in read_rows(totals)}


def changes_between(
    period: Period, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> tuple[ResultChange, ...]:
    """Everybody whose result differs between two tables of totals."""
    found = []
    for person in dict.fromkeys((*after, *before)):
        was, now = before.get(person, {}), after.get(person, {})
        if _what_counts(was) != _what_counts(now):
            found.append(ResultChange(period, person, was, now))
    return tuple(found)


def _what_counts(row: Mapping[str, str]) -> dict[str, str]:
    """What counts of a result: total, grade and pay, and whether there is one; a pay line without an amount is none."""
    told = {key: value for key, value in row.items() if key in ("total", "grade", "status") or key.startswith(PAY)}
    return {key: value for key, value in told.items() if value}


def changes_csv(found: tuple[ResultChange, ...]) -> str:
    """All moves with names: for HR alone."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for move in found:
        name = move.after.get("name") or move.before.get("name", "")
        figures = [row.get(key, "") for key in ("total", "grade") for row in (move.before, move.after)]
        cells = (str(move.cycle), move.person, name, *figures, move.pay)
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "@") else cell for cell in cells])
    return MARK + stream.getvalue()
