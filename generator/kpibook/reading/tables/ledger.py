"""What becomes of the rows of one file: each is used, set aside with its reason, repeated or blank."""

from collections.abc import Mapping

from kpibook.base.problems import Level, Place, Problem
from kpibook.model import FileReport, SetAside

MANY = 20
"""More than this % of the rows set aside is worth a warning of its own."""

FOLLOWING = "person-set-aside"
"""Why a row waits with that of its person in the roster: it says nothing against its own file."""

REPLACED = "plan-row-replaced"
"""What is told of a faulty row of a plan behind which a sound one of the same id stands: nothing is left to do."""

CUT_AT = (65_535, 65_536, 1_048_575, 1_048_576)
"""So many rows a spreadsheet holds at most: a file of just that size may have lost its end."""


class Ledger:
    """The account of one data file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows = 0
        self.blank = 0
        self.repeated = 0
        self.empty = 0
        self.set_aside: list[SetAside] = []
        self.problems: list[Problem] = []
        self.converted: list[tuple[Place, str, str]] = []

    def aside(self, row: SetAside) -> None:
        """Set a row aside: its raw text is kept, and its reason is told."""
        self.set_aside.append(row)
        level = Level.NOTE if row.code == REPLACED else Level.WARNING
        self.problems.append(Problem(row.code, row.place, row.values, level))

    def repeat(self, place: Place, first: Place) -> None:
        """Leave a row out that says again what another row says."""
        self.repeated += 1
        self.warn("repeated-row", place, {"first": str(first)})

    def warn(self, code: str, place: Place, values: Mapping[str, object]) -> None:
        """Tell something that stops nothing."""
        self.problems.append(Problem(code, place, values, Level.WARNING))

    def mark(self) -> tuple[int, int]:
        """How far the account has come."""
        return len(self.set_aside), len(self.problems)

    def put_in_order(self, mark: tuple[int, int]) -> None:
        """Put what was told since then into the order of its lines."""
        aside, told = mark
        self.set_aside[aside:] = sorted(self.set_aside[aside:], key=lambda each: each.place.line)
        self.problems[told:] = sorted(self.problems[told:], key=lambda each: each.place.line)

    def weigh(self, aside: int) -> None:
        """Tell what makes the file as a whole doubtful: much of it is set aside, or its end may be lost."""
        if self.rows + 1 in CUT_AT or self.rows in CUT_AT:
            self.warn("maybe-cut-at-limit", Place(self.file), {"rows": self.rows})
        if aside * 100 > self.rows * MANY:
            self.warn("many-rows-set-aside", Place(self.file), {"count": aside, "rows": self.rows})

    def close(self, encoding: str) -> FileReport:
        """The balance of the file; tells when much of it was set aside."""
        aside = len(self.set_aside)
        self.weigh(sum(row.code not in (FOLLOWING, REPLACED) for row in self.set_aside))
        return FileReport(
            file=self.file,
            encoding=encoding,
            rows=self.rows,
            used=self.rows - aside - self.repeated - self.blank,
            set_aside=aside,
            repeated=self.repeated,
            blank=self.blank,
            empty=self.empty,
            converted=tuple(self.converted),
        )
