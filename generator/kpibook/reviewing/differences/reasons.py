"""Why a result is another one: its items first, then whatever else decides a total, a grade and pay."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.model import Grade, PayLine
from kpibook.reviewing.differences.side import Renames
from kpibook.rules.formulas import Formula
from kpibook.scoring.results import Card, ItemScore


class Reason(NamedTuple):
    """Something that moved a result: an item whose points differ, or another part of the card."""

    kind: str
    """item, or a key of `diff.reason` in the locale."""
    role: str
    """The id of the role in the newer catalog."""
    id: str
    """The newer id of an item's indicator; empty for all other kinds."""
    before: mpq | None = None
    after: mpq | None = None


def reasons(before: Card | None, after: Card | None, renames: Renames) -> Iterator[Reason]:
    """Why the result of one person or unit moved; at least one reason."""
    card = after or before
    if card is None:
        return
    role = card.role.id
    found = [*_items(before, after, renames)]
    if before and after:
        kinds = [*_of_total(before, after)]
        kinds += _of_grade(before, after, is_calibrated="calibration" in kinds)
        kinds += _of_pay(before, after, is_explained=bool(found or kinds))
        found += (Reason(kind, role, "") for kind in kinds)
    yield from found or [Reason("other", role, "")]


def _of_total(before: Card, after: Card) -> Iterator[str]:
    """What else decides a total: points by hand, days, the calibration, gates."""
    if before.adjustment != after.adjustment:
        yield "adjustment"
    if [span.days for span in before.spans] != [span.days for span in after.spans]:
        yield "days"
    if _calibrated(before) != _calibrated(after):
        yield "calibration"
    if _gate_effects(before) != _gate_effects(after):
        yield "gate"


def _of_grade(before: Card, after: Card, *, is_calibrated: bool) -> Iterator[str]:
    """Why the grade of an equal total is another one, and what it counts."""
    was, now = before.grade, after.grade
    if before.total == after.total and _id(was) != _id(now) and not is_calibrated:
        yield "grade"
    if was and now and was.id == now.id and was.factor != now.factor:
        yield "factor"


def _of_pay(before: Card, after: Card, *, is_explained: bool) -> Iterator[str]:
    """Why pay is another one beyond the total and the grade."""
    if [outcome.amount for outcome in before.pay] == [outcome.amount for outcome in after.pay]:
        return
    was, now = _pay_numbers(before), _pay_numbers(after)
    if any(was.get(key) != now.get(key) for key in _used(before) | _used(after)):
        yield "salary"
    elif _lines(before) != _lines(after):
        yield "pay"
    elif before.total == after.total and not is_explained:
        yield "pay_else"


def _items(before: Card | None, after: Card | None, renames: Renames) -> Iterator[Reason]:
    was, now = _points(before, renames), _points(after, {})
    for key in dict.fromkeys((*now, *was)):
        if was.get(key) != now.get(key):
            yield Reason("item", key[0], key[1], was.get(key), now.get(key))


def _points(card: Card | None, renames: Renames) -> Mapping[tuple[str, str, bool], mpq | None]:
    """The points of each item and extra by newer role, newer indicator and whether it is an extra."""
    roles, indicators = renames.get("role", {}), renames.get("indicator", {})
    found: dict[tuple[str, str, bool], mpq | None] = {}
    for part in card.spans if card else ():
        scores: Sequence[ItemScore] = (*part.items, *part.extras)
        for each in scores:
            indicator = indicators.get(each.indicator.id, each.indicator.id)
            found[roles.get(part.role.id, part.role.id), indicator, each.is_extra] = each.points
    return found


def _gate_effects(card: Card) -> tuple[tuple[str | None, mpq | None], ...]:
    """What the gates that closed have done."""
    return tuple((each.gate.grade_at_most, each.gate.total_at_most) for each in card.gates if each.holds)


def _calibrated(card: Card) -> tuple[mpq | None, str] | None:
    """What a calibration says, whoever signed it; None without one."""
    return (card.calibration.row.total, card.calibration.row.grade) if card.calibration else None


def _pay_numbers(card: Card) -> Mapping[str, mpq]:
    """The numbers of the roster by which somebody is paid."""
    return card.spans[-1].assignment.numbers if card.spans else {}


def _used(card: Card) -> set[str]:
    """The names in the pay formulas of a card."""
    return {name.id for outcome in card.pay for formula in _formulas(outcome.line) for name in formula.names}


def _lines(card: Card) -> tuple[tuple[str, ...], ...]:
    """The pay lines as the catalog writes them; the amounts of streaks are none of them."""
    own = (outcome.line for outcome in card.pay if outcome.streak is None)
    return tuple((line.name, *(formula.text for formula in _formulas(line))) for line in own)


def _formulas(line: PayLine) -> tuple[Formula, ...]:
    return tuple(filter(None, (line.formula, line.pool, line.by, line.when)))


def _id(grade: Grade | None) -> str:
    return grade.id if grade else ""
