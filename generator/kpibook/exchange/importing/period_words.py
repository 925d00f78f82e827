"""Which period a cell, a sheet's name or a title speaks of, as people write it."""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from kpibook.base.periods import Period, PeriodKind

_YEAR = "(?P<year>[12][0-9]{3})"
_MONTH = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTH_ONLY = re.compile(f"(?:{_YEAR}[-/.年]?)?{_MONTH}月[份度]?|(?P<bare>1[0-2]|0?[1-9])")
_MONTH_OF_YEAR = re.compile(f"{_YEAR}[-/.]{_MONTH}|{_YEAR.replace('year', 'y')}(?P<m>0[1-9]|1[0-2])")
_QUARTER = re.compile(f"(?:{_YEAR}[-年]?)?(?:第?(?P<zh>[1-4一二三四])季度?|Q(?P<q>[1-4]))")
_HALF = re.compile(f"(?:{_YEAR}[-年]?)?(?:(?P<zh>[上下])半年|H(?P<h>[12]))")
_WHOLE_YEAR = re.compile(f"{_YEAR}(?:年度?)?")
_DAY = re.compile(f"{_YEAR}[-/.年](?P<month>[0-9]{{1,2}})[-/.月](?P<day>[0-9]{{1,2}})日?")
_IN_TITLE = re.compile("(?P<year>[12][0-9]{3})年(?P<month>1[0-2]|0?[1-9])月(?![0-9]*[0-9]日)")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)}


def is_of(text: str, cycle: Period) -> bool | None:
    """Whether a cell names this cycle, or a day in it; None where it names no period at all."""
    said = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if found := _DAY.fullmatch(said):
        try:
            day = datetime.date(*map(int, found.groups()))
        except ValueError:
            return None
        return cycle.first_day <= day <= cycle.last_day
    named = _period(said, cycle.year)
    return None if named is None else named == cycle


def are_of_others(titles: Iterable[str], cycle: Period) -> str:
    """The months that titles name where none of them is of this cycle; nothing where one is, or none is named."""
    said = "\n".join(unicodedata.normalize("NFKC", title) for title in titles)
    found = dict.fromkeys(
        Period(PeriodKind.MONTH, int(at["year"]), int(at["month"])) for at in _IN_TITLE.finditer(said)
    )
    return "" if any(month in cycle.months for month in found) else ", ".join(map(str, found))


def _period(said: str, year: int) -> Period | None:
    """The period by its name; where no year is named, it is that of the cycle."""
    if found := _MONTH_ONLY.fullmatch(said):
        return Period(PeriodKind.MONTH, int(found["year"] or year), _number(found["month"] or found["bare"]))
    if found := _MONTH_OF_YEAR.fullmatch(said):
        return Period(PeriodKind.MONTH, int(found["year"] or found["y"]), _number(found["month"] or found["m"]))
    if found := _QUARTER.fullmatch(said):
        return Period(PeriodKind.QUARTER, int(found["year"] or year), _number(found["zh"] or found["q"]))
    if found := _HALF.fullmatch(said):
        number = {"上": 1, "下": 2}[found["zh"]] if found["zh"] else int(found["h"])
        return Period(PeriodKind.HALF, int(found["year"] or year), number)
    found = _WHOLE_YEAR.fullmatch(said)
    return Period(PeriodKind.YEAR, int(found["year"])) if found else None


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    return sum(_DIGITS[digit] for digit in said)
