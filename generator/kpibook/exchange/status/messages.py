"""A message to each supplier that owes something, ready to be pasted into a chat or a mail."""

import datetime
from collections.abc import Iterator, Sequence

from kpibook.base.day_texts import due_day
from kpibook.base.problems import Problem
from kpibook.base.words import Words
from kpibook.exchange.needs import NeedKind, State
from kpibook.exchange.status.state import HR, RATERS, CycleState, OwedNumber

SUBJECTS = 10
"""So many names stand in a line of a message."""


def messages(state: CycleState, say: Words, today: datetime.date | None = None) -> Iterator[tuple[str, str]]:
    """The supplier's name and the message for each that owes something; without a day nothing is said to be late."""
    for count in state.suppliers:
        if owed := state.of_supplier(count.id):
            name = supplier_text(count.id, count.name, say)
            yield name, _message(name, owed, state, say, today)


def message_to(
    supplier: str, owed: Sequence[OwedNumber], state: CycleState, say: Words, today: datetime.date | None = None
) -> str:
    """The message to one supplier, by its id, about what it owes."""
    names = {count.id: count.name for count in state.suppliers}
    return _message(supplier_text(supplier, names.get(supplier, ""), say), owed, state, say, today)


def supplier_text(supplier: str, name: str, say: Words) -> str:
    """What a supplier is called: by its name, as HR, or as nobody that is known."""
    return name or say("status.hr" if supplier == HR else "status.nobody")


def what_text(owed: OwedNumber, say: Words) -> str:
    """What is owed: a number, or what is decided of a person, which has no name of its own."""
    return owed.key or say(f"status.decided.{owed.need.kind}")


def _message(name: str, owed: Sequence[OwedNumber], state: CycleState, say: Words, today: datetime.date | None) -> str:
    head = say("status.message.head", name=name, cycle=state.cycle.name, count=len(owed))
    waiting = len({person for each in owed for person in each.waiting})
    lines = [head + due_text(state, say, today) + say("status.message.waiting", count=waiting)]
    lines += (f"{number}. {line}" for number, line in enumerate(_lines(owed, say), start=1))
    is_rater = owed[0].supplier.startswith(RATERS)
    lines.append(say("status.message.ask_ratings" if is_rater else "status.message.ask"))
    return "\n".join(lines)


def due_text(state: CycleState, say: Words, today: datetime.date | None) -> str:
    """By when it had to be there, and how late it is."""
    if state.due is None:
        return say("status.due.none")
    late = state.days_late(today) if today else 0
    if late:
        return say("status.due.late", day=due_day(state.due, state.cycle.moved_days, say), days=late)
    return say("status.due.open", day=due_day(state.due, state.cycle.moved_days, say))


def _lines(owed: Sequence[OwedNumber], say: Words) -> Iterator[str]:
    """The things that are owed, each number with all those it is missing for; what was set aside with its reason."""
    groups: dict[tuple[NeedKind, str], list[OwedNumber]] = {}
    for each in owed:
        if each.need.state is State.MISSING:
            groups.setdefault((each.need.kind, each.key), []).append(each)
    for (kind, key), found in groups.items():
        names = [_subject(each, say) for each in found]
        yield say(f"status.message.{kind}", key=key, names=some_of(names, say))
    for each in owed:
        if each.need.state is State.SET_ASIDE:
            yield say(
                "status.message.set_aside", key=what_text(each, say), name=_subject(each, say), reason=why(each, say)
            )


def some_of(names: Sequence[str], say: Words) -> str:
    """Names on a line: some of them where there are very many, and how many there are."""
    listed = say("status.comma").join(names[:SUBJECTS])
    return say("status.message.more", names=listed, count=len(names)) if len(names) > SUBJECTS else listed


def why(owed: OwedNumber, say: Words) -> str:
    """Why a number that arrived cannot be used, where it stands, and what to do."""
    row = owed.need.set_aside
    if row is None:
        return ""
    problem = Problem(row.code, row.place, row.values)
    return say("status.message.reason", place=row.place, message=problem.message(say), hint=problem.hint(say))


def _subject(owed: OwedNumber, say: Words) -> str:
    identifier = owed.need.subject
    return owed.subject if owed.subject == identifier else say("status.subject", name=owed.subject, id=identifier)
