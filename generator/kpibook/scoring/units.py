"""Departments and the company as holders of scorecards."""

from collections.abc import Iterator

from kpibook.model import COMPANY, Catalog, Company, Department, Role


def unit_roles(catalog: Catalog) -> Iterator[Role]:
    """Each department with a scorecard, then the company, in the form of a role under the id of the subject."""
    for department in catalog.departments.values():
        if department.scorecard or department.extras:
            yield _as_role(department.id, department.name, department)
    if catalog.company.scorecard or catalog.company.extras:
        yield _as_role(COMPANY, catalog.company.name, catalog.company)


def _as_role(subject: str, name: str, holder: Department | Company) -> Role:
    return Role.model_construct(
        id=subject,
        name=name,
        department=subject,
        scorecard=holder.scorecard,
        extras=holder.extras,
        gates=holder.gates,
        total=holder.total,
        places=holder.places,
    )
