"""Result numbers: eight signs that tell whether somebody's result is still the same, and nothing about it."""

import hashlib
from collections.abc import Iterator, Mapping

from gmpy2 import mpq

from kpibook.base.numbers import exact_text
from kpibook.scoring.results import Card, ItemScore, Results

LENGTH = 8


def result_numbers(results: Results, salt: str) -> Mapping[str, str]:
    """The result number of everybody in a cycle by the person's id."""
    return {card.person: result_number(card, salt) for card in results.cards}


def result_number(card: Card, salt: str) -> str:
    """The number of one result; no rank, name or word decides it, so nobody's changes by another's."""
    text = "\n".join((salt, card.person, *_figures(card)))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:LENGTH]


def results_hash(results: Results) -> str:
    """The sha256 of all results of a cycle, those of departments and of the company included."""
    whole = hashlib.sha256()
    for card in (*results.cards, *results.units):
        whole.update("\n".join((card.person, *_figures(card), "")).encode("utf-8"))
    return whole.hexdigest()


def _figures(card: Card) -> Iterator[str]:
    """Every exact number and status of a card, its grade and its pay, each at its place."""
    yield card.status
    yield from map(_text, (card.total, card.exact, card.computed, card.coverage))
    yield card.grade.id if card.grade else ""
    yield from (_text(row.points) for row in card.adjustments)
    for piece in card.spans:
        yield f"{piece.days} {_text(piece.total)} {_text(piece.coverage)}"
        yield from map(_item, (*piece.items, *piece.extras))
    yield from (_text(outcome.amount) for outcome in card.pay)


def _item(score: ItemScore) -> str:
    numbers = (score.weight, score.target.value if score.target else None, score.actual, score.attainment, score.points)
    return " ".join((score.status, *map(_text, numbers)))


def _text(value: mpq | None) -> str:
    return "" if value is None else exact_text(value)
