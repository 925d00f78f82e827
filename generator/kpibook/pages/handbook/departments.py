"""The pages of departments: the list, a page for each, the organisation chart."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import Department
from kpibook.pages.context import NONE, HandbookContext, PageLinks
from kpibook.pages.handbook.indicators import measure_row
from kpibook.pages.handbook.roles import duties_view, role_row
from kpibook.pages.handbook.scorecard import scorecard_view
from kpibook.pages.lookup import Branch
from kpibook.pages.paths import DEPARTMENTS, ORGANISATION, department_page

INDENT = "    "
NODE = "kpi-node"


class ReferenceRow(NamedTuple):
    """A department to draw on in a list."""

    link: Markup
    holds: str
    purpose: str


class DepartmentListRow(NamedTuple):
    """A department in a list."""

    link: Markup
    head: Markup | str
    parent: Markup | str
    roles: int
    purpose: str


def department_pages(book: HandbookContext) -> Iterator[tuple[str, str]]:
    """The list of departments, a page for each, and the organisation."""
    source = book.file("departments.yml")
    at = book.at(DEPARTMENTS)
    rows = tuple(_row(book, department, at) for department in book.lookup.departments_in_order)
    references = tuple(
        ReferenceRow(at.department(each), holdings(book, each), each.purpose)
        for each in book.lookup.references_in_order
    )
    yield book.render("departments", DEPARTMENTS, source=source, rows=rows, references=references)
    for department in book.catalog.departments.values():
        yield _department(book, department)
    yield _organisation(book, source)


def _row(book: HandbookContext, department: Department, at: PageLinks) -> DepartmentListRow:
    parent = book.catalog.departments.get(department.parent or "")
    return DepartmentListRow(
        link=at.department(department),
        head=_head(book, department, at) or NONE,
        parent=at.department(parent) if parent else NONE,
        roles=len(book.lookup.roles_in(department.id)),
        purpose=department.purpose,
    )


def holdings(book: HandbookContext, department: Department) -> str:
    """What a department has: its roles, else its duties, else its indicators; empty for an empty one."""
    found = (
        ("roles_count", len(book.lookup.roles_in(department.id))),
        ("duties_count", len(department.duties)),
        ("items_count", len(department.items)),
    )
    return next((book.say(f"handbook.home.{key}", count=count) for key, count in found if count), "")


def _head(book: HandbookContext, department: Department, at: PageLinks) -> Markup | str:
    head = book.catalog.roles.get(department.head or "")
    return at.role(head) if head else ""


def _department(book: HandbookContext, department: Department) -> tuple[str, str]:
    path = department_page(department.id)
    at = book.at(path)
    return book.render(
        "department",
        path,
        source=book.source(department, "departments.yml"),
        owner=_head_name(book, department),
        department=department,
        is_reference=book.lookup.is_reference(department),
        facts=tuple(_facts(book, department, at)),
        roles=tuple(role_row(book, role, at) for role in book.lookup.roles_in(department.id)),
        duties=duties_view(department.duties),
        card=scorecard_view(book, department, at),
        supplied=tuple(measure_row(book, entry, at) for entry in book.lookup.supplied_by(department.id)),
    )


def _facts(book: HandbookContext, department: Department, at: PageLinks) -> Iterator[tuple[str, Markup]]:
    """Who leads a department, what it belongs to and what belongs to it."""
    say = book.say
    if head := book.catalog.roles.get(department.head or ""):
        yield say("handbook.head"), at.role(head)
    if parent := book.catalog.departments.get(department.parent or ""):
        yield say("handbook.parent"), at.department(parent)
    is_apart = book.lookup.is_reference(department)
    children = [each for each in book.lookup.children(department.id) if book.lookup.is_reference(each) is is_apart]
    if children:
        yield say("handbook.children"), at.listed(map(at.department, children))


def _organisation(book: HandbookContext, source: str) -> tuple[str, str]:
    at = book.at(ORGANISATION)
    departments, roles = book.catalog.departments, book.catalog.roles
    led = {key: _node(at.department(each), _head(book, each, at)) for key, each in departments.items()}
    held = {key: _node(at.role(role)) for key, role in roles.items()}
    return book.render(
        "organisation",
        ORGANISATION,
        source=source,
        departments=_chart(book.lookup.departments, led),
        reporting=_chart(book.lookup.reporting, held),
        references=_chart(book.lookup.references, led),
    )


def _head_name(book: HandbookContext, department: Department) -> str:
    head = book.catalog.roles.get(department.head or "")
    return head.name if head else ""


def _node(name: Markup, below: Markup | str = "") -> Markup:
    """A box of the chart: a name, and who leads."""
    led = Markup(f" <small>{below}</small>") if below else ""
    return Markup(f'<span class="{NODE}">{name}{led}</span>')


def _chart(branches: Sequence[Branch], nodes: dict[str, Markup]) -> Markup:
    """The tree as nested list items; the theme draws boxes and lines, and a panel for each below the first fork."""
    return _nested(branches, nodes, {branch.id for branch in map(_first_fork, branches) if branch})


def _first_fork(branch: Branch) -> Branch | None:
    """The first on the way down that has several directly below it."""
    while len(branch.branches) == 1:
        branch = branch.branches[0]
    return branch if branch.branches else None


def _nested(branches: Sequence[Branch], nodes: dict[str, Markup], over: Container[str], indent: str = "") -> Markup:
    return Markup("").join(
        Markup(f"{indent}- {_marked(nodes[branch.id]) if branch.id in over else nodes[branch.id]}\n")
        + _nested(branch.branches, nodes, over, indent + INDENT)
        for branch in branches
    )


def _marked(node: Markup) -> Markup:
    return Markup(node.replace(NODE, f"{NODE} kpi-over", 1))
