"""The same numbers scored under two catalogs: each person's result before and after, and why they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import Catalog, Cycle, Department, Grade, Indicator, Measure, Role
from kpibook.reading.cycle import load_cycles
from kpibook.reviewing.differences.side import Renames
from kpibook.scoring import score
from kpibook.scoring.results import Card, ItemScore, Results, Status

E = TypeVar("E", Department, Measure, Indicator, Role)

APPRAISED = (Status.SCORED, Status.MISSING, Status.SET_ASIDE)


class Reason(NamedTuple):
    """Something that moved a result: an item whose points differ, a gate, a grade's mark or a pay line."""

    kind: str
    """item, gate, grade, pay or other."""
    role: str
    """The id of the role in the newer catalog."""
    id: str
    """The newer id of an item's indicator; empty for all other kinds."""
    before: mpq | None = None
    after: mpq | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
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

    before: Outcome
    after: Outcome
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
            yield replace(move, reasons=tuple(_reasons(move, renames))) if move.is_moved else move


def _outcome(card: Card | None) -> Outcome:
    amounts = [line.amount for line in card.pay] if card else []
    known = [amount for amount in amounts if amount is not None]
    is_open = len(known) < len(amounts)
    return Outcome(card, sum(known, ZERO) if known and not is_open else None, is_open)


def _reasons(move: Rescored, renames: Renames) -> Iterator[Reason]:
    """Why a result is another one: its items first, then whatever else there is."""
    role = move.card.role.id
    items = tuple(_items(move, renames))
    yield from items
    is_explained = bool(items)
    if _closed(move.before.card) != _closed(move.after.card):
        is_explained = True
        yield Reason("gate", role, "")
    grades = [each.grade.id if each.grade else "" for each in (move.before, move.after)]
    if not move.difference and grades[0] != grades[1]:
        is_explained = True
        yield Reason("grade", role, "")
    if not move.difference and grades[0] == grades[1] and move.before.pay != move.after.pay:
        is_explained = True
        yield Reason("pay", role, "")
    if not is_explained:
        yield Reason("other", role, "")


def _items(move: Rescored, renames: Renames) -> Iterator[Reason]:
    was, now = _points(move.before.card, renames), _points(move.after.card, {})
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


def _closed(card: Card | None) -> tuple[tuple[str | None, mpq | None], ...]:
    """What the gates that closed have done."""
    outcomes = card.gates if card else ()
    return tuple((each.gate.grade_at_most, each.gate.total_at_most) for each in outcomes if each.holds)
