"""What the rows of tables are read against: people, numbers, words, and who is judged and rated by what."""

from collections.abc import Iterator
from functools import cached_property

from gmpy2 import mpq

from kpibook.base.names import name_key
from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.judged_indicators import Judged
from kpibook.exchange.importing.names import Numbers, People
from kpibook.exchange.importing.vocabulary import Vocabulary
from kpibook.model import Catalog, Cycle
from kpibook.reading.cycle.rated_items import rated_entries, rated_items, rating_rules
from kpibook.reading.cycle.subjects import folded
from kpibook.rules.standards import Rating, RatingFault


class ImportContext:
    """What rows are read against."""

    def __init__(self, catalog: Catalog, cycle: Cycle, rater: str = "") -> None:
        self.catalog = catalog
        self.period = cycle.period
        self.people = People(catalog, cycle)
        self.roster = cycle.people
        self.numbers = Numbers(catalog)
        self.vocabulary = Vocabulary(catalog, self.numbers, cycle.period)
        self.rater = rater
        """Who rated, as the command says."""

    @cached_property
    def said_names(self) -> frozenset[str]:
        """The folded names of what is counted, and of who counts it: what stands in them says nothing else."""
        organisations = (self.catalog.company.name, *(each.name for each in self.catalog.departments.values()))
        return frozenset((*self.numbers.named, *map(name_key, organisations)))

    @cached_property
    def rated(self) -> frozenset[str]:
        """The indicators that somebody is rated by."""
        return frozenset(indicator for _, indicator, _ in rated_items(self.catalog))

    @cached_property
    def counted(self) -> frozenset[str]:
        """The indicators that are rated for some and judged by a number for others."""
        owners = (*self.catalog.roles.values(), *self.catalog.departments.values(), self.catalog.company)
        found = {item.indicator for owner in owners for item in owner.items if not isinstance(item.standard, Rating)}
        extras = {each.indicator for owner in owners for each in owner.extras if not isinstance(each.standard, Rating)}
        return frozenset(found | extras)

    def rated_by(self, person: str, indicator: str) -> tuple[tuple[Rating, mpq], ...]:
        """The rules by which somebody is rated, each with its weight."""
        posts = [row.post for row in self.roster if folded(row.person) == folded(person)]
        return tuple(rating_rules(self.catalog, posts, person, indicator))

    def comment_bound(self, person: str, indicator: str, given: tuple[mpq | None, str]) -> mpq | None:
        """Under how many % a rating needs words, if it lies there; None where it needs none."""
        posts = [row.post for row in self.roster if folded(row.person) == folded(person)]
        for item in rated_entries(self.catalog, posts, person, indicator):
            bound, rule, weight = self.catalog.company.comment_bound(item), item.standard, item.weight or ZERO
            if bound is None or not isinstance(rule, Rating):
                continue
            try:
                percent = rule.percent(rule.rating_points(*given, weight), weight)
            except RatingFault:
                continue
            if percent < bound:
                return bound
        return None

    def without_words(self, place: Place, about: tuple[str, str], given: tuple[mpq | None, str]) -> Iterator[Problem]:
        """Tell a rating that needs words and has none; it is taken all the same."""
        person, indicator = about
        bound = self.comment_bound(person, indicator, given)
        if bound is not None:
            values = {"person": person, "indicator": self.catalog.indicators[indicator].name, "bound": show(bound)}
            yield Problem("sheet-without-comment", place, values, Level.WARNING)

    def is_rating(self, person: str, indicator: str) -> bool:
        """Whether a number for somebody is a rating."""
        if indicator not in self.rated:
            return False
        return indicator not in self.counted or bool(self.rated_by(person, indicator))

    @cached_property
    def judged(self) -> Judged:
        """By which indicators everybody is judged."""
        return Judged(self.catalog, self.roster)

    def unit_of(self, identifier: str) -> str:
        """The unit of a number, or of an indicator."""
        named = self.numbers.collected.get(identifier) or self.catalog.indicators[identifier]
        return named.unit
