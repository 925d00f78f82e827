"""What an import did, or will do, as lines for the terminal."""

from collections.abc import Iterator, Mapping, Sequence

from kpibook.base.words import Words
from kpibook.exchange.importing.changes import ChangeKind, NumberChange
from kpibook.exchange.importing.plan import ImportPlan
from kpibook.exchange.importing.tally import SheetTally, ignored_reasons

SHOWN = 20
"""So many changes are listed one by one."""
LISTED = 8


def told(plan: ImportPlan, say: Words) -> Iterator[str]:
    """Every sheet with its balance, every change, and the sum of all."""
    for place, intake in enumerate(plan.intakes):
        yield from _sheet(intake, plan.numbers[place], say)
    for did in (ChangeKind.ADDED, ChangeKind.REPLACED):
        yield from _changes([change for change in plan.changes if change.did is did], did, say)
    closed = [f"{row.file} {row.place}" for row in plan.register.closed(plan.intakes)]
    if closed:
        listed = say("importing.comma").join(closed[:LISTED]) + (" …" if len(closed) > LISTED else "")
        yield say("importing.closed", count=len(closed), listed=listed)
    rows = sum(intake.rows for intake in plan.intakes)
    yield say(
        "importing.total",
        rows=rows,
        used=sum(intake.used for intake in plan.intakes),
        set_aside=sum(intake.rows_set_aside for intake in plan.intakes),
        ignored=sum(len(intake.ignored) for intake in plan.intakes),
    )


def _sheet(intake: SheetTally, done: Mapping[ChangeKind, int], say: Words) -> Iterator[str]:
    name = f"{intake.file}!{intake.sheet}" if intake.sheet else intake.file
    if intake.found is None:
        yield say(f"importing.left_out.{intake.left_out}", name=name, rows=intake.rows)
        return
    kind = say(f"importing.kind.{intake.found.kind}")
    yield say("importing.sheet", name=name, encoding=intake.encoding, kind=kind, line=intake.found.heading.line)
    if intake.found.columns:
        pairs = (f"{column.name} → {' / '.join(column.candidates)}" for column in intake.found.columns)
        yield say("importing.columns", columns=say("importing.comma").join(pairs))
    if intake.found.computed:
        yield say("importing.computed", columns=say("importing.comma").join(intake.found.computed))
    balance = {"rows": intake.rows, "used": intake.used, "set_aside": intake.rows_set_aside}
    yield say("importing.balance", **balance, ignored=len(intake.ignored))
    for code, lines in ignored_reasons(intake):
        reason, known = say(f"importing.reason.{code}"), _lines(lines)
        key = "ignored" if known else "ignored_unseen"
        yield say(f"importing.{key}", reason=reason, count=len(lines), lines=known)
    numbers = {did.value: count for did, count in done.items()}
    yield say("importing.numbers", **numbers, set_aside=len(intake.set_aside), empty=intake.empty)
    if intake.converted:
        place, raw, value = intake.converted[0]
        yield say("importing.converted", count=len(intake.converted), place=place, raw=raw, value=value)


def _lines(lines: Sequence[int]) -> str:
    known = [str(line) for line in lines if line]
    return ", ".join(known[:LISTED]) + (" …" if len(known) > LISTED else "")


def _changes(changes: Sequence[NumberChange], did: ChangeKind, say: Words) -> Iterator[str]:
    for change in changes[:SHOWN]:
        what = " ".join(filter(None, change.taken.key))
        values = {"what": what, "value": change.taken.text, "file": change.target, "place": change.taken.place}
        yield say(f"importing.change.{did}", **values, before=change.before)
    if len(changes) > SHOWN:
        yield say("importing.more", count=len(changes) - SHOWN)
