"""A data file read from bytes: its rows, what was set aside, what was told."""

from kpibook.base.problems import Level, Problem
from kpibook.model import FileReport
from kpibook.reading.tables import Layout, Table, read_table

LAYOUT = Layout(
    required=("subject", "measure", "actual"),
    optional=("note", "from"),
    ids=("subject", "measure"),
    numbers=("actual",),
    dates=("from",),
)
HEADER = "subject,measure,actual,note\n"
Rows = list[tuple[int, list[str]]]


def read(data: bytes | str, name: str = "actuals/a.csv") -> tuple[Table | None, tuple[Problem, ...]]:
    return read_table(data.encode("utf-8") if isinstance(data, str) else data, name, LAYOUT)


def rows_of(data: bytes | str, name: str = "actuals/a.csv") -> tuple[Rows, Table]:
    """The good rows of a file that can be read, and the table with its ledger."""
    table, problems = read(data, name)
    assert table is not None, problems
    return [(line, list(cells)) for line, cells in table.rows()], table


def refused(data: bytes | str, name: str = "actuals/a.csv") -> str:
    """The code for which a whole file is refused."""
    table, problems = read(data, name)
    assert table is None
    [code] = [problem.code for problem in problems if problem.level is Level.ERROR]
    assert all(map(str, problems))
    return code


def aside(table: Table) -> list[tuple[str, str]]:
    return [(row.code, str(row.place)) for row in table.ledger.set_aside]


def told(table: Table) -> list[str]:
    return [problem.code for problem in table.ledger.problems]


def report(table: Table) -> FileReport:
    return table.ledger.close(table.encoding)
