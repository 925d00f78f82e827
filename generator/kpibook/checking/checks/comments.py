"""Ratings and attainments under a bound of the company come with words."""

from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, round_down, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.model import Catalog, Cycle, RatingRow, Reading
from kpibook.rules.standards import Rating, RatingFault
from kpibook.scoring.results import ItemScore, Results
from kpibook.scoring.sources import Source

LISTED = 5
"""So many people are named."""


def asks_for_comments(catalog: Catalog) -> bool:
    """Whether the company, or any item, asks for words."""
    company = catalog.company
    owners = (*catalog.roles.values(), *catalog.departments.values(), company)
    return any(company.comment_bound(item) is not None for owner in owners for item in owner.items)


def check_comments(catalog: Catalog, results: Results) -> Iterator[Problem]:
    """Each rating under its bound has a comment, and each number that attains less a note."""
    unsaid: dict[tuple[Place, str, mpq, mpq], list[str]] = {}
    for card in (*results.cards, *results.units):
        for score in (score for part in card.spans for score in part.items):
            bound = catalog.company.comment_bound(score.item)
            if bound is None:
                continue
            if isinstance(score.item.standard, Rating):
                yield from _ratings(card.person, score, bound, results.cycle)
            elif (place := _unsaid(score, bound, results.cycle)) and score.attainment is not None:
                key = place, score.indicator.name, score.attainment * HUNDRED, bound
                unsaid.setdefault(key, []).append(card.name)
    for (place, name, percent, bound), people in unsaid.items():
        who = ", ".join(people[:LISTED]) + (f" … ({len(people)})" if len(people) > LISTED else "")
        yield Problem("attainment-without-note", place, {"who": who, **_values(name, percent, bound)}, Level.WARNING)


def _values(name: str, percent: mpq, bound: mpq) -> dict[str, str]:
    """A share is rounded down: it lies under the bound, and has to look so."""
    return {"indicator": name, "percent": show(round_down(percent, 1)), "bound": show(bound)}


def _ratings(person: str, score: ItemScore, bound: mpq, cycle: Cycle) -> Iterator[Problem]:
    """The ratings of this cycle under the bound that nobody explained."""
    for row in cycle.ratings.get((person, score.indicator.id), ()):
        percent = _percent(row, score)
        if percent is not None and percent < bound and not row.comment.strip():
            values = {"person": person, **_values(score.indicator.name, percent, bound)}
            yield Problem("rating-without-comment", row.place, values, Level.WARNING)


def _percent(row: RatingRow, score: ItemScore) -> mpq | None:
    """How many % of the most a rating is worth; None for one that does not fit this item."""
    rule = score.item.standard
    if not isinstance(rule, Rating):
        return None
    try:
        return rule.percent(rule.rating_points(row.value, row.level, score.weight), score.weight)
    except RatingFault:
        return None


def _unsaid(score: ItemScore, bound: mpq, cycle: Cycle) -> Place | None:
    """Where a note is missing: beside the first number of this cycle that made an attainment under the bound."""
    if score.attainment is None or score.attainment * HUNDRED >= bound:
        return None
    own = [each for each in _readings(score.sources) if each.place.file.startswith(f"{cycle.folder}/")]
    return own[0].place if own and not any(each.note.strip() for each in own) else None


def _readings(sources: tuple[Source, ...]) -> Iterator[Reading]:
    """The rows that numbers come from, through all formulas."""
    for source in sources:
        yield from source.readings
        yield from _readings(source.parts)
