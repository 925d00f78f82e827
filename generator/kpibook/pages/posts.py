"""Who approved or changed something, told as a post or a department: a page for everybody names no person."""

from collections.abc import Mapping, Sequence

from kpibook.model import Catalog, Cycle


class Posts:
    """The posts of all persons that the cycles know; a person who changed role has the latest."""

    def __init__(self, catalog: Catalog, cycles: Sequence[Cycle]) -> None:
        self._posts = _posts(catalog, cycles)
        departments = {department.name for department in catalog.departments.values()}
        self._known = {role.name for role in catalog.roles.values()} | departments | {catalog.company.name}

    def of(self, name: str) -> str:
        """The post of whoever has this name or id; a text that names nobody stays as it is."""
        return self._posts.get(name.strip(), name)

    def of_known(self, name: str) -> str:
        """As `of`, but empty for what is neither a person of a cycle nor a post or a department."""
        post = self.of(name)
        return post if post in self._known else ""


def _posts(catalog: Catalog, cycles: Sequence[Cycle]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for cycle in sorted(cycles, key=lambda each: each.period):
        for person in cycle.people:
            role = catalog.roles.get(person.role)
            post = role.name if role else ""
            found.update(dict.fromkeys((person.person, person.name), post))
    return found
