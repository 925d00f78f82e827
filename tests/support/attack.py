"""Somebody who reads every page that tells of groups in two cycles, and works out what they keep to themselves.

What pages tell becomes equations over totals that nobody is listed with: sums from means, how many have each grade,
and between which listed totals the places of a ranking are empty. Linear programming over whole numbers gives the
lowest and the highest total that each of them can have.
"""

import dataclasses
import itertools
import random
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import LinearConstraint, milp

from cards_made import SAY, a_catalog, results, section
from crowds import SEPTEMBER, crowd, moved, perspectives
from kpibook.model import Catalog, Grade
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.lookback import Lookback, past_cycle_of
from kpibook.scoring.ranks import rank
from kpibook.scoring.results import Card

HIGHEST = 100.0
SCALE = (90, 80, 70, 60, 0)
SCALE_NAMES = tuple(f"G{at}" for at in SCALE)
_RANK = re.compile(r"(\d+) / (\d+)")
NEAR = 0.05
"""Somebody's total is worked out if it is known to be no farther from the truth than this."""


class Known(NamedTuple):
    """What the pages of one cycle tell."""

    totals: Mapping[str, float]
    """By name, of those who are listed with one."""
    ranks: Mapping[str, int]
    ranked: int
    """How many share the ranking; 0 where no rank is told."""
    means: Mapping[str, float]
    """By department, the whole company under an empty name."""
    counts: Mapping[str, tuple[int, ...]]
    before: Mapping[str, float] = {}
    """The totals of the cycle before, of those who are told to have moved."""
    named: frozenset[str] = frozenset()
    """Who stands beside a figure on a map or among those to look at."""


def a_scale(**company: object) -> Catalog:
    """Five grades, ranks among everybody, perspectives."""
    catalog = perspectives(a_catalog(**{"rank": {"within": "company"}, **company}))
    grades = tuple(Grade.build(**{"id": f"G{at}", "name": f"G{at}", "from": at}) for at in SCALE)
    return dataclasses.replace(catalog, grades=grades)


def a_company(dice: random.Random, catalog: Catalog) -> list[Card]:
    """Two to six departments of one to nine people, some of whom have no total; some companies are all alike."""
    middle, width = dice.choice(((75, 25), (95, 5), (60, 2), (50, 50), (88, 10)))
    cards = []
    for number in range(dice.randint(2, 6)):
        department = f"d{number}"
        drawn = [min(100, max(0, middle + width * dice.uniform(-1, 1))) for _ in range(dice.randint(1, 9))]
        totals = [None if dice.random() < 0.05 else f"{value:.1f}" for value in drawn]
        for at, card in enumerate(crowd(catalog, *totals)):
            own = dataclasses.replace(card, person=f"{department}p{at}", name=f"{department}p{at}")
            cards.append(moved(own, department))
    return list(rank(cards, catalog.company.rank))


def pages_of(cards: Sequence[Card], earlier: Sequence[Card], catalog: Catalog) -> dict[str, str]:
    """The pages of a cycle that tell of groups."""
    history = [past_cycle_of(results(*earlier, period=SEPTEMBER))] if earlier else []
    made = card_pages(results(*cards), catalog, SAY, Lookback(history=history), key=b"secret")
    # People's own pages come last, and take most of the time.
    told = itertools.takewhile(lambda page: "/p/" not in page[0], made)
    return {path: page for path, page in told if "records" not in path and "/units/" not in path}


def _rows(page: str, anchor: str) -> list[list[str]]:
    lines = section(page, anchor) if f"{{#{anchor}}}" in page else []
    rows = [line.strip().strip("|").split("|") for line in lines if line.startswith("|")]
    return [[_plain(cell) for cell in row] for row in rows[2:]]


def _plain(cell: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<[^>]*>", "", cell)).strip()


def _number(cell: str) -> float | None:
    plain = cell.translate({0x2212: "-", 0xB1: "+"})
    return float(plain) if re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?", plain) else None


def read(pages: Mapping[str, str]) -> Known:
    """What the pages tell, taken from their text alone."""
    totals, ranks, ranked = dict[str, float](), dict[str, int](), 0
    means, counts = dict[str, float](), dict[str, tuple[int, ...]]()
    for path, page in pages.items():
        for row in [row for anchor in ("ranking", "people") for row in _rows(page, anchor)]:
            found = [value for cell in row[1:] if (value := _number(cell)) is not None]
            place = next(filter(None, (_RANK.fullmatch(cell) for cell in row)), None)
            totals |= {row[0]: found[0]} if found else {}
            if place:
                ranks[row[0]], ranked = int(place[1]), int(place[2])
        for row in _rows(page, "departments") if path.endswith("index.md") else []:
            name = "" if row[0] == "Whole company" else row[0]
            if (value := _number(row[2])) is not None:
                means[name] = value
            # A strip names the grades that somebody has.
            told = {grade: int(count) for grade, count in re.findall(r"(\S+) ([0-9]+)", row[4])}
            counts |= {name: tuple(told.get(grade, 0) for grade in SCALE_NAMES)} if told else {}
    before, named = _looked_at(pages)
    return Known(totals, ranks, ranked, means, counts, before, named)


def _looked_at(pages: Mapping[str, str]) -> tuple[Mapping[str, float], frozenset[str]]:
    """Totals of the cycle before, and who is named, among those to look at, those who moved and on maps."""
    before, named = dict[str, float](), set[str]()
    for page in pages.values():
        for row in _rows(page, "looks"):
            total, change = _number(row[2].split()[-1]), _number(row[3])
            if total is not None and change is not None:
                before[row[0].split()[0]] = total - change
        before |= {row[0]: value for row in _rows(page, "movers") if (value := _number(row[2])) is not None}
        for row in [row for anchor in ("looks", "movers", "heat") for row in _rows(page, anchor)]:
            if any(re.search(r"\d", cell) for cell in row[1:]):
                named.add(row[0].split()[0])
    return before, frozenset(named)


def worked_out(known: Known, cards: Sequence[Card]) -> dict[str, tuple[float, float]]:
    """Those whose unlisted total is known nearly: the lowest and the highest that it can be."""
    hidden = [card for card in cards if card.total is not None and card.name not in known.totals]
    if not hidden:
        return {}
    problem = _Problem(known, cards, hidden)
    found = {}
    for at, card in enumerate(hidden):
        low, high = problem.bounds(at)
        truth = float(card.total or 0)
        if high - low < 2 * NEAR * HIGHEST and truth - low <= NEAR * truth + 0.1 and high - truth <= NEAR * truth + 0.1:
            found[card.name] = (low, high)
    return found


class _Problem:
    """Totals, grades and places of the hidden as variables, everything that is told as equations over them."""

    def __init__(self, known: Known, cards: Sequence[Card], hidden: Sequence[Card]) -> None:
        self.people = len(hidden)
        self.grades = len(SCALE)
        self.gaps = _gaps(known)
        self.width = self.people * (1 + self.grades + len(self.gaps))
        self.rows: list[np.ndarray] = []
        self.lows: list[float] = []
        self.highs: list[float] = []
        self._of_grades()
        self._of_ranks()
        self._of_groups(known, cards, hidden)

    def _add(self, cells: Mapping[int, float], low: float, high: float) -> None:
        row = np.zeros(self.width)
        for at, factor in cells.items():
            row[at] = factor
        self.rows.append(row)
        self.lows.append(low)
        self.highs.append(high)

    def _grade(self, person: int, grade: int) -> int:
        return self.people + person * self.grades + grade

    def _gap(self, person: int, gap: int) -> int:
        return self.people * (1 + self.grades) + person * len(self.gaps) + gap

    def _of_grades(self) -> None:
        """Everybody has one grade, and a total within it."""
        for person in range(self.people):
            own = {self._grade(person, grade): 1.0 for grade in range(self.grades)}
            self._add(own, 1, 1)
            floors = {self._grade(person, grade): -float(floor) for grade, floor in enumerate(SCALE)}
            self._add({person: 1, **floors}, 0, HIGHEST)
            ceilings = (HIGHEST, *map(float, SCALE[:-1]))
            above = {self._grade(person, grade): -ceiling for grade, ceiling in enumerate(ceilings)}
            self._add({person: 1, **above}, -HIGHEST, 0)

    def _of_ranks(self) -> None:
        """Where listed ranks leave places between them, so many of the hidden stand there."""
        for number, gap in enumerate(self.gaps):
            self._add({self._gap(person, number): 1.0 for person in range(self.people)}, gap.places, gap.places)
            for person in range(self.people):
                at = self._gap(person, number)
                self._add({person: 1, at: HIGHEST - gap.high}, -np.inf, HIGHEST)
                self._add({person: 1, at: -gap.low}, 0, np.inf)
        for person in range(self.people) if self.gaps else ():
            self._add({self._gap(person, number): 1.0 for number in range(len(self.gaps))}, 1, 1)

    def _of_groups(self, known: Known, cards: Sequence[Card], hidden: Sequence[Card]) -> None:
        """Means and counts, of which the listed are taken."""
        for name in dict.fromkeys((*known.means, *known.counts)):
            group = [card for card in cards if card.total is not None and name in ("", card.department)]
            # A whole that leaves the small departments out tells so.
            told = sum(known.counts.get(name, ()))
            if told and told < len(group):
                group = [card for card in group if card.name in known.totals]
            listed = [known.totals[card.name] for card in group if card.name in known.totals]
            among = [at for at, card in enumerate(hidden) if card in group]
            if name in known.means and among:
                whole, slack = known.means[name] * len(group), 0.05 * len(group) + 0.05 * len(listed)
                self._add(dict.fromkeys(among, 1.0), whole - sum(listed) - slack, whole - sum(listed) + slack)
            for grade, count in enumerate(known.counts.get(name, ())) if among else ():
                of_listed = sum(_grade_of(total) == grade for total in listed)
                cells = {self._grade(person, grade): 1.0 for person in among}
                self._add(cells, count - of_listed, count - of_listed)

    def bounds(self, person: int) -> tuple[float, float]:
        """The lowest and the highest total of one of the hidden."""
        kinds = np.concatenate([np.zeros(self.people), np.ones(self.width - self.people)])
        limits = LinearConstraint(np.array(self.rows), np.array(self.lows), np.array(self.highs))
        box = (np.zeros(self.width), np.concatenate([np.full(self.people, HIGHEST), np.ones(self.width - self.people)]))
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(self.width)
            aim[person] = sign
            done = milp(aim, constraints=limits, integrality=kinds, bounds=box)
            assert done.success, done.message
            ends.append(float(done.x[person]))
        return ends[0], ends[1]


class _Gap(NamedTuple):
    """Between two listed ranks: how many places, and the totals at their ends."""

    places: int
    low: float
    high: float


def _gaps(known: Known) -> list[_Gap]:
    order = sorted((rank, known.totals[name]) for name, rank in known.ranks.items() if name in known.totals)
    found, high, taken = list[_Gap](), HIGHEST, 0
    for place, total in order:
        if place - 1 > taken:
            found.append(_Gap(place - 1 - taken, total, high))
        taken, high = max(taken, place - 1) + 1, total
    if taken < known.ranked:
        found.append(_Gap(known.ranked - taken, 0.0, high))
    return found


def _grade_of(total: float) -> int:
    return next(at for at, floor in enumerate(SCALE) if total >= floor)


def leaks_of(seed: int) -> dict[str, tuple[float, float]]:
    """Whose total is worked out in one random company of two cycles."""
    dice, catalog = random.Random(seed), a_scale()
    before, now = a_company(dice, catalog), a_company(dice, catalog)
    told, told_before = read(pages_of(now, before, catalog)), read(pages_of(before, (), catalog))
    return {
        **_shown(told.named, told, now),
        **_shown(told_before.named | told.before.keys(), told_before, before),
        **worked_out(told, now),
        **worked_out(told_before, before),
    }


def _shown(names: Collection[str], known: Known, cards: Sequence[Card]) -> dict[str, tuple[float, float]]:
    """Those who are listed with no total in a cycle, and yet named beside a figure of it."""
    hidden = {
        card.name: float(card.total) for card in cards if card.total is not None and card.name not in known.totals
    }
    return {name: (hidden[name], hidden[name]) for name in hidden if name in names}


def bounds_of_others(seen: Sequence[Card], others: Sequence[Card]) -> tuple[float, float]:
    """The lowest and the highest total of any of the others, for a reader of these cards with their ranks."""
    totals = {card.name: float(card.total) for card in seen if card.total is not None}
    ranks = {card.name: card.rank for card in seen if card.rank is not None}
    known = Known(totals, ranks, len(seen) + len(others), {}, {})
    return _Problem(known, (*seen, *others), others).bounds(0)
