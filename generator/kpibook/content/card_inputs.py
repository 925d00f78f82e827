"""What decides the card of each person of an open cycle, before it is scored: the own rows, and what is everybody's.

Numbers of departments and of the company are no part of it: which of them a card took is told by its trace.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from kpibook.base.file_sums import FileSums
from kpibook.base.fingerprints import Fingerprints, of_plain
from kpibook.base.periods import Period
from kpibook.content.gathering import Content
from kpibook.model import Assignment, Cycle, Reading
from kpibook.reading.cycle.readings import Readings
from kpibook.scoring.approvals import CycleApprovals

TABLES = ("people", "actuals", "targets", "ratings", "adjustments", "calibration", "leave")
"""The tables of a cycle of which a card takes its person's rows, and nothing else but what everybody's says."""
ROWS = ("people", "actuals", "targets", "ratings", "asked", "adjustments", "calibration", "leave", "files")
"""What a cycle holds of them."""


class CardInputs:
    """The inputs of the cards of one cycle, as fingerprints."""

    def __init__(self, content: Content, period: Period, sums: FileSums, run: str) -> None:
        """`run` is what decides all cards alike beside the files, such as the program."""
        cycle, self._prints = content.cycles[period], Fingerprints()
        self.common = self._prints.of(
            run,
            str(period),
            list(sums.handbook.items()),
            [each for each in sums.scorecards.items() if not _is_table(each[0], period)],
            [getattr(cycle, each.name) for each in fields(cycle) if each.name not in ROWS],
            list(CycleApprovals(content.catalog_of(period), cycle)),
            # Whose approval, rating or decision stands on a card is told there by name.
            [(row.person, row.name) for row in cycle.people],
        )
        self._own = dict(self._of_people(cycle))

    def of(self, person: str) -> bytes:
        """What decides somebody's card beside `common` and the numbers that are shared."""
        return self._own[person]

    def _of_people(self, cycle: Cycle) -> Iterator[tuple[str, bytes]]:
        """Of each person; what the rows are gathered in for it is gone afterwards, as it is large."""
        people: dict[str, list[Assignment]] = {}
        for row in cycle.people:
            people.setdefault(row.person, []).append(row)
        plain = cycle.actuals.plain_rows if isinstance(cycle.actuals, Readings) else {}
        numbers, targets, ratings = map(_by_subject, (_others(cycle), cycle.targets, cycle.ratings))
        for person, rows in people.items():
            found = self._prints.of(
                rows,
                of_plain(plain.get(person)),
                numbers.get(person),
                targets.get(person),
                [targets.get(row.department) for row in rows],
                ratings.get(person),
                cycle.adjustments.get(person),
                (cycle.calibration or {}).get(person),
                cycle.leave.get(person),
            )
            yield person, found


def _is_table(path: str, period: Period) -> bool:
    folder, _, rest = path.partition("/")
    return folder == str(period) and rest.partition("/")[0].partition(".")[0] in TABLES


def _others(cycle: Cycle) -> Mapping[tuple[str, str], Reading]:
    """The numbers that are not told by plain rows."""
    return cycle.actuals.others if isinstance(cycle.actuals, Readings) else cycle.actuals


def _by_subject(rows: Mapping[tuple[str, str], Any]) -> Mapping[str, list[object]]:
    found: dict[str, list[object]] = {}
    for (subject, key), row in rows.items():
        found.setdefault(subject, []).append((key, row))
    return found
