"""Agreements on targets: what somebody signs at the start of a cycle, and whether it still is what was signed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from gmpy2 import mpq

from kpibook.base.entry import Entry
from kpibook.base.numbers import exact_text
from kpibook.model import AS_POINTS, Agreement, Catalog, Records
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import NO_MARKS
from kpibook.scoring.results import Card, ItemScore

LENGTH = 8
SIGNED_OF_ROLE = ("scorecard", "extras", "gates", "pay", "duties", "authority")
RENAMED = {"given_weight": "weight"}
"""Keys of the model that are signed under the name that they always had."""
LATER: Mapping[str, tuple[str, ...]] = {
    "ScorecardItem": (
        "marks",
        "threshold",
        "stretch",
        "given_most",
        "confidential",
        "levels",
        "comment_under",
        "rater_posts",
    ),
    "Extra": ("levels", "confidential"),
    "Linear": ("zero_from",),
    "Deduction": ("add",),
    "Deduct": ("each",),
    "Shortfall": ("side", "bonus"),
    "Excess": ("side",),
    "Rating": ("scale",),
    "Total": ("levels",),
    "PayLine": ("table", "confidential"),
}
"""Keys that came after agreements were signed: what does not use them has the number that it had."""
SIGNED_OF_INDICATOR = ("formula", "unit", "direction")
SIGNED_OF_GRADE = ("id", "threshold", "when", "factor", "fail")
SIGNED_OF_STREAK = ("when", "cycles", "gap", "again", "least_group", "amount")


class SignedState(NamedTuple):
    """What was signed last, and whether that is what holds now."""

    agreement: Agreement
    is_current: bool


def agreement_number(card: Card, catalog: Catalog) -> str:
    """Eight signs over everything that somebody's agreement binds; no name, day or reason decides it.

    That is the scorecard, pay, duties and rights of the last role, the person's own targets and weights, how its
    indicators are computed, the money of streaks, and the grades. What concerns others alone changes nobody's number.
    """
    span = card.spans[-1]
    scores = (*span.items, *span.extras)
    role = catalog.post(span.role.id, span.assignment.level)
    total = catalog.total_of(span.role)
    streaks = [each for each in catalog.company.streaks if not each.roles or span.role.id in each.roles]
    paid = [{key: _json_value(getattr(each, key)) for key in SIGNED_OF_STREAK} for each in streaks if each.amount]
    text = json.dumps(
        {
            "role": span.role.id,
            **({} if total == AS_POINTS else {"total": _json_value(total)}),
            **({"streaks": paid} if paid else {}),
            "terms": {key: _json_value(getattr(role, key)) for key in SIGNED_OF_ROLE} if role else {},
            "targets": [_targets(score) for score in scores],
            "indicators": {
                score.indicator.id: {key: _json_value(getattr(score.indicator, key)) for key in SIGNED_OF_INDICATOR}
                for score in scores
            },
            "grades": [{key: _json_value(getattr(grade, key)) for key in SIGNED_OF_GRADE} for grade in catalog.grades],
        },
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:LENGTH]


def agreement_numbers(cards: Iterable[Card], catalog: Catalog) -> Mapping[str, str]:
    """By person in small letters: the number of what would be signed today."""
    return {card.person.casefold(): agreement_number(card, catalog) for card in cards}


def last_agreements(records: Records) -> Mapping[str, Agreement]:
    """What everybody signed last, by person in small letters."""
    return {row.person.casefold(): row for row in records.agreements}


def signed_state(card: Card, catalog: Catalog, signed: Mapping[str, Agreement]) -> SignedState | None:
    """Whether what somebody signed last still holds; None for nothing."""
    last = signed.get(card.person.casefold())
    # A number that was written out longer than needed begins with the present one.
    return SignedState(last, last.catalog.startswith(agreement_number(card, catalog))) if last else None


def _targets(score: ItemScore) -> list[str]:
    target = "" if score.target is None else exact_text(score.target.value)
    given = score.target.beside if score.target else NO_MARKS
    # Those who signed before there was such a row signed no empty ones.
    beside = [] if given == NO_MARKS else ["" if value is None else exact_text(value) for value in given]
    return [score.indicator.id, exact_text(score.weight), target, *beside]


def _json_value(value: Any) -> Any:
    """A value of the catalog as JSON holds it: formulas by their text, numbers exactly, nothing of where it stands."""
    if isinstance(value, Entry):
        fields = (key for key in type(value).model_fields if key not in ("places", "note") and _is_signed(value, key))
        return {RENAMED.get(key, key): _json_value(getattr(value, key)) for key in fields}
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, mpq):
        return exact_text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_json_value(key)): _json_value(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_json_value(each) for each in value]
    return value


def _is_signed(entry: Entry, key: str) -> bool:
    """Whether a key is part of what is signed: one that came later is so only where it is written."""
    return key in entry.model_fields_set or key not in LATER.get(type(entry).__name__, ())
