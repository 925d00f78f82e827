"""What a card waits for, by who owes it."""

from typing import NamedTuple

from kpibook.pages.dates import period_title
from kpibook.pages.figures import NONE, Figures
from kpibook.scoring import explain
from kpibook.scoring.explain.gaps import subject_text
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Gap, Missing

PLAIN = frozenset({Gap.NOT_GIVEN, Gap.NOT_RATED, Gap.NO_TARGET})
"""Gaps that a name tells; any other needs a sentence."""


class MissingRow(NamedTuple):
    """Somebody who owes numbers, and which."""

    owner: str
    what: tuple[str, ...]


def missing_rows(card: Card, figures: Figures) -> tuple[MissingRow, ...]:
    """Every number that a card waits for; names are listed one after the other, faults stand in a line of their own."""
    names: dict[str, list[str]] = {}
    faults: dict[str, list[str]] = {}
    for gap in card.missing:
        owner = figures.who_owes(gap.owner, gap.gap)
        if gap.gap in PLAIN:
            names.setdefault(owner, []).append(_name(gap, card, figures))
            faults.setdefault(owner, [])
        else:
            faults.setdefault(owner, []).append(
                explain.missing_text(gap, figures.catalog, figures.say, figures.named_style)
            )
    return tuple(MissingRow(owner, _lines(names.get(owner, []), more, figures)) for owner, more in faults.items())


def _lines(names: list[str], faults: list[str], figures: Figures) -> tuple[str, ...]:
    listed = (figures.enumeration(dict.fromkeys(names)),) if names else ()
    return (*listed, *faults)


def _name(gap: Missing, card: Card, figures: Figures) -> str:
    """What is missing, and whose and when if it is not this person's number of this cycle."""
    text = figures.say(f"cards.gap.{gap.gap}", name=figures.key(gap.key) if gap.key else NONE)
    more = []
    if gap.subject.casefold() != card.person.casefold():
        more.append(subject_text(gap.subject, figures.catalog))
    if gap.period != figures.results.cycle.period:
        more.append(period_title(gap.period, figures.say))
    return figures.say("cards.gap.of", what=text, of=figures.enumeration(more)) if more else text
