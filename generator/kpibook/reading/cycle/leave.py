"""leave.csv: protected leave, such as parental leave: its days are taken off, and never count as absence."""

import datetime
from collections.abc import Mapping

from kpibook.base.periods import Period
from kpibook.model import Leave
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.row_context import RowContext, read_person
from kpibook.reading.tables import Layout, Table

LEAVE = Layout(
    required=("person", "kind", "from"), optional=("to", "note"), ids=("person",), dates=("from", "to"), numbers=()
)


def read_leave(table: Table, context: RowContext, period: Period) -> Mapping[str, tuple[Leave, ...]]:
    """The leave that falls into a cycle, by person; what lies wholly outside it is told and changes nothing."""
    kept = KeptRows[tuple[str, str, str], Leave](lambda row: row.last_day, has_key=False)
    for row in table.rows():
        cells = Cells(table, row)
        try:
            person = read_person(cells, context, "person")
            cells.about = (person, "")
            leave = _leave(cells, context)
        except RowFault as fault:
            cells.set_aside(fault)
            continue
        if leave.first_day > period.last_day or (leave.last_day or period.last_day) < period.first_day:
            values = {"person": person, "first": period.first_day, "last": period.last_day}
            table.ledger.warn("leave-outside-cycle", leave.place, values)
            table.ledger.empty += 1
        else:
            kept.add((person, leave.kind, leave.first_day.isoformat()), leave, table)
    kept.settle([table])
    found: dict[str, tuple[Leave, ...]] = {}
    for (person, _, _), leave in kept.rows.items():
        found[person] = (*found.get(person, ()), leave)
    return found


def _leave(cells: Cells, context: RowContext) -> Leave:
    kind, known = " ".join(cells.needed("kind").split()), context.catalog.company.part_cycle.leave_kinds
    if known and kind not in known:
        raise RowFault("kind", "unknown-leave-kind", known=", ".join(known))
    cells.needed("from")
    first_day, last_day = cells.date("from"), cells.date("to")
    if last_day and first_day and last_day < first_day:
        raise RowFault("to", "dates-reversed", first=first_day)
    return Leave(cells.place("from"), kind, first_day or datetime.date.min, last_day)
