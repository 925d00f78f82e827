"""Which hue a grade has: teal is reached, sand asks for attention, rust falls short, each from its own end on."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from kpibook.base.identity import ByIdentity
from kpibook.model import Grade

TEAL = ((), (1,), (1, 2), (1, 6, 2))
SAND = 3
RUST = ((), (4,), (4, 5), (4, 7, 5))
"""The hues of one, two and three grades of a kind, in the order of the grades."""
SHORT = frozenset(RUST[-1])
"""The hues of grades that fall short."""


def grade_hues(grades: Sequence[Grade]) -> Mapping[str, int]:
    """The number of a hue by grade, best first: the upper half in teal, the next in sand, those below in rust.

    Of more than seven grades several share a hue; of two none is sand.
    """
    return _hues(ByIdentity(grades))


# All cards of a cycle have the same grades.
@lru_cache(maxsize=64)
def _hues(same: ByIdentity[Sequence[Grade]]) -> Mapping[str, int]:
    grades = same.value
    count = len(grades)
    above = min(max(count // 2, 1), count)
    middle = (SAND,) if count > 2 else ()
    hues = (*_spread(TEAL, above), *middle, *_spread(RUST, count - above - len(middle)))
    return {grade.id: hue for grade, hue in zip(grades, hues, strict=True)}


def _spread(family: Sequence[tuple[int, ...]], count: int) -> tuple[int, ...]:
    """So many hues of a family, as far apart as there are."""
    hues = family[min(count, len(family) - 1)]
    return tuple(hues[number * len(hues) // count] for number in range(count))
