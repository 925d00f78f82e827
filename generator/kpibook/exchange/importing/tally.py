"""What became of the rows of one sheet, and how they balance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.accepted import AcceptedCell
from kpibook.exchange.importing.layouts import Column, SheetHeader
from kpibook.exchange.importing.people_file import PEOPLE, Refusal, RosterRow
from kpibook.exchange.importing.sheet_stamp import SheetStamp
from kpibook.model import SetAside
from kpibook.reading.tables import RAW_SHOWN, FileHead, Table

OTHER_PERIOD, NO_HEADER, NOT_WHOLE, UNCLEAR, LEFT = "other-period", "no-header", "not-whole", "unclear", "left"
OTHER_LEAVE = "other-leave"
IGNORED = ("totals-row", "repeated-header", "footnote-row", OTHER_PERIOD, LEFT, OTHER_LEAVE)
"""Rows that are not data of this cycle: they are named, and nobody has to mend them."""
LISTED = 8
"""So many people are named of those about whom something is not certain."""


@dataclass(slots=True)
class SheetTally:
    """What became of the rows of one sheet."""

    file: str
    sheet: str
    sha256: str
    header: SheetHeader | None
    stamp: SheetStamp | None = None
    encoding: str = ""
    rows: int = 0
    """Everything that holds something: titles, the rows below the header, blank rows between them."""
    ignored: list[tuple[str, int]] = field(default_factory=list)
    """Why and which row."""
    accepted: list[AcceptedCell] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    known: int = 0
    """Numbers that stood in the cycle already."""
    empty: int = 0
    """Cells for numbers that were left empty."""
    problems: list[Problem] = field(default_factory=list)
    lost: int = 0
    """Rows that could not be cut into cells."""
    faulty: set[int] = field(default_factory=set)
    """The rows of which something was set aside."""
    converted: tuple[tuple[Place, str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    """The columns of numbers that were read."""
    units: Mapping[str, str] = field(default_factory=dict)
    """By the id of a number, the unit that holds for the first of them, where a row or a long table says one."""
    summed: list[AcceptedCell] = field(default_factory=list)
    """Numbers that are the sum of those of several days."""
    summed_lines: set[int] = field(default_factory=set)
    """The rows of those days."""
    people: list[RosterRow] = field(default_factory=list)
    """The rows of a roster that were understood."""
    follows: dict[Place, str] = field(default_factory=dict)
    """By the place of a row set aside, what else follows from it."""
    table: Table | None = None
    """Where the rows can be had once more."""

    @property
    def used(self) -> int:
        """Rows that were taken in, with numbers or still without."""
        return self.rows - self.rows_set_aside - len(self.ignored)

    @property
    def rows_set_aside(self) -> int:
        """Rows of which nothing was taken in."""
        return self.lost + len(self.faulty - {accepted.line for accepted in self.accepted} - self.summed_lines)

    @property
    def left_out(self) -> str:
        """Why nothing of the sheet is used; empty where it is read."""
        return next((reason for reason, _ in self.ignored), NO_HEADER) if self.header is None else ""

    @property
    def is_explained(self) -> bool:
        """Whether it was said why nothing of the sheet is used."""
        return self.left_out == OTHER_PERIOD or any(each.level is Level.ERROR for each in self.problems)

    def give_up(self, reason: str) -> None:
        """Use nothing of a sheet that was read."""
        self.header = None
        self.ignored = [(reason, 0)] * self.rows
        self.accepted, self.set_aside, self.faulty, self.lost = [], [], set(), 0

    def leave_out(self, top: FileHead, rows: int, reason: str = NO_HEADER) -> None:
        """Account for a sheet of so many rows, of which nothing is read."""
        self.header = None
        self.rows = max(rows, len(top.rows))
        self.ignored = [(reason, line) for line, _ in top.rows]
        self.ignored += [(reason, 0)] * (self.rows - len(self.ignored))

    def follow(self, place: Place, people: Sequence[str]) -> None:
        """Fold under a row that is set aside those whose manager is not certain because of it."""
        if people:
            more = f" \u2026 ({len(people)})" if len(people) > LISTED else ""
            self.follows[place] = ", ".join(people[:LISTED]) + more

    def weigh(self) -> None:
        """Warn where much of the sheet was set aside; called once it is certain which rows are."""
        if self.table:
            told = self.table.ledger.problems
            before = len(told)
            self.table.ledger.weigh(self.rows_set_aside if self.rows_set_aside > 1 else 0)
            self.problems += told[before:]

    def refuse_people(self, refused: Mapping[Place, Refusal]) -> None:
        """Set aside rows of a roster that were understood and cannot be taken."""
        own = [row for row in self.people if row.place in refused]
        raws = self.table.raw_rows({row.line for row in own}) if self.table and own else {}
        for row in own:
            each, raw = refused[row.place], raws[row.line][:RAW_SHOWN]
            self.set_aside.append(SetAside(row.place, raw, each.code, each.values, row.person, table=PEOPLE))
            self.follow(row.place, each.follows)
        self.faulty |= {row.line for row in own}
        self.people = [row for row in self.people if row.place not in refused]

    def refuse(self, refused: Mapping[AcceptedCell, tuple[str, Mapping[str, object]]]) -> None:
        """Set aside what was understood and cannot be taken for another reason: code and values by what it was."""
        lines = {accepted.line for accepted in refused}
        if not lines:
            return
        raws = self.table.raw_rows(lines) if self.table else {}
        for accepted in self.accepted:
            if accepted in refused:
                code, values = refused[accepted]
                raw, (subject, key) = raws[accepted.line][:RAW_SHOWN], accepted.key[:2]
                self.set_aside.append(SetAside(accepted.place, raw, code, values, subject, key, accepted.table))
        self.faulty |= lines
        self.accepted = [accepted for accepted in self.accepted if accepted not in refused]


def ignored_reasons(tally: SheetTally) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The reasons for which rows were ignored, each with its rows."""
    for code in dict.fromkeys(code for code, _ in tally.ignored):
        yield code, tuple(sorted(line for each, line in tally.ignored if each == code))


def in_words_of_header(problem: Problem) -> Problem:
    """The problem with a column called as the header of the table that came in calls it, and not as our files do."""
    if problem.code != "column-ignored":
        return problem
    number = problem.values["number"]
    values = {"name": str(problem.values["name"]).removesuffix(f"_({number})"), "number": number}
    return Problem("import-column-ignored", problem.place, values, problem.level)
