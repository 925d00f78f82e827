"""Totals that lie close to the threshold of a grade."""

from collections.abc import Sequence

from gmpy2 import mpq

from kpibook.model import Grade

WITHIN = mpq(1)
"""Points from a threshold, on either side."""


def near_threshold(total: mpq, grades: Sequence[Grade]) -> Grade | None:
    """The grade whose threshold is nearest to a total, if within `WITHIN` points; that of the lowest never counts.

    `grades` is best first.
    """
    near = min(grades[:-1], key=lambda grade: abs(total - grade.threshold), default=None)
    return near if near and abs(total - near.threshold) <= WITHIN else None
