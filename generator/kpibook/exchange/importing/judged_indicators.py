"""Which indicator a column of targets is for: the one by which somebody is judged."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from kpibook.model import COMPANY, Assignment, Catalog, Indicator, Scored
from kpibook.reading.cycle.cells import RowFault
from kpibook.reading.cycle.subjects import folded


class Judged:
    """By which indicators everybody is judged."""

    def __init__(self, catalog: Catalog, roster: Sequence[Assignment]) -> None:
        self._catalog = catalog
        self._roles: dict[str, list[str]] = {}
        for row in roster:
            self._roles.setdefault(folded(row.person), []).append(row.role)

    def indicator(self, subject: str, ids: Sequence[str], column: str) -> Indicator:
        """The one that some numbers or indicators mean for somebody; raises RowFault where that is not clear."""
        meant = dict.fromkeys(each for identifier in ids for each in self._by_id.get(identifier, ()))
        found = [each for each in meant if each in self._of(subject)]
        if not found:
            raise RowFault(column, "target-not-judged", who=subject)
        if len(found) > 1:
            raise RowFault(column, "ambiguous-measure", candidates=", ".join(found))
        return self._catalog.indicators[found[0]]

    @cached_property
    def _by_id(self) -> Mapping[str, Sequence[str]]:
        """The indicators that are, or are nothing but, a number or an indicator."""
        found: dict[str, list[str]] = {}
        for each in self._catalog.indicators.values():
            found.setdefault(each.id, []).append(each.id)
            names = each.formula.names if each.formula else ()
            if each.formula and len(names) == 1 and each.formula.text == names[0].id and names[0].id != each.id:
                found.setdefault(names[0].id, []).append(each.id)
        return found

    def _of(self, subject: str) -> set[str]:
        catalog = self._catalog
        owners: list[Scored | None] = [catalog.roles.get(role) for role in self._roles.get(folded(subject), ())]
        owners += [catalog.departments.get(subject), catalog.company if subject == COMPANY else None]
        held = tuple(filter(None, owners))
        return {item.indicator for owner in held for item in owner.items} | {
            extra.indicator for owner in held for extra in owner.extras
        }
