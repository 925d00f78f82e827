"""What corrections changed: on each card that they moved, and in short on the page of the cycle."""

import datetime
from collections.abc import Iterator, Mapping

from gmpy2 import mpq

from kpibook.pages.dates import whole_day
from kpibook.pages.figures import NONE, Figures
from kpibook.scoring.results import Card
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.seals import Seal
from kpibook.sealing.tables import PAY


def correction_lines(card: Card, figures: Figures) -> Iterator[str]:
    """Each correction that moved this result: its revision, day and reason, and what stood there before."""
    sealed = figures.sealed
    for seal in sealed.seals[1:] if sealed else ():
        was, now = (figures.totals(number).get(card.person, {}) for number in (seal.revision - 1, seal.revision))
        moved = _differences(was, now, figures, has_pay=True)
        if moved:
            yield figures.say(
                "cards.revision.card", **_about(seal, figures), moved=figures.say("cards.semicolon").join(moved)
            )
        elif sealed and _number(sealed, seal.revision - 1, card) != _number(sealed, seal.revision, card):
            yield figures.say(
                "cards.revision.card", **_about(seal, figures), moved=figures.say("cards.revision.figures")
            )


def correction_facts(figures: Figures) -> Iterator[tuple[str, str]]:
    """Every revision of a published cycle: who wrote it when and why, and whose total or grade it moved."""
    sealed = figures.sealed
    for seal in sealed.seals if sealed else ():
        if seal.revision == 1:
            yield (
                figures.say("cards.revision.first"),
                figures.say("cards.revision.by", on=_day(seal, figures), by=seal.by),
            )
            continue
        was, now = figures.totals(seal.revision - 1), figures.totals(seal.revision)
        told = []
        count = 0
        for card in figures.results.cards:
            moved = _differences(was.get(card.person, {}), now.get(card.person, {}), figures, has_pay=False)
            count += bool(moved)
            if moved and figures.is_publishable(card):
                told.append(f"{card.name} {figures.enumeration(moved)}")
        values = {**_about(seal, figures), "by": seal.by, "approved_by": seal.approved_by, "count": count}
        text = figures.say("cards.revision.cycle", **values)
        listed = figures.say("cards.semicolon").join(told)
        yield figures.say("cards.revision.name", revision=seal.revision), f"{text}{listed}"


def _number(sealed: Sealed, revision: int, card: Card) -> str:
    """The number of a result in a revision; empty for none, such as a department's."""
    return next((seal.people.get(card.person, "") for seal in sealed.seals if seal.revision == revision), "")


def _day(seal: Seal, figures: Figures) -> str:
    return whole_day(datetime.date.fromisoformat(seal.on), figures.say)


def _about(seal: Seal, figures: Figures) -> dict[str, object]:
    return {"revision": seal.revision, "on": _day(seal, figures), "reason": seal.reason or NONE}


def _differences(was: Mapping[str, str], now: Mapping[str, str], figures: Figures, *, has_pay: bool) -> list[str]:
    """What differs: total, grade, and, where pay may be told, each line of it."""
    say = figures.say
    found = []
    for key in ("total", "grade"):
        before, after = was.get(key, ""), now.get(key, "")
        if before != after:
            found.append(say(f"cards.revision.{key}", before=before or NONE, after=after or NONE))
    lines = [key for key in dict.fromkeys((*was, *now)) if key.startswith(PAY) and was.get(key) != now.get(key)]
    for key in lines if has_pay else ():
        amounts = [figures.money(mpq(row[key]) if row.get(key) else None) for row in (was, now)]
        found.append(say("cards.revision.pay", name=key.removeprefix(PAY), before=amounts[0], after=amounts[1]))
    return found
