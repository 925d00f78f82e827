"""A company's whole handbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpibook.model.company import Company
from kpibook.model.editing import Term, Waiver
from kpibook.model.grades import Grade
from kpibook.model.handbook import Department, Indicator, Measure, Role
from kpibook.model.scorecards import Scored
from kpibook.model.series import SeriesKey, TargetSeries
from kpibook.model.total import AS_POINTS, Total


@dataclass(frozen=True, slots=True)
class Catalog:
    """A company's whole handbook; mappings are by id and keep the order of the files."""

    company: Company
    departments: Mapping[str, Department]
    grades: tuple[Grade, ...]
    """Best first."""
    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]
    roles: Mapping[str, Role]
    waivers: tuple[Waiver, ...] = ()
    terms: tuple[Term, ...] = ()
    series: Mapping[SeriesKey, TargetSeries] = field(default_factory=dict)
    """Targets by month of roles, departments and persons."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    """Of what everybody may read: by role or department, how many items are not told there."""
    folder: str = "handbook"
    """The name under which places name the handbook folder."""
    faulty: frozenset[tuple[str, str]] = frozenset()
    """(kind, id) of entries with faults of their own, told already: `("role", "cashier")`; the id is empty where
    a file could not be read to its end. Such an entry is left out, or lacks the faulty part."""

    def total_of(self, owner: Scored) -> Total:
        """How the total of a scorecard is made."""
        return owner.total or self.company.total or AS_POINTS

    def post(self, role: str, level: str = "") -> Role | None:
        """A role as somebody on a level is scored by it; None for a role that there is not."""
        known = self.roles.get(role)
        return known.at_level(level) if known and level else known

    def references(self) -> frozenset[str]:
        """The departments that are material to draw on: those that say so, and all below them."""
        found = set[str]()
        more = {key for key, department in self.departments.items() if department.reference}
        while more:
            found |= more
            more = {key for key, department in self.departments.items() if department.parent in more} - found
        return frozenset(found)

    def collected(self, identifier: str) -> Measure | Indicator | None:
        """What is collected under this id: a measure, or an indicator without a formula."""
        indicator = self.indicators.get(identifier)
        return self.measures.get(identifier) or (indicator if indicator and not indicator.formula else None)

    def computed(self, identifier: str) -> Indicator | None:
        """The indicator of this id if it is computed; measures come first."""
        indicator = self.indicators.get(identifier)
        return indicator if indicator and indicator.formula and identifier not in self.measures else None

    def named(self, identifier: str) -> Measure | Indicator | None:
        """What a formula means by this id: a measure or any indicator."""
        return self.measures.get(identifier) or self.indicators.get(identifier)
