"""Ids that changed their names from one catalog to another: numbers of another cycle are found under today's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kpibook.model import Catalog, Cycle, Reading
from kpibook.scoring.required_numbers import RequiredNumbers
from kpibook.scoring.results import Card, ItemScore, Results, RoleSpan


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def was(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Successors:
    """What the ids of one catalog are called in another; an id that keeps its name is not listed."""

    roles: Mapping[str, str]
    departments: Mapping[str, str]
    numbers: Mapping[str, str]
    """Of measures and indicators."""

    @property
    def text(self) -> str:
        """The names as a text: equal for equal names, in whatever order they were found."""
        return repr([sorted(names.items()) for names in (self.roles, self.departments, self.numbers)])

    @property
    def is_empty(self) -> bool:
        """Whether every id keeps its name."""
        return not (self.roles or self.departments or self.numbers)


def successors(source: Catalog, target: Catalog, known: Sequence[Catalog]) -> Successors:
    """The ids of `source` that are called otherwise in `target`; `known` are all catalogs whose `was:` may tell."""

    def between(kind: str) -> Mapping[str, str]:
        families = _families(_entries(catalog, kind) for catalog in known)
        own, others = ({each.id for each in _entries(catalog, kind)} for catalog in (source, target))
        called = {families.get(each, each): each for each in others}
        gone = ((each, families.get(each, each)) for each in own if each not in others)
        return {each: called[family] for each, family in gone if family in called}

    if source is target:
        return Successors({}, {}, {})
    return Successors(between("roles"), between("departments"), between("numbers"))


def _entries(catalog: Catalog, kind: str) -> Sequence[_Named]:
    if kind == "numbers":
        return (*catalog.measures.values(), *catalog.indicators.values())
    entries: Mapping[str, _Named] = getattr(catalog, kind)
    return tuple(entries.values())


def _families(catalogs: Iterable[Sequence[_Named]]) -> Mapping[str, str]:
    """Of each id that was renamed at any time, one id that stands for all its names."""
    head: dict[str, str] = {}

    def found(each: str) -> str:
        while head.get(each, each) != each:
            each = head[each]
        return each

    for entries in catalogs:
        for entry in entries:
            for former in entry.was:
                head[found(former)] = found(entry.id)
    return {each: found(each) for each in head}


def seen_from(cycle: Cycle, own: Catalog, catalog: Catalog, ids: Successors) -> Cycle:
    """A cycle of another catalog in the ids of this one, with what its own catalog says of departments and needs."""
    if own is catalog:
        return cycle
    needs = RequiredNumbers(own)
    kept = replace(
        cycle,
        parents={ids.departments.get(key, key): _parent(each.parent, ids) for key, each in own.departments.items()},
        needed={
            (ids.roles.get(role, role), level): frozenset(ids.numbers.get(number, number) for number in numbers)
            for (role, level), numbers in needs.of_all()
        },
    )
    return kept if ids.is_empty else _renamed(kept, ids)


def _parent(parent: str | None, ids: Successors) -> str | None:
    return None if parent is None else ids.departments.get(parent, parent)


def _renamed(cycle: Cycle, ids: Successors) -> Cycle:
    roles, departments, numbers = ids.roles, ids.departments, ids.numbers

    def about(pair: tuple[str, str]) -> tuple[str, str]:
        return departments.get(pair[0], pair[0]), numbers.get(pair[1], pair[1])

    actuals: Mapping[tuple[str, str], Reading] = cycle.actuals
    if departments or numbers:
        actuals = {about(key): cycle.actuals[key] for key in cycle.actuals}
    return replace(
        cycle,
        people=tuple(
            replace(row, role=roles.get(row.role, row.role), department=departments.get(row.department, row.department))
            for row in cycle.people
        ),
        actuals=actuals,
        targets={about(key): row for key, row in cycle.targets.items()},
        ratings={about(key): rows for key, rows in cycle.ratings.items()},
        asked={about(key): rows for key, rows in cycle.asked.items()},
        set_aside=tuple(
            replace(each, subject=departments.get(each.subject, each.subject), key=numbers.get(each.key, each.key))
            for each in cycle.set_aside
        ),
    )


def with_successors(results: Results, ids: Successors) -> Results:
    """Results under the ids of another catalog, to be compared with its own."""

    def score(each: ItemScore) -> ItemScore:
        key = ids.numbers.get(each.indicator.id)
        return replace(each, indicator=each.indicator.model_copy(update={"id": key})) if key else each

    def span(each: RoleSpan) -> RoleSpan:
        role = ids.roles.get(each.role.id)
        return replace(
            each,
            role=each.role.model_copy(update={"id": role}) if role else each.role,
            items=tuple(map(score, each.items)),
            extras=tuple(map(score, each.extras)),
        )

    def card(each: Card) -> Card:
        person = ids.departments.get(each.person, each.person) if each.is_unit else each.person
        return replace(each, person=person, spans=tuple(map(span, each.spans)))

    return replace(results, cards=tuple(map(card, results.cards)), units=tuple(map(card, results.units)))
