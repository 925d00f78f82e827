"""The ruler of the grades: where the labels of the total and of the one before stand."""

import html
import re
from fractions import Fraction
from itertools import pairwise

import pytest
from gmpy2 import mpq

from kpibook.model import Grade
from kpibook.pages.drawing.ruler import Pin, ruler

GRADES = tuple(
    Grade.build(**{"id": letter, "name": letter, "from": start})
    for letter, start in zip("ABCE", (90, 80, 60, 0), strict=True)
)
PIN = re.compile(r'<span class="card-pin([^"]*)" style="left:([0-9.]+)%">(?:<b>([^<]*)</b>)?')
WIDTHS = {"97.5": 10, "9月 98.4": 20, "97.5 / 9月 98.4": 36, "9月 98.4 / 97.5": 36}
"""What the labels take on a phone of 320 px, in % of the ruler."""


def labels(total: float, before: float | None) -> list[tuple[str, Fraction, Fraction]]:
    """Each label with its two ends, in % of the ruler."""
    pin = None if before is None else Pin(mpq(str(before)), "9月 98.4")
    drawn = html.unescape(ruler(Pin(mpq(str(total)), "97.5"), pin, GRADES, "A", "told"))
    found = []
    for kind, left, label in PIN.findall(drawn):
        if label:
            width = WIDTHS[label]
            back = 0 if "after" in kind else width if "before" in kind else Fraction(width, 2)
            found.append((label, Fraction(left) - back, Fraction(left) - back + width))
    return found


@pytest.mark.parametrize("total", [0, 50, 55, 61, 70, 81, 89, 91, 95, 97.5, 99, 100])
@pytest.mark.parametrize("before", [None, 0, 50, 52, 60, 70, 80, 90, 96, 98.4, 100])
def test_labels_stay_on_the_ruler_and_beside_each_other(total: float, before: float | None) -> None:
    found = labels(total, before)

    assert [label for label, start, end in found if start < -3 or end > 103] == []
    ends = sorted(each[1:] for each in found)
    assert all(first[1] <= second[0] + 1 for first, second in pairwise(ends))
    assert {part for label, *_ in found for part in label.split(" / ")} == (
        {"97.5"} if before is None else {"97.5", "9月 98.4"}
    )


def test_two_totals_near_the_end_have_one_label_in_their_order() -> None:
    assert [label for label, *_ in labels(97.5, 98.4)] == ["97.5 / 9月 98.4"]
    assert [label for label, *_ in labels(99, 98.4)] == ["9月 98.4 / 97.5"]
