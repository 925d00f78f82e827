"""Who still owes numbers of a cycle: how many, which, whose cards wait for them, and a message that asks for them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kpibook.exchange.status import some_of
from kpibook.pages.dates import due_day
from kpibook.pages.figures import Figures
from kpibook.pages.groups import NAMED
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Gap, Missing


class LateRow(NamedTuple):
    """Who still owes numbers: how many, which, and whose cards wait for them."""

    owner: str
    numbers: str
    what: str
    people: str
    who: str
    reminder: Sequence[str]
    """The lines of a message to who owes them, with each number and those whom it is about."""


@dataclass
class _Owed:
    """What somebody owes, each number once."""

    numbers: dict[tuple[str, str, Gap, str], str] = field(default_factory=dict)
    """What each is called."""
    about: dict[str, dict[str, None]] = field(default_factory=dict)
    """The names of those whom the numbers of a name are about."""
    waiting: dict[str, str] = field(default_factory=dict)
    """The names of those whose cards wait, by id."""
    is_rated: bool = True
    """Whether ratings are all that is owed."""


def late_rows(cards: Iterable[Card], figures: Figures) -> tuple[LateRow, ...]:
    """What is owed by whom, who owes most first; numbers that nobody in particular owes come last."""
    found: dict[str, _Owed] = {}
    for card in cards:
        for gap in card.missing:
            owed = found.setdefault(figures.who_owes(gap.owner, gap.gap), _Owed())
            name = figures.role(gap.key) if gap.gap is Gap.NOT_APPROVED else figures.key(gap.key)
            text = figures.say(f"cards.gap.{gap.gap}", name=name)
            owed.numbers[gap.subject, gap.key, gap.gap, gap.relation] = text
            owed.about.setdefault(text, {})[_subject(gap, card, figures)] = None
            owed.waiting[card.person] = card.name
            owed.is_rated = owed.is_rated and gap.gap is Gap.NOT_RATED
    most_first = sorted(found.items(), key=lambda each: -len(each[1].numbers))
    return tuple(_row(owner, owed, figures) for owner, owed in most_first)


def _subject(gap: Missing, card: Card, figures: Figures) -> str:
    """Whom or what a number is about, by name."""
    if gap.subject.casefold() == card.person.casefold():
        return card.name
    return figures.names.get(gap.subject.casefold()) or figures.department(gap.subject)


def _row(owner: str, owed: _Owed, figures: Figures) -> LateRow:
    say, kinds, names = figures.say, Counter(owed.numbers.values()), list(owed.waiting.values())
    what = figures.enumeration(
        name if count == 1 else say("cards.late.times", what=name, count=count)
        for name, count in kinds.most_common(NAMED)
    )
    if len(kinds) > NAMED:
        what = say("cards.late.and_more", what=what, count=len(kinds) - NAMED)
    who = figures.enumeration(names[:NAMED])
    if len(names) > NAMED:
        who = say("cards.and_more", who=who, count=len(names) - NAMED)
    return LateRow(
        owner,
        say("cards.late.count", count=len(owed.numbers)),
        what,
        say("cards.late.cards", count=len(names)),
        who,
        _reminder(owner, owed, kinds, names, figures),
    )


def _reminder(
    owner: str, owed: _Owed, kinds: Mapping[str, int], names: Sequence[str], figures: Figures
) -> Sequence[str]:
    """The lines of a message that says the same as that of `kpibook status`, without what is wrong in which row."""
    say, due = figures.say, figures.results.cycle.schedule.collect_by
    head = say("status.message.head", name=owner, cycle=figures.results.cycle.name, count=len(owed.numbers))
    by = (
        say("cards.late.due", day=due_day(due, figures.results.cycle.moved_days, say))
        if due
        else say("status.due.none")
    )
    waiting = say("cards.late.waiting", count=len(names), who=some_of(names, say))
    lines = [
        f"{number}. {say('status.message.number', key=name, names=some_of(list(owed.about[name]), say))}"
        for number, name in enumerate(kinds, start=1)
    ]
    return head + by + waiting, *lines, say("status.message.ask_ratings" if owed.is_rated else "status.message.ask")
