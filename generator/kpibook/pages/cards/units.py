"""The scorecards of departments and of the company: who stands for them, and how lists name them."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import COMPANY
from kpibook.pages.figures import Figures
from kpibook.pages.text import link
from kpibook.scoring.results import Card

FOLDER = "units"
"""Where their cards stand below the cycle; an id of a department is no secret."""


class UnitRow(NamedTuple):
    """A department or the company in a list, with the way to its card."""

    card: Markup
    total: str
    grade: str
    coverage: str
    status: str


def unit_page(unit: Card) -> str:
    """The page of a card below its cycle, without the ending."""
    return f"{FOLDER}/{unit.person}"


def unit_rows(figures: Figures) -> Iterator[UnitRow]:
    """The cards of all departments and of the company, for the page of their cycle."""
    for unit in figures.units:
        yield UnitRow(
            link(unit.name, f"{unit_page(unit)}.md"),
            figures.total_of(unit),
            figures.grade(unit.grade),
            figures.coverage(unit),
            figures.status(unit),
        )


def unit_link(department: str, figures: Figures) -> Markup | None:
    """The way from a department's page to its scorecard, with what it came to; none without one."""
    for unit in figures.units:
        if unit.person == department:
            values = {"total": figures.total_of(unit), "grade": figures.grade(unit.grade)}
            return link(figures.say("cards.unit.result", **values), f"../{unit_page(unit)}.md")
    return None


def unit_facts(unit: Card, figures: Figures) -> Iterator[tuple[str, Markup | str]]:
    """Whose card it is, where that belongs and who leads it."""
    say, department = figures.say, figures.catalog.departments.get(unit.person)
    kind = "company" if unit.person == COMPANY else "department"
    yield say("cards.unit.kind"), say(f"cards.unit.{kind}")
    if department is None:
        return
    if department.parent:
        yield say("cards.unit.parent"), figures.department(department.parent)
    yield say("cards.unit.head"), _head(department.head or "", figures)
    members = figures.members.get(unit.person, ())
    if members:
        people = say("cards.unit.count", count=len(members))
        yield say("cards.people"), link(people, f"../departments/{unit.person}.md")


def _head(role: str, figures: Figures) -> str:
    """Who holds the leading role in this cycle; the role where nobody does."""
    holders = [figures.person(card.person) for card in figures.results.cards if card.role.id == role]
    known = figures.catalog.roles.get(role)
    return figures.enumeration(holders) if holders else known.name if known else "—"
