"""Quotas of grades: how many of a group may have a grade or a better one, told and never applied."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpibook.base.numbers import HUNDRED
from kpibook.model import COMPANY, Catalog, Quota
from kpibook.scoring.ranks import GROUPS
from kpibook.scoring.results import Card


class QuotaGroup(NamedTuple):
    """People whose grades are looked at together: of a department, a role, all below one, or of the company."""

    id: str
    small: tuple[str, ...]
    """The groups that are too small to be looked at alone, and for whose sake all below `id` is."""
    cards: tuple[Card, ...]
    """Those with a grade."""


class QuotaExcess(NamedTuple):
    """More people with a grade, or a better one, than a quota allows."""

    quota: Quota
    group: QuotaGroup
    allowed: int
    holders: int
    tied: int
    """How many share grade and total with the last one within the quota, he or she included; 0 where nobody does."""
    is_by_ties_alone: bool
    """Whether nobody is beyond the quota but those who tie at it."""


class QuotaCount(NamedTuple):
    """How many of a group may have a grade, or a better one, and how many have."""

    quota: Quota
    group: QuotaGroup
    allowed: int
    holders: int


def quota_counts(cards: Sequence[Card], catalog: Catalog) -> Iterator[QuotaCount]:
    """Every quota of every group, kept or not."""
    order = {grade.id: place for place, grade in enumerate(catalog.grades)}
    limits = [quota for quota in catalog.company.distribution.limits if quota.grade in order]
    for group in groups(cards, catalog) if limits else ():
        for quota in limits:
            holders = sum(order[card.grade.id] <= order[quota.grade] for card in group.cards if card.grade)
            yield QuotaCount(quota, group, int(len(group.cards) * quota.at_most / HUNDRED), holders)


def excesses(cards: Sequence[Card], catalog: Catalog) -> Iterator[QuotaExcess]:
    """Every quota that a group goes beyond."""
    distribution = catalog.company.distribution
    for group in groups(cards, catalog) if distribution.limits else ():
        for quota in distribution.limits:
            if found := _excess(group, quota, catalog):
                yield found


def groups(cards: Sequence[Card], catalog: Catalog) -> tuple[QuotaGroup, ...]:
    """The groups of the company's distribution; a small one is looked at with all below the next higher one."""
    distribution, graded = catalog.company.distribution, [card for card in cards if card.grade]
    if distribution.within == "company":
        return (QuotaGroup(COMPANY, (), tuple(graded)),) if graded else ()
    above, group_of = _above(catalog), GROUPS[distribution.within]
    by_group: dict[str, list[Card]] = {}
    for card in graded:
        by_group.setdefault(group_of(card), []).append(card)
    lines = {group: tuple(_upward(group, above)) for group in by_group}
    found: dict[tuple[str, bool], tuple[list[str], tuple[Card, ...]]] = {}
    for own, members in by_group.items():
        group, pooled, inside = own, False, tuple(members)
        for higher in lines[own][1:]:
            if len(inside) >= distribution.pool_under:
                break
            group, pooled = higher, True
            inside = tuple(card for card in graded if higher in lines[group_of(card)])
        small, _ = found.setdefault((group, pooled), ([], inside))
        small += [own] if pooled else []
    return tuple(QuotaGroup(group, tuple(small), inside) for (group, _), (small, inside) in found.items())


def _above(catalog: Catalog) -> Mapping[str, str | None]:
    """The next higher department of each department, or role of each role."""
    if catalog.company.distribution.within == "department":
        return {each.id: each.parent for each in catalog.departments.values()}
    return {each.id: each.reports_to for each in catalog.roles.values()}


def _upward(group: str, above: Mapping[str, str | None]) -> Iterator[str]:
    """A group and all above it, each once, the company last."""
    seen: set[str] = set()
    higher: str | None = group
    while higher and higher not in seen:
        seen.add(higher)
        yield higher
        higher = above.get(higher)
    yield COMPANY


def _excess(group: QuotaGroup, quota: Quota, catalog: Catalog) -> QuotaExcess | None:
    order = {grade.id: place for place, grade in enumerate(catalog.grades)}
    least = order.get(quota.grade)
    if least is None:
        return None
    standing = [(order[card.grade.id], -(card.total or 0)) for card in group.cards if card.grade]
    best = sorted(each for each in standing if each[0] <= least)
    allowed = int(len(group.cards) * quota.at_most / HUNDRED)
    if len(best) <= allowed:
        return None
    edge = best[allowed - 1] if allowed else None
    tied = best.count(edge) if edge == best[allowed] and edge is not None else 0
    return QuotaExcess(quota, group, allowed, len(best), tied, bool(tied) and best[-1] == edge)
