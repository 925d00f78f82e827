"""Who stands on the list of a calibration: by department, best first, with what the committee looks at."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import fixed
from kpibook.exchange.importing.sheet_stamp import HASH_LENGTH, SheetStamp
from kpibook.model import Catalog, Grade
from kpibook.scoring.near_thresholds import near_threshold
from kpibook.scoring.quotas import quota_counts
from kpibook.scoring.results import Card, Results

SHEET = "calibration"
"""The sheet's name in its stamp."""

Grades = Mapping[str, str]
"""By person: the grade that somebody had in an earlier cycle."""


class SessionRow(NamedTuple):
    """A person on the list; texts as they stand in the cells."""

    person: str
    name: str
    department: str
    role: str
    total: str
    grade: str
    line: str
    """The grade whose line is near, with the distance of the total to it; empty for most."""
    before: str
    """The grade of the cycle before."""
    earlier: str
    """That of the one before it."""
    new_grade: str
    new_total: str
    reason: str
    by: str
    on: str


class QuotaRow(NamedTuple):
    """How many of a group may have a grade or a better one, and how many have."""

    group: str
    grade: str
    people: int
    allowed: int
    holders: int


class Session(NamedTuple):
    """Everything in the workbook."""

    stamp: SheetStamp
    grades: tuple[str, ...]
    """What may be proposed, best first."""
    rows: tuple[SessionRow, ...]
    quotas: tuple[QuotaRow, ...]


def session_of(results: Results, catalog: Catalog, before: Sequence[Grades] = ()) -> Session:
    """The list of a cycle: everybody with a total.

    Args:
        results: as computed; what was calibrated already stands there as proposed.
        catalog: that of the cycle.
        before: the grades of earlier cycles of the same kind, the newest first; two are told.
    """
    order = {department: place for place, department in enumerate(catalog.departments)}
    cards = [card for card in results.cards if card.total is not None]
    listed = sorted(cards, key=lambda card: (order.get(card.department, len(order)), -_computed(card), card.person))
    rows = tuple(_row(card, results, catalog, (*before, {}, {})) for card in listed)
    stamp = SheetStamp(str(results.cycle.period), _figures(rows), SHEET, len(rows))
    return Session(stamp, tuple(grade.id for grade in catalog.grades), rows, tuple(_quotas(results, catalog)))


def _figures(rows: Sequence[SessionRow]) -> str:
    """A hash over the computed totals and grades: a list is of no use once they are others."""
    text = "\n".join(sorted(f"{row.person} {row.total} {row.grade}" for row in rows))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:HASH_LENGTH]


def _computed(card: Card) -> mpq:
    """The total before anybody calibrated it."""
    found = card.total_computed if card.calibration else card.total
    return mpq(0) if found is None else found


def _row(card: Card, results: Results, catalog: Catalog, before: Sequence[Grades]) -> SessionRow:
    places = catalog.company.rounding.score
    total, outcome = _computed(card), card.calibration
    grade = outcome.grade if outcome else card.grade
    near = near_threshold(total, catalog.grades)
    department = catalog.departments.get(card.department)
    proposed = (results.cycle.calibration or {}).get(card.person)
    return SessionRow(
        person=card.person,
        name=card.name,
        department=department.name if department else card.department,
        role=card.role.name,
        total=fixed(total, places),
        grade=grade.id if grade else "",
        line=_distance(total, near, places) if near else "",
        before=before[0].get(card.person, ""),
        earlier=before[1].get(card.person, ""),
        new_grade=proposed.grade if proposed else "",
        new_total=fixed(proposed.total, places) if proposed and proposed.total is not None else "",
        reason=proposed.reason if proposed else "",
        by=proposed.by if proposed else "",
        on=proposed.on.isoformat() if proposed and proposed.on else "",
    )


def _distance(total: mpq, near: Grade, places: int) -> str:
    distance = total - near.threshold
    return f"{near.id} {'' if distance < 0 else '+'}{fixed(distance, places)}"


def _quotas(results: Results, catalog: Catalog) -> Iterator[QuotaRow]:
    for found in quota_counts(results.cards, catalog):
        department = catalog.departments.get(found.group.id)
        name = department.name if department else found.group.id
        yield QuotaRow(name, found.quota.grade, len(found.group.cards), found.allowed, found.holders)
