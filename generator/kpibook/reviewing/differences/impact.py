"""What a change does to whom, in counts and bands: nothing that leads to a person."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Catalog
from kpibook.reviewing.differences.reasons import Reason
from kpibook.reviewing.differences.rescoring import CycleMoves, Rescored
from kpibook.reviewing.differences.small_counts import is_small, shown
from kpibook.scoring.results import Status

MARKS = (mpq(1), mpq(5), mpq(10))
"""Where the bands of points meet."""
MOST_RULES = 10

Count = int | None
"""A number of people; None where it is hidden."""


class GroupCount(NamedTuple):
    """A group of people and how many they are."""

    key: str
    people: Count
    is_small: bool = False
    """Whether the group itself has fewer than five; else its number is hidden to protect one that has."""


class RuleRow(NamedTuple):
    """A rule that moved results: whose, which, how many people, and the band of the mean change of its points."""

    kind: str
    role: str
    id: str
    people: int
    band: str


class UnitImpactRow(NamedTuple):
    """A department or the company with a scorecard of its own: by how much it moves, and its grades."""

    id: str
    band: str
    grade_before: str
    grade_after: str


class Pay(NamedTuple):
    """Total pay under both catalogs; hidden where the pay of fewer than five people differs, or fewer are paid."""

    changed: Count
    before: mpq | None
    after: mpq | None


class Impact(NamedTuple):
    """One cycle under both catalogs."""

    period: str
    name: str
    people: Count
    """Everybody with a total under both."""
    moved: Count
    is_almost_all: bool
    """Whether so many moved that those who did not are fewer than five."""
    departments: int
    bands: tuple[GroupCount, ...]
    """Of those who moved, by how much: from the most lost to the most won."""
    grades: tuple[GroupCount, ...]
    """up, down, same."""
    by_department: tuple[GroupCount, ...]
    """Of those who moved; small departments are folded together under an empty key."""
    folded_departments: int
    rules: tuple[RuleRow, ...]
    folded_rules: int
    """Rules that moved fewer than five people each."""
    more_rules: int
    """Rules beyond those that are listed."""
    pay: Pay
    """Of those whose pay can be computed under both."""
    pay_unknown: Count
    """People with a total whose pay cannot be computed under one of them."""
    lost: tuple[GroupCount, ...]
    """Numbers for want of which people have no total any more."""
    lost_people: Count
    units: tuple[UnitImpactRow, ...]
    """Departments whose own result moves; they are no people and have their names."""
    gained: Count
    """People who have a total only under the newer catalog."""


def impact(cycle: CycleMoves, newer: Catalog) -> Impact:
    """The counts of one cycle."""
    comparable = [move for move in cycle.moves if move.is_comparable]
    moved = [move for move in comparable if move.is_moved]
    pair = shown({"moved": len(moved), "same": len(comparable) - len(moved)})
    is_large_enough = not is_small(len(moved)) and pair["moved"] is not None
    departments, folded = _departments(moved) if is_large_enough else ((), 0)
    listed, small = _rules(moved)
    lost = [move for move in cycle.moves if move.before.total is not None and move.after.total is None]
    gained = [move for move in cycle.moves if move.before.total is None and move.after.total is not None]
    return Impact(
        period=str(cycle.cycle.period),
        name=cycle.cycle.name,
        people=_hidden(len(comparable)),
        moved=pair["moved"],
        is_almost_all=pair["moved"] is None and not is_small(len(moved)),
        departments=len({move.card.department for move in moved}),
        bands=_partition(moved, _band_of, BANDS) if is_large_enough else (),
        grades=_partition(comparable, _direction(newer), DIRECTIONS),
        by_department=departments,
        folded_departments=folded,
        rules=tuple(listed[:MOST_RULES]),
        folded_rules=small,
        more_rules=len(listed[MOST_RULES:]),
        pay=_pay([move for move in comparable if not _is_pay_open(move)]),
        pay_unknown=_hidden(sum(map(_is_pay_open, comparable))),
        lost=_totals_lost(lost),
        lost_people=_hidden(len(lost)),
        units=tuple(_unit(move) for move in cycle.units if move.is_moved),
        gained=_hidden(len(gained)),
    )


def _unit(move: Rescored) -> UnitImpactRow:
    before, after = (each.grade.id if each.grade else "" for each in (move.before, move.after))
    moved = "" if move.difference is None else band(move.difference)
    return UnitImpactRow(move.card.person, moved, before, after)


def _hidden(count: int) -> Count:
    return None if is_small(count) else count


BANDS = ("down_10", "down_5", "down_1", "down_0", "none", "up_0", "up_1", "up_5", "up_10")
DIRECTIONS = ("up", "down", "same")


def band(difference: mpq) -> str:
    """The band of a difference of points: `up_1` is from 1 to under 5."""
    if not difference:
        return "none"
    least = max((mark for mark in (ZERO, *MARKS) if mark <= abs(difference)), default=ZERO)
    return f"{'up' if difference > 0 else 'down'}_{least.numerator}"


def _band_of(move: Rescored) -> str:
    return band(move.difference or ZERO)


def _partition(
    moves: Sequence[Rescored], key: Callable[[Rescored], str], order: Iterable[str]
) -> tuple[GroupCount, ...]:
    counts = Counter(map(key, moves))
    cells = shown({cell: counts[cell] for cell in order})
    return tuple(GroupCount(cell, count, is_small(counts[cell])) for cell, count in cells.items())


def _direction(newer: Catalog) -> Callable[[Rescored], str]:
    """Whether a grade is better, worse or the same; the newer order decides, else the marks of the grades."""
    order = {grade.id: number for number, grade in enumerate(newer.grades)}

    def of(move: Rescored) -> str:
        before, after = move.before.grade, move.after.grade
        if before is None or after is None or before.id == after.id:
            return "same"
        if before.id in order:
            return "up" if order[after.id] < order[before.id] else "down"
        return "up" if after.threshold > before.threshold else "down"

    return of


def _departments(moved: Sequence[Rescored]) -> tuple[tuple[GroupCount, ...], int]:
    """Those who moved by department, the largest first; small groups are one."""
    counts = Counter(move.card.department for move in moved)
    cells = shown(dict(sorted(counts.items())))
    rows = sorted(
        (GroupCount(key, count) for key, count in cells.items() if count), key=lambda row: (-(row.people or 0), row.key)
    )
    hidden = [key for key, count in cells.items() if count is None]
    if hidden:
        together = sum(counts[key] for key in hidden)
        rows.append(GroupCount("", _hidden(together), is_small(together)))
    return tuple(rows), len(hidden)


def _rules(moved: Sequence[Rescored]) -> tuple[list[RuleRow], int]:
    """The rules that moved at least five people, the most first, and how many rules moved fewer."""
    found: dict[tuple[str, str, str], list[Reason]] = {}
    for move in moved:
        for reason in {(each.kind, each.role, each.id): each for each in move.reasons}.values():
            found.setdefault((reason.kind, reason.role, reason.id), []).append(reason)
    rows = [
        RuleRow(*key, len(reasons), _mean_band(reasons)) for key, reasons in found.items() if not is_small(len(reasons))
    ]
    return sorted(rows, key=lambda row: (-row.people, row.role, row.id, row.kind)), len(found) - len(rows)


def _mean_band(reasons: Sequence[Reason]) -> str:
    changes = [(each.after or ZERO) - (each.before or ZERO) for each in reasons]
    return band(sum(changes, ZERO) / len(changes))


def _pay(moves: Sequence[Rescored]) -> Pay:
    paid = [(move.before.pay or ZERO, move.after.pay or ZERO) for move in moves if _is_paid(move)]
    changed = sum(before != after for before, after in paid)
    if is_small(changed) or is_small(len(paid)):
        return Pay(None, None, None)
    return Pay(changed, sum((pair[0] for pair in paid), ZERO), sum((pair[1] for pair in paid), ZERO))


def _is_pay_open(move: Rescored) -> bool:
    return move.before.is_pay_open or move.after.is_pay_open


def _is_paid(move: Rescored) -> bool:
    return move.before.pay is not None or move.after.pay is not None


def _totals_lost(moves: Sequence[Rescored]) -> tuple[GroupCount, ...]:
    """The ids of numbers for want of which totals are missing, and how many people lack each."""
    lacking: Mapping[str, int] = Counter(key for move in moves for key in dict.fromkeys(_lacking(move)))
    return tuple(GroupCount(key, _hidden(count), is_small(count)) for key, count in sorted(lacking.items()))


def _lacking(move: Rescored) -> Iterator[str]:
    card = move.after.card
    for part in card.spans if card else ():
        for each in (*part.items, *part.extras):
            if each.status in (Status.MISSING, Status.SET_ASIDE):
                yield from (gap.key for gap in each.missing) if each.missing else (each.indicator.id,)
