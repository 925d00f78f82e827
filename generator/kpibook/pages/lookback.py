"""What later cycles look back at: each cycle in short, and how totals went over the last twelve of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import fixed
from kpibook.base.periods import Period
from kpibook.pages.dates import period_beside
from kpibook.pages.drawing.bars import trend_line
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.groups import shown_means
from kpibook.pages.suppression import small_departments
from kpibook.pages.text import escape
from kpibook.records.follow_up import FollowUp
from kpibook.scoring.renamed_ids import Successors
from kpibook.scoring.results import Card, Results
from kpibook.sealing.revisions import Sealed

CYCLES = 12
"""How many cycles a trend shows, the present one included."""


class PastCard(NamedTuple):
    """What later cycles remember of a card."""

    total: mpq | None
    grade: str
    """Its id; empty without one."""


@dataclass(frozen=True, slots=True)
class PastCycle:
    """A cycle in short: so little that many of them fit into memory beside one whole one."""

    period: Period
    marks: Mapping[str, PastCard]
    """By person; ids in small letters."""
    units: Mapping[str, PastCard]
    """Of departments and of the company, by their ids."""
    means: Mapping[str, mpq]
    """The mean total of each department whose people are enough not to be told apart; of all people by an empty id."""
    withheld: frozenset[str] = frozenset()
    """People of small departments, whose totals no list tells; ids in small letters."""

    def renamed(self, ids: Successors) -> "PastCycle":
        """This cycle with the ids that another catalog gives to its departments."""
        if not ids.departments:
            return self
        called = ids.departments.get
        return replace(
            self,
            units={called(where, where): mark for where, mark in self.units.items()},
            means={called(where, where): mean for where, mean in self.means.items()},
        )

    def mark(self, card: Card) -> PastCard | None:
        """What is remembered of the card's holder; people and departments may have the same ids."""
        return self.units.get(card.person) if card.is_unit else self.marks.get(card.person.casefold())


class Lookback(NamedTuple):
    """What the pages of a cycle look back at."""

    previous: Results | None = None
    """The cycle before, if it is of the same kind: cards are compared with it."""
    history: Sequence[PastCycle] = ()
    """Earlier cycles in short; trends show the last ones of the same kind."""
    sealed: Sealed | None = None
    """What was published of the cycle itself."""
    follow_up: FollowUp | None = None
    """What became of its results."""


class Trend(NamedTuple):
    """The totals of the last cycles: as a line, and as a list that says the same."""

    line: Markup
    points: Markup


NO_MARK = PastCard(None, "")
NO_TREND = Trend(Markup(""), Markup(""))


def past_cycle_of(results: Results) -> PastCycle:
    """A cycle in short; equal marks are kept once."""
    known: dict[PastCard, PastCard] = {}
    marks = {}
    for card in results.cards:
        mark = _mark(card)
        marks[card.person.casefold()] = known.setdefault(mark, mark)
    units = {unit.person: _mark(unit) for unit in results.units}
    small = small_departments(results.cards)
    withheld = frozenset(card.person.casefold() for card in results.cards if card.department in small)
    return PastCycle(results.cycle.period, marks, units, shown_means(results.cards), withheld)


def _mark(card: Card) -> PastCard:
    return PastCard(card.total, card.grade.id if card.grade else "")


def cycles_before(history: Sequence[PastCycle], period: Period) -> tuple[PastCycle, ...]:
    """The cycles of the same kind before this one that its trends show, oldest first."""
    earlier = sorted((past for past in history if past.period < period), key=lambda past: past.period)
    return tuple(past for past in earlier if past.period.kind is period.kind)[1 - CYCLES :]


def trend(card: Card, past: Sequence[PastCycle], figures: Figures) -> Trend:
    """The totals up to this card's from the first cycle that has one; empty without an earlier total."""
    marks = [(each.period, each.mark(card)) for each in past]
    first = next((at for at, (_, mark) in enumerate(marks) if mark and mark.total is not None), None)
    if first is None:
        return NO_TREND
    known = [*marks[first:], (figures.results.cycle.period, _mark(card))]
    line = trend_line([mark.total if mark else None for _, mark in known])
    year, places = figures.results.cycle.period.year, figures.places.score
    points = [_point(period_beside(period, year, figures.say), mark or NO_MARK, places) for period, mark in known]
    return Trend(line, Markup("\n".join(points)))


@lru_cache(maxsize=16384)
def _point(name: str, mark: PastCard, places: int) -> Markup:
    """A cycle on the way to this one: total, grade and period; many people share one."""
    total = NONE if mark.total is None else fixed(mark.total, places)
    return Markup(f"- **{escape(total)}** {escape(mark.grade)} <span>{escape(name)}</span>")
