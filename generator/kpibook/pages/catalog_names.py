"""What departments, roles and numbers of the catalog are called on pages, and who supplies them."""

from collections.abc import Mapping
from functools import cached_property

from kpibook.base.words import Words
from kpibook.model import Catalog


class CatalogNames:
    """The names of a catalog's entries by their ids; an id that nothing has stands for itself."""

    def __init__(self, catalog: Catalog, say: Words) -> None:
        self.catalog = catalog
        self.say = say

    def department(self, identifier: str) -> str:
        """The name of a department."""
        department = self.catalog.departments.get(identifier)
        return department.name if department else identifier

    def perspective(self, key: str) -> str:
        """The name of a perspective; a company's own is called as it is written."""
        dotted = f"handbook.perspective.{key or 'none'}"
        return self.say(dotted) if dotted in self.say else key

    def key(self, identifier: str) -> str:
        """The name of a measure or an indicator."""
        known = self.catalog.named(identifier)
        return known.name if known else identifier

    def role(self, identifier: str) -> str:
        """The name of a role."""
        role = self.catalog.roles.get(identifier)
        return role.name if role else identifier

    @cached_property
    def suppliers(self) -> Mapping[str, str]:
        """The names of the departments that supply measures and indicators, by the ids of these."""
        known = (*self.catalog.indicators, *self.catalog.measures)
        return {identifier: self.department(owner) for identifier in known if (owner := self.owner(identifier))}

    def supplier(self, identifier: str) -> str:
        """The name of the department that supplies a measure or an indicator; empty where nobody is named."""
        return self.suppliers.get(identifier, "")

    def owner(self, identifier: str) -> str:
        """The id of the department that supplies a measure or an indicator, if one does."""
        known = self.catalog.named(identifier)
        return known.owner or "" if known else ""
