"""The pages of roles: the list, a page for each, and its forms to print."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, show
from kpibook.model import Department, Duty, Indicator, PayLine, Role
from kpibook.pages.changelog import changelog_rows
from kpibook.pages.context import NONE, HandbookContext, HandbookLinks
from kpibook.pages.dates import timed, whole_day
from kpibook.pages.handbook.scorecard import scorecard_view
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.paths import ROLES, indicator_page, role_page, sheet_page
from kpibook.pages.text import capitalised, escape
from kpibook.scoring.explain import pay_total_rule

MOST_OTHERS = 12
QUALIFICATIONS = ("education", "experience", "knowledge", "skills", "qualities", "other")


class RoleRow(NamedTuple):
    """A role in a list."""

    link: Markup
    purpose: str
    reports_to: Markup | str
    status: Markup | str
    """How far it is agreed, where it is not approved."""


class DepartmentRoles(NamedTuple):
    """The roles of a department."""

    name: str
    anchor: str
    rows: tuple[RoleRow, ...]


class DutyRow(NamedTuple):
    """A duty as a row of a table."""

    number: int
    name: str
    content: str
    requirement: str
    share: str
    note: str


class Duties(NamedTuple):
    """All duties, with what their shares of working time add up to and what is open."""

    rows: tuple[DutyRow, ...]
    has_contents: bool
    has_requirements: bool
    has_shares: bool
    total: str
    gap: str


class PayFormulaRow(NamedTuple):
    """A pay line with its formula in words."""

    name: str
    formula: str
    when: str
    note: str


class SharedIndicator(NamedTuple):
    """An indicator that other scorecards hold too."""

    indicator: Markup
    others: Markup


def role_pages(context: HandbookContext, older: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The list of roles, then each role's page and forms."""
    yield context.render("roles", ROLES, source=context.file("roles/"), groups=_groups(context))
    for role in context.catalog.roles.values():
        if context.is_wanted(role_page(role.id)):
            yield _role(context, role, older.get(role.id, ()))
        if context.lookup.has_sheet(role) and context.is_wanted(sheet_page(role.id)):
            yield _sheet(context, role)


def role_row(context: HandbookContext, role: Role, at: HandbookLinks) -> RoleRow:
    """A role with its purpose, its superior and how far it is agreed."""
    above = context.catalog.roles.get(role.reports_to or "")
    is_told = role.status != "approved" and not context.lookup.is_reference(role)
    status = _chip(capitalised(context.word("approval", role.status)), " kpi-chip--warn") if is_told else ""
    return RoleRow(at.role(role), role.purpose, at.role(above) if above else HAS_NONE, status)


def duties_view(duties: tuple[Duty, ...]) -> Duties:
    """The duties of a role or a department."""
    shares = [duty.share for duty in duties if duty.share is not None]
    total = sum(shares, mpq(0))
    rows = tuple(
        DutyRow(
            number,
            duty.name,
            duty.content,
            duty.requirement,
            NONE if duty.share is None else f"{show(duty.share)}%",
            duty.note,
        )
        for number, duty in enumerate(duties, 1)
    )
    gap = show(HUNDRED - total) if shares and total != HUNDRED else ""
    return Duties(
        rows,
        any(row.content or row.note for row in rows),
        any(row.requirement for row in rows),
        bool(shares),
        show(total),
        gap,
    )


def _groups(context: HandbookContext) -> tuple[DepartmentRoles, ...]:
    at = context.at(ROLES)
    return tuple(
        DepartmentRoles(
            department.name,
            f"department-{department.id}",
            _rows(context, roles, at),
        )
        for department in context.lookup.departments_in_order
        if (roles := context.lookup.roles_in(department.id))
    )


def _rows(context: HandbookContext, roles: Sequence[Role], at: HandbookLinks) -> tuple[RoleRow, ...]:
    """Superiors before those who report to them."""
    in_line = sorted(roles, key=lambda role: len(context.lookup.superiors(role.id)))
    return tuple(role_row(context, role, at) for role in in_line)


def _role(context: HandbookContext, role: Role, older: Sequence[str]) -> tuple[str, str]:
    path = role_page(role.id)
    at = context.at(path)
    return context.render(
        "role",
        path,
        source=context.source(role, f"roles/{role.id}.yml"),
        owner=_answers(context, role),
        role=role,
        about=context.department_name(role.department),
        aliases=role.aliases,
        older=older,
        facts=tuple(_facts(context, role, at)),
        forms=at.to(context.say("handbook.sheet.print"), sheet_page(role.id)) if context.lookup.has_sheet(role) else "",
        duties=duties_view(role.duties),
        card=scorecard_view(context, role, at),
        pay=tuple(_pay_rows(context, role)),
        shared=tuple(_shared(context, role, at)),
        qualifications=tuple(_qualifications(context, role)),
        changelog_rows=changelog_rows(context, role),
    )


def _sheet(context: HandbookContext, role: Role) -> tuple[str, str]:
    path = sheet_page(role.id)
    at = context.at(path)
    return context.render(
        "sheet",
        path,
        source=context.source(role, f"roles/{role.id}.yml"),
        owner=_answers(context, role),
        role=role,
        role_link=at.role(role),
        department=context.department_name(role.department),
        duties=duties_view(role.duties),
        card=scorecard_view(context, role, at),
        signers=tuple(_signers(context, role)),
    )


def _signers(context: HandbookContext, role: Role) -> Iterator[str]:
    """Who signs the forms: the one appraised, the superior, who leads them all where that is another, and HR."""
    yield context.say("handbook.sheet.employee")
    yield context.say("handbook.sheet.superior")
    if len(line := context.lookup.superiors(role.id)) > 1:
        yield line[-1].name
    yield context.say("handbook.sheet.hr")


def _answers(context: HandbookContext, role: Role) -> str:
    """The role's department, and who approved the role; of one to draw on, whoever keeps the handbook."""
    if context.lookup.is_reference(role):
        return ""
    approved = (context.posts.of(role.by),) if role.by else ()
    return context.say("handbook.comma").join(dict.fromkeys((context.department_name(role.department), *approved)))


def _status(context: HandbookContext, role: Role) -> Markup:
    """How far the role is agreed: a version with its day and who approved it, else a state that asks for attention."""
    if context.lookup.is_reference(role):
        return _chip(context.say("handbook.status.reference"))
    if role.status != "approved":
        return _chip(context.say(f"handbook.status.{role.status}"), " kpi-chip--warn")
    on = timed(role.on, whole_day(role.on, context.say)) if role.on else ""
    return Markup("{}{}").format(
        on, escape(context.say("handbook.status.approved", by=context.posts.of(role.by)).strip())
    )


def _chip(text: str, style: str = "") -> Markup:
    return Markup(f'<span class="kpi-chip{style}">{escape(text)}</span>')


def _facts(context: HandbookContext, role: Role, at: HandbookLinks) -> Iterator[tuple[str, Markup]]:
    """Where a role stands: department, superior, those who report to it, forms."""
    say, departments = context.say, context.catalog.departments
    if role.department in departments:
        yield say("handbook.department"), at.department(departments[role.department])
    if line := context.lookup.superiors(role.id):
        yield say("handbook.line"), Markup(say("handbook.up")).join(map(at.role, reversed(line)))
    yield say("handbook.version"), _status(context, role)
    if below := context.lookup.reports_to(role.id):
        yield say("handbook.reports"), at.listed(map(at.role, below))
    led = [at.department(department) for department in departments.values() if department.head == role.id]
    if led:
        yield say("handbook.leads"), at.listed(led)


def _pay_rows(context: HandbookContext, role: Role) -> Iterator[PayFormulaRow]:
    """The pay lines of a role, and what all of them together are called."""
    yield from (_pay(context, line) for line in role.pay)
    if rule := pay_total_rule(role, context.say):
        yield PayFormulaRow(role.pay_total, rule, "", "")


def _pay(context: HandbookContext, line: PayLine) -> PayFormulaRow:
    when = context.condition(line.when) if line.when else ""
    return PayFormulaRow(line.name, context.pay_formula(line), when, line.note)


def _shared(context: HandbookContext, role: Role, at: HandbookLinks) -> Iterator[SharedIndicator]:
    """The indicators of a role by which others are scored too, and who they are; none for one to draw on."""
    if context.lookup.is_reference(role):
        return
    used = (*(item.indicator for item in role.items), *(extra.indicator for extra in role.extras))
    for identifier in dict.fromkeys(used):
        owners = {_key(use.owner): use.owner for use in context.lookup.uses[identifier]}
        others = [each for key, each in owners.items() if key != _key(role) and not context.lookup.is_reference(each)]
        if others:
            indicator = context.catalog.indicators[identifier]
            yield SharedIndicator(at.indicator(indicator), _first_others(context, at, indicator, others))


def _first_others(
    context: HandbookContext, at: HandbookLinks, indicator: Indicator, others: Sequence[Role | Department]
) -> Markup:
    """The first of the others; where there are many, the indicator's page names them all."""
    links = [at.owner(other) for other in others[:MOST_OTHERS]]
    if len(others) > MOST_OTHERS:
        links.append(at.to(context.say("handbook.and_more", count=len(others)), f"{indicator_page(indicator.id)}#uses"))
    return at.listed(links)


def _key(owner: Role | Department) -> tuple[bool, str]:
    return isinstance(owner, Role), owner.id


def _qualifications(context: HandbookContext, role: Role) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in QUALIFICATIONS:
        value: str | tuple[str, ...] = getattr(role.qualifications, key)
        texts = (value,) if isinstance(value, str) else value
        if any(texts):
            yield context.say(f"handbook.qualification.{key}"), texts
