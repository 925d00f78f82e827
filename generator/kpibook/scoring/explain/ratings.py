"""What may be told of ratings: who gave which is told of those alone who stand by their names.

Peers, reports and customers are unnamed unless the company says otherwise. Of an unnamed relation stands its mean,
where three or more rated. Where fewer did, neither its mean nor its comments are told; and where it counts, no score of
the item's other relations either, for the difference to the points would be its mean.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.identity import ByIdentity
from kpibook.base.numbers import ZERO
from kpibook.base.words import Words
from kpibook.model import Catalog, RatingRow, Relation
from kpibook.rules.standards import Rating, RatingFault, Step
from kpibook.scoring.results import ItemScore

LEAST = 3
"""Fewer raters than this of an unnamed relation could be worked out."""


class RelationMean(NamedTuple):
    """What an unnamed relation gave on average."""

    relation: Relation
    raters: int
    mean: mpq | None


class ToldRatings(NamedTuple):
    """What may be told of an item's ratings."""

    named: tuple[RatingRow, ...] = ()
    """Ratings of those who stand by their names."""
    means: tuple[RelationMean, ...] = ()
    comments: tuple[RatingRow, ...] = ()
    """Rows whose comment may be told: named ones in the order of the file, unnamed ones in an order of their own."""
    withheld: tuple[Relation, ...] = ()
    """Unnamed relations of so few raters that nothing of them is told."""
    uncounted: tuple[tuple[Relation, int], ...] = ()
    """Relations that do not count as too few rated, and how many it takes."""
    is_veiled: bool = False
    """Whether no relation's score is told, lest the difference tell that of a withheld one."""


def told_ratings(score: ItemScore, catalog: Catalog) -> ToldRatings:
    """What may be told of an item's ratings to whoever may see the card."""
    return _told_ratings(ByIdentity(score), ByIdentity(catalog))


# The lines, the figures, the comments and the files of an item each ask for it, one after the other.
@lru_cache(maxsize=64)
def _told_ratings(itself: ByIdentity[ItemScore], handbook: ByIdentity[Catalog]) -> ToldRatings:
    score, company = itself.value, handbook.value.company
    groups = _by_relation(score.ratings)
    uncounted = {each for each, rows in groups.items() if len(rows) < company.least_raters(each)}
    withheld = tuple(each for each, rows in groups.items() if not company.names_raters(each) and len(rows) < LEAST)
    weights = score.item.raters or company.rater_weights
    is_veiled = any(weights.get(each) and each not in uncounted for each in withheld)
    open_rows = {each: rows for each, rows in groups.items() if each not in withheld}
    named = tuple(row for row in score.ratings if row.relation in open_rows and company.names_raters(row.relation))
    unnamed = {each: rows for each, rows in open_rows.items() if not company.names_raters(each)}
    return ToldRatings(
        () if is_veiled else named,
        () if is_veiled else tuple(_mean(each, rows, score) for each, rows in unnamed.items()),
        (*named, *(row for rows in unnamed.values() for row in _shuffled(rows))),
        withheld,
        tuple((each, company.least_raters(each)) for each in groups if each in uncounted),
        is_veiled,
    )


def _by_relation(rows: Sequence[RatingRow]) -> Mapping[Relation, list[RatingRow]]:
    found: dict[Relation, list[RatingRow]] = {}
    for row in rows:
        found.setdefault(row.relation, []).append(row)
    return found


def _shuffled(rows: Sequence[RatingRow]) -> list[RatingRow]:
    """In the order of their words, which tells nothing of where they stood."""
    return sorted(rows, key=lambda row: (row.comment, row.raw))


def _mean(relation: Relation, rows: Sequence[RatingRow], score: ItemScore) -> RelationMean:
    rule = score.item.standard
    try:
        points = [rule.rating_points(row.value, row.level, score.weight) for row in rows if isinstance(rule, Rating)]
    except RatingFault:
        points = []
    return RelationMean(relation, len(rows), sum(points, ZERO) / len(points) if points else None)


def masked(step: Step) -> Step:
    """A step of a rating without what each relation gave."""
    is_rated = step.key in ("rated", "rated_mean")
    return Step("rated_veiled", {"points": step.values["points"]}) if is_rated else step


def masked_lines(told: ToldRatings, say: Words) -> tuple[str, ...]:
    """What is said in place of what may not be told."""
    lines = [
        say("explain.too_few", relation=say(f"relations.{relation}"), least=least) for relation, least in told.uncounted
    ]
    if told.withheld:
        relations = say("explain.and").join(say(f"relations.{relation}") for relation in told.withheld)
        lines.append(say("explain.veiled" if told.is_veiled else "explain.veiled_one", relations=relations))
    return tuple(lines)
