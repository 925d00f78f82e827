"""Quotas counted head by head, in whole numbers: who is looked at together, and how many are too many."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Head(NamedTuple):
    """Somebody with a grade: 0 is the best one; the total in tenths."""

    group: str
    grade: int
    total: int


class Told(NamedTuple):
    """What a quota has against a group."""

    allowed: int
    winners: int
    tied: int
    only_ties: bool


def chain(group: str, parents: Mapping[str, str]) -> list[str]:
    """A group, its parent, and so on; the company is above all."""
    found = [group]
    while found[-1] in parents:
        found.append(parents[found[-1]])
    return [*found, "company"]


def looked_at(heads: Sequence[Head], parents: Mapping[str, str], pool_under: int) -> dict[tuple[str, bool], list[Head]]:
    """Each group on its own where it is large enough, else everybody below the first one above that is."""
    found = {}
    for own in {head.group for head in heads}:
        alone = [head for head in heads if head.group == own]
        pools = [
            (higher, [head for head in heads if higher in chain(head.group, parents)])
            for higher in chain(own, parents)[1:]
        ]
        if len(alone) >= pool_under:
            found[own, False] = alone
            continue
        large = [pool for pool in pools if len(pool[1]) >= pool_under]
        higher, everybody = large[0] if large else pools[-1]
        found[higher, True] = everybody
    return found


def told(heads: Sequence[Head], least: int, percent: int) -> Told | None:
    """Count everybody who has the grade or a better one against the most whole people that the share makes."""
    allowed = max(n for n in range(len(heads) + 1) if 100 * n <= percent * len(heads))
    winners = [head for head in heads if head.grade <= least]
    if len(winners) <= allowed:
        return None
    # Somebody's place: how many stand strictly before, by grade and then by total.
    before = [sum((w.grade, -w.total) < (h.grade, -h.total) for w in winners) for h in winners]
    level = [sum((w.grade, w.total) == (h.grade, h.total) for w in winners) for h in winners]
    across = [n for b, n in zip(before, level, strict=True) if b < allowed < b + n]
    beyond = sum(b >= allowed for b in before)
    return Told(allowed, len(winners), across[0] if across else 0, bool(across) and not beyond)
