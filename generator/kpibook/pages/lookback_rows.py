"""What cards are compared with, as rows of carried.csv: a published card is compared with what it was shown beside."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, exact_text
from kpibook.base.periods import Period
from kpibook.base.problems import NOWHERE
from kpibook.model import COMPANY, Assignment, Cycle, Grade, Indicator, Role, ScorecardItem
from kpibook.pages.lookback import Lookback, PastCard, PastCycle
from kpibook.scoring.results import Card, ItemScore, Results, RoleSpan, Status, TakenKey
from kpibook.scoring.sources import Target, TargetOrigin

RESULT, UNIT, ITEM, EXTRA = "card.result", "card.unit", "item.", "extra."
MEAN, WITHHELD = "card.mean", "card.withheld"
"""The mean total of a department or of the company that was told; a person of whom no list tells a total."""
YES = "yes"


def lookback_rows(lookback: Lookback) -> dict[TakenKey, str]:
    """Total and grade of each earlier card, the means that were told, and the items of the cycle just before."""
    rows: dict[TakenKey, str] = {}
    previous = lookback.previous
    for past in lookback.history:
        rows |= {(past.period, where or COMPANY, MEAN): exact_text(mean) for where, mean in past.means.items()}
        rows |= {(past.period, who, WITHHELD): YES for who in sorted(past.withheld)}
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


def as_carried(rows: Sequence[Mapping[str, str]], cycle: Cycle) -> Lookback:
    """What the cards of a published cycle look back at: the figures that were written down with it."""
    found: dict[Period, dict[str, dict[str, str]]] = {}
    items: dict[Period, dict[str, list[tuple[str, list[str]]]]] = {}
    for row in rows:
        key, period = row["key"], Period.parse(row["cycle"])
        if key in (RESULT, UNIT, MEAN, WITHHELD):
            found.setdefault(period, {}).setdefault(key, {})[row["subject"]] = row["value"]
        elif key.startswith((ITEM, EXTRA)):
            items.setdefault(period, {}).setdefault(row["subject"], []).append((key, json.loads(row["value"])))
    history = tuple(_past_cycle(period, found[period]) for period in sorted(found))
    last = max(items, default=None)
    if last is None:
        return Lookback(history=history)
    cards, units = (
        tuple(_cards(found.get(last, {}).get(key, {}), items[last], is_unit=key == UNIT)) for key in (RESULT, UNIT)
    )
    return Lookback(Results(replace(cycle, period=last), cards, units), history)


def _past_cycle(period: Period, found: Mapping[str, Mapping[str, str]]) -> PastCycle:
    """A cycle in short; where no means were written down, nobody's total stands in a list of others either."""
    people, units = (
        {who: PastCard(_number(total), grade) for who, (total, grade, *_) in _values(found.get(key, {}))}
        for key in (RESULT, UNIT)
    )
    means = {"" if where == COMPANY else where: mpq(text) for where, text in found.get(MEAN, {}).items()}
    withheld = found.get(WITHHELD, {} if means else people)
    return PastCycle(period, people, units, means, frozenset(withheld))


def _values(found: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    return ((who, json.loads(text)) for who, text in found.items())


def _number(text: str) -> mpq | None:
    return mpq(text) if text else None


def _cards(
    found: Mapping[str, str], items: Mapping[str, list[tuple[str, list[str]]]], *, is_unit: bool
) -> Iterator[Card]:
    for who, values in _values(found):
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
