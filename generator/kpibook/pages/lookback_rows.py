"""What cards are compared with, as rows of carried.csv: a published card is compared with what it was shown beside."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, exact_text
from kpibook.base.periods import Period
from kpibook.base.problems import NOWHERE
from kpibook.model import Assignment, Cycle, Grade, Indicator, Role, ScorecardItem
from kpibook.pages.past import Lookback, PastCard, PastCycle
from kpibook.scoring.results import (
    Card,
    ItemScore,
    Results,
    RoleSpan,
    Status,
    TakenKey,
    Target,
    TargetOrigin,
)

RESULT, UNIT, ITEM, EXTRA = "card.result", "card.unit", "item.", "extra."


def lookback_rows(lookback: Lookback) -> dict[TakenKey, str]:
    """Total and grade of each earlier card, and the items of the one just before."""
    rows: dict[TakenKey, str] = {}
    previous = lookback.previous
    for past in lookback.history:
        if previous is None or past.period != previous.cycle.period:
            rows |= {(past.period, who, RESULT): _past(mark) for who, mark in past.marks.items()}
            rows |= {(past.period, who, UNIT): _past(mark) for who, mark in past.units.items()}
    for card in (*previous.cards, *previous.units) if previous else ():
        rows |= _card_rows(card, previous.cycle.period) if previous else {}
    return rows


def _past(mark: PastCard) -> str:
    return _json((_text(mark.total), mark.grade))


def _card_rows(card: Card, period: Period) -> dict[TakenKey, str]:
    who = card.person if card.is_unit else card.person.casefold()
    grade = (card.grade.id, card.grade.name) if card.grade else ("", "")
    result = (_text(card.total), *grade, card.role.id, card.role.name)
    rows = {(period, who, UNIT if card.is_unit else RESULT): _json(result)}
    last, seen = card.spans[-1], dict[str, int]()
    for score in (*last.items, *last.extras):
        key = f"{EXTRA if score.is_extra else ITEM}{score.indicator.id}"
        seen[key] = seen.get(key, 0) + 1
        target = _text(score.target.value) if score.target else ""
        told = (_text(score.points), _text(score.weight), target, score.indicator.name, score.indicator.unit)
        rows[period, who, f"{key}.{seen[key]}"] = _json(told)
    return rows


def _text(value: mpq | None) -> str:
    return "" if value is None else exact_text(value)


def _json(values: Iterable[str]) -> str:
    return json.dumps([*values], ensure_ascii=False)


def as_carried(live: Lookback, rows: Sequence[Mapping[str, str]], cycle: Cycle) -> Lookback:
    """What the cards of a published cycle look back at: the figures that were written down with it."""
    found: dict[Period, dict[bool, dict[str, list[str]]]] = {}
    items: dict[Period, dict[str, list[tuple[str, list[str]]]]] = {}
    for row in rows:
        key, period = row["key"], Period.parse(row["cycle"])
        if key in (RESULT, UNIT):
            found.setdefault(period, {}).setdefault(key == UNIT, {})[row["subject"]] = json.loads(row["value"])
        elif key.startswith((ITEM, EXTRA)):
            items.setdefault(period, {}).setdefault(row["subject"], []).append((key, json.loads(row["value"])))
    known = {past.period: past for past in live.history}
    history = tuple(_past_cycle(period, found[period], known.get(period)) for period in sorted(found))
    last = max(items, default=None)
    if last is None:
        return live._replace(previous=None, history=history)
    cards, units = (
        tuple(_cards(found.get(last, {}).get(is_unit, {}), items[last], is_unit=is_unit)) for is_unit in (False, True)
    )
    previous = Results(replace(cycle, period=last), cards, units)
    return live._replace(previous=previous, history=history)


def _past_cycle(period: Period, found: Mapping[bool, Mapping[str, list[str]]], live: PastCycle | None) -> PastCycle:
    people, units = (
        {who: PastCard(_number(values[0]), values[1]) for who, values in found.get(is_unit, {}).items()}
        for is_unit in (False, True)
    )
    if live:
        return replace(live, marks=people, units=units)
    return PastCycle(period, people, units, {})


def _number(text: str) -> mpq | None:
    return mpq(text) if text else None


def _cards(
    found: Mapping[str, list[str]], items: Mapping[str, list[tuple[str, list[str]]]], *, is_unit: bool
) -> Iterator[Card]:
    for who, values in found.items():
        if len(values) < RESULT_LENGTH:
            continue
        total, grade_id, grade_name, role_id, role_name = values
        role = Role.model_construct(id=role_id, name=role_name, department="")
        scores = [_score(key, each) for key, each in items.get(who, [])]
        span = RoleSpan(
            Assignment(who, who, role_id, "", NOWHERE),
            role,
            0,
            tuple(score for score in scores if not score.is_extra),
            tuple(score for score in scores if score.is_extra),
            None,
            ZERO,
        )
        grade = Grade.model_construct(id=grade_id, name=grade_name, threshold=ZERO) if grade_id else None
        status = Status.SCORED if total else Status.MISSING
        yield Card(who, who, (span,), _number(total), ZERO, status, grade=grade, is_unit=is_unit)


RESULT_LENGTH = 5
"""So much is told of a card of the cycle just before; of earlier ones less."""


def _score(key: str, values: list[str]) -> ItemScore:
    points, weight, target, name, unit = values
    is_extra = key.startswith(EXTRA)
    identifier = key.removeprefix(EXTRA if is_extra else ITEM).rpartition(".")[0]
    value = _number(target)
    return ItemScore(
        item=ScorecardItem.build(indicator=identifier),
        indicator=Indicator.build(id=identifier, name=name, unit=unit, direction="higher"),
        section="",
        weight=_number(weight) or ZERO,
        status=Status.SCORED,
        target=None if value is None else Target(value, TargetOrigin.ROLE, NOWHERE),
        points=_number(points),
        is_extra=is_extra,
    )
