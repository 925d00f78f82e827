"""Which numbers everybody in a role needs: a sum over people that lacks one of them is not the sum."""

from collections.abc import Iterator

from kpibook.model import Catalog, Extra, Role, ScorecardItem


class RequiredNumbers:
    """What the scorecards of a catalog need, worked out once for each role."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, post: tuple[str, str]) -> frozenset[str]:
        """The numbers that everybody in a role, and on a level of it, needs."""
        if post not in self._known:
            role = self._catalog.post(*post)
            self._known[post] = frozenset(self._needed(role)) if role else frozenset()
        return self._known[post]

    def of_all(self) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
        """The numbers that each role, and each level of it, needs."""
        for role in self._catalog.roles.values():
            for level in ("", *(each.id for each in role.levels)):
                yield (role.id, level), self.of((role.id, level))

    def _needed(self, role: Role) -> Iterator[str]:
        entries: tuple[ScorecardItem | Extra, ...] = (*role.items, *role.extras)
        for item in () if role.is_described_only else entries:
            if item.exempt:
                yield from (name.id for name in item.exempt.when.names if not name.scope)
            elif item.standard:
                if item.standard.judges_actual():
                    yield from self._collected_for(item.indicator)
                for name in item.standard.names():
                    yield from self._collected_for(name.id) if not name.scope else ()

    def _collected_for(self, identifier: str) -> Iterator[str]:
        """What is collected of a person for a measure or an indicator."""
        indicator = self._catalog.computed(identifier)
        if not indicator or not indicator.formula:
            yield identifier
            return
        for name in indicator.formula.names:
            if not name.scope:
                yield from self._collected_for(name.id)
