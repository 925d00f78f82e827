"""Pools: an amount of money that several people share, to the cent and with nothing left over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, round_down, round_half_up
from kpibook.base.problems import NOWHERE
from kpibook.model import COMPANY, Assignment, PayLine
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import Step
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.pay import CardOutcome, Figure, Payer, waiting_line
from kpibook.scoring.results import Card, PayOutcome, Status
from kpibook.scoring.viewpoint import Viewpoint

ONE = mpq(1)
NOBODY = Assignment("", "", "", "", NOWHERE)
"""A pool's amount knows no person's own columns."""


class PoolLine(NamedTuple):
    """A pay line that shares a pool: whose, where it stands, and how much of a share it has."""

    card: int
    line: int
    person: str
    outcome: PayOutcome
    weight: Figure
    days: mpq = ZERO
    """The days of somebody who was not there for the whole cycle, where pay goes by days; else 0."""


class Pool(NamedTuple):
    """A pool and everybody who shares it."""

    formula: Formula
    group: str
    """The department from which the amount is read, or the company."""
    claims: list[PoolLine]


def split_amount(amount: mpq, weights: Mapping[str, mpq], places: int) -> dict[str, mpq]:
    """An amount by weights, in whole units of the last decimal: the parts add up to the amount exactly.

    What rounding down leaves over goes, a unit each, to the largest remainders; of equal ones to the first id.
    """
    whole = sum(weights.values(), ZERO)
    exact = {person: amount * weight / whole for person, weight in weights.items()}
    parts = {person: round_down(part, places) for person, part in exact.items()}
    unit = ONE / 10**places
    left = int((amount - sum(parts.values(), ZERO)) / unit)
    by_remainder = sorted(exact, key=lambda person: (-abs(exact[person] - parts[person]), person))
    for person in by_remainder[: abs(left)]:
        parts[person] += unit if left > 0 else -unit
    return parts


def share_pools(cards: Sequence[Card], lookup: NumberLookup) -> tuple[Card, ...]:
    """The cards with their shares of all pools."""
    pools: dict[tuple[str, str, str], Pool] = {}
    for number, card in enumerate(cards):
        for place, outcome in enumerate(card.pay):
            line = outcome.line
            if line.pool is None or outcome.amount is not None:
                continue
            sharing = card.role.id if line.among == "role" else _group(card, line)
            pool = pools.setdefault((line.name, line.pool.text, sharing), Pool(line.pool, _group(card, line), []))
            days = _present(card, lookup)
            weight = _by_days(_weight(card, line, lookup), days, lookup.days)
            pool.claims.append(PoolLine(number, place, card.person, outcome, weight, days))
    found = {
        (number, place): outcome for pool in pools.values() for number, place, outcome in _paid(pool, cards, lookup)
    }
    return tuple(_with_shares(number, card, found) for number, card in enumerate(cards)) if found else tuple(cards)


def _present(card: Card, lookup: NumberLookup) -> mpq:
    """The days for which somebody has a share of a pool, where it is not all of the time; else 0."""
    match lookup.catalog.company.part_cycle.pay:
        case "by_days":
            return mpq(card.days)
        case "by_time":
            time = sum((part.time for part in card.spans), ZERO)
            return time if time < lookup.days else ZERO
    return ZERO


def _with_shares(number: int, card: Card, found: Mapping[tuple[int, int], PayOutcome]) -> Card:
    pay = tuple(found.get((number, place), outcome) for place, outcome in enumerate(card.pay))
    return card if pay == card.pay else replace(card, pay=pay)


def _group(card: Card, line: PayLine) -> str:
    return COMPANY if line.among == "company" else card.department


def _weight(card: Card, line: PayLine, lookup: NumberLookup) -> Figure:
    """How much of a share somebody has; nothing where it hangs on a total that there will never be."""
    row, view = card.spans[-1].assignment, Viewpoint(card.person, card.department, lookup.cycle.period)
    payer = Payer(lookup, view, row, CardOutcome(card.total, card.grade, card.coverage, card.exact))
    for formula in filter(None, (line.when, line.by)):
        found = payer.figure(formula)
        if found.value is None:
            is_never = card.status is Status.NOT_APPLICABLE and not found.missing
            return found._replace(value=ZERO) if is_never else found
    found = payer.figure(line.by) if line.by else Figure(ONE, {})
    return found._replace(value=max(found.value or ZERO, ZERO))


def _by_days(weight: Figure, days: mpq, whole: int) -> Figure:
    """A weight as far as its person was there."""
    if not days or weight.value is None:
        return weight
    return weight._replace(value=weight.value * days / whole)


def _paid(pool: Pool, cards: Sequence[Card], lookup: NumberLookup) -> Iterator[tuple[int, int, PayOutcome]]:
    """The outcome of each claim; where one of them cannot be told, all wait."""
    company = Viewpoint(pool.group, pool.group, lookup.cycle.period)
    payer = Payer(lookup, company, NOBODY, CardOutcome())
    amount = payer.figure(pool.formula)
    missing = tuple(dict.fromkeys((*amount.missing, *(gap for claim in pool.claims for gap in claim.weight.missing))))
    weights = {claim.person: claim.weight.value for claim in pool.claims if claim.weight.value is not None}
    if amount.value is None or len(weights) < len(pool.claims):
        yield from ((claim.card, claim.line, waiting_line(claim.outcome.line, missing)) for claim in pool.claims)
        return
    places = lookup.catalog.company.rounding.money
    whole = sum(weights.values(), ZERO)
    rounded = round_half_up(amount.value, places)
    parts = split_amount(rounded, weights, places) if whole else dict.fromkeys(weights, ZERO)
    first = Step("pool", {"formula": pool.formula, "numbers": amount.numbers, "amount": rounded})
    for claim in pool.claims:
        part = parts[claim.person]
        steps = (*claim.outcome.steps, first, *_steps(claim, rounded, whole, part, lookup.days))
        sources = (*claim.outcome.sources, *amount.sources, *claim.weight.sources)
        yield claim.card, claim.line, PayOutcome(claim.outcome.line, part, steps, (), tuple(dict.fromkeys(sources)))


def _steps(claim: PoolLine, amount: mpq, whole: mpq, part: mpq, days: int) -> Iterator[Step]:
    """How a claim came to its part."""
    line, weight = claim.outcome.line, claim.weight
    own = (weight.value or ZERO) * days / claim.days if claim.days else weight.value
    if line.by:
        yield Step("pool_by", {"formula": line.by, "numbers": weight.numbers, "weight": own})
    if claim.days:
        values = {"own": own, "days": claim.days, "whole": mpq(days), "weight": weight.value}
        yield Step("pool_days", values)
    if not whole:
        yield Step("pool_unshared", {})
        return
    exact = amount * (weight.value or ZERO) / whole
    values = {"amount": amount, "weight": weight.value, "whole": whole, "share": exact}
    is_by_heads = not line.by and weight.value == ONE and whole.denominator == 1
    yield Step("pool_heads" if is_by_heads else "pool_share", values)
    if part != exact:
        yield Step("pool_cents", {"exact": exact, "share": part})
