"""Small catalogs and cycles for tests, made in memory from plain values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gmpy2 import mpq

from kpibook.base.entry import Located
from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import (
    Adjustment,
    Assignment,
    Catalog,
    Company,
    Cycle,
    CycleStatus,
    Department,
    Grade,
    Indicator,
    Measure,
    RatingRow,
    Reading,
    Relation,
    Role,
    Schedule,
    SetAside,
    TargetRow,
)

Given = int | str
"""A number as a test writes it."""

OCTOBER = Period.parse("2026-10")
GRADES = (("A", 90), ("B", 80), ("C", 60), ("D", 0))


def place(line: int, file: str = "actuals/shop.csv", period: Period = OCTOBER) -> Place:
    return Place(f"scorecards/{period}/{file}", line, 1)


def indicator(id: str, **values: Any) -> Indicator:
    given = {"name": id, "unit": "", "direction": "higher", "owner": "shop", **values}
    return Indicator.build(id=id, **given)


def measure(id: str, **values: Any) -> Measure:
    return Measure.build(id=id, **{"name": id, "unit": "", "owner": "shop", **values})


def item(indicator: str, weight: Given | None, standard: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    return {"indicator": indicator, "weight": weight, "standard": standard, **values}


def role(id: str, items: Sequence[Mapping[str, Any]], **values: Any) -> Role:
    """A role whose n-th item has its target at line 10 + n of its file, and its n-th extra at line 20 + n."""
    file = f"handbook/roles/{id}.yml"
    placed = [_placed(each, file, 10 + number) for number, each in enumerate(items)]
    extras = [_placed(each, file, 20 + number) for number, each in enumerate(values.pop("extras", ()))]
    scorecard = [{"section": "Work", "items": placed}]
    return Role.build(id=id, **{"name": id, "department": "shop", "scorecard": scorecard, "extras": extras, **values})


def _placed(data: Mapping[str, Any], file: str, line: int) -> Located:
    located = Located(Place(file, line, 1))
    for key, value in data.items():
        located.put(key, value, key_at=Place(file, line, 1), value_at=Place(file, line, 5))
    return located


def catalog(
    roles: Iterable[Role],
    indicators: Iterable[Indicator] = (),
    measures: Iterable[Measure] = (),
    departments: Iterable[Department] = (),
    grades: Iterable[tuple[str, object]] = GRADES,
    **company: Any,
) -> Catalog:
    shop = Department.build(id="shop", name="Shop")
    return Catalog(
        Company.build(**{"name": "Acme", "language": "en", **company}),
        {each.id: each for each in (shop, *departments)},
        tuple(Grade.build(id=id, name=id, from_=threshold) for id, threshold in grades),
        {each.id: each for each in measures},
        {each.id: each for each in indicators},
        {each.id: each for each in roles},
    )


def reading(value: Given, line: int = 2, file: str = "actuals/shop.csv", period: Period = OCTOBER) -> Reading:
    return Reading(mpq(value), place(line, file, period), str(value))


def person(id: str, role: str = "clerk", department: str = "shop", **values: Any) -> Assignment:
    name = values.pop("name", f"Name {id}")
    return Assignment(id, name, role, department, place(2, "people.csv"), **values)


def rating(value: Given | None = None, level: str = "", relation: str = "manager", line: int = 2) -> RatingRow:
    number = None if value is None else mpq(value)
    return RatingRow(Relation(relation), "E9", place(line, "ratings.csv"), str(level or value), number, level)


def target(
    value: Given, line: int = 2, reason: str = "", approved_by: str = "", original: Given | None = None
) -> TargetRow:
    before = None if original is None else mpq(original)
    return TargetRow(mpq(value), place(line, "targets.csv"), reason, approved_by, before)


def adjustment(points: Given) -> Adjustment:
    return Adjustment(mpq(points), "helped out", "E9", place(2, "adjustments.csv"))


def aside(subject: str, key: str, file: str = "actuals/shop.csv", period: Period = OCTOBER) -> SetAside:
    values = {"text": "abc"}
    return SetAside(place(7, file, period), "abc", "not-a-number", values, subject, key)


def cycle(
    people: Iterable[Assignment],
    actuals: Mapping[tuple[str, str], Given] | None = None,
    *,
    period: str = "2026-10",
    **values: Any,
) -> Cycle:
    """A cycle whose n-th actual stands in line 2 + n of actuals/shop.csv."""
    at = Period.parse(period)
    readings = {key: reading(value, 2 + n, period=at) for n, (key, value) in enumerate((actuals or {}).items())}
    folder = f"scorecards/{period}"
    return Cycle(at, period, at.kind, CycleStatus.OPEN, Schedule(), folder, tuple(people), readings, **values)
