"""What of a handbook everybody may read: all but what is marked confidential."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from kpibook.model.catalog import Catalog
from kpibook.model.handbook import PayLine, Role
from kpibook.model.scorecards import Extra, ScorecardItem, Scored
from kpibook.rules.formulas import Formula

S = TypeVar("S", bound=Scored)


def public(catalog: Catalog) -> Catalog:
    """The catalog without what is confidential and what only that needs; the same object where nothing is."""
    hidden = hidden_indicators(catalog)
    owners: tuple[Scored, ...] = (*catalog.roles.values(), *catalog.departments.values(), catalog.company)
    lines = [line for role in catalog.roles.values() for line in role.pay]
    if not hidden and not any(each.confidential for each in (*_scored(owners), *lines)):
        return catalog
    unseen = hidden | _needed_only_by(catalog, hidden)
    by_id = (*catalog.roles.items(), *catalog.departments.items())
    counts = ((key, sum(_is_hidden(item, unseen) for item in _scored((owner,)))) for key, owner in by_id)
    return replace(
        catalog,
        company=_public_part(catalog.company, unseen),
        departments={key: _public_part(each, unseen) for key, each in catalog.departments.items()},
        roles={key: _role(each, unseen) for key, each in catalog.roles.items()},
        indicators={key: each for key, each in catalog.indicators.items() if key not in unseen},
        measures={key: each for key, each in catalog.measures.items() if key not in unseen},
        waivers=tuple(each for each in catalog.waivers if not unseen.intersection(each.where.split("/"))),
        series={key: each for key, each in catalog.series.items() if not unseen.intersection(key)},
        withheld={key: count for key, count in counts if count},
    )


def hidden_indicators(catalog: Catalog) -> frozenset[str]:
    """The indicators that are confidential as such."""
    return frozenset(key for key, each in catalog.indicators.items() if each.confidential)


def uses_hidden(formula: Formula | None, unseen: Iterable[str]) -> bool:
    """Whether a formula names one of the unseen ids."""
    return formula is not None and any(name.id in set(unseen) for name in formula.names)


def _scored(owners: Iterable[Scored]) -> Iterator[ScorecardItem | Extra]:
    for owner in owners:
        yield from owner.items
        yield from owner.extras


def _needed_only_by(catalog: Catalog, hidden: frozenset[str]) -> frozenset[str]:
    """The measures from which nothing but hidden indicators is made, and those that only hidden items count."""
    told, untold = set[str](), set[str]()
    for key, indicator in catalog.indicators.items():
        names = {name.id for name in indicator.formula.names} if indicator.formula else set()
        (untold if key in hidden else told).update(names)
    for item in _scored((*catalog.roles.values(), *catalog.departments.values(), catalog.company)):
        names = {name.id for name in item.standard.names()} if item.standard else set()
        (untold if _is_hidden(item, hidden) else told).update(names)
    return frozenset(untold - told).intersection(catalog.measures)


def _is_hidden(item: ScorecardItem | Extra, unseen: frozenset[str]) -> bool:
    return item.confidential or item.indicator in unseen


def _public_part(owner: S, unseen: frozenset[str]) -> S:
    """A holder of a scorecard without the items, extras and gates that are not told."""
    sections = (
        section.model_copy(update={"items": tuple(item for item in section.items if not _is_hidden(item, unseen))})
        for section in owner.scorecard
    )
    told = {
        "scorecard": tuple(section for section in sections if section.items),
        "extras": tuple(extra for extra in owner.extras if not _is_hidden(extra, unseen)),
        "gates": tuple(gate for gate in owner.gates if not uses_hidden(gate.when, unseen)),
    }
    return owner.model_copy(update=told)


def _role(role: Role, unseen: frozenset[str]) -> Role:
    pay = tuple(line for line in role.pay if not _is_line_hidden(line, unseen))
    # A sum without all of its parts would be none.
    total = role.pay_total if len(pay) == len(role.pay) else ""
    return _public_part(role, unseen).model_copy(update={"pay": pay, "pay_total": total})


def _is_line_hidden(line: PayLine, unseen: frozenset[str]) -> bool:
    formulas = (line.formula, line.pool, line.by, line.when, *(row.amount for row in line.table))
    return line.confidential or any(uses_hidden(formula, unseen) for formula in formulas)
