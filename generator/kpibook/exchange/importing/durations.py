"""Lengths of time as people write them: 2 minutes 35 seconds, 176:30:00 of a workbook."""

import re
import unicodedata
from functools import cache
from itertools import pairwise

from gmpy2 import mpq

from kpibook.exchange.importing.units import time_units

_CLOCK = re.compile(r"([0-9]{1,7}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?", re.ASCII)


def seconds_in(text: str) -> mpq | None:
    """The seconds of a length of time whose parts have units; None for any other text."""
    said = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    parts = [(mpq(amount), time_units()[unit]) for amount, unit in _part().findall(said)]
    if not parts or "".join(f"{amount}{unit}" for amount, unit in _part().findall(said)) != said:
        return None
    lengths = [unit for _, unit in parts]
    is_falling = all(one > other for one, other in pairwise(lengths))
    return sum((amount * unit for amount, unit in parts), mpq(0)) if is_falling else None


def seconds_of_clock(text: str) -> mpq | None:
    """The seconds of hours:minutes:seconds; None for any other text."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    return mpq(found[1]) * 3600 + mpq(found[2]) * 60 + mpq(found[3] or 0)


def is_clock(text: str) -> bool:
    """Whether a text looks like 2:35, of which nobody knows whether hours or minutes come first."""
    return _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def is_time(unit: str) -> bool:
    """Whether a measure counts time."""
    return unit.casefold() in time_units()


@cache
def _part() -> re.Pattern[str]:
    units = "|".join(map(re.escape, sorted(time_units(), key=len, reverse=True)))
    return re.compile(rf"([0-9]+(?:\.[0-9]+)?)({units})", re.ASCII)
