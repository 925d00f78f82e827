"""The same numbers scored under two catalogs: each person's result before and after, and why they differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import Catalog, Cycle, Department, Grade, Indicator, Measure, Role
from kpibook.reading.cycle import load_cycles
from kpibook.reviewing.differences.reasons import Reason, reasons
from kpibook.reviewing.differences.side import Renames
from kpibook.scoring import score
from kpibook.scoring.results import Card, Results, Status

E = TypeVar("E", Department, Measure, Indicator, Role)

APPRAISED = (Status.SCORED, Status.MISSING, Status.SET_ASIDE)


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """What a person has under either catalog."""

    card: Card | None
    pay: mpq | None
    """All pay lines together; None where one of them could not be computed or there is none."""
    is_pay_open: bool = False
    """Whether one of them could not be computed: that is no pay of 0."""

    @property
    def total(self) -> mpq | None:
        """The total, if there is one."""
        return self.card.total if self.card else None

    @property
    def grade(self) -> Grade | None:
        """The grade, if there is one."""
        return self.card.grade if self.card else None

    @property
    def is_appraised(self) -> bool:
        """Whether the person should have a total."""
        return self.card is not None and self.card.status in APPRAISED


@dataclass(frozen=True, slots=True)
class Rescored:
    """A person's results under both catalogs."""

    before: PersonOutcome
    after: PersonOutcome
    reasons: tuple[Reason, ...]

    @property
    def card(self) -> Card:
        """The newer card, the older where there is no newer one."""
        card = self.after.card or self.before.card
        if card is None:
            raise ValueError("a move needs a card")
        return card

    @property
    def difference(self) -> mpq | None:
        """By how much the total moved; None where one of the two is missing."""
        before, after = self.before.total, self.after.total
        return None if before is None or after is None else after - before

    @property
    def is_comparable(self) -> bool:
        """Whether there is a total under both catalogs."""
        return self.difference is not None

    @property
    def is_moved(self) -> bool:
        """Whether total, grade or pay is another one."""
        grades = [each.grade.id if each.grade else "" for each in (self.before, self.after)]
        return bool(self.difference) or grades[0] != grades[1] or self.before.pay != self.after.pay


class CycleMoves(NamedTuple):
    """A cycle under both catalogs; everybody who is appraised under at least one of them."""

    cycle: Cycle
    moves: tuple[Rescored, ...]
    units: tuple[Rescored, ...] = ()
    """Departments with a scorecard of their own, and the company."""


def rescore(older: Catalog, newer: Catalog, renames: Renames, scorecards: Path, count: int) -> tuple[CycleMoves, ...]:
    """The last `count` closed cycles under both catalogs, oldest first, from the same files."""
    before = _cycles(older, _inverse(renames), scorecards)
    after = _cycles(newer, renames, scorecards)
    closed = [cycle for cycle in after.values() if cycle.status.is_settled][-count:] if count else []
    return tuple(_under_both(cycle, (older, before), (newer, after), renames) for cycle in closed)


ScoredContent = tuple[Catalog, Mapping[Period, Cycle]]


def _under_both(cycle: Cycle, older: ScoredContent, newer: ScoredContent, renames: Renames) -> CycleMoves:
    before, after = (score(catalog, cycles[cycle.period], cycles) for catalog, cycles in (older, newer))
    return cycle_moves(before, after, renames)


def cycle_moves(before: Results, after: Results, renames: Renames) -> CycleMoves:
    """Everybody's results of a cycle on both sides; `renames` has the older ids and what they are called now."""
    units = _moves(_by_subject(before.units, renames["department"]), _by_subject(after.units, {}), renames)
    people = _moves(_by_subject(before.cards, {}), _by_subject(after.cards, {}), renames)
    return CycleMoves(after.cycle, tuple(people), tuple(units))


def _inverse(renames: Renames) -> Renames:
    return {kind: {after: before for before, after in pairs.items()} for kind, pairs in renames.items()}


def _cycles(catalog: Catalog, foreign: Renames, scorecards: Path) -> Mapping[Period, Cycle]:
    """All cycles as a catalog reads them; ids of the other catalog are read as its own.

    `foreign` has the other catalog's ids and what they are called here.
    """
    known = replace(
        catalog,
        departments=_with_aliases(catalog.departments, foreign["department"]),
        measures=_with_aliases(catalog.measures, foreign["measure"]),
        indicators=_with_aliases(catalog.indicators, foreign["indicator"]),
        roles=_with_aliases(catalog.roles, foreign["role"]),
    )
    cycles, _ = load_cycles(scorecards, known)
    return {cycle.period: _translated(cycle, foreign) for cycle in cycles}


def _with_aliases(entries: Mapping[str, E], foreign: Mapping[str, str]) -> Mapping[str, E]:
    aliases = {
        alias: entries[own].model_copy(update={"id": alias})
        for alias, own in foreign.items()
        if own in entries and alias not in entries
    }
    return {**entries, **aliases}


def _translated(cycle: Cycle, foreign: Renames) -> Cycle:
    """A cycle in which all ids are the catalog's own."""
    department, role, indicator = foreign["department"], foreign["role"], foreign["indicator"]
    numbers = {**foreign["measure"], **indicator}

    def own(pair: tuple[str, str], keys: Mapping[str, str]) -> tuple[str, str]:
        return department.get(pair[0], pair[0]), keys.get(pair[1], pair[1])

    return replace(
        cycle,
        people=tuple(
            replace(row, role=role.get(row.role, row.role), department=department.get(row.department, row.department))
            for row in cycle.people
        ),
        actuals={own(pair, numbers): reading for pair, reading in cycle.actuals.items()},
        targets={own(pair, indicator): row for pair, row in cycle.targets.items()},
        ratings={own(pair, indicator): rows for pair, rows in cycle.ratings.items()},
        set_aside=tuple(
            replace(each, subject=department.get(each.subject, each.subject), key=numbers.get(each.key, each.key))
            for each in cycle.set_aside
        ),
    )


def _by_subject(cards: Iterable[Card], renames: Mapping[str, str]) -> Mapping[str, Card]:
    """Cards by their folded subject, in their order."""
    return {renames.get(card.person, card.person).casefold(): card for card in cards}


def _moves(before: Mapping[str, Card], after: Mapping[str, Card], renames: Renames) -> Iterator[Rescored]:
    for person in dict.fromkeys((*after, *before)):
        was, now = _outcome(before.get(person)), _outcome(after.get(person))
        if was.is_appraised or now.is_appraised:
            move = Rescored(was, now, ())
            told = tuple(reasons(was.card, now.card, renames)) if move.is_moved else ()
            yield replace(move, reasons=told)


def _outcome(card: Card | None) -> PersonOutcome:
    amounts = [line.amount for line in card.pay] if card else []
    known = [amount for amount in amounts if amount is not None]
    is_open = len(known) < len(amounts)
    return PersonOutcome(card, sum(known, ZERO) if known and not is_open else None, is_open)
