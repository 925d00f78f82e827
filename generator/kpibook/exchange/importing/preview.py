"""What an import understands of each column, with the first value as it stands there and as it would be written."""

from collections.abc import Iterator, Mapping

from kpibook.base.words import Words
from kpibook.exchange.importing.accepted import ACTUALS, RATINGS, TARGETS, AcceptedCell
from kpibook.exchange.importing.layouts import Column
from kpibook.exchange.importing.plan import ImportPlan
from kpibook.exchange.importing.tally import SheetTally


def preview(tally: SheetTally, plan: ImportPlan, say: Words) -> Iterator[str]:
    """A line for each number of a table: its column, what it is, its unit, its cycle, and the first value."""
    if tally.header is None or tally.table is None:
        return
    firsts = _firsts(tally)
    if not firsts and not tally.columns:
        return
    yield say("importing.preview.head", **{key: say(f"importing.preview.title.{key}") for key in _TITLES})
    raws = _raws(tally, firsts)
    for (label, table, identifier), accepted in firsts.items():
        place = accepted.place.cell.rpartition("!")[2] or f"{accepted.place.line}:{accepted.place.column}"
        yield say(
            "importing.preview.head",
            column=label,
            measure=_name(plan, table, identifier, say),
            unit=_unit(tally, plan, label, identifier, say) if table != RATINGS else "-",
            period=plan.cycle.period,
            first=say("importing.preview.first", place=place, raw=raws[accepted], value=accepted.text),
        )
    for column in tally.columns:
        if not any(label == column.label for label, _, _ in firsts):
            yield _without_value(column, tally, plan, say)


def _without_value(column: Column, tally: SheetTally, plan: ImportPlan, say: Words) -> str:
    """The line of a column of which nothing is taken: it is empty, or everything in it was set aside."""
    is_clear = len(column.candidates) == 1
    [identifier] = column.candidates if is_clear else [", ".join(column.candidates)]
    table = TARGETS if column.is_target else ACTUALS
    is_aside = any(row.key in column.candidates for row in tally.set_aside)
    return say(
        "importing.preview.head",
        column=column.label,
        measure=_name(plan, table, identifier, say) if is_clear else identifier,
        unit=_unit(tally, plan, column.label, identifier, say) if is_clear else column.unit or "-",
        period=plan.cycle.period,
        first=say(f"importing.preview.{'aside' if is_aside else 'none'}"),
    )


_TITLES = ("column", "measure", "unit", "period", "first")


def _firsts(tally: SheetTally) -> Mapping[tuple[str, str, str], AcceptedCell]:
    """The first value of each column, and of each number in it."""
    found: dict[tuple[str, str, str], AcceptedCell] = {}
    labels = tally.header.heading.labels if tally.header else ()
    at_column = tally.table.columns if tally.table else {}
    is_sheet = bool(tally.sheet)
    by_place = dict(enumerate(labels))
    by_measure = {each: column.label for column in tally.columns for each in column.candidates}
    value_at = {ACTUALS: at_column.get("actual", 0), RATINGS: at_column.get("score", 0)}
    for accepted in tally.accepted:
        label = by_place.get(accepted.place.column - 1, "") if is_sheet else by_measure.get(accepted.key[1], "")
        at = value_at.get(accepted.table, at_column.get("target", 0))
        key = (label or by_place.get(at, ""), accepted.table, accepted.key[1])
        found.setdefault(key, accepted)
    return found


def _raws(tally: SheetTally, firsts: Mapping[tuple[str, str, str], AcceptedCell]) -> Mapping[AcceptedCell, str]:
    """The cells as they stand in the file."""
    converted = {place: raw for place, raw, _ in tally.converted}
    return {accepted: converted.get(accepted.place, accepted.text) for accepted in firsts.values()}


def _name(plan: ImportPlan, table: str, identifier: str, say: Words) -> str:
    named = plan.catalog.named(identifier)
    kind = {RATINGS: "rating", TARGETS: "goal"}.get(table, "number")
    return say(f"importing.preview.{kind}", name=named.name if named else identifier, id=identifier)


def _unit(tally: SheetTally, plan: ImportPlan, label: str, identifier: str, say: Words) -> str:
    named = plan.catalog.named(identifier)
    own = named.unit if named else ""
    column = next((each for each in tally.columns if each.label == label), None)
    said = tally.units.get(identifier, column.written if column else "")
    return say("importing.preview.units", written=said, own=own) if said and said != own else own
