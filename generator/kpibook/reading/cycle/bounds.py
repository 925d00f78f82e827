"""What numbers are possible: each measure's bounds, for one number with care and for very many at once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, repeat
from operator import ge, itemgetter, le, or_

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, plain, plain_number
from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import Indicator, Measure, NumberKind, Waiver
from kpibook.reading.cycle.cells import RowFault
from kpibook.reading.tables import read_number

PLACES = 15
LISTED = 10
"""So many cells are named."""
DOUBT = "percent-or-fraction"
REMEMBERED = 1_000
"""So many numbers of a measure are remembered with their values."""

NO_LEAST, NO_MOST = -1, 10**16
"""Marks that no number reaches which is written with at most 15 digits and no minus."""


@dataclass(slots=True)
class Bounds:
    """A measure, or an indicator that is itself collected, and what was read for it."""

    id: str
    unit: str
    minimum: mpq | None
    maximum: mpq | None
    seen: dict[str, mpq] = field(default_factory=dict)
    """Some of the numbers that were read, as many come again and again."""
    fractions: list[tuple[Place, str, str]] = field(default_factory=list)
    """Percentages between 0 and 1, where the hundredfold is possible too: where, what is written, and whose."""
    name: str = ""
    """As messages call it."""

    answer: Measure | Indicator | None = None
    """What is written as one of two words, or as a day; None for a plain number."""

    @classmethod
    def of(cls, each: Measure | Indicator) -> "Bounds":
        """The bounds of a measure, or of an indicator that is itself collected."""
        answer = None if each.kind is NumberKind.NUMBER else each
        return cls(each.id, each.unit, each.minimum, each.maximum, name=each.name, answer=answer)

    def doubts(self, waivers: Sequence[Waiver], period: Period) -> dict[str, object] | None:
        """The values of a warning about percentages between 0 and 1 that nobody waived; None where there are none.

        Empties `fractions`.
        """
        about = f"measures/{self.id}/{period}"
        told = [
            (place, text, f"{about}/{subject}")
            for place, text, subject in self.fractions
            if not any(each.covers(DOUBT, f"{about}/{subject}", period.last_day) for each in waivers)
        ]
        self.fractions.clear()
        if not told:
            return None
        listed = ", ".join(place.cell or str(place.line) for place, _, _ in told[:LISTED])
        return {
            "place": told[0][0],
            "measure": self.name or self.id,
            "text": told[0][1],
            "other": plain(read_number(told[0][1], "%").value * HUNDRED, PLACES),
            "count": len(told),
            "cells": listed + (" \u2026" if len(told) > LISTED else ""),
            "address": told[0][2] if len(told) == 1 else about,
        }

    @property
    def takes_any(self) -> bool:
        """Whether every number without a minus is possible and beyond doubt."""
        return self.maximum is None and self.unit != "%" and (self.minimum is None or self.minimum <= 0)

    def refuse(self, value: mpq) -> str:
        """The bound that a value breaks, as a code; nothing where it is possible."""
        if self.minimum is not None and value < self.minimum:
            return "under-minimum"
        return "over-maximum" if self.maximum is not None and value > self.maximum else ""

    def check(self, value: mpq, column: str) -> None:
        """Raise RowFault where a value is not possible."""
        if code := self.refuse(value):
            limit = self.minimum if code == "under-minimum" else self.maximum
            raise RowFault(column, code, limit=plain(limit, PLACES) if limit is not None else "", measure=self.id)

    def plain(self, text: str) -> mpq | None:
        """The value of a number that needs no second look; None for all else, and for words and days."""
        if self.answer is not None:
            return None
        value = self.seen.get(text)
        if value is None and (value := plain_number(text)) is not None:
            if self.refuse(value) or self.is_doubtful(value):
                return None
            if len(self.seen) < REMEMBERED:
                self.seen[text] = value
        return value

    def is_doubtful(self, value: mpq) -> bool:
        """Whether 0.85 may have been meant as 85 %."""
        return self.unit == "%" and 0 < value <= 1 and not self.refuse(value * HUNDRED)


class WholeBounds:
    """Whole numbers between which a number of a measure is possible and beyond doubt, whatever it is.

    The whole parts of a million numbers are compared with them at once; what reaches a mark gets its second look.
    """

    def __init__(self, all_bounds: Iterable[Bounds]) -> None:
        self._bounds: Mapping[str, Bounds] = {each.id: each for each in all_bounds if not each.takes_any}
        self._least = {each.id: _least(each) for each in self._bounds.values()}
        self._most = {each.id: _whole(each.maximum, NO_MOST) for each in self._bounds.values()}

    def odd(self, measures: Sequence[str], actuals: Sequence[str]) -> Iterator[int]:
        """The rows whose number is not possible, or in doubt; all numbers are written with digits and a point."""
        if not self._bounds:
            return
        wholes = list(map(int, map(itemgetter(0), map(str.partition, actuals, repeat(".")))))
        low = map(le, wholes, map(self._least.get, measures, repeat(NO_LEAST)))
        high = map(ge, wholes, map(self._most.get, measures, repeat(NO_MOST)))
        for at in compress(count(), map(or_, low, high)):
            bounds = self._bounds[measures[at]]
            if bounds.plain(actuals[at]) is None:
                yield at


def _least(bounds: Bounds) -> int:
    """Above this whole number a number is possible, and no hundredth part of what was meant."""
    least = _whole(bounds.minimum, NO_LEAST)
    return max(least, 1) if bounds.unit == "%" else least


def _whole(bound: mpq | None, default: int) -> int:
    return default if bound is None else int(bound.numerator // bound.denominator)


_PLAIN_RUN = re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{1,15})?+\n)*+", re.ASCII)


def odd_texts(texts: Sequence[str]) -> set[int]:
    """The places of cells that are no numbers written with digits and a point alone."""
    # One text of all cells, of which a match passes over a run of plain ones at once: a call for each of a million
    # cells would take most of the time.
    text = "\n".join((*texts, ""))
    odd, at, row = set[int](), 0, 0
    while at < len(text):
        run = _PLAIN_RUN.match(text, at)
        end = run.end() if run else at
        row += text.count("\n", at, end)
        if end < len(text):
            odd.add(row)
            end += len(texts[row]) + 1
            row += 1
        at = end
    return odd
