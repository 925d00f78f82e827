"""The pages of departments: the list, a page for each, the organisation chart."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import Department
from kpibook.pages.context import NONE, HandbookContext, HandbookLinks
from kpibook.pages.handbook.indicators import measure_row
from kpibook.pages.handbook.roles import duties_view, role_row
from kpibook.pages.handbook.scorecard import scorecard_view
from kpibook.pages.lookup import Branch
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.paths import DEPARTMENTS, ORGANISATION, department_page

INDENT = "    "
NODE = "kpi-node"


class DepartmentListRow(NamedTuple):
    """A department in a list."""

    link: Markup
    head: Markup | str
    parent: Markup | str
    roles: int
    purpose: str


def department_pages(context: HandbookContext) -> Iterator[tuple[str, str]]:
    """The list of departments, a page for each, and the organisation."""
    source = context.file("departments.yml")
    at = context.at(DEPARTMENTS)
    rows = tuple(_row(context, department, at) for department in context.lookup.departments_in_order)
    yield context.render("departments", DEPARTMENTS, source=source, rows=rows)
    for department in context.catalog.departments.values():
        if context.is_wanted(department_page(department.id)):
            yield _department(context, department)
    yield _organisation(context, source)


def _row(context: HandbookContext, department: Department, at: HandbookLinks) -> DepartmentListRow:
    parent = context.catalog.departments.get(department.parent or "")
    return DepartmentListRow(
        link=at.department(department),
        head=_head(context, department, at) or NONE,
        parent=at.department(parent) if parent else HAS_NONE,
        roles=len(context.lookup.roles_in(department.id)),
        purpose=department.purpose,
    )


def _head(context: HandbookContext, department: Department, at: HandbookLinks) -> Markup | str:
    head = context.catalog.roles.get(department.head or "")
    return at.role(head) if head else ""


def _department(context: HandbookContext, department: Department) -> tuple[str, str]:
    path = department_page(department.id)
    at = context.at(path)
    return context.render(
        "department",
        path,
        source=context.source(department, "departments.yml"),
        owner=_head_name(context, department),
        department=department,
        is_reference=context.lookup.is_reference(department),
        facts=tuple(_facts(context, department, at)),
        roles=tuple(role_row(context, role, at) for role in context.lookup.roles_in(department.id)),
        duties=duties_view(department.duties),
        card=scorecard_view(context, department, at),
        supplied=tuple(measure_row(context, entry, at) for entry in context.lookup.supplied_by(department.id)),
    )


def _facts(context: HandbookContext, department: Department, at: HandbookLinks) -> Iterator[tuple[str, Markup]]:
    """Who leads a department, what it belongs to and what belongs to it."""
    say = context.say
    if head := context.catalog.roles.get(department.head or ""):
        yield say("handbook.head"), at.role(head)
    if parent := context.catalog.departments.get(department.parent or ""):
        yield say("handbook.parent"), at.department(parent)
    is_apart = context.lookup.is_reference(department)
    children = [
        each for each in context.lookup.children(department.id) if context.lookup.is_reference(each) is is_apart
    ]
    if children:
        yield say("handbook.children"), at.listed(map(at.department, children))


def _organisation(context: HandbookContext, source: str) -> tuple[str, str]:
    at = context.at(ORGANISATION)
    departments, roles = context.catalog.departments, context.catalog.roles
    led = {key: _node(at.department(each), _head(context, each, at)) for key, each in departments.items()}
    held = {key: _node(at.role(role)) for key, role in roles.items()}
    return context.render(
        "organisation",
        ORGANISATION,
        source=source,
        counts=context.lookup.counts,
        departments=_chart(context.lookup.departments, led),
        reporting=_chart(context.lookup.reporting, held),
    )


def _head_name(context: HandbookContext, department: Department) -> str:
    head = context.catalog.roles.get(department.head or "")
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
