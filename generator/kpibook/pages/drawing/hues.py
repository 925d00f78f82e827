"""Which of the five hues a grade has: from teal for the best by sand to rust for the worst."""

from collections.abc import Sequence

from kpibook.model import Grade

HUES = 5


def grade_hues(grades: Sequence[Grade]) -> dict[str, int]:
    """A number from 1 to 5 by grade, best first; fewer grades take those that are farthest apart."""
    last = max(len(grades) - 1, 1)
    return {grade.id: 1 + (2 * number * (HUES - 1) + last) // (2 * last) for number, grade in enumerate(grades)}
