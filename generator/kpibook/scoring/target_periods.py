"""For how much time a role's target is meant, and what it is on a card of more or less time."""

from collections.abc import Iterable

from gmpy2 import mpq

from kpibook.base.periods import MONTHS, Period, PeriodKind
from kpibook.model import WHOLE_POST, Accumulate, Catalog, Extra, Indicator, Measure, NumberKind, ScorecardItem
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.formulas.degrees import Degree, Odd, degree
from kpibook.scoring.collected import RATES
from kpibook.scoring.sources import Target, TargetOrigin


class Degrees:
    """How each number of a catalog grows with time, worked out once."""

    def __init__(self, catalog: Catalog, *, within_cycle: bool = False) -> None:
        self._catalog = catalog
        self._within_cycle = within_cycle
        """Whether it is asked over the days of one cycle, where a yes or a day is the same over any of them."""
        self._known: dict[str, Degree] = {}

    def of(self, name: Name) -> Degree:
        """The degree of a number as a formula names it; the year so far grows as the year does, and not as a cycle."""
        return Odd.MIXED if name.scope == "year_to_date" else self.of_id(name.id)

    def of_id(self, identifier: str) -> Degree:
        """The degree of a measure or an indicator."""
        if identifier not in self._known:
            # A formula that leads back to itself has none; a check tells it.
            self._known[identifier] = Odd.MIXED
            self._known[identifier] = self._degree_of(identifier)
        return self._known[identifier]

    def of_formula(self, formula: Formula) -> Degree:
        """The degree of a formula over the catalog's numbers."""
        return degree(formula.root, self.of)

    def _degree_of(self, identifier: str) -> Degree:
        indicator = self._catalog.computed(identifier)
        if indicator and indicator.formula:
            return self.of_formula(indicator.formula)
        collected = self._catalog.collected(identifier)
        if collected is None or (self._within_cycle and collected.kind is not NumberKind.NUMBER):
            return 0
        return 1 if adds_up(collected) else 0


def adds_up(collected: Measure | Indicator) -> bool:
    """Whether the numbers of months add up to that of a quarter: a rate's do not, unless it says so."""
    if collected.accumulate is not Accumulate.SUM:
        return False
    return collected.unit not in RATES or is_written(collected, "accumulate")


def is_written(entry: Measure | Indicator, key: str) -> bool:
    """Whether a key stands in the file, and is not taken by default."""
    return key in entry.model_fields_set


def parts_of(period: Period, known: Iterable[Period]) -> tuple[Period, ...]:
    """All periods of the shortest kind of cycle that a cycle takes numbers from; none where there is no such cycle."""
    cycles = set(known)
    return next((parts for parts in period.parts if cycles.intersection(parts)), ())


class TargetScale:
    """Scales the targets of roles to the length of one cycle."""

    def __init__(self, catalog: Catalog, kind: PeriodKind, shortest: PeriodKind) -> None:
        self._indicators = catalog.indicators
        self._degrees = Degrees(catalog)
        self._over_days = Degrees(catalog, within_cycle=True)
        self._kind = kind
        self._shortest = shortest
        self._by_days = catalog.company.part_cycle.targets != "full"

    def target(self, item: ScorecardItem | Extra) -> Target | None:
        """The target of an item in this cycle, with the arithmetic that made it; None where it has none."""
        found = self.plain(item)
        if found is None:
            return None
        plain, kind = found
        place = item.place_of("target")
        periods = self.periods(kind)
        if periods > 1 and self.degree(item) == 1:
            return Target(plain * periods, TargetOrigin.ROLE, place, plain=plain, periods=periods, kind=kind)
        return Target(plain, TargetOrigin.ROLE, place, plain=plain, kind=kind)

    def plain(self, item: ScorecardItem | Extra) -> tuple[mpq, PeriodKind] | None:
        """The target as it is written, and for how long; of several the longest that is not too long."""
        if not item.targets:
            return None if item.target is None else (item.target, self._written_for(item.indicator))
        fitting = [kind for kind in item.targets if MONTHS[kind] <= MONTHS[self._kind]]
        return (item.targets[fitting[-1]], fitting[-1]) if fitting else None

    def periods(self, kind: PeriodKind) -> int:
        """How many periods of a kind the cycle holds; 1 where the cycle is shorter than one."""
        return max(MONTHS[self._kind] // MONTHS[kind], 1)

    def degree(self, item: ScorecardItem | Extra) -> Degree:
        """How the indicator of an item grows with time."""
        return self._degrees.of_id(item.indicator)

    def goes_by_days(self, item: ScorecardItem | Extra) -> bool:
        """Whether the target shrinks with the days of somebody who was there for a part of the cycle."""
        return self._by_days and item.prorate and self._over_days.of_id(item.indicator) == 1

    def _written_for(self, identifier: str) -> PeriodKind:
        """The time that a plain target is for."""
        indicator = self._indicators.get(identifier)
        return indicator.frequency if indicator and is_written(indicator, "frequency") else self._shortest


def by_days(target: Target, days: int, whole: int) -> Target:
    """A target of a role for somebody who was there for some days of a cycle."""
    return target._replace(value=target.value * days / whole, days=days, whole=whole)


def by_share(target: Target, share: mpq) -> Target:
    """A target of a role for somebody whose post takes a part of the working time."""
    return target._replace(value=target.value * share / WHOLE_POST, share=share)
