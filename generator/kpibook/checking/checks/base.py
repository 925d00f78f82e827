"""What all checks share: whose scorecard it is, which references are told already, and how a problem is made."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.entry import Entry
from kpibook.base.numbers import show
from kpibook.base.problems import NOWHERE, Place, Problem, nearest
from kpibook.model import COMPANY, Catalog, Company, Department, Extra, Indicator, Role, ScorecardItem
from kpibook.reading.catalog.faults import place_in
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import Rule

_SUGGESTED = 5

WHERE = {
    "department": "departments.yml",
    "grade": "grades.yml",
    "measure": "measures.yml",
    "indicator": "indicators/",
    "role": "roles/",
}
"""Where in a handbook the entries of a kind are written."""


class Holder(NamedTuple):
    """A role, a department or the company: what may have a scorecard."""

    kind: str
    entry: Role | Department | Company

    def is_whole(self, catalog: Catalog) -> bool:
        """Whether no part of it had to be left out: only then can its sums be judged."""
        return (self.kind, self.entry.id) not in catalog.faulty

    @property
    def scored(self) -> tuple[ScorecardItem | Extra, ...]:
        """Its items, then its extras."""
        return (*self.entry.items, *self.entry.extras)


class ReferenceEnd(NamedTuple):
    """The near end of a reference: whose it is, under which key, and where it stands."""

    owner: str
    key: str
    place: Place = NOWHERE


class ScoredItem(NamedTuple):
    """An item or an extra that has a standard, with whose it is and the indicator that it names, if there is one."""

    holder: Holder
    item: ScorecardItem | Extra
    rule: Rule
    indicator: Indicator | None

    @property
    def is_extra(self) -> bool:
        """Whether it stands outside the hundred."""
        return isinstance(self.item, Extra)

    @property
    def target(self) -> mpq | None:
        """Its target; an extra without one goes by the item of the same indicator."""
        if self.item.target is not None or not self.is_extra:
            return self.item.target
        targets = (item.target for item in self.holder.entry.items if item.indicator == self.item.indicator)
        return next(targets, None)


def holders(catalog: Catalog) -> Iterator[Holder]:
    """All roles, then all departments, then the company."""
    for role in catalog.roles.values():
        # A shared scorecard is judged where it is written.
        is_shared = role.scorecard_of is not None and "scorecard" not in role.places
        alone = {"scorecard": (), "extras": (), "gates": ()}
        yield Holder("role", role.model_copy(update=alone) if is_shared else role)
    for department in catalog.departments.values():
        yield Holder("department", department)
    yield Holder("company", catalog.company)


def holders_with_points(catalog: Catalog) -> Iterator[Holder]:
    """The holders of scorecards that give points."""
    return (holder for holder in holders(catalog) if not holder.entry.is_described_only)


def judged_items(catalog: Catalog) -> Iterator[ScoredItem]:
    """Every item and extra that has a standard."""
    for holder in holders(catalog):
        for item in holder.scored:
            if item.standard is not None:
                yield ScoredItem(holder, item, item.standard, catalog.indicators.get(item.indicator))


def known_ids(catalog: Catalog, kind: str) -> tuple[str, ...]:
    """All ids of a kind: company, department, grade, measure, indicator or role."""
    if kind == "company":
        return (COMPANY,)
    if kind == "grade":
        return tuple(grade.id for grade in catalog.grades)
    return tuple(getattr(catalog, f"{kind}s"))


def check_reference(catalog: Catalog, kind: str, to: str | None, link: ReferenceEnd) -> Iterator[Problem]:
    """Yield a problem if no entry of a kind has the id `to`; a faulty entry counts as there."""
    if to is None or to in known_ids(catalog, kind) or is_reported(catalog, kind, to):
        return
    yield dangling_reference(to, known_ids(catalog, kind), link, f"{catalog.folder}/{WHERE[kind]}")


def is_reported(catalog: Catalog, kind: str, identifier: str) -> bool:
    """Whether an entry may well be there, but its file or itself is faulty."""
    return (kind, identifier) in catalog.faulty or (kind, "") in catalog.faulty


def dangling_reference(to: str, choice: tuple[str, ...], link: ReferenceEnd, where: str) -> Problem:
    """A reference that leads nowhere, with both its ends and the ids that come near."""
    near = ", ".join(nearest(to, choice, _SUGGESTED)) or "-"
    values = {"id": to, "owner": link.owner, "key": link.key, "where": where, "nearest": near}
    return Problem("dangling-reference", link.place, values)


def name_place(entry: Entry, key: str, formula: Formula, name: Name) -> Place:
    """Where a name stands in the formula under `key`."""
    text_at = entry.places.get(f"{key}.text") or entry.place_of(key)
    found = re.search(rf"(?<![\w.]){re.escape(str(name))}(?![\w.])", formula.text, re.ASCII)
    return place_in(formula.text, text_at, found.start() if found else 0)


def with_sign(value: mpq) -> str:
    """A difference with its sign: `+10`."""
    return f"+{show(value)}" if value > 0 else show(value)
