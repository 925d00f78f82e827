"""What a row of a cycle's tables may refer to: people, indicators, and the rules of their scorecards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gmpy2 import mpq

from kpibook.model import COMPANY, Catalog
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.rated_items import rating_rules
from kpibook.reading.cycle.subjects import KnownIds, Subjects
from kpibook.rules.standards import Rating

POINTS = "\u5206"
"""The unit of points, as people write it behind a number."""


Rules = tuple[tuple[Rating, mpq], ...]


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a row may refer to."""

    catalog: Catalog
    subjects: Subjects
    indicators: KnownIds
    posts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By person: the roles held in the cycle, each with the level in it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """By person."""
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By indicator: the columns that its rules use beside the target."""
    _rules: dict[tuple[object, ...], Rules] = field(default_factory=dict)
    """Those that were looked for already: many people hold a post."""

    def rated_by(self, subject: str, indicator: str) -> Rules:
        """The rules, with their weights, by which a subject is rated on an indicator."""
        posts = self.posts.get(subject, ())
        is_unit = subject == COMPANY or subject in self.catalog.departments
        key = (posts, subject if is_unit else "", indicator)
        if key not in self._rules:
            self._rules[key] = tuple(rating_rules(self.catalog, posts, subject, indicator))
        return self._rules[key]


def read_person(cells: Cells, context: RowContext, column: str) -> str:
    """The person whom a cell names; raises RowFault where it names nobody of the cycle."""
    text = cells.text(column)
    person = context.subjects.person(text)
    if person is None:
        code, values = context.subjects.why_unknown(text, people_only=True)
        raise RowFault(column, code, **values)
    return person


def read_indicator(cells: Cells, context: RowContext) -> str:
    """The indicator whose id a cell holds; raises RowFault for any other text."""
    text = cells.needed("indicator")
    if text not in context.catalog.indicators:
        raise RowFault("indicator", "unknown-indicator", near=context.indicators.near(text))
    return text
