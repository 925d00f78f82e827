"""Who rates whom: by the roster, by the rows of ratings.csv that ask for a rating, else as last time."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.exchange.needs.asking import Asked, RatedItem
from kpibook.model import Assignment, Catalog, Cycle, RatingRow, RatingRows, Relation, ScorecardItem, SetAside
from kpibook.reading.cycle.subjects import folded
from kpibook.rules.standards import Rating
from kpibook.scoring.post_holders import rater_by_post


@dataclass(frozen=True, slots=True)
class RatingNeed:
    """A row that somebody should fill in: who rates whom by what, and in which relation."""

    person: str
    indicator: str
    relation: Relation
    rater: str
    """The id of a person; empty where it is not known who rates."""
    weight: mpq
    rule: Rating
    comment_under: mpq | None = None
    """Under which rating, as raters give it, words are asked for."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it one row."""
        return self.person, self.indicator, self.relation.value, self.rater

    @property
    def about(self) -> tuple[str, str]:
        """Who is rated by what."""
        return self.person, self.indicator

    def given(self, cycle: Cycle) -> RatingRow | None:
        """What the rater gave; a rating in whose row no rater is named counts for any of the relation."""
        rows = [row for row in cycle.ratings.get(self.about, ()) if row.relation is self.relation]
        own = (row for row in rows if row.rater == self.rater)
        return next(own, next((row for row in rows if not row.rater), None))

    def set_aside(self, rows: Iterable[SetAside]) -> SetAside | None:
        """The row of the rater that cannot be used; one that does not say whose it is counts for any."""
        own = ("", f"{self.relation}/", f"{self.relation}/{folded(self.rater)}")
        found = [row for row in rows if row.whose in own]
        return max(found, key=lambda row: len(row.whose), default=None)


class RatingNeeds:
    """A row for each rater of everything that is rated on cards, made when it is asked for: most cards have one."""

    def __init__(self, catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle]) -> None:
        self._asked: dict[str, Asked] = {}
        """By the person or the unit whose card it is."""
        self._catalog = catalog
        self._raters = _Raters(cycle, history.get(cycle.period.previous))

    def add(self, asked: Asked) -> None:
        """Take up what is rated on a card."""
        if asked.asks.rated:
            self._asked[asked.person] = asked

    def all(self) -> Iterator[RatingNeed]:
        """Everything that is rated, card by card."""
        return chain.from_iterable(map(self.of, self._asked))

    def of(self, person: str) -> Collection[RatingNeed]:
        """What is rated on one card, each row once."""
        asked = self._asked.get(person)
        if asked is None:
            return ()
        return {need.identity: need for item in asked.asks.rated for need in self._of(asked, item)}.values()

    def _of(self, asked: Asked, rated: RatedItem) -> Iterator[RatingNeed]:
        item, rule = rated.item, rated.item.standard
        if not isinstance(rule, Rating):
            return
        weights = item.raters or self._catalog.company.rater_weights
        bound = self._catalog.company.comment_bound(item)
        under = None if bound is None else rule.given_at(bound, rated.weight)
        for relation in (relation for relation, weight in weights.items() if weight):
            post = item.rater_posts.get(relation, "") if isinstance(item, ScorecardItem) else ""
            for rater in self._raters.of(asked.rows[rated.span], rated.indicator, relation, post):
                yield RatingNeed(asked.person, rated.indicator, relation, rater, rated.weight, rule, under)


class _Raters:
    """Who rates whom.

    In a relation in which ratings.csv asks somebody, its rows say who rates. Otherwise the roster does for oneself,
    the manager and the reports; peers and customers are those who rated or were asked last time. Once a cycle is
    closed, nobody is asked any more for what has been rated by anybody.
    """

    def __init__(self, cycle: Cycle, before: Cycle | None) -> None:
        self.cycle = cycle
        self.before = before
        self.reports: dict[str, dict[str, None]] = {}
        self.present = {row.person for row in cycle.people if not _left(row, cycle.period)}
        for row in cycle.people:
            if row.manager and row.person in self.present:
                self.reports.setdefault(row.manager, {})[row.person] = None

    def of(self, assignment: Assignment, indicator: str, relation: Relation, post: str = "") -> tuple[str, ...]:
        """The raters in a relation, by the post whose holder rates in it where there is one; one without a name where
        nobody is known.
        """
        about = (assignment.person, indicator)
        given = _named(self.cycle.ratings, about, relation)
        asked = _named(self.cycle.asked, about, relation)
        is_settled = self.cycle.status.is_settled and about in self.cycle.ratings and not asked
        if is_settled and not given:
            return ()
        if post:
            return (*filter(None, (*given, *asked)), rater_by_post(self.cycle, post, assignment.person))[:1]
        if relation is Relation.SELF:
            return (assignment.person,)
        if relation is Relation.MANAGER:
            return (*filter(None, (*given, *asked)), assignment.manager)[:1] or ("",)
        expected = asked or (() if is_settled else self._expected(about, relation))
        return tuple(dict.fromkeys((*expected, *filter(None, given)))) or ("",)

    def _expected(self, about: tuple[str, str], relation: Relation) -> tuple[str, ...]:
        """The reports by the roster; else who rated or was asked last time and is still there."""
        person, _ = about
        if relation is Relation.REPORT and person in self.reports:
            return tuple(self.reports[person])
        last = self.before
        raters = (*_named(last.ratings, about, relation), *_named(last.asked, about, relation)) if last else ()
        return tuple(each for each in raters if each and (relation is Relation.CUSTOMER or each in self.present))


def _left(row: Assignment, period: Period) -> bool:
    """Whether somebody was no longer there at the end; each row tells of one role."""
    return row.last_day is not None and row.last_day < period.last_day


def _named(ratings: RatingRows, about: tuple[str, str], relation: Relation) -> tuple[str, ...]:
    """The raters in the rows of a relation, as far as they are named."""
    return tuple(row.rater for row in ratings.get(about, ()) if row.relation is relation)
