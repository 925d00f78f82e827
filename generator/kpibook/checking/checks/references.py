"""Every reference leads to something: both ends are named where it does not."""

from collections.abc import Iterator

from kpibook.base.entry import Entry
from kpibook.base.problems import Problem
from kpibook.checking.checks.base import (
    Holder,
    ReferenceEnd,
    check_reference,
    dangling_reference,
    holders,
    is_reported,
    judged_items,
    known_ids,
    name_place,
)
from kpibook.model import COMPANY, Catalog, Company, Department, PayLine, PayRow, Role
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import AllOrNothing, ByFormula, Deduction, Rule
from kpibook.scoring.years import YEAR_NAMES

PAY_NAMES = ("total", "exact_total", "coverage", "factor")
"""What a pay formula may use beside measures, indicators and the columns of people.csv."""

GRADE_NAMES = ("total", "exact_total", "coverage")
"""What a condition of a grade may use beside measures and indicators; the exact total is the one before rounding."""

STREAK_NAMES = ("rank", "ranked", "total", "factor", "failed")
"""What a condition of a streak may use."""


def check_owners(catalog: Catalog) -> Iterator[Problem]:
    """Each measure, each indicator and the handbook itself is owned by a department."""
    company = catalog.company
    yield from check_reference(
        catalog, "department", company.owner, ReferenceEnd(COMPANY, "owner", company.place_of("owner"))
    )
    for measure in catalog.measures.values():
        yield from check_reference(
            catalog, "department", measure.owner, ReferenceEnd(measure.id, "owner", measure.place_of("owner"))
        )
    for indicator in catalog.indicators.values():
        link = ReferenceEnd(indicator.id, "owner", indicator.place_of("owner"))
        yield from check_reference(catalog, "department", indicator.owner, link)


def check_structure(catalog: Catalog) -> Iterator[Problem]:
    """Departments have parents and heads, roles have departments and superiors."""
    for department in catalog.departments.values():
        for key, kind, to in (("parent", "department", department.parent), ("head", "role", department.head)):
            yield from check_reference(catalog, kind, to, ReferenceEnd(department.id, key, department.place_of(key)))
    for role in catalog.roles.values():
        for key, kind, to in (("department", "department", role.department), ("reports_to", "role", role.reports_to)):
            yield from check_reference(catalog, kind, to, ReferenceEnd(role.id, key, role.place_of(key)))


def check_item_indicators(catalog: Catalog) -> Iterator[Problem]:
    """Each item and extra names an indicator of the dictionary."""
    for holder in holders(catalog):
        for item in holder.scored:
            link = ReferenceEnd(holder.entry.id, "indicator", item.place_of("indicator"))
            yield from check_reference(catalog, "indicator", item.indicator, link)


def check_rule_measures(catalog: Catalog) -> Iterator[Problem]:
    """Deductions and requirements count something that is measured."""
    for each in judged_items(catalog):
        for name, row in _measures_of_rows(each.rule):
            yield from _unknown(catalog, name, ReferenceEnd(each.holder.entry.id, "measure", row.place_of("measure")))


def check_formula_names(catalog: Catalog) -> Iterator[Problem]:
    """Formulas use measures and indicators that are there."""
    for owner, entry, key, formula in formulas(catalog):
        yield from _unknown_names(catalog, formula, entry, ReferenceEnd(owner, key))
    for each in judged_items(catalog):
        if isinstance(each.rule, ByFormula):
            for name in each.rule.names():
                place = name_place(each.rule, "points", each.rule.points, name)
                yield from _unknown(catalog, name, ReferenceEnd(each.holder.entry.id, "points", place))


def check_gate_grades(catalog: Catalog) -> Iterator[Problem]:
    """A gate caps the grade at one that is there."""
    for holder in holders(catalog):
        for gate in holder.entry.gates:
            link = ReferenceEnd(holder.entry.id, "grade_at_most", gate.place_of("grade_at_most"))
            yield from check_reference(catalog, "grade", gate.grade_at_most, link)


def formulas(catalog: Catalog) -> Iterator[tuple[str, Entry, str, Formula]]:
    """Every formula and condition over numbers alone: whose it is, its entry, its key."""
    for indicator in catalog.indicators.values():
        if indicator.formula:
            yield indicator.id, indicator, "formula", indicator.formula
        yield from ((indicator.id, comparison, "when", comparison.when) for comparison in indicator.compares)
    for holder in holders(catalog):
        exempts = (item.exempt for item in holder.entry.items if item.exempt)
        yield from ((holder.entry.id, exempt, "when", exempt.when) for exempt in exempts)
        yield from ((holder.entry.id, gate, "when", gate.when) for gate in holder.entry.gates)


def check_grade_names(catalog: Catalog) -> Iterator[Problem]:
    """Conditions of grades use measures and indicators, the total and the coverage, and name roles that are there."""
    for grade in catalog.grades:
        for role in grade.roles:
            yield from check_reference(catalog, "role", role, ReferenceEnd(grade.id, "roles", grade.place_of("roles")))
        for condition in grade.when:
            for name in condition.names:
                if name.scope or name.id not in GRADE_NAMES:
                    yield from _unknown(catalog, name, ReferenceEnd(grade.id, "when", grade.place_of("when")))


def check_streak_names(catalog: Catalog) -> Iterator[Problem]:
    """Conditions of streaks use what a card came to, and name roles that are there."""
    for streak in catalog.company.streaks:
        for role in streak.roles:
            yield from check_reference(
                catalog, "role", role, ReferenceEnd(streak.name, "roles", streak.place_of("roles"))
            )
        for name in streak.when.names:
            if name.scope or name.id not in STREAK_NAMES:
                place = name_place(streak, "when", streak.when, name)
                yield Problem("streak-name", place, {"name": str(name), "known": ", ".join(STREAK_NAMES)})


def check_bonus_names(catalog: Catalog) -> Iterator[Problem]:
    """A bonus uses what a year came to and columns that have a name, and is for roles that are there."""
    known = (*YEAR_NAMES, *catalog.company.columns)
    for bonus in catalog.company.year_bonus:
        for role in bonus.roles:
            yield from check_reference(
                catalog, "role", role, ReferenceEnd(bonus.name, "roles", bonus.place_of("roles"))
            )
        for key, formula in (("formula", bonus.formula), ("when", bonus.when)):
            if formula:
                strangers = (name for name in formula.names if name.scope or name.id not in known)
                for name in strangers:
                    place = name_place(bonus, key, formula, name)
                    yield Problem("bonus-name", place, {"name": str(name), "known": ", ".join(known)})


def check_pay_names(catalog: Catalog) -> Iterator[Problem]:
    """What a pay formula sees through a scope is measured, and a pool's all; others may be columns of people.csv."""
    for role in catalog.roles.values():
        for line, key, formula in pay_formulas(role):
            for name in formula.names:
                if name.scope or key == "pool":
                    yield from _unknown(catalog, name, ReferenceEnd(role.id, key, name_place(line, key, formula, name)))


def check_supports(catalog: Catalog) -> Iterator[Problem]:
    """An item supports an item of a superior role or of a department above."""
    for holder in holders(catalog):
        above = list(_above(catalog, holder))
        offered = {item.indicator for entry in above for item in entry.items}
        is_open = any(_is_open(catalog, kind, identifier) for kind, identifier in holders_above(catalog, holder))
        for item in holder.entry.items:
            if item.supports is None or item.supports in offered:
                continue
            place = item.place_of("supports")
            if item.supports not in catalog.indicators:
                link = ReferenceEnd(holder.entry.id, "supports", place)
                yield from check_reference(catalog, "indicator", item.supports, link)
            elif not is_open:
                values = {"id": item.supports, "above": ", ".join(entry.id for entry in above) or "-"}
                yield Problem("supports-nothing", place, values)


def pay_formulas(role: Role) -> Iterator[tuple[PayLine | PayRow, str, Formula]]:
    """Each formula of a role's pay with its line, or its row of a table, and its key."""
    for line in role.pay:
        for key, formula in (("formula", line.formula), ("pool", line.pool), ("by", line.by), ("when", line.when)):
            if formula:
                yield line, key, formula
        yield from ((row, "amount", row.amount) for row in line.table)


def _measures_of_rows(rule: Rule) -> Iterator[tuple[Name, Entry]]:
    """The measures that the rows of a rule name, each with its row."""
    if isinstance(rule, Deduction):
        yield from ((Name("", row.measure), row) for row in (*rule.deduct, *rule.add))
    elif isinstance(rule, AllOrNothing):
        yield from ((Name("", requirement.measure), requirement) for requirement in rule.require)


def holders_above(catalog: Catalog, holder: Holder) -> Iterator[tuple[str, str]]:
    """Kind and id of the superior role, of all departments above, and of the company."""
    entry = holder.entry
    if isinstance(entry, Role):
        if entry.reports_to:
            yield "role", entry.reports_to
        next_up: str | None = entry.department
    elif isinstance(entry, Department):
        next_up = entry.parent
    else:
        return
    seen: set[str] = set()
    while next_up and next_up not in seen:
        seen.add(next_up)
        yield "department", next_up
        department = catalog.departments.get(next_up)
        next_up = department.parent if department else None
    yield "company", COMPANY


def _is_open(catalog: Catalog, kind: str, identifier: str) -> bool:
    """Whether nobody can say yet what is on this scorecard: what is wrong is told elsewhere."""
    return is_reported(catalog, kind, identifier) or identifier not in known_ids(catalog, kind)


def _above(catalog: Catalog, holder: Holder) -> Iterator[Role | Department | Company]:
    for kind, identifier in holders_above(catalog, holder):
        entry = catalog.roles.get(identifier) if kind == "role" else catalog.departments.get(identifier)
        if kind == "company" and catalog.company.items:
            yield catalog.company
        elif entry:
            yield entry


def _unknown_names(catalog: Catalog, formula: Formula, entry: Entry, link: ReferenceEnd) -> Iterator[Problem]:
    for name in formula.names:
        place = name_place(entry, link.key, formula, name)
        yield from _unknown(catalog, name, link._replace(place=place))


def _unknown(catalog: Catalog, name: Name, link: ReferenceEnd) -> Iterator[Problem]:
    if catalog.named(name.id) or any(is_reported(catalog, kind, name.id) for kind in ("measure", "indicator")):
        return
    where = f"{catalog.folder}/measures.yml, {catalog.folder}/indicators/"
    yield dangling_reference(name.id, (*catalog.measures, *catalog.indicators), link, where)
