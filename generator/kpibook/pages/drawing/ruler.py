"""A total among the lines of the grades, with the total of the cycle before; its numbers stand in it as text."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.identity import ByIdentity
from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.model import Grade
from kpibook.pages.drawing.hues import grade_hues
from kpibook.pages.text import escape

STEP = mpq(10)
CLOSE, CLOSE_AT_END = mpq(15), mpq(25)
"""Two labels nearer than this, in % of the width, part to either side; one that stays within an end takes more."""
NEAR_END = mpq(8)
"""A label nearer to an end than this stays within."""
ROOM, ROOM_WAS = mpq(10), mpq(20)
"""What the label of a total takes on the narrowest phone, and that of the one before, in % of the width."""

AFTER, BEFORE = " card-pin-after", " card-pin-before"


class Pin(NamedTuple):
    """A total on the ruler and what is written above it."""

    total: mpq
    label: str


def scale(grades: Sequence[Grade], label: str) -> Markup:
    """The lines of all grades, of two or more, without a total; `label` says them to readers of screens."""
    bands = tuple(_bands(_lines(grades), *_ends(grades, ())))
    whole = bands[-1].high - bands[0].low
    drawn = "".join(_drawn(band, whole, is_on=True) for band in bands)
    lines = "".join(_scaled(band, whole, is_first=not at) for at, band in enumerate(bands))
    return Markup(
        f'<div class="kpi-scale" role="img" aria-label="{escape(label)}">'
        f'<div class="card-bands">{drawn}</div><div class="card-scale">{lines}</div></div>'
    )


class _Line(NamedTuple):
    """Where a grade begins."""

    grade: str
    threshold: mpq
    hue: int


class _Band(NamedTuple):
    line: _Line
    low: mpq
    high: mpq


def ruler(total: Pin, before: Pin | None, grades: Sequence[Grade], reached: str, label: str) -> Markup:
    """The ruler; `reached` is the grade's id, `label` says it all to readers of screens."""
    low, high = _ends(grades, [pin.total for pin in (total, before) if pin])
    whole = high - low
    at = (total.total - low) * HUNDRED / whole
    was = None if before is None else (before.total - low) * HUNDRED / whole
    pins = "".join(_pins(at, total.label, was, before.label if before else ""))
    drawn = _below_pins(_lines(grades), low, high, reached)
    return Markup(f'<div class="card-ruler" role="img" aria-label="{escape(label)}">{pins}{drawn}</div>')


@lru_cache(maxsize=1024)
def _below_pins(lines: tuple[_Line, ...], low: mpq, high: mpq, reached: str) -> str:
    """The grades and where they begin, between two ends: thousands of cards share a few of them."""
    bands = tuple(_bands(lines, low, high))
    drawn = "".join(_drawn(band, high - low, is_on=band.line.grade == reached) for band in bands)
    scale = "".join(_scaled(band, high - low, is_first=not at) for at, band in enumerate(bands))
    return f'<div class="card-bands">{drawn}</div><div class="card-scale">{scale}</div>'


def _lines(grades: Sequence[Grade]) -> tuple[_Line, ...]:
    """The grades from the lowest."""
    return _sorted_lines(ByIdentity(grades))


# All cards of a cycle have the same grades.
@lru_cache(maxsize=64)
def _sorted_lines(same: ByIdentity[Sequence[Grade]]) -> tuple[_Line, ...]:
    grades = same.value
    hues = grade_hues(grades)
    lines = [_Line(grade.id, grade.threshold, hues[grade.id]) for grade in grades]
    return tuple(sorted(lines, key=lambda line: line.threshold))


def _ends(grades: Sequence[Grade], totals: Sequence[mpq]) -> tuple[mpq, mpq]:
    """From a little under the second lowest grade's line to 100, or as far as the totals go."""
    starts = [line.threshold for line in _lines(grades)]
    first = starts[1] - STEP if len(starts) > 1 else ZERO
    low = min((first, *(_floor(total) for total in totals)))
    high = max((HUNDRED, starts[-1] + STEP, *(-_floor(-total) for total in totals)))
    return low, high


def _bands(lines: Sequence[_Line], low: mpq, high: mpq) -> Iterator[_Band]:
    """The grades from the lowest, between two ends."""
    starts = [line.threshold for line in lines]
    for line, (start, end) in zip(lines, pairwise([low, *starts[1:], high]), strict=True):
        yield _Band(line, start, end)


def _floor(value: mpq) -> mpq:
    tens = value / STEP
    return STEP * (tens.numerator // tens.denominator)


def _drawn(band: _Band, whole: mpq, *, is_on: bool) -> str:
    return f'<i class="kpi-grade-{band.line.hue}{" card-on" if is_on else ""}" style="{_width(band, whole)}"></i>'


def _scaled(band: _Band, whole: mpq, *, is_first: bool) -> str:
    """The line of a grade and its letter; the lowest grade begins left of what is drawn."""
    start = "" if is_first else f"{show(band.line.threshold)} "
    return f'<span style="{_width(band, whole)}">{start}{escape(band.line.grade)}</span>'


def _width(band: _Band, whole: mpq) -> str:
    return f"width:{show((band.high - band.low) * HUNDRED / whole, 2)}%"


def _pins(at: mpq, label: str, was: mpq | None, was_label: str) -> Iterator[str]:
    """The pin of the total, after that of the total before; two near one end have one label between them."""
    if was is None:
        yield _pin(at, label, "", _within(at))
    elif abs(at - was) >= (CLOSE_AT_END if _within(at) or _within(was) else CLOSE):
        yield _pin(was, was_label, " card-pin-was", _within(was))
        yield _pin(at, label, "", _within(at))
    elif ROOM_WAS <= was < at <= HUNDRED - ROOM:
        yield _pin(was, was_label, " card-pin-was", BEFORE)
        yield _pin(at, label, "", AFTER)
    elif ROOM <= at <= was <= HUNDRED - ROOM_WAS:
        yield _pin(was, was_label, " card-pin-was", AFTER)
        yield _pin(at, label, "", BEFORE)
    else:
        in_order = (label, was_label) if at <= was else (was_label, label)
        yield _pin(was, "", " card-pin-was", "")
        yield _pin(at, " / ".join(in_order), "", AFTER if at < HUNDRED / 2 else BEFORE)


def _within(at: mpq) -> str:
    """The side on which a label stands alone: in the middle but near an end."""
    return AFTER if at < NEAR_END else BEFORE if at > HUNDRED - NEAR_END else ""


def _pin(at: mpq, label: str, kind: str, side: str) -> str:
    told = f"<b>{escape(label)}</b>" if label else ""
    return f'<span class="card-pin{kind}{side}" style="left:{show(at, 2)}%">{told}</span>'
