"""The results of a published cycle from the tables of its newest revision: for whatever looks back at it.

Nothing is scored. There are no steps, sources, gaps or pay lines: later cycles never look at those.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.problems import NOWHERE
from kpibook.model import COMPANY, Assignment, Catalog, Cycle, Extra, Grade, Indicator, Role, ScorecardItem
from kpibook.scoring.results import Card, ItemScore, Results, RoleSpan, Status
from kpibook.scoring.sources import Target, TargetOrigin
from kpibook.sealing.revisions import Sealed

Row = Mapping[str, str]


def sealed_results(sealed: Sealed, cycle: Cycle, catalog: Catalog, *, has_items: bool = True) -> Results:
    """Everybody's sealed total, grade and rank, and, where they are asked for, all items; `catalog` is the cycle's."""
    items: dict[str, list[Row]] = {}
    for row in sealed.items(sealed.number) if has_items else ():
        items.setdefault(row["person"], []).append(row)
    maker = _Maker(catalog)
    rows = sealed.totals(sealed.number)
    cards = [maker.card(row, items.get(person, ())) for person, row in rows.items()]
    people, units = (tuple(card for card in cards if card.is_unit is is_unit) for is_unit in (False, True))
    return Results(cycle, people, units)


class _Maker:
    """Makes cards of rows, with the names that a catalog gives to their ids."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.grades: Mapping[str, Grade] = {grade.id: grade for grade in catalog.grades}
        self.items: dict[str, ScorecardItem] = {}
        self.roles: dict[str, Role] = {}

    def card(self, row: Row, items: Sequence[Row]) -> Card:
        """A card of totals.csv with its rows of items.csv; departments and the company have no role there."""
        person, key = row["person"], row["role"] or row["person"]
        role = self.roles.get(key)
        if role is None:
            role = self.roles[key] = self._role(row)
        last = Assignment(person, row["name"], role.id, row["department"] or person, NOWHERE)
        return Card(
            person=person,
            name=row["name"],
            spans=tuple(self._spans(last, role, items)),
            total=_number(row["total"]),
            coverage=_number(row["coverage"]) or ZERO,
            status=Status(row["status"]),
            grade=self.grades.get(row["grade"]),
            rank=int(row["rank"]) if row["rank"] else None,
            ranked=int(row["ranked"] or 0),
            computed=_number(row["computed"]),
            exact=_number(row["total_exact"]),
            is_unit=not row["role"],
        )

    def _role(self, row: Row) -> Role:
        """The role held last, or the department or company itself."""
        identifier = row["role"] or row["person"]
        if not row["role"] and identifier == COMPANY:
            name = self.catalog.company.name
        else:
            known = (self.catalog.roles if row["role"] else self.catalog.departments).get(identifier)
            name = known.name if known else identifier
        return Role.model_construct(id=identifier, name=name, department="" if row["role"] else identifier)

    def _spans(self, last: Assignment, role: Role, rows: Sequence[Row]) -> Iterator[RoleSpan]:
        """The roles held one after the other; the last one is the card's, whether it has items or not."""
        spans = [own for _, held in groupby(rows, lambda row: row["role"]) for own in self._by_span(list(held))]
        own = spans.pop() if spans and spans[-1][0]["role"] in (role.id, "") else []
        for former in spans:
            name = former[0]["role"]
            yield self._span(last, Role.model_construct(id=name, name=name, department=""), former)
        yield self._span(last, role, own)

    def _by_span(self, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
        """The rows of a role that was held once, or several times on end, each time with all its items."""
        role = self.catalog.roles.get(rows[0]["role"])
        entries: tuple[ScorecardItem | Extra, ...] = (*role.items, *role.extras) if role else ()
        size = sum(entry.standard is not None and entry.indicator in self.catalog.indicators for entry in entries)
        size = size if size and not len(rows) % size else len(rows)
        return (rows[at : at + size] for at in range(0, len(rows), size))

    def _span(self, assignment: Assignment, role: Role, rows: Sequence[Row]) -> RoleSpan:
        scores = [self._score(row) for row in rows]
        items, extras = (tuple(each for each in scores if each.is_extra is is_extra) for is_extra in (False, True))
        return RoleSpan(assignment, role, 0, items, extras, None, ZERO)

    def _score(self, row: Row) -> ItemScore:
        identifier, target = row["indicator"], _number(row["target"])
        indicator = self.catalog.indicators.get(identifier)
        item = self.items.get(identifier)
        if item is None:
            item = self.items[identifier] = ScorecardItem.build(indicator=identifier)
        return ItemScore(
            item=item,
            indicator=indicator or Indicator.build(id=identifier, name=identifier, unit="", direction="higher"),
            section=row["section"],
            weight=_number(row["weight"]) or ZERO,
            status=Status(row["status"]),
            target=None if target is None else Target(target, TargetOrigin.ROLE, NOWHERE),
            actual=_number(row["actual"]),
            attainment=_number(row["attainment"]),
            points=_number(row["points"]),
            is_extra=row["is_extra"] == "yes",
            label=row["label"],
        )


def _number(text: str) -> mpq | None:
    return mpq(text) if text else None
