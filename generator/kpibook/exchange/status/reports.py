"""The state of a cycle as text for people, and as JSON and CSV for other programs."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from gmpy2 import mpq

from kpibook.base.day_texts import day_of_week
from kpibook.base.entry import json_number
from kpibook.base.numbers import HUNDRED, plain
from kpibook.base.words import Words
from kpibook.exchange.record_sheets.reports import follow_up_counts, follow_up_object, follow_up_rows, follow_up_text
from kpibook.exchange.status.messages import due_text, messages, some_of, supplier_text, why
from kpibook.exchange.status.state import RATERS, Count, CycleState, ItemProgress, RefusedRow
from kpibook.reading.tables import text_cell

StateReport = Callable[[CycleState, Words, datetime.date], Iterator[str]]

COLUMNS = (
    "supplier",
    "supplier_name",
    "kind",
    "subject",
    "name",
    "key",
    "key_name",
    "relation",
    "state",
    "reason",
    "cards",
    "waiting",
    "weight",
    "due",
    "days_late",
)
COLUMNS_OF_PEOPLE = ("supplier_name", "subject", "name", "reason", "waiting")
"""Columns that may hold a name or a cell; the ids of raters in the first one are left out, too."""
OF_PEOPLE = ("people", "progress", "unapproved", "owed", "messages", "follow_up")
"""Keys of the JSON that name people."""
BOM = "\ufeff"
SHARE = 2


def as_text(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    """What is there, group by group, and a message to each that owes something."""
    yield from _head(state, say, today)
    if state.unapproved:
        yield ""
        yield say("status.section.unapproved")
        yield from (f"  {refused_text(each, say)}" for each in state.unapproved)
    yield from _section("suppliers", state.suppliers, say)
    for name, counts in (("measures", state.measures), ("departments", state.departments), ("people", state.people)):
        yield from _section(name, [count for count in counts if not count.is_complete], say)
    if state.progress:
        yield ""
        yield say("status.section.progress")
        yield from (f"  {line}" for line in _progress_lines(state, say))
    found = list(messages(state, say, today))
    if found:
        yield ""
        yield say("status.section.messages")
    for _, text in found:
        yield ""
        yield text
    if state.is_complete:
        yield say("status.complete")
    if state.follow_up:
        yield from follow_up_text(state.follow_up, say, today)


def _head(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    cycle, whole = state.cycle, state.all
    values = {"needed": whole.needed, "given": whole.given, "set_aside": whole.set_aside, "missing": whole.missing}
    yield say("status.head", name=cycle.name, period=cycle.period, **values)
    yield due_text(state, say, today) + say("status.uncovered", share=shown_share(whole.uncovered))
    if cycle.set_aside:
        yield say("status.rows_aside", count=len(cycle.set_aside))


def _section(name: str, counts: Sequence[Count], say: Words) -> Iterator[str]:
    if counts:
        yield ""
        yield say(f"status.section.{name}")
    for count in counts:
        yield f"  {count_text(count, say)}"


def count_text(count: Count, say: Words) -> str:
    """`Finance 88/91, 2 missing, 1 set aside`."""
    name = supplier_text(count.id, count.name, say)
    text = say("status.count", name=name, given=count.given, needed=count.needed)
    text += say("status.count_missing", count=count.missing) if count.missing else ""
    text += say("status.count_set_aside", count=count.set_aside) if count.set_aside else ""
    return text + (say("status.count_uncovered", share=shown_share(count.uncovered)) if count.uncovered else "")


def _progress_lines(state: CycleState, say: Words) -> Iterator[str]:
    """For each indicator how many are behind what the days so far ask for, and who they are, the furthest first."""
    by_key: dict[str, list[ItemProgress]] = {}
    for each in state.progress:
        by_key.setdefault(each.key, []).append(each)
    for key, found in by_key.items():
        behind = [each for each in found if each.is_behind]
        through = max(each.found.through for each in found)
        yield say("status.progress", key=key, day=day_of_week(through, say), count=len(found), behind=len(behind))
        if behind:
            shares = (say("status.progress_one", name=each.name, share=_part(each.found.share)) for each in behind)
            yield say("status.progress_behind", people=some_of(list(shares), say))


def _part(share: mpq | None) -> str:
    return shown_share(None if share is None else share * HUNDRED)


def refused_text(refused: RefusedRow, say: Words) -> str:
    """What does not count, where it stands, and what it lacks: `target of Ann for Sales (targets.csv:3): no day`."""
    lacking = refused.lacking
    name = (
        refused.about if lacking.about == refused.about else say("status.subject", name=refused.about, id=lacking.about)
    )
    lacks = say("status.comma").join(say(f"status.lack.{lack}") for lack in lacking.lacks)
    return say(f"status.refused.{lacking.subject}", name=name, key=refused.key, place=lacking.place, lacks=lacks)


def shown_share(value: mpq | None) -> str:
    """A share of weight in %, or a dash."""
    return "—" if value is None else f"{plain(value, SHARE)}%"


def as_json(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    """One JSON object."""
    yield json.dumps(_object(state, say, today), ensure_ascii=False, indent=2)


def _object(state: CycleState, say: Words, today: datetime.date) -> Mapping[str, object]:
    return {
        "cycle": str(state.cycle.period),
        "name": state.cycle.name,
        "today": today.isoformat(),
        "collect_by": state.due.isoformat() if state.due else None,
        "days_late": state.days_late(today) if not state.is_complete else 0,
        "complete": state.is_complete,
        "rows_set_aside": len(state.cycle.set_aside),
        "all": _count(state.all),
        "suppliers": [_count(count) for count in state.suppliers],
        "measures": [_count(count) for count in state.measures],
        "departments": [_count(count) for count in state.departments],
        "people": [_count(count) for count in state.people],
        **({"progress": [_progress(each) for each in state.progress]} if state.progress else {}),
        "unapproved": [_refused(each, say) for each in state.unapproved],
        "owed": [dict(zip(COLUMNS, row, strict=True)) for row in _owed_rows(state, say, today)],
        "messages": [{"supplier": name, "text": text} for name, text in messages(state, say, today)],
        "follow_up": follow_up_object(state.follow_up, say, today) if state.follow_up else None,
    }


def _progress(each: ItemProgress) -> Mapping[str, object]:
    return {
        "name": each.name,
        "key": each.key,
        "through": each.found.through.isoformat(),
        "actual": json_number(each.found.actual),
        "due": json_number(each.found.due),
        "behind": each.is_behind,
    }


def _count(count: Count) -> Mapping[str, object]:
    return {
        "id": count.id,
        "name": count.name,
        "needed": count.needed,
        "given": count.given,
        "set_aside": count.set_aside,
        "missing": count.missing,
        "uncovered_percent": None if count.uncovered is None else json_number(count.uncovered),
    }


def _refused(refused: RefusedRow, say: Words) -> Mapping[str, object]:
    lacking = refused.lacking
    return {
        "kind": lacking.subject.value,
        "subject": lacking.about,
        "key": lacking.key,
        "place": str(lacking.place),
        "lacks": [lack.value for lack in lacking.lacks],
        "text": refused_text(refused, say),
    }


def as_csv(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    """A row for each thing that is owed."""
    yield BOM + ",".join(COLUMNS)
    for row in _owed_rows(state, say, today):
        yield ",".join(text_cell(str(cell)) for cell in row)
    for followed in follow_up_rows(state.follow_up, say, today) if state.follow_up else ():
        yield ",".join(text_cell(str(followed.get(column, ""))) for column in COLUMNS)


def _owed_rows(state: CycleState, say: Words, today: datetime.date) -> Iterator[tuple[object, ...]]:
    due = (state.due.isoformat() if state.due else "", state.days_late(today))
    names = {count.id: count.name for count in state.suppliers}
    for each in state.owed:
        need = each.need
        about = (need.kind.value, need.subject, each.subject, need.key, each.key, need.relation, need.state.value)
        weight = json_number(need.weight)
        yield (
            each.supplier,
            names.get(each.supplier, ""),
            *about,
            why(each, say),
            len(each.waiting),
            say("status.comma").join(each.waiting),
            weight,
            *due,
        )


def as_counts(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    """How much is there, by department and by number: nobody's name, and no row."""
    yield from _head(state, say, today)
    if state.unapproved:
        yield say("status.unapproved", count=len(state.unapproved))
    raters, suppliers = _raters_apart(state)
    yield from _section("suppliers", suppliers, say)
    for name, counts in (("measures", state.measures), ("departments", state.departments)):
        yield from _section(name, [count for count in counts if not count.is_complete], say)
    owing = sum(not count.is_complete for count in raters)
    if raters:
        yield say("status.raters", count=len(raters), owing=owing)
    if state.follow_up:
        yield from follow_up_counts(state.follow_up, say)
    yield say("status.complete" if state.is_complete and not state.follow_up else "status.withheld")


def _raters_apart(state: CycleState) -> tuple[list[Count], list[Count]]:
    """The people who rate, and the departments that supply numbers."""
    raters = [count for count in state.suppliers if count.id.startswith(RATERS)]
    return raters, [count for count in state.suppliers if not count.id.startswith(RATERS)]


def as_json_counts(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    """One JSON object without what names people; `withheld` lists the keys that are left out."""
    told = _object(state, say, today)
    suppliers = [_count(count) for count in _raters_apart(state)[1]]
    left = {key: value for key, value in told.items() if key not in OF_PEOPLE}
    yield json.dumps({**left, "suppliers": suppliers, "withheld": list(OF_PEOPLE)}, ensure_ascii=False, indent=2)


def as_csv_counts(state: CycleState, say: Words, today: datetime.date) -> Iterator[str]:
    """A row for each thing that is owed, without whom it is about, why it cannot be used, and who waits for it."""
    del say
    yield BOM + ",".join(column for column in COLUMNS if column not in COLUMNS_OF_PEOPLE)
    for each in state.owed:
        need, is_rater = each.need, each.supplier.startswith(RATERS)
        supplier = RATERS if is_rater else each.supplier
        row = (supplier, need.kind.value, need.key, each.key, need.relation, need.state.value, len(each.waiting))
        due = (state.due.isoformat() if state.due else "", state.days_late(today))
        yield ",".join(text_cell(str(cell)) for cell in (*row, json_number(need.weight), *due))


FORMATS: Mapping[str, StateReport] = {"text": as_text, "json": as_json, "csv": as_csv}
LOGGED: Mapping[str, StateReport] = {"text": as_counts, "json": as_json_counts, "csv": as_csv_counts}
"""The same for a log that many read."""
