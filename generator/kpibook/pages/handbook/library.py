"""The page of what is to draw on: roles, departments and indicators that are no part of the company."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import Department, Role
from kpibook.pages.context import HandbookContext
from kpibook.pages.paths import LIBRARY


class TemplateRow(NamedTuple):
    """Something to draw on in a list."""

    link: Markup
    holds: str
    says: str


def library_page(context: HandbookContext) -> Iterator[tuple[str, str]]:
    """The page with its path; none where there is nothing to draw on."""
    lookup, at = context.lookup, context.at(LIBRARY)
    if not lookup.references:
        return
    yield context.render(
        "library",
        LIBRARY,
        source=context.file("departments.yml"),
        roles=tuple(TemplateRow(at.role(role), _holds(context, role), role.purpose) for role in lookup.reference_roles),
        departments=tuple(
            TemplateRow(at.department(each), _holds(context, each), each.purpose) for each in lookup.references_in_order
        ),
        indicators=tuple(TemplateRow(at.indicator(each), each.unit, each.definition) for each in lookup.templates),
    )


def _holds(context: HandbookContext, owner: Role | Department) -> str:
    """What there is of it: roles of a department, duties, indicators; empty for an empty one."""
    roles = context.lookup.roles_in(owner.id) if isinstance(owner, Department) else ()
    found = (
        ("roles_count", len(roles)),
        ("duties_count", len(owner.duties)),
        ("items_count", len(owner.items)),
    )
    told = (context.say(f"handbook.home.{key}", count=count) for key, count in found if count)
    return context.say("handbook.comma").join(told)
