"""A year of cycles: everybody's totals and factors, who is listed for what by which rule, and the year's bonus.

Nothing is decided: a list says who fulfils its rule, and in which cycles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, round_half_up
from kpibook.base.periods import Period
from kpibook.model import Catalog, Consequence, Grade, YearBonus
from kpibook.rules.formulas import DivisionByZero, Formula, Name
from kpibook.rules.standards import Step
from kpibook.scoring.results import Card, Results

LISTS = ("training", "promotion", "level", "pay")
"""For what people are listed, as `consequences` of grades.yml say."""

YEAR_NAMES = ("mean_factor", "mean_total", "cycles", "failed")
"""What a bonus may use beside the person's columns."""


class Reward(NamedTuple):
    """The money of a streak that came full in a cycle."""

    period: Period
    name: str
    amount: mpq


class YearCycle(NamedTuple):
    """A published cycle: its results and what streaks brought, by person in small letters."""

    results: Results
    rewards: Mapping[str, tuple[Reward, ...]] = {}

    @property
    def period(self) -> Period:
        """The period of the cycle."""
        return self.results.cycle.period


class Nomination(NamedTuple):
    """Somebody fulfils the rule of a list: the grade, the cycles on end in which it was held, and the rule."""

    list: str
    grade: Grade
    periods: tuple[Period, ...]
    rule: Consequence


class BonusOutcome(NamedTuple):
    """A bonus and its amount, rounded; None where a number lacks, which `missing` names."""

    bonus: YearBonus
    amount: mpq | None
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonYear:
    """What the cycles of a year come to for one person."""

    last: Card
    """The card of the last cycle."""
    cards: Mapping[Period, Card]
    """By cycle of the year in which the person has a card."""
    mean_total: mpq | None = None
    """Of the published totals."""
    mean_factor: mpq | None = None
    nominations: tuple[Nomination, ...] = ()
    rewards: tuple[Reward, ...] = ()
    bonuses: tuple[BonusOutcome, ...] = field(default=())


def year_of(year: int, cycles: Sequence[YearCycle], catalog: Catalog) -> tuple[PersonYear, ...]:
    """The year of everybody who has a card in one of its cycles, in the order of the newest roster.

    The rules of lists and the bonus are those of `catalog`, today's: they decide no result, and people decide by them.

    `cycles` are published ones of one kind, oldest first; those of earlier years only lengthen runs of grades.
    """
    cards: dict[str, dict[Period, Card]] = {}
    order: dict[str, None] = {}
    for cycle in cycles:
        for card in cycle.results.cards:
            cards.setdefault(card.person.casefold(), {})[cycle.period] = card
    for cycle in reversed([each for each in cycles if each.period.first_day.year == year]):
        order.update(dict.fromkeys(card.person.casefold() for card in cycle.results.cards))
    columns = _columns(year, cycles)
    rewards = {
        person: tuple(
            reward
            for cycle in cycles
            if cycle.period.first_day.year == year
            for reward in cycle.rewards.get(person, ())
        )
        for person in order
    }
    return tuple(_person(year, cards[person], rewards[person], columns.get(person, {}), catalog) for person in order)


def _columns(year: int, cycles: Sequence[YearCycle]) -> Mapping[str, Mapping[str, mpq]]:
    """The numeric columns of everybody's last row of the year."""
    found: dict[str, Mapping[str, mpq]] = {}
    for cycle in cycles:
        if cycle.period.first_day.year == year:
            found.update({row.person.casefold(): row.numbers for row in cycle.results.cycle.people})
    return found


def _person(
    year: int,
    all_cards: Mapping[Period, Card],
    rewards: tuple[Reward, ...],
    columns: Mapping[str, mpq],
    catalog: Catalog,
) -> PersonYear:
    company = catalog.company
    cards = {period: card for period, card in all_cards.items() if period.first_day.year == year}
    totals = [card.total for card in cards.values() if card.total is not None]
    factors = [card.grade.factor for card in cards.values() if card.grade and card.grade.factor is not None]
    mean_total, mean_factor = _mean(totals), _mean(factors)
    failed = sum(card.grade.fail for card in cards.values() if card.grade)
    own = {"mean_factor": mean_factor, "mean_total": mean_total, "cycles": mpq(len(totals)), "failed": mpq(failed)}
    known = {**columns, **{key: value for key, value in own.items() if value is not None}}
    last = cards[max(cards)]
    return PersonYear(
        last=last,
        cards=cards,
        mean_total=mean_total,
        mean_factor=mean_factor,
        nominations=tuple(_nominations(year, all_cards, catalog)),
        rewards=rewards,
        bonuses=tuple(
            _bonus(bonus, known, company.rounding.money)
            for bonus in company.year_bonus
            if not bonus.roles or last.role.id in bonus.roles
        ),
    )


def _mean(values: Sequence[mpq]) -> mpq | None:
    return sum(values, ZERO) / len(values) if values else None


def _nominations(year: int, cards: Mapping[Period, Card], catalog: Catalog) -> Iterator[Nomination]:
    """The lists whose rule is fulfilled by a run of one grade that reaches into the year, each run once.

    A cycle without a grade, or that is not there, ends a run.
    """
    rules = {grade.id: grade for grade in catalog.grades}
    for run in _runs(cards):
        held = cards[run[-1]].grade
        grade = rules.get(held.id) if held else None
        if grade is None or run[-1].first_day.year != year:
            continue
        for key in LISTS:
            rule: Consequence = getattr(grade.consequences, key)
            if rule.list and len(run) >= rule.cycles:
                yield Nomination(key, grade, tuple(run), rule)


def _runs(cards: Mapping[Period, Card]) -> Iterator[list[Period]]:
    """The longest runs of cycles on end with the same grade, oldest first."""
    run: list[Period] = []
    for period in sorted(cards):
        grade, before = cards[period].grade, cards[run[-1]].grade if run else None
        goes_on = grade and before and grade.id == before.id and period.previous == run[-1]
        if not goes_on:
            if run:
                yield run
            run = []
        if grade:
            run.append(period)
    if run:
        yield run


def _bonus(bonus: YearBonus, known: Mapping[str, mpq], places: int) -> BonusOutcome:
    """The amount of a bonus, rounded to the company's decimals of money."""
    steps: list[Step] = []
    for key, formula in (("when", bonus.when), ("formula", bonus.formula)):
        if formula is None:
            continue
        numbers = {name: known[name.id] for name in formula.names if name.id in known and not name.scope}
        if lacking := tuple(str(name) for name in formula.names if name not in numbers):
            return BonusOutcome(bonus, None, tuple(steps), lacking)
        value = _value(formula, numbers)
        if value is None:
            return BonusOutcome(bonus, None, tuple(steps))
        if key == "when":
            steps.append(Step("pay_when" if value else "pay_not_when", {"formula": formula, "numbers": numbers}))
            if not value:
                return BonusOutcome(bonus, ZERO, tuple(steps))
        else:
            steps.append(Step("pay", {"formula": formula, "numbers": numbers, "amount": value}))
            amount = round_half_up(value, places)
            if amount != value:
                steps.append(Step("pay_rounded", {"exact": value, "places": places, "amount": amount}))
            return BonusOutcome(bonus, amount, tuple(steps))
    return BonusOutcome(bonus, None)


def _value(formula: Formula, numbers: Mapping[Name, mpq]) -> mpq | None:
    """What a formula comes to; None where it divides by zero."""
    try:
        return formula.evaluate(numbers)
    except DivisionByZero:
        return None
