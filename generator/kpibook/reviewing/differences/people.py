"""Everybody's results before and after a change, as a table for HR alone."""

from collections.abc import Iterable, Iterator

from gmpy2 import mpq

from kpibook.base.numbers import fixed, show
from kpibook.base.words import Words
from kpibook.exchange.exports import MARK
from kpibook.model import Catalog
from kpibook.reading.tables import text_cell
from kpibook.reviewing.differences.reasons import Reason
from kpibook.reviewing.differences.report import indicator_name
from kpibook.reviewing.differences.rescoring import CycleMoves, PersonOutcome, Rescored

COLUMNS = (
    *("cycle", "person", "name", "department", "role", "before", "after", "difference"),
    *("grade_before", "grade_after", "pay_before", "pay_after", "reason", "basis"),
)


def people_csv(in_fact: Iterable[CycleMoves], tried: Iterable[CycleMoves], newer: Catalog, say: Words) -> Iterator[str]:
    """Everybody's results on both sides, first what becomes different, then what would have been: for HR alone."""
    yield f"{MARK}{','.join(COLUMNS)}\n"
    for basis, cycles in (("in_fact", in_fact), ("would_have_been", tried)):
        for cycle in cycles:
            for move in cycle.moves:
                yield ",".join((*_row(str(cycle.cycle.period), move, newer, say), basis)) + "\n"


def _row(period: str, move: Rescored, newer: Catalog, say: Words) -> Iterator[str]:
    places, money = newer.company.rounding.score, newer.company.rounding.money
    card = move.card
    yield from (period, text_cell(card.person), text_cell(card.name), text_cell(card.department), card.role.id)
    yield from (_fixed(move.before.total, places), _fixed(move.after.total, places), _fixed(move.difference, places))
    yield from (_grade(move.before), _grade(move.after))
    yield from (_fixed(move.before.pay, money), _fixed(move.after.pay, money))
    yield text_cell(say("diff.semicolon").join(_reason(reason, newer, say) for reason in move.reasons))


def _fixed(value: mpq | None, places: int) -> str:
    return "" if value is None else fixed(value, places)


def _grade(outcome: PersonOutcome) -> str:
    return text_cell(outcome.grade.id) if outcome.grade else ""


def _reason(reason: Reason, newer: Catalog, say: Words) -> str:
    if reason.kind != "item":
        return say(f"diff.reason.{reason.kind}")
    before, after = (say("diff.none") if each is None else show(each) for each in (reason.before, reason.after))
    return say("diff.weight.changed", name=indicator_name(reason.id, newer), before=before, after=after)
