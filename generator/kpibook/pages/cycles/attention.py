"""Whom to look at in a cycle, and why: low grades, large changes, totals at a line, changed targets, changed roles."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import ZERO, show
from kpibook.pages import number_format
from kpibook.pages.drawing.hues import SHORT, grade_hues
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.lookback import PastCycle
from kpibook.pages.number_format import short_text
from kpibook.pages.text import link
from kpibook.rules.standards import closed_up
from kpibook.scoring.results import Card

MOST = 40
"""More than this nobody looks at; what follows is said by its number."""
LARGE = mpq(15)
"""A change of a total from which on somebody should know why."""
CLOSE = mpq(3, 10)
"""So near to the line of a grade that one number decides."""


class AttentionRow(NamedTuple):
    """Somebody to be looked at."""

    name: Markup
    role: str
    grade: str
    hue: int
    total: str
    difference: Markup | str
    why: str


class Attention(NamedTuple):
    """The people to be looked at, the lowest total first, and how many more there are."""

    rows: tuple[AttentionRow, ...]
    more: str
    nobody: str
    """What stands in place of rows: where departments are too small to be listed, of the others alone."""


def attention_of(past: Sequence[PastCycle], figures: Figures) -> Attention:
    """All people of a cycle whose results lists may tell and about whom there is something to know."""
    period = figures.results.cycle.period
    last = past[-1] if past and past[-1].period == period.previous and figures.rank_label else None
    found = []
    for card in figures.publishable_cards:
        if card.total is not None:
            difference = _difference(card, last)
            if why := tuple(_reasons(card, difference, figures)):
                found.append((card.total, difference, card, why))
    found.sort(key=lambda each: each[0])
    rows = tuple(_row(card, difference, why, figures) for _, difference, card, why in found[:MOST])
    left = len(found) - MOST
    is_whole = all(figures.is_publishable(card) for card in figures.results.cards if card.total is not None)
    nobody = figures.say("cards.look.nobody" if is_whole else "cards.look.nobody_listed")
    return Attention(rows, figures.say("cards.more_people", count=left) if left > 0 else "", nobody)


def _difference(card: Card, last: PastCycle | None) -> mpq | None:
    """Against the cycle just before, where that total may be told, too."""
    person = card.person.casefold()
    mark = None if last is None or person in last.withheld else last.marks.get(person)
    return None if mark is None or mark.total is None or card.total is None else card.total - mark.total


def _reasons(card: Card, difference: mpq | None, figures: Figures) -> Iterator[str]:
    say, total = figures.say, card.total or ZERO
    hues = grade_hues(figures.catalog.grades)
    if card.grade and (card.grade.fail or hues[card.grade.id] in SHORT):
        yield say("cards.look.low", grade=card.grade.id)
    if difference is not None and abs(difference) >= LARGE:
        yield say(
            "cards.look.rose" if difference > 0 else "cards.look.fell", points=number_format.points(abs(difference))
        )
    for grade in figures.catalog.grades:
        if grade.threshold and abs(total - grade.threshold) <= CLOSE:
            yield say("cards.look.close", grade=grade.id, points=show(abs(total - grade.threshold)))
    for outcome in card.gates:
        if outcome.holds:
            yield say("cards.look.gate", name=figures.gate_name(outcome.gate))
    yield from _retargeted(card, figures)
    if len(card.spans) > 1:
        yield say("cards.look.moved")


def _retargeted(card: Card, figures: Figures) -> Iterator[str]:
    for piece in card.spans:
        for score in piece.items:
            if score.target and score.target.original is not None and score.target.original != score.target.value:
                language, unit = figures.say.language, score.indicator.unit
                before, after = (
                    short_text(each, unit, language) for each in (score.target.original, score.target.value)
                )
                yield figures.say("cards.look.target", name=score.indicator.name, before=before, after=after)


def _row(card: Card, difference: mpq | None, why: Sequence[str], figures: Figures) -> AttentionRow:
    told = NONE if difference is None else number_format.coloured_difference(difference)
    return AttentionRow(
        link(card.name, f"p/{figures.page_ids[card.person]}.md"),
        card.role.name,
        card.grade.id if card.grade else "",
        grade_hues(figures.catalog.grades)[card.grade.id] if card.grade else 0,
        figures.total_of(card),
        told,
        closed_up(figures.say("cards.semicolon").join(why)),
    )
