"""What an import did, or will do, as lines for the terminal."""

from collections.abc import Iterator, Mapping, Sequence

from kpibook.base.words import Words
from kpibook.exchange.importing.changes import ChangeKind, NumberChange
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.plan import ImportPlan
from kpibook.exchange.importing.preview import preview
from kpibook.exchange.importing.tally import SheetTally, ignored_reasons

SHOWN = 20
"""So many changes are listed one by one."""
LISTED = 8


def report_lines(plan: ImportPlan, say: Words, *, is_preview: bool = False) -> Iterator[str]:
    """Every sheet with its balance, every change, and the sum of all; a preview shows a value of each column, too."""
    for place, tally in enumerate(plan.tallies):
        yield from _sheet(tally, plan.numbers[place], say)
        if tally.header and tally.header.kind is SheetKind.ROSTER:
            yield from _people(tally, plan, say)
        elif is_preview and not (tally.header and tally.header.kind is SheetKind.LEAVE):
            yield from preview(tally, plan, say)
    for did in (ChangeKind.ADDED, ChangeKind.REPLACED):
        yield from _changes([change for change in plan.changes if change.did is did], did, say)
    closed = [f"{row.file} {row.place}" for row in plan.journal.closed(plan.tallies)]
    if closed:
        listed = say("importing.comma").join(closed[:LISTED]) + (" …" if len(closed) > LISTED else "")
        yield say("importing.closed", count=len(closed), listed=listed)
    rows = sum(tally.rows for tally in plan.tallies)
    yield say(
        "importing.total",
        rows=rows,
        used=sum(tally.used for tally in plan.tallies),
        set_aside=sum(tally.rows_set_aside for tally in plan.tallies),
        ignored=sum(len(tally.ignored) for tally in plan.tallies),
    )


def _sheet(tally: SheetTally, done: Mapping[ChangeKind, int], say: Words) -> Iterator[str]:
    name = f"{tally.file}!{tally.sheet}" if tally.sheet else tally.file
    if tally.header is None:
        yield say(f"importing.left_out.{tally.left_out}", name=name, rows=tally.rows)
        return
    kind = say(f"importing.kind.{tally.header.kind}")
    yield say("importing.sheet", name=name, encoding=tally.encoding, kind=kind, line=tally.header.heading.line)
    if tally.header.columns:
        pairs = (f"{column.label} → {' / '.join(column.candidates)}" for column in tally.header.columns)
        yield say("importing.columns", columns=say("importing.comma").join(pairs))
    if tally.header.ignored and not tally.stamp:
        ignored = (
            say("importing.ignored_column", label=each.label, reason=say(f"importing.sort.{each.sort}"))
            for each in tally.header.ignored
        )
        yield say("importing.ignored_columns", columns=say("importing.comma").join(ignored))
    if tally.header.said.units:
        yield say("importing.said_unit", units=say("importing.comma").join(tally.header.said.units))
    if tally.header.computed:
        yield say("importing.computed", columns=say("importing.comma").join(tally.header.computed))
    balance = {"rows": tally.rows, "used": tally.used, "set_aside": tally.rows_set_aside}
    yield say("importing.balance", **balance, ignored=len(tally.ignored))
    for code, lines in ignored_reasons(tally):
        reason, known = say(f"importing.reason.{code}"), _lines(lines)
        key = "ignored" if known else "ignored_unseen"
        yield say(f"importing.{key}", reason=reason, count=len(lines), lines=known)
    numbers = {did.value: count for did, count in done.items()}
    yield say("importing.numbers", **numbers, set_aside=len(tally.set_aside), empty=tally.empty)
    if tally.converted:
        place, raw, value = tally.converted[0]
        yield say("importing.converted", count=len(tally.converted), place=place, raw=raw, value=value)
    if tally.summed:
        first = tally.summed[0]
        values = {"what": " ".join(first.key), "value": first.text, "days": first.days}
        yield say("importing.summed", count=len(tally.summed), **values)


def _people(tally: SheetTally, plan: ImportPlan, say: Words) -> Iterator[str]:
    """How many of a roster are new."""
    file = plan.people
    if file:
        counts = {"added": len(file.added), "replaced": len(file.replaced), "same": file.same}
        yield say("importing.people", rows=len(tally.people), **counts)
        for row in file.added[:SHOWN]:
            values = {"what": f"{row.name} {row.person}", "value": f"{row.role}, {row.department}", "file": file.name}
            yield say("importing.change.added", **values, place=row.place, before="")
        if len(file.added) > SHOWN:
            yield say("importing.more", count=len(file.added) - SHOWN)


def _lines(lines: Sequence[int]) -> str:
    known = [str(line) for line in lines if line]
    return ", ".join(known[:LISTED]) + (" …" if len(known) > LISTED else "")


def _changes(changes: Sequence[NumberChange], did: ChangeKind, say: Words) -> Iterator[str]:
    for change in changes[:SHOWN]:
        what = " ".join(filter(None, change.accepted.key))
        values = {"what": what, "value": change.accepted.text, "file": change.target, "place": change.accepted.place}
        yield say(f"importing.change.{did}", **values, before=change.before)
    if len(changes) > SHOWN:
        yield say("importing.more", count=len(changes) - SHOWN)
