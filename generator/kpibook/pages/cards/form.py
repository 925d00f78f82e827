"""The part of a card that people write on: what was said, the improvement plan begun with the weakest items, names."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import RatingRow, Relation
from kpibook.pages import shown
from kpibook.pages.cards.items import item_figures
from kpibook.pages.figures import Figures
from kpibook.scoring import explain
from kpibook.scoring.results import Card, ItemScore, Status

WEAKEST = 3
"""How many items the improvement plan begins with; a row without a name follows."""


class PlanRow(NamedTuple):
    """A matter to improve and how far it is from its target; without a name it is for the writer to choose."""

    name: str
    gap: str


class Form(NamedTuple):
    """What stands at the end of a card."""

    self_label: str
    self_review: tuple[str, ...]
    comments: tuple[str, ...]
    plan: tuple[PlanRow, ...]
    signatures: tuple[str, ...]
    """Who signs."""
    reply: str
    """What is noted of a signed paper, in the order of the workbook of records; empty for a department."""


def card_form(card: Card, figures: Figures) -> Form:
    """The form with all that is known already."""
    kind = "unit" if card.is_unit else "person"
    signers = ("first", "second", "third")
    return Form(
        figures.say(f"cards.form.{kind}.self"),
        tuple(_comments(card, figures, is_own=True)),
        tuple(_comments(card, figures, is_own=False)),
        (*_plan(card, figures), PlanRow("", "")),
        tuple(figures.say(f"cards.form.{kind}.{signer}") for signer in signers),
        _reply(card, figures),
    )


def _reply(card: Card, figures: Figures) -> str:
    number = figures.sealed.newest.people.get(card.person, "") if figures.sealed else ""
    return "" if card.is_unit else figures.say("cards.form.reply", number=number or "________")


def _plan(card: Card, figures: Figures) -> Iterator[PlanRow]:
    """The items that lost most points, most first; an item of several roles once."""
    found = ((_lost(score), key, score) for key, score in _counted(card))
    lost = sorted(found, key=lambda each: -each[0] * each[2].per_mark)
    weakest: dict[tuple[str, int], PlanRow] = {}
    for points, key, score in lost:
        if points > 0 and len(weakest) < WEAKEST:
            weakest.setdefault(key, PlanRow(score.indicator.name, _gap(points, score, figures)))
    yield from weakest.values()


def _counted(card: Card) -> Iterator[tuple[tuple[str, int], ItemScore]]:
    """The scored items with what makes them the same in several roles; an indicator may stand in one more than once."""
    for piece in card.spans:
        seen = Counter[str]()
        for score in piece.items:
            seen[score.indicator.id] += 1
            if score.status is Status.SCORED and score.weight:
                yield (score.indicator.id, seen[score.indicator.id]), score


def _lost(score: ItemScore) -> mpq:
    rule = score.item.standard
    return (rule.best(score.weight) if rule else score.weight) - (score.points or ZERO)


def _gap(points: mpq, score: ItemScore, figures: Figures) -> str:
    text, told = figures.say("cards.form.lost", points=shown.points(points)), item_figures(score, figures)
    return figures.say("cards.form.gap", text=text, figures=told) if told and score.actual is not None else text


def _comments(card: Card, figures: Figures, *, is_own: bool) -> Iterator[str]:
    """What people wrote beside their ratings, each once: the person's own words, or those of all others."""
    told = set()
    for piece in card.spans:
        for score in (*piece.items, *piece.extras):
            rows = explain.told_ratings(score, figures.catalog).comments if score.ratings else ()
            for row in rows:
                if row.comment and (row.relation is Relation.SELF) is is_own and row.place not in told:
                    told.add(row.place)
                    yield _comment(row, score, figures)


def _comment(row: RatingRow, score: ItemScore, figures: Figures) -> str:
    values = {"name": score.indicator.name, "comment": row.comment}
    if row.relation is Relation.SELF:
        return figures.say("cards.comment.own", **values)
    is_named = figures.catalog.company.names_raters(row.relation)
    rater = figures.person(row.rater) if is_named else figures.say(f"relations.{row.relation}")
    return figures.say("cards.comment.other", rater=rater, **values)
