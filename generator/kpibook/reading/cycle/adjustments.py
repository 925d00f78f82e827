"""adjustments.csv: points added or taken off by decision, a row each."""

from collections.abc import Mapping

from kpibook.model import Adjustment
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.row_context import POINTS, RowContext, read_person
from kpibook.reading.tables import Layout, Table

ADJUSTMENTS = Layout(
    required=("person", "points"),
    optional=("reason", "approved_by", "on"),
    ids=("person",),
    numbers=("points",),
)


def read_adjustments(table: Table, context: RowContext) -> Mapping[str, tuple[Adjustment, ...]]:
    """The points added or taken off by decision, by person."""
    kept = KeptRows[tuple[str, str], Adjustment](lambda row: row.points, has_key=False)
    for row in table.rows():
        cells = Cells(table, row)
        try:
            person = read_person(cells, context, "person")
            cells.about = (person, "")
            reason = cells.text("reason").strip()
            points = cells.number("points", POINTS)
            approved_on = cells.date("on")
        except RowFault as fault:
            cells.set_aside(fault)
            continue
        adjustment = Adjustment(points, reason, cells.text("approved_by").strip(), cells.place("points"), approved_on)
        kept.add((person, reason), adjustment, table)
    kept.settle([table])
    adjustments: dict[str, tuple[Adjustment, ...]] = {}
    for (person, _), adjustment in kept.rows.items():
        adjustments[person] = (*adjustments.get(person, ()), adjustment)
    return adjustments
