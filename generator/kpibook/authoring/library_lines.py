"""The roles of the library as lines of a terminal."""

from collections.abc import Iterator, Sequence

from kpibook.authoring.library import numbers_needed
from kpibook.base.numbers import share_text
from kpibook.base.words import Words
from kpibook.model import Catalog, Role, ScorecardItem
from kpibook.scoring.explain import rule_sentence


def list_lines(catalog: Catalog, roles: Sequence[Role], say: Words) -> Iterator[str]:
    """A line for each role: its id, name, department, how many items it has and how many numbers they need."""
    department = ""
    for role in sorted(roles, key=lambda role: [*catalog.departments].index(role.department)):
        if role.department != department:
            department = role.department
            yield say("library.department", name=catalog.departments[department].name)
        numbers = len(numbers_needed(catalog, role))
        yield say("library.role", id=role.id, name=role.name, items=len(role.items), numbers=numbers)
    yield say("library.more")


def template_lines(catalog: Catalog, role: Role, say: Words) -> Iterator[str]:
    """Everything of a role: what it is for, its duties, its items with their rules, and the numbers they need."""
    yield say("library.title", id=role.id, name=role.name, department=catalog.departments[role.department].name)
    yield role.purpose
    yield say("library.duties", count=len(role.duties), names=say("skeletons.comma").join(d.name for d in role.duties))
    for section in role.scorecard:
        yield section.section
        yield from (f"  {_item(catalog, item, say)}" for item in section.items)
    yield from (f"  {say('library.extra')} {catalog.indicators[extra.indicator].name}" for extra in role.extras)
    yield from (f"  {say('library.pay')} {line.name}" for line in role.pay)
    if numbers := numbers_needed(catalog, role):
        yield say("library.numbers", count=len(numbers))
        for entry in numbers:
            known = catalog.departments.get(entry.owner or "")
            yield "  " + say(
                "library.number", name=entry.name, unit=entry.unit, by=known.name if known else say("library.open")
            )
    yield say("library.take", id=role.id)


def _item(catalog: Catalog, item: ScorecardItem, say: Words) -> str:
    name = catalog.indicators[item.indicator].name
    if item.weight is None:
        return name
    weight = say("library.weight", weight=share_text(item.weight))
    return f"{name} {weight} {rule_sentence(item, catalog, say)}"
