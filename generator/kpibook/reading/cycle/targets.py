"""targets.csv: what is expected of a person or of a department, a row each."""

from collections.abc import Mapping

from gmpy2 import mpq

from kpibook.base.numbers import show
from kpibook.model import Catalog, Direction, Indicator, Scored, TargetRow
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.row_context import RowContext, read_indicator, read_person
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import Layout, Table
from kpibook.rules.standards import Stretch

TARGETS = Layout(
    required=("subject", "indicator", "target"),
    optional=("reason", "approved_by", "on", "original", "threshold", "stretch"),
    ids=("subject", "indicator"),
    numbers=("target", "original", "threshold", "stretch"),
)


def read_targets(table: Table, context: RowContext) -> Mapping[tuple[str, str], TargetRow]:
    """The targets of persons and departments."""
    kept = KeptRows[tuple[str, str], TargetRow](lambda row: (row.value, row.original, row.threshold, row.stretch))
    for row in table.rows():
        cells = Cells(table, row)
        try:
            _add_target(cells, context, kept)
        except RowFault as fault:
            cells.set_aside(fault)
    kept.settle([table])
    return kept.rows


def _add_target(cells: Cells, context: RowContext, kept: KeptRows[tuple[str, str], TargetRow]) -> None:
    subject = _target_subject(cells, context)
    cells.about = (subject, "")
    indicator = read_indicator(cells, context)
    cells.about = (subject, indicator)
    if not cells.text("target").strip():
        cells.table.ledger.empty += 1
        cells.table.ledger.warn("target-empty", cells.place("target"), {"subject": subject, "indicator": indicator})
        return
    unit = context.catalog.indicators[indicator].unit
    original = cells.number("original", unit) if cells.text("original").strip() else None
    target = cells.number("target", unit)
    row = TargetRow(
        target,
        cells.place("target"),
        cells.text("reason").strip(),
        cells.text("approved_by").strip(),
        original,
        cells.date("on"),
        _value_beside(cells, "threshold", target, context),
        _value_beside(cells, "stretch", target, context),
    )
    kept.add(cells.about, row, cells.table)


def _value_beside(cells: Cells, column: str, target: mpq, context: RowContext) -> mpq | None:
    """The threshold or the stretch value of a row, on its own side of the target; None where the row gives none."""
    if not cells.text(column).strip():
        return None
    indicator = context.catalog.indicators[cells.about[1]]
    value = cells.number(column, indicator.unit)
    check_beside(column, value, target, indicator, context.beside)
    return value


def check_beside(
    column: str, value: mpq, target: mpq, indicator: Indicator, used: Mapping[str, frozenset[str]]
) -> None:
    """A threshold or a stretch value lies on its side of the target, and a rule uses it; raises RowFault otherwise."""
    if column not in used.get(indicator.id, ()):
        raise RowFault(column, "beside-not-used", indicator=indicator.id)
    is_short = value > target if indicator.direction is Direction.LOWER else value < target
    if value == target or is_short is not (column == "threshold"):
        raise RowFault(column, "beside-target-order", indicator=indicator.id, target=show(target))


def used_beside(catalog: Catalog) -> Mapping[str, frozenset[str]]:
    """By indicator: which values beside a target the rules of any scorecard use."""
    owners: tuple[Scored, ...] = (*catalog.roles.values(), *catalog.departments.values(), catalog.company)
    found: dict[str, frozenset[str]] = {}
    for item in (item for owner in owners for item in owner.items):
        if isinstance(item.standard, Stretch):
            used = {"threshold"} if item.standard.at_stretch is None else {"threshold", "stretch"}
            found[item.indicator] = found.get(item.indicator, frozenset()) | used
    return found


def _target_subject(cells: Cells, context: RowContext) -> str:
    text = cells.text("subject")
    for identifier in context.catalog.departments:
        if folded(identifier) == folded(text):
            return identifier
    return read_person(cells, context, "subject")
