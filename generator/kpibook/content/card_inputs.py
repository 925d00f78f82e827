"""What decides the card of each person of an open cycle, before it is scored: own rows, roles, what is everybody's.

Numbers of departments and of the company are no part of it: `CardDependencies` tells which a card took. Nor are the
roles that only others hold: no card is made of them but through such numbers.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from kpibook.base.file_sums import FileSums
from kpibook.base.fingerprints import Fingerprints, of_plain
from kpibook.base.periods import Period
from kpibook.content.loading import Content
from kpibook.model import Assignment, Combine, Cycle, Reading, Role
from kpibook.reading.cycle.readings import Readings
from kpibook.reading.own_catalogs import HANDBOOK
from kpibook.scoring.approvals import CycleApprovals

TABLES = ("people", "actuals", "targets", "ratings", "adjustments", "calibration", "leave")
"""The tables of a cycle of which a card takes its person's rows, and nothing else but what everybody's says."""
ROWS = ("people", "actuals", "targets", "ratings", "asked", "adjustments", "calibration", "leave", "files")
"""What a cycle holds of them."""
ROLES = "roles/"
"""The folder of a catalog whose files make nothing but its roles."""


class CardInputs:
    """The inputs of the cards of one cycle, as fingerprints."""

    def __init__(self, content: Content, period: Period, sums: FileSums, run: str) -> None:
        """`run` is what decides all cards alike beside the files, such as the program."""
        cycle, catalog = content.cycles[period], content.catalog_of(period)
        # Whose approval, rating or decision stands on a card is told there by name: who is named is told apart by it.
        names = {row.person.casefold(): row.name for row in cycle.people}
        self._prints = Fingerprints(names)
        # The mean of other cycles' totals is made of the roles held there, and of all that these were scored by.
        self._roles: Mapping[str, Role] = {} if cycle.combine is Combine.MEAN_OF_SCORES else catalog.roles
        self.catalog = replace(catalog, roles={}) if self._roles else catalog
        """What of the catalog decides everybody's card."""
        self.common = self._prints.of(
            run,
            str(period),
            self._files(content, period, sums),
            self.catalog,
            [(each.id, each.name) for each in catalog.roles.values()],
            [_without(cycle, ROWS), *self._of_others(content, period)],
            list(CycleApprovals(catalog, cycle)),
            # The rows of the shorter cycles that make this one are no part of anybody's own ones, whomever they name.
            list(names.items()) if any(content.cycles.keys() & set(parts) for parts in period.parts) else [],
        )
        self._own = dict(self._of_people(cycle))

    def of(self, person: str) -> bytes:
        """What decides somebody's card beside `common` and the numbers that are shared."""
        return self._own[person]

    def fingerprint(self, value: object) -> bytes:
        """A fingerprint of a value, and of the names of the people in it."""
        return self._prints.of(value)

    def held(self, rows: Iterable[Assignment]) -> tuple[str, ...]:
        """The roles of some rows that decide no other cards, each once."""
        return tuple(sorted({row.role for row in rows if row.role in self._roles}))

    def roles(self, ids: Iterable[str]) -> tuple[Role | None, ...]:
        """What roles are; None for one that there is no more."""
        return tuple(map(self._roles.get, ids))

    def of_roles(self, ids: Iterable[str]) -> bytes:
        """A fingerprint of what roles are."""
        return self._prints.of(*self.roles(ids))

    def _files(self, content: Content, period: Period, sums: FileSums) -> list[tuple[str, str]]:
        """The sums of all files but for the tables and the roles of the cycle's own cards."""
        roles = f"{period}/{HANDBOOK}/{ROLES}" if self._roles else None
        is_todays = self._roles and content.catalog_of(period) is content.catalog
        handbook = (each for each in sums.handbook.items() if not (is_todays and each[0].startswith(ROLES)))
        others = (each for each in sums.scorecards.items() if not _is_table(each[0], period))
        return [*handbook, ("", ""), *(each for each in others if not (roles and each[0].startswith(roles)))]

    def _of_others(self, content: Content, period: Period) -> Iterator[object]:
        """What roles have to do with other cycles: which of their rows count, and what their ids are called here."""
        catalog = content.catalog_of(period)
        for other, cycle in content.cycles.items() if self._roles else ():
            if other != period:
                yield content.successors(other, catalog).text
                yield _without(cycle, ("actuals", "files")) if content.catalog_of(other) is catalog else None

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
                self.of_roles(self.held(rows)),
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


def _without(cycle: Cycle, names: Collection[str]) -> list[object]:
    return [getattr(cycle, each.name) for each in fields(cycle) if each.name not in names]


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
