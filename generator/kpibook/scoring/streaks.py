"""Streaks: what follows when a condition holds for somebody in several cycles on end."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import exact_text, round_half_up
from kpibook.base.periods import Period
from kpibook.model import Company, PayLine, Streak
from kpibook.rules.formulas import DivisionByZero, Name
from kpibook.scoring.results import Card, PayOutcome, Results, StreakOutcome, TakenKey

STANDING, ROLE = "standing.", "role"
"""How carried.csv calls what somebody's standing says."""

RANK, RANKED, FAILED = Name("", "rank"), Name("", "ranked"), Name("", "failed")


class Standing(NamedTuple):
    """How somebody stood in a cycle that brought a total."""

    role: str
    numbers: Mapping[Name, mpq]
    """What conditions may use: `rank`, `ranked`, `total`, `factor`, `failed`."""


Standings = Mapping[str, Standing]
"""By person: everybody who has a total."""


def standings(results: Results) -> Standings:
    """All that streaks ask of the results of a cycle."""
    scored = (card for card in results.cards if card.total is not None)
    return {card.person: Standing(card.role.id, dict(_numbers(card))) for card in scored}


def with_streaks(
    results: Results, earlier: Mapping[Period, Standings], company: Company, *, is_pay: bool = True
) -> Results:
    """The results with the streaks that came full in this cycle, and the amounts that they bring in the pay.

    `earlier` are earlier cycles of the same kind. A cycle that is not among them is a gap for everybody. Where `is_pay`
    is false the amounts stand beside the pay, as in cycles that were sealed so.
    """
    streaks = company.streaks
    if not streaks:
        return results
    now = results.cycle.period
    known = {period: found for period, found in earlier.items() if period.kind is now.kind and period < now}
    known[now] = standings(results)
    taken = dict(results.taken)
    with_runs = tuple(_with(card, known, now, streaks, taken) for card in results.cards)
    cards = tuple(_paid(card, company) for card in with_runs) if is_pay else with_runs
    return replace(results, cards=cards, taken=taken)


def _with(
    card: Card, known: Mapping[Period, Standings], now: Period, streaks: tuple[Streak, ...], taken: dict[TakenKey, str]
) -> Card:
    found = []
    for streak in streaks:
        run = _run(card.person, known, now, streak, taken)
        full = len(run) >= streak.cycles and (streak.again == "each" or not len(run) % streak.cycles)
        if full:
            found.append(StreakOutcome(streak, tuple(run[-streak.cycles :])))
    return replace(card, streaks=tuple(found)) if found else card


def _paid(card: Card, company: Company) -> Card:
    """The card with the amounts of its streaks among its pay."""
    found = [
        PayOutcome(
            PayLine.build(name=each.streak.name),
            round_half_up(each.streak.amount, company.rounding.money),
            (),
            streak=each,
        )
        for each in card.streaks
        if each.streak.amount is not None
    ]
    return replace(card, pay=(*card.pay, *found)) if found else card


def _run(
    person: str, known: Mapping[Period, Standings], now: Period, streak: Streak, taken: dict[TakenKey, str]
) -> list[Period]:
    """The cycles on end, up to this one, in which the condition held, oldest first; `taken` notes what it saw."""
    run: list[Period] = []
    for period in _backward(known, now):
        standing = known.get(period, {}).get(person)
        if standing and period != now:
            taken.update(((period, person, f"{STANDING}{key}"), text) for key, text in _texts(standing))
        holds = _holds(streak, standing) if standing else None
        if holds is False or (holds is None and (period == now or streak.gap == "breaks")):
            break
        if holds:
            run.append(period)
    return run[::-1]


def _backward(known: Mapping[Period, Standings], now: Period) -> Iterator[Period]:
    """This period and all before it, to the first that is known."""
    first = min(known)
    while now >= first:
        yield now
        now = now.previous


def _holds(streak: Streak, standing: Standing) -> bool | None:
    """Whether the condition holds, in one of the roles that it is for; None where it needs what the card lacks.

    A rank among too few people is none, and a good rank does not count with a grade that fails.
    """
    if streak.roles and standing.role not in streak.roles:
        return False
    if any(name not in standing.numbers for name in streak.when.names):
        return None
    if RANK in streak.when.names and standing.numbers.get(RANKED, mpq(0)) < streak.least_group:
        return None
    try:
        if RANK in streak.when.names and _is_good_rank_with_failing_grade(streak, standing):
            return False
        return bool(streak.when.evaluate(standing.numbers))
    except DivisionByZero:
        return None


def _is_good_rank_with_failing_grade(streak: Streak, standing: Standing) -> bool:
    """Whether the condition is one that the first of a group fulfils, and the grade fails; it may say so itself."""
    if FAILED in streak.when.names or not standing.numbers.get(FAILED):
        return False
    return bool(streak.when.evaluate({**standing.numbers, RANK: mpq(1)}))


def _texts(standing: Standing) -> Iterator[tuple[str, str]]:
    """A standing as carried.csv says it."""
    yield ROLE, standing.role
    yield from ((name.id, exact_text(value)) for name, value in standing.numbers.items())


def standing_of(texts: Mapping[str, str]) -> Standing:
    """The standing that carried.csv says."""
    numbers = {Name("", key): mpq(text) for key, text in texts.items() if key != ROLE}
    return Standing(texts.get(ROLE, ""), numbers)


def _numbers(card: Card) -> Iterator[tuple[Name, mpq]]:
    grade = card.grade
    numbers = {
        "total": card.total,
        "rank": None if card.rank is None else mpq(card.rank),
        "ranked": mpq(card.ranked),
        "factor": grade.factor if grade else None,
        "failed": mpq(grade.fail) if grade else None,
    }
    for key, value in numbers.items():
        if value is not None:
            yield Name("", key), value
