"""How warnings call people, departments, roles and numbers: by name, with the id where several have the name."""

from collections import Counter
from functools import cached_property

from kpibook.model import COMPANY, Catalog, Cycle


class DisplayNames:
    """Names by id for one cycle; nothing is looked up before one of them is needed."""

    def __init__(self, catalog: Catalog, cycle: Cycle | None = None) -> None:
        self.catalog = catalog
        self.cycle = cycle

    def subject(self, subject: str) -> str:
        """Whom a number is about; an id that nobody has stands for itself."""
        return _with_id(subject, self._subjects.get(subject, ""), self._as_often)

    def number(self, identifier: str) -> str:
        """The name of a measure or an indicator."""
        known = self.catalog.named(identifier)
        return _with_id(identifier, known.name if known else "", self._numbers)

    def role(self, identifier: str) -> str:
        """The name of a role."""
        known = self.catalog.roles.get(identifier)
        return _with_id(identifier, known.name if known else "", self._roles)

    def what(self, subject: str, identifier: str) -> str:
        """Whose number, and of what."""
        return f"{self.subject(subject)} {self.number(identifier)}"

    @cached_property
    def _subjects(self) -> dict[str, str]:
        catalog = self.catalog
        people = {row.person: row.name for row in self.cycle.people} if self.cycle else {}
        units = {each.id: each.name for each in catalog.departments.values()}
        return {COMPANY: catalog.company.name, **units, **people}

    @cached_property
    def _as_often(self) -> Counter[str]:
        return Counter(self._subjects.values())

    @cached_property
    def _roles(self) -> Counter[str]:
        return Counter(each.name for each in self.catalog.roles.values())

    @cached_property
    def _numbers(self) -> Counter[str]:
        catalog = self.catalog
        names = [each.name for each in catalog.measures.values()]
        return Counter((*names, *(each.name for each in catalog.indicators.values())))


def _with_id(identifier: str, name: str, count: Counter[str]) -> str:
    if not name.strip():
        return identifier
    return name if count[name] == 1 else f"{name} ({identifier})"
