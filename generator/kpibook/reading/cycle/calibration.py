"""calibration.csv: totals and grades that people set in place of those that were computed."""

from collections.abc import Mapping

from kpibook.base.persons import is_person
from kpibook.model import Calibration
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.row_context import POINTS, RowContext, read_person
from kpibook.reading.cycle.subjects import KnownIds
from kpibook.reading.tables import Layout, Table

CALIBRATION = Layout(
    required=("person", "reason", "by", "on"), optional=("total", "grade"), ids=("person",), numbers=("total",)
)


def read_calibration(table: Table, context: RowContext) -> Mapping[str, Calibration]:
    """The calibrated totals and grades, by person; a row with neither changes nothing."""
    claims = KeptRows[tuple[str], Calibration](lambda row: (row.total, row.grade), has_key=False)
    grades = KnownIds(grade.id for grade in context.catalog.grades)
    for row in table.rows():
        cells = Cells(table, row)
        try:
            person = read_person(cells, context, "person")
            cells.about = (person, "")
            calibration = _calibration(cells, context, grades)
        except RowFault as fault:
            cells.set_aside(fault)
            continue
        if calibration is None:
            table.ledger.empty += 1
        else:
            claims.add((person,), calibration, table)
    claims.settle([table])
    return {person: calibration for (person,), calibration in claims.rows.items()}


def _calibration(cells: Cells, context: RowContext, grades: KnownIds) -> Calibration | None:
    """What a row says; None where it leaves total and grade as they are."""
    has_total, grade = bool(cells.text("total").strip()), cells.text("grade").strip()
    if not has_total and not grade:
        return None
    if grade and grades.find(grade) != grade:
        raise RowFault("grade", "unknown-grade", near=grades.near(grade))
    total = cells.number("total", POINTS) if has_total else None
    reason, by = cells.needed("reason"), cells.needed("by")
    person, _ = cells.about
    if is_person(by, person, context.names.get(person, "")):
        raise RowFault("by", "calibrated-by-oneself", person=person)
    cells.needed("on")
    return Calibration(cells.place("person"), total, grade, reason, by, cells.date("on"))
