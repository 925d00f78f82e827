"""Reverse look-ups in a catalog: who uses an indicator, who reports to a role, what belongs to a department."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, TypeVar

from kpibook.model import Catalog, Department, Extra, Indicator, Measure, Role, ScorecardItem
from kpibook.rules.standards import Rating

T = TypeVar("T")


class ScorecardUse(NamedTuple):
    """An item, or an extra, by which a role or a department is scored."""

    owner: Role | Department
    item: ScorecardItem | Extra

    @property
    def is_extra(self) -> bool:
        """Whether it stands outside the hundred."""
        return isinstance(self.item, Extra)


class Branch(NamedTuple):
    """A department or a role with those below it."""

    id: str
    branches: tuple["Branch", ...]


class Lookup:
    """Answers about one catalog; each is worked out once."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def departments(self) -> tuple[Branch, ...]:
        """The company's own departments as a tree."""
        return self._departments(are_reference=False)

    @cached_property
    def references(self) -> tuple[Branch, ...]:
        """The departments that are material to draw on, as trees of their own."""
        return self._departments(are_reference=True)

    def _departments(self, *, are_reference: bool) -> tuple[Branch, ...]:
        known = self.catalog.departments.items()
        return _forest({key: each.parent for key, each in known if self.is_reference(each) is are_reference})

    @cached_property
    def reporting(self) -> tuple[Branch, ...]:
        """The company's own roles as a tree by who reports to whom."""
        known = self.catalog.roles.items()
        return _forest({key: role.reports_to for key, role in known if not self.is_reference(role)})

    @cached_property
    def departments_in_order(self) -> tuple[Department, ...]:
        """Every department of the company, each followed by those below it."""
        return tuple(self.catalog.departments[key] for key in _walk(self.departments))

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many departments and roles the company has; material to draw on is not counted."""
        roles = sum(not self.is_reference(role) for role in self.catalog.roles.values())
        return len(self.departments_in_order), roles

    @cached_property
    def references_in_order(self) -> tuple[Department, ...]:
        """Every department to draw on, each followed by those below it."""
        return tuple(self.catalog.departments[key] for key in _walk(self.references))

    @cached_property
    def reference_roles(self) -> tuple[Role, ...]:
        """The roles to draw on, by the departments that hold them."""
        return tuple(role for each in self.references_in_order for role in self.roles_in(each.id))

    def is_reference(self, owner: Role | Department) -> bool:
        """Whether it is no part of the company: it says so itself, or a department above it does."""
        identifier = owner.department if isinstance(owner, Role) else owner.id
        return identifier in self._references

    def has_sheet(self, role: Role) -> bool:
        """Whether there is something to sign: not for a role to draw on, which nobody has."""
        return bool(role.items) and not self.is_reference(role)

    @cached_property
    def _references(self) -> frozenset[str]:
        return self.catalog.references()

    @cached_property
    def uses(self) -> Mapping[str, tuple[ScorecardUse, ...]]:
        """By indicator: the items that score by it, those of material to draw on last."""
        found: dict[str, list[ScorecardUse]] = defaultdict(list)
        owners: tuple[Role | Department, ...] = (*self.catalog.roles.values(), *self.catalog.departments.values())
        for owner in owners:
            items: tuple[ScorecardItem | Extra, ...] = (*owner.items, *owner.extras)
            for item in items:
                found[item.indicator].append(ScorecardUse(owner, item))
        return {key: tuple(sorted(uses, key=self._is_reference_use)) for key, uses in found.items()}

    @cached_property
    def serving(self) -> Mapping[str, tuple[Indicator, ...]]:
        """By indicator: those of items below that serve it; material to draw on serves nobody."""
        found: dict[str, dict[str, Indicator]] = defaultdict(dict)
        for key, uses in self.uses.items():
            for use in uses:
                served = use.item.supports if isinstance(use.item, ScorecardItem) else None
                if served and not self.is_reference(use.owner):
                    found[served][key] = self.catalog.indicators[key]
        return {key: tuple(indicators.values()) for key, indicators in found.items()}

    def _is_reference_use(self, use: ScorecardUse) -> bool:
        return self.is_reference(use.owner)

    @cached_property
    def templates(self) -> tuple[Indicator, ...]:
        """The indicators that only material to draw on is scored by."""
        return tuple(
            indicator
            for key, indicator in self.catalog.indicators.items()
            if (uses := self.uses.get(key)) and all(map(self._is_reference_use, uses))
        )

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The company's own indicators."""
        apart = {indicator.id for indicator in self.templates}
        return tuple(indicator for key, indicator in self.catalog.indicators.items() if key not in apart)

    @cached_property
    def measure_uses(self) -> Mapping[str, tuple[Indicator, ...]]:
        """By measure or collected indicator: the indicators that are made from it."""
        found: dict[str, dict[str, Indicator]] = defaultdict(dict)
        for indicator in self.catalog.indicators.values():
            for measure in self.measures_of(indicator):
                found[measure.id][indicator.id] = indicator
        return {key: tuple(indicators.values()) for key, indicators in found.items()}

    def roles_in(self, department: str) -> tuple[Role, ...]:
        """The roles of a department, without those of the departments below it."""
        return self._roles_in.get(department, ())

    def reports_to(self, role: str) -> tuple[Role, ...]:
        """The roles that report to a role."""
        return self._reports.get(role, ())

    def superiors(self, role: str) -> tuple[Role, ...]:
        """Whom a role reports to, whom that one reports to, and so on up; each once."""
        found: dict[str, Role] = {}
        above = self.catalog.roles.get(self.catalog.roles[role].reports_to or "")
        while above and above.id not in found and above.id != role:
            found[above.id] = above
            above = self.catalog.roles.get(above.reports_to or "")
        return tuple(found.values())

    def children(self, department: str) -> tuple[Department, ...]:
        """The departments directly below one."""
        return self._children.get(department, ())

    def measures_of(self, indicator: Indicator) -> tuple[Measure | Indicator, ...]:
        """Everything that somebody has to supply for an indicator: by its formula, or by the rules that score it."""
        names = [name.id for name in indicator.formula.names] if indicator.formula else []
        if self.is_collected(indicator):
            names.append(indicator.id)
        for use in self.uses.get(indicator.id, ()):
            names.extend(name.id for name in (use.item.standard.names() if use.item.standard else ()))
        known = (self.catalog.collected(name) for name in dict.fromkeys(names))
        return tuple(measure for measure in known if measure)

    def numbers_of(self, item: ScorecardItem | Extra, indicator: Indicator) -> tuple[Measure | Indicator, ...]:
        """Everything that somebody has to supply for one item: by the formula of its indicator, or by its own rule."""
        names = [name.id for name in indicator.formula.names] if indicator.formula else []
        if item.standard and not indicator.formula and item.standard.judges_actual():
            names.append(indicator.id)
        names.extend(name.id for name in (item.standard.names() if item.standard else ()))
        known = (self.catalog.collected(name) for name in dict.fromkeys(names))
        return tuple(entry for entry in known if entry)

    def is_collected(self, indicator: Indicator) -> bool:
        """Whether its own number is supplied: not computed, not rated, not counted from breaches alone."""
        standards = [use.item.standard for use in self.uses.get(indicator.id, ())]
        is_judged = not standards or any(standard is None or standard.judges_actual() for standard in standards)
        return not indicator.formula and is_judged

    def is_rated(self, indicator: Indicator) -> bool:
        """Whether raters give it points wherever it is used."""
        uses = self.uses.get(indicator.id, ())
        return bool(uses) and all(isinstance(use.item.standard, Rating) for use in uses)

    def supplied_by(self, department: str) -> tuple[Measure | Indicator, ...]:
        """The numbers that a department supplies, collected indicators included."""
        collected = filter(self.is_collected, self.indicators)
        supplied: tuple[Measure | Indicator, ...] = (*self.catalog.measures.values(), *collected)
        return tuple(entry for entry in supplied if entry.owner == department)

    @cached_property
    def _roles_in(self) -> Mapping[str, tuple[Role, ...]]:
        return _grouped((role.department, role) for role in self.catalog.roles.values())

    @cached_property
    def _reports(self) -> Mapping[str, tuple[Role, ...]]:
        return _grouped((role.reports_to or "", role) for role in self.catalog.roles.values())

    @cached_property
    def _children(self) -> Mapping[str, tuple[Department, ...]]:
        return _grouped((d.parent or "", d) for d in self.catalog.departments.values())


def _grouped(pairs: Iterator[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def _forest(parents: Mapping[str, str | None]) -> tuple[Branch, ...]:
    """The tree of ids; one whose parent is unknown is a root, and so each id stands in it once."""
    below: dict[str, list[str]] = defaultdict(list)
    for key, parent in parents.items():
        below[parent if parent in parents and parent else ""].append(key)

    def grown(key: str) -> Branch:
        return Branch(key, tuple(grown(child) for child in below[key]))

    return grown("").branches


def _walk(branches: tuple[Branch, ...]) -> Iterator[str]:
    for branch in branches:
        yield branch.id
        yield from _walk(branch.branches)
