"""The part of a card that people write on: what was said, the improvement plan begun with what was missed, names."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.model import RatingRow, Relation
from kpibook.pages import number_format
from kpibook.pages.cards.items import item_figures
from kpibook.pages.figures import Figures
from kpibook.records.missed_items import MissedItem, missed_items
from kpibook.scoring import explain
from kpibook.scoring.results import Card, ItemScore

MOST_ITEMS = 3
"""So many items the improvement plan has rows for; the others are named below, and a card stays on its paper."""

MOST_NAMED = 8
"""So many of the others are named; of more, a card of forty items would run on to a third sheet."""


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
    more: str
    """The missed items that have no row, and where they have; empty where each has its own."""
    signatures: tuple[str, ...]
    """Who signs."""
    reply: str
    """What is noted of a signed paper, in the order of the workbook of records; empty for a department."""


def card_form(card: Card, figures: Figures) -> Form:
    """The form with all that is known already."""
    kind, missed = "unit" if card.is_unit else "person", missed_items(card)
    signers = ("first", "second", "third")
    return Form(
        figures.say(f"cards.form.{kind}.self"),
        tuple(_comments(card, figures, is_own=True)),
        tuple(_comments(card, figures, is_own=False)),
        tuple(_plan(missed[:MOST_ITEMS], figures)),
        _further_missed(missed[MOST_ITEMS:], kind, figures),
        tuple(figures.say(f"cards.form.{kind}.{signer}") for signer in signers),
        _reply(card, figures),
    )


def _reply(card: Card, figures: Figures) -> str:
    number = figures.sealed.newest.people.get(card.person, "") if figures.sealed else ""
    return "" if card.is_unit else figures.say("cards.form.reply", number=number or "________")


def _plan(missed: Sequence[MissedItem], figures: Figures) -> Iterator[PlanRow]:
    """The missed items that lost most points, most first, as the workbook of records has them; then room for others."""
    yield from (PlanRow(each.indicator.name, _gap(each.lost, each.score, figures)) for each in missed)
    yield from [PlanRow("", "")] * (MOST_ITEMS + 1 - len(missed))


def _further_missed(missed: Sequence[MissedItem], kind: str, figures: Figures) -> str:
    if len(missed) > MOST_NAMED:
        return figures.say(f"cards.form.{kind}.many", count=len(missed))
    names = figures.enumeration(each.indicator.name for each in missed)
    return figures.say(f"cards.form.{kind}.more", count=len(missed), names=names) if missed else ""


def _gap(points: mpq, score: ItemScore, figures: Figures) -> str:
    text, told = figures.say("cards.form.lost", points=number_format.points(points)), item_figures(score, figures)
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
