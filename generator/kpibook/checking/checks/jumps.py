"""Numbers beside their own history: ten or a hundred times as much, suddenly nothing, the same again and again.

They may be right. They are told before a cycle is published, and to HR on the pages of analysis.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import plain, show
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.comparisons import reading_warning, unless_waived
from kpibook.checking.checks.display_names import DisplayNames
from kpibook.model import Catalog, Cycle, Reading

LOOKED_BACK = 12
"""So many earlier cycles of the same kind make the history of a number."""
TENFOLD, HUNDREDFOLD = 10, 100
FEWEST_FOR_TENFOLD = 2
"""With fewer earlier values only a hundredfold is asked about."""
FEWEST_FOR_ZERO = 3
IN_A_ROW = 4
"""So many equal values, this one included, are asked about."""
DIGITS = 3
"""Rounder numbers may well be the same again: 100 %, 12 people."""


TOLD = 3
"""So many of a kind are told of each measure before a cycle is published; the page of analysis lists all."""


class JumpKind(StrEnum):
    """What is odd about a number."""

    TIMES = "times"
    ZERO = "zero"
    REPEATED = "repeated"


class Jump(NamedTuple):
    """A number that does not look like its history."""

    kind: JumpKind
    subject: str
    measure: str
    reading: Reading
    nearest: mpq
    """The earlier value that is nearest to it."""
    times: int
    """10 or 100 times as much or as little; for repeated ones, how often."""


def jumps(cycle: Cycle, history: Mapping[Period, Cycle]) -> tuple[Jump, ...]:
    """All numbers of a cycle that do not look like their history, in the order of the cycle."""
    earlier = sorted(period for period in history if period.kind is cycle.period.kind and period < cycle.period)
    known = [history[period].actuals for period in reversed(earlier[-LOOKED_BACK:])]
    if not known:
        return ()
    return tuple(_jumps(cycle, known))


def check_jumps(catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle]) -> Iterator[Problem]:
    """Numbers that jump, as warnings at their rows, but for those waived; of each measure a few, and how many more."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem, measure in _warnings(catalog, cycle, history):
        found.setdefault((measure, problem.code), []).append(problem)
    for (measure, _), problems in found.items():
        yield from problems[:TOLD]
        if len(problems) > TOLD:
            values = {"measure": DisplayNames(catalog).number(measure), "count": len(problems) - TOLD}
            yield Problem("number-others", Place(problems[TOLD].place.file), values, Level.WARNING)


def _warnings(catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle]) -> Iterator[tuple[Problem, str]]:
    called = DisplayNames(catalog, cycle)
    for jump in jumps(cycle, history):
        values = {"what": called.what(jump.subject, jump.measure), "value": show(jump.reading.value)}
        code = {JumpKind.TIMES: "number-jumped", JumpKind.ZERO: "number-zero"}.get(jump.kind, "number-repeated")
        problem = reading_warning(code, jump.reading, **values, last=show(jump.nearest), times=jump.times)
        for each in unless_waived(catalog, cycle, (jump.subject, jump.measure), problem):
            yield each, jump.measure


def _jumps(cycle: Cycle, known: Sequence[Mapping[tuple[str, str], Reading]]) -> Iterator[Jump]:
    for key, reading in cycle.actuals.items():
        past = (found.value for actuals in known if (found := actuals.get(key)))
        newest = next(past, None)
        if newest is None or _is_near(reading.value, newest):
            continue
        if odd := _odd(reading.value, (newest, *past)):
            yield Jump(odd[0], *key, reading, *odd[1:])


def _is_near(value: mpq, newest: mpq) -> bool:
    """Whether the newest number alone tells that nothing is odd: nearly always, and then no other is looked up."""
    return value != newest and abs(newest) < TENFOLD * abs(value) and abs(value) < TENFOLD * abs(newest)


def _odd(value: mpq, past: Sequence[mpq]) -> tuple[JumpKind, mpq, int] | None:
    """What is odd about a value after those of the past, newest first."""
    if not value:
        is_sudden = len(past) >= FEWEST_FOR_ZERO and all(past)
        return (JumpKind.ZERO, past[0], 0) if is_sudden else None
    least = TENFOLD if len(past) >= FEWEST_FOR_TENFOLD else HUNDREDFOLD
    most, fewest = max(past, key=abs), min(past, key=abs)
    if most and abs(value) >= abs(most) * least:
        return JumpKind.TIMES, most, HUNDREDFOLD if abs(value) >= abs(most) * HUNDREDFOLD else TENFOLD
    if fewest and abs(value) * least <= abs(fewest):
        return JumpKind.TIMES, fewest, HUNDREDFOLD if abs(value) * HUNDREDFOLD <= abs(fewest) else TENFOLD
    run = next((at for at, each in enumerate(past) if each != value), len(past)) + 1
    if run >= IN_A_ROW and len(plain(abs(value)).replace(".", "").strip("0")) >= DIGITS:
        return JumpKind.REPEATED, past[0], run
    return None
