"""Units as tables write them above their numbers: amounts of money in thousands, durations in minutes."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from gmpy2 import mpq

from kpibook.base.names import name_key
from kpibook.base.numbers import SCALES
from kpibook.base.words import LANGUAGES, words

_MONEY = {
    "one": 1,
    "thousand": 10**3,
    "ten_thousand": 10**4,
    "hundred_thousand": 10**5,
    "million": 10**6,
    "ten_million": 10**7,
    "hundred_million": 10**8,
}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@cache
def money_units() -> Mapping[str, int]:
    """How much an amount of money in each unit counts, by the folded unit; the same currency in all of them."""
    return dict(_units_of_kind("money", _MONEY))


@cache
def time_units() -> Mapping[str, int]:
    """How many seconds a unit of time has, by the folded unit; a day has 24 hours."""
    return dict(_units_of_kind("time", _SECONDS))


def written_money() -> tuple[str, ...]:
    """The units of money as they are written."""
    return tuple(
        unit
        for name in _MONEY
        for language in LANGUAGES
        for unit in words(language)(f"importing.money.{name}").split("|")
    )


def scaled_money() -> tuple[str, ...]:
    """The units of money that are more than one, longest first: they say so wherever they stand."""
    found = (unit for unit, factor in money_units().items() if factor > 1)
    return tuple(sorted(found, key=len, reverse=True))


def factor(written: str, own: str) -> mpq | None:
    """The factor from the unit that is written to the measure's own; None where it is not clear."""
    one, other = name_key(written), name_key(own)
    if one == other:
        return mpq(1)
    for units in (money_units(), time_units()):
        if one in units and other in units:
            return mpq(units[one], units[other])
    scale = one[:1]
    return mpq(SCALES[scale]) if scale and scale in SCALES and one[1:] == other and other != "%" else None


def has_scale(text: str) -> bool:
    """Whether a number in a cell says 万 or 亿 itself."""
    return any(sign in text for sign in SCALES if sign)


def scale_below_header(own: str, found: mpq) -> mpq:
    """The factor for a number whose cell has a 万 of its own, which goes before the scale of the header.

    6万 below 万元 is 6万元; below minutes it stays a number of minutes.
    """
    if is_money(own):
        return mpq(1, money_units()[name_key(own)])
    return found if name_key(own) in time_units() else mpq(1)


def is_money(unit: str) -> bool:
    """Whether a unit is one of money."""
    return name_key(unit) in money_units()


def factor_of_column(written: str, said: Sequence[str], unclear: str, own: str) -> mpq | None:
    """The factor from the unit of a column to the measure's own: by its header, else by the lines around its table.

    None where neither is clear.
    """
    if written:
        return factor(written, own)
    if unclear and (is_money(own) or not all(map(is_money, unclear.split(", ")))):
        return None
    found = {found for unit in said if (found := factor(unit, own)) is not None}
    return mpq(1) if not found else found.pop() if len(found) == 1 else None


def _units_of_kind(kind: str, factors: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for name, counted in factors.items():
        for language in LANGUAGES:
            yield from ((name_key(unit), counted) for unit in words(language)(f"importing.{kind}.{name}").split("|"))
