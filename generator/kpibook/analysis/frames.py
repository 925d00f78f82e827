"""Results as typed tables of pandas: the one place that turns cycles into frames.

Ids and closed words are categories, numbers are float64 (the float nearest to the exact number; nothing that is paid
is computed of them), what is missing is NaN, and the column `missing` says why.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED
from kpibook.model import COMPANY, Catalog, Indicator, RatingRow
from kpibook.rules.standards import Rating, RatingFault
from kpibook.scoring.results import Card, ItemScore, Results
from kpibook.scoring.sources import Gap

Row = tuple[Any, ...]

MISSING = float("nan")
ROWS_AT_ONCE = 5_000
CATEGORY, FLOAT, TEXT, COUNT, FLAG = "category", "float64", "str", "Int64", "bool"

PEOPLE: Mapping[str, str] = {
    **{"cycle": CATEGORY, "kind": CATEGORY, "settled": FLAG, "person": CATEGORY, "name": TEXT},
    **{"department": CATEGORY, "role": CATEGORY, "level": CATEGORY, "manager": CATEGORY},
    **{"total": FLOAT, "computed": FLOAT, "adjustment": FLOAT, "grade": CATEGORY, "rank": COUNT, "ranked": COUNT},
    **{"coverage": FLOAT, "status": CATEGORY, "missing": CATEGORY, "days": COUNT},
}
ITEMS: Mapping[str, str] = {
    **{"cycle": CATEGORY, "person": CATEGORY, "department": CATEGORY, "role": CATEGORY, "section": CATEGORY},
    **{"indicator": CATEGORY, "owner": CATEGORY, "extra": FLAG, "trial": FLAG, "rated": FLAG},
    **{"weight": FLOAT, "target": FLOAT, "target_of": CATEGORY, "actual": FLOAT, "attainment": FLOAT},
    **{"points": FLOAT, "share": FLOAT, "label": CATEGORY, "status": CATEGORY, "missing": CATEGORY},
}
RATINGS: Mapping[str, str] = {
    **{"cycle": CATEGORY, "person": CATEGORY, "department": CATEGORY, "role": CATEGORY, "indicator": CATEGORY},
    **{"relation": CATEGORY, "rater": CATEGORY, "level": CATEGORY, "points": FLOAT, "share": FLOAT},
    **{"missing": CATEGORY},
}
ACTUALS: Mapping[str, str] = {
    **{"cycle": CATEGORY, "subject": CATEGORY, "scope": CATEGORY, "measure": CATEGORY, "unit": CATEGORY},
    **{"owner": CATEGORY, "value": FLOAT, "raw": TEXT, "note": TEXT, "file": CATEGORY, "line": COUNT},
    **{"missing": CATEGORY},
}


NO_NUMBERS = frozenset({Gap.NOT_RATED, Gap.NO_TARGET, Gap.NOT_APPROVED})
"""Gaps of cards that are no numbers which somebody supplies."""


class CycleResults(NamedTuple):
    """A cycle as it was scored, or sealed, and the catalog that decided it."""

    results: Results
    catalog: Catalog


def people(cycles: Iterable[CycleResults]) -> pd.DataFrame:
    """A row for each person and cycle, in the order of people.csv.

    Args:
        cycles: each cycle with its catalog; a published one gives the figures of its seal.

    Returns:
        The columns of `PEOPLE`, shape (people of all cycles, 19). `total` is published, in points; `computed` stands
        before adjustments, calibration and gates; both are NaN where there is none, and `missing` says what the first
        number is that it waits for. `grade` is ordered, worst first. `coverage` in %; `days` 0 for the whole cycle.
        Role, job level (missing where the role has none) and department are those at the end of the cycle.
    """
    known = tuple(cycles)
    frame = _frame(PEOPLE, (_person_row(card, each) for each in known for card in each.results.cards))
    return frame.assign(grade=_ordered(frame["grade"], known))


def items(cycles: Iterable[CycleResults]) -> pd.DataFrame:
    """A row for each item and extra of each person, of every role held in a cycle.

    Returns:
        The columns of `ITEMS`. `weight` and `points` in points, an item on trial has weight 0 and no points; `share`
        is points / weight, NaN for extras and trials; `attainment` in % (100 is the target reached); `target_of`:
        person, department or role; `owner`: the department that supplies the number. NaN is missing, never zero:
        `status` and `missing` say why.
    """
    return _frame(ITEMS, (row for each in cycles for row in _item_rows(each)))


def ratings(cycles: Iterable[CycleResults]) -> pd.DataFrame:
    """A row for each rating that somebody gave.

    Returns:
        The columns of `RATINGS`. `points` as the rater's number or level stands for, on the item's scale; `share` of
        the most that could be given (0 to 1). Where the rating cannot be taken both are NaN, and `missing` has the
        code of the reason.
    """
    return _frame(RATINGS, (row for each in cycles for row in _rating_rows(each)))


def actuals(cycles: Iterable[CycleResults]) -> pd.DataFrame:
    """A row for each number that arrived, and for each that cards wait for.

    Returns:
        The columns of `ACTUALS`. `value` in `unit`, exact in `raw` as the cell was written; `scope`: person,
        department or company; `file` and `line` say where it stands. A number that is missing has neither, and
        `missing` says why.
    """
    return _frame(ACTUALS, (row for each in cycles for row in _actual_rows(each)))


def _frame(columns: Mapping[str, str], rows: Iterator[Row]) -> pd.DataFrame:
    """The rows as columns: a few thousand at a time, so that a large cycle does not stand there twice."""
    lists: list[Any] = [array("d") if kind == FLOAT else [] for kind in columns.values()]
    while chunk := tuple(islice(rows, ROWS_AT_ONCE)):
        for column, values in zip(lists, zip(*chunk, strict=True), strict=True):
            column.extend(values)
    return pd.DataFrame({name: _column(made, kind) for (name, kind), made in zip(columns.items(), lists, strict=True)})


def _column(values: Any, kind: str) -> "pd.Series[Any]":
    """The values in their type; categories are texts even where there is none."""
    if kind == FLOAT:
        return pd.Series(np.frombuffer(values, dtype=FLOAT) if len(values) else [], dtype=FLOAT)
    if kind != CATEGORY:
        return pd.Series(values, dtype=kind)
    known = pd.Index(sorted({value for value in values if value is not None}), dtype="str")
    return pd.Series(pd.Categorical(values, categories=known))


def _ordered(grades: "pd.Series[Any]", cycles: tuple[CycleResults, ...]) -> "pd.Series[Any]":
    """Grades in their order, worst first; by the newest catalog where catalogs differ."""
    newest_first = (grade.id for each in reversed(cycles) for grade in reversed(each.catalog.grades))
    return grades.cat.set_categories(list(dict.fromkeys(newest_first)), ordered=True)


def _person_row(card: Card, each: CycleResults) -> Row:
    cycle, last = each.results.cycle, card.spans[-1].assignment
    return (
        *(str(cycle.period), cycle.kind.value, cycle.status.is_settled, card.person, card.name),
        *(card.department, card.role.id, last.level or None, last.manager or None),
        *(_float(card.total), _float(card.computed), float(card.adjustment)),
        *(card.grade.id if card.grade else None, card.rank, card.ranked if card.rank else None),
        *(float(card.coverage), card.status.value, _reason(card), card.days),
    )


def _reason(card: Card) -> str | None:
    """Why somebody has no total: the first number that is waited for."""
    if card.total is not None:
        return None
    return next((gap.gap.value for gap in card.missing), None)


def _item_rows(each: CycleResults) -> Iterator[Row]:
    period, owners = str(each.results.cycle.period), dict[str, str | None]()
    for card in each.results.cards:
        for part in card.spans:
            for score in (*part.items, *part.extras):
                key = score.indicator.id
                if key not in owners:
                    owners[key] = owner_of(score.indicator, each.catalog)
                head = (period, card.person, part.assignment.department, part.role.id, score.section or None)
                yield *head, key, owners[key], *_item_figures(score)


def _item_figures(score: ItemScore) -> Row:
    target = score.target
    share = score.points / score.weight if score.points is not None and score.weight and not score.is_extra else None
    attainment = None if score.attainment is None else score.attainment * HUNDRED
    points = None if score.points is None else score.points * score.per_mark
    return (
        *(score.is_extra, score.is_on_trial, isinstance(score.item.standard, Rating), float(score.counts)),
        *(_float(target and target.value), target.origin.value if target else None),
        *(_float(score.actual), _float(attainment), _float(points), _float(share)),
        *(score.label or None, score.status.value, score.missing[0].gap.value if score.missing else None),
    )


def owner_of(indicator: Indicator, catalog: Catalog) -> str | None:
    """The department that supplies an indicator, else the first number of its formula that some department supplies."""
    names = indicator.formula.names if indicator.formula else ()
    known = (indicator, *(catalog.named(name.id) for name in names))
    return next((each.owner for each in known if each and each.owner), None)


def _rating_rows(each: CycleResults) -> Iterator[Row]:
    cycle = str(each.results.cycle.period)
    for card in each.results.cards:
        for part in card.spans:
            for score in part.items:
                for row in score.ratings:
                    points, most, fault = points_of(row, score)
                    yield (
                        *(cycle, card.person, part.assignment.department, part.role.id, score.indicator.id),
                        *(row.relation.value, row.rater or None, row.level or None, _float(points)),
                        *(_float(points / most if points is not None and most else None), fault),
                    )


def points_of(row: RatingRow, score: ItemScore) -> tuple[mpq | None, mpq, str | None]:
    """What a rating gives, the most that it could, and the code of why it cannot be taken."""
    rule = score.item.standard
    if not isinstance(rule, Rating):
        return None, score.weight, None
    most = rule.most(score.weight)
    try:
        return rule.rating_points(row.value, row.level, score.weight), most, None
    except RatingFault as fault:
        return None, most, fault.code


def _actual_rows(each: CycleResults) -> Iterator[Row]:
    catalog, cycle = each.catalog, each.results.cycle
    period = str(cycle.period)
    for (subject, key), reading in cycle.actuals.items():
        known = catalog.named(key)
        yield (
            *(period, subject, scope_of(subject, catalog), key, known.unit if known else None),
            *((known.owner or None) if known else None, float(reading.value), reading.raw, reading.note),
            *(reading.place.file, reading.place.line, None),
        )
    cards = (*each.results.cards, *each.results.units)
    lacking = dict.fromkeys(gap for card in cards for gap in card.missing if gap.period == cycle.period)
    seen = set[tuple[str, str]]()
    for gap in lacking:
        known = None if gap.gap in NO_NUMBERS else catalog.collected(gap.key)
        if known is None or (gap.subject, gap.key) in seen or (gap.subject, gap.key) in cycle.actuals:
            continue
        seen.add((gap.subject, gap.key))
        scope = scope_of(gap.subject, catalog)
        head = (period, gap.subject, scope, gap.key, known.unit, gap.owner or known.owner or None)
        yield (*head, MISSING, "", "", None, None, gap.gap.value)


def scope_of(subject: str, catalog: Catalog) -> str:
    """Whether a number is a person's, a department's or the company's."""
    if subject == COMPANY:
        return "company"
    return "department" if subject in catalog.departments else "person"


def _float(value: mpq | None) -> float:
    return MISSING if value is None else float(value)
