"""Which period or day a cell or a sheet's name is, as people write it."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, words

YEAR = "(?P<year>[12][0-9]{3})"
MONTH = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTH_ONLY = re.compile(f"(?:{YEAR}[-/.年]?)?{MONTH}月[份度]?|(?P<bare>1[0-2]|0?[1-9])")
_MONTH_OF_YEAR = re.compile(f"{YEAR}[-/.]{MONTH}|{YEAR.replace('year', 'y')}(?P<m>0[1-9]|1[0-2])")
_QUARTER = re.compile(f"(?:{YEAR}[-年]?)?(?:第?(?P<zh>[1-4一二三四])季度?|Q(?P<q>[1-4]))")
_HALF = re.compile(f"(?:{YEAR}[-年]?)?(?:(?P<zh>[上下])半年|H(?P<h>[12]))")
_WHOLE_YEAR = re.compile(f"{YEAR}(?:年度?)?")
_DAY = re.compile(
    f"{YEAR}[-/.年](?P<month>[0-9]{{1,2}})[-/.月](?P<day>[0-9]{{1,2}})日?(?:T?[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9.]+)?)?"
)
_SERIAL = re.compile(r"(?P<days>[34567][0-9]{4})(?:\.[0-9]+)?")
_EPOCH = datetime.date(1899, 12, 30)
"""Workbooks count days from here; five digits in a column of dates are such a count (1982 to 2119)."""
MONTHS = re.compile("(?P<first>1[0-2]|0?[1-9])月?(?:份)?[-—–~至到](?P<last>1[0-2]|0?[1-9])月[份]?")
_WEEK_ONLY = re.compile(f"(?:{YEAR}[-年]?)?(?:第?(?P<zh>[0-9]{{1,2}})周|W(?P<w>[0-9]{{1,2}}))")
WEEKS_OF_A_MONTH = 6
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)}
_IN_FULL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_DIGIT_BY_DIGIT = re.compile("[一二][一二三四五六七八九\u3007\u25cb零Oo]{3}(?=年)")
_YEAR_DIGITS = str.maketrans("一二三四五六七八九\u3007\u25cb零Oo", "12345678900000")
_PERIOD_OF_YEAR = "(?=(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月|[上下]半年|第?[1-4一二三四]季|度|Q[1-4])"
_SHORT_YEAR = re.compile(f"(?<![0-9])[0-9]{{2}}年{_PERIOD_OF_YEAR}")
_LAST_YEAR = re.compile(f"(?:去年|上年度?){_PERIOD_OF_YEAR}")


@cache
def _month_names() -> Mapping[str, int]:
    """The names of months in letters, by their number."""
    said = ((number, words(language)(f"importing.month.{number}")) for number in range(1, 13) for language in LANGUAGES)
    return {name.upper(): number for number, names in said for name in names.split("|") if name.isascii()}


@cache
def _named_month() -> re.Pattern[str]:
    names = "|".join(sorted(_month_names(), key=len, reverse=True))
    return re.compile(
        rf"(?<![A-Z])(?P<name>{names})[.,]?[ '-]*(?P<after>[12][0-9]{{3}})(?![0-9])"
        rf"|(?<![0-9])(?P<before>[12][0-9]{{3}})[ -]?(?P<last>{names})(?![A-Z])"
        rf"|^(?P<alone>{names})[.]?$",
        re.IGNORECASE,
    )


def in_digits(text: str, year: int) -> str:
    """A text in which years and months have numbers: `October 2026` reads 2026-10, and a lone `Oct.` 10月.

    The name of a month inside other words says nothing without its year: "may" is no month. 二〇二五年 and 25年9月 are
    of 2025, and 去年9月 is of the year before the one that is given.
    """

    def digits(found: re.Match[str]) -> str:
        number = _month_names()[(found["name"] or found["last"] or found["alone"]).upper()]
        year = found["after"] or found["before"]
        return f"{year}-{number:02d}" if year else f"{number}\u6708"

    said = unicodedata.normalize("NFKC", text).strip().translate(_IN_FULL)
    said = _DIGIT_BY_DIGIT.sub(lambda found: found[0].translate(_YEAR_DIGITS), said)
    said = _SHORT_YEAR.sub(lambda found: f"20{found[0]}", _LAST_YEAR.sub(f"{year - 1}年", said))
    return _named_month().sub(digits, said)


def is_of(text: str, cycle: Period) -> bool | None:
    """Whether a cell names this cycle, or a day in it; None where it names no period at all."""
    said = "".join(in_digits(text, cycle.year).split()).upper()
    if day := _day(said):
        return cycle.first_day <= day <= cycle.last_day
    if _DAY.fullmatch(said):
        return None
    named = _period(said, cycle.year)
    return None if named is None else named == cycle


def day_of(text: str) -> datetime.date | None:
    """The day that a cell names; None for any other text."""
    return _day("".join(unicodedata.normalize("NFKC", text).split()).upper())


def week_of(text: str, cycle: Period) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day of the week of the year, or of the day, that a cell names; None for any other text.

    A week without its year is of the year of the cycle, as calendars count weeks. A small number alone may be a week of
    the month: it names none.
    """
    said = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if day := _day(said):
        return day, day
    if not (found := _WEEK_ONLY.fullmatch(said)):
        return None
    number = int(found["zh"] or found["w"])
    if not found["year"] and not found["w"] and number <= WEEKS_OF_A_MONTH:
        return None
    try:
        first = datetime.date.fromisocalendar(int(found["year"] or cycle.year), number, 1)
    except ValueError:
        return None
    return first, first + datetime.timedelta(days=6)


def written_day(text: str) -> datetime.date | None:
    """The day that a text writes out, such as 2026/4/9; a count of days is none."""
    said = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return None if _SERIAL.fullmatch(said) else _day(said)


def _day(said: str) -> datetime.date | None:
    if found := _SERIAL.fullmatch(said):
        return _EPOCH + datetime.timedelta(days=int(found["days"]))
    if found := _DAY.fullmatch(said):
        try:
            return datetime.date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return None
    return None


def months_in(text: str) -> tuple[int, ...]:
    """The months from one to another that a text names and nothing else, by their number; () for any other text."""
    found = MONTHS.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return tuple(range(int(found["first"]), int(found["last"]) + 1)) if found else ()


def _period(said: str, year: int) -> Period | None:
    """The period by its name; where no year is named, it is that of the cycle."""
    if found := _MONTH_ONLY.fullmatch(said):
        return Period(PeriodKind.MONTH, int(found["year"] or year), number_said(found["month"] or found["bare"]))
    if found := _MONTH_OF_YEAR.fullmatch(said):
        return Period(PeriodKind.MONTH, int(found["year"] or found["y"]), number_said(found["month"] or found["m"]))
    if found := _QUARTER.fullmatch(said):
        return Period(PeriodKind.QUARTER, int(found["year"] or year), number_said(found["zh"] or found["q"]))
    if found := _HALF.fullmatch(said):
        number = {"上": 1, "下": 2}[found["zh"]] if found["zh"] else int(found["h"])
        return Period(PeriodKind.HALF, int(found["year"] or year), number)
    found = _WHOLE_YEAR.fullmatch(said)
    return Period(PeriodKind.YEAR, int(found["year"])) if found else None


def number_said(said: str) -> int:
    """The number that digits say, in either script."""
    if said.isdigit():
        return int(said)
    return sum(_DIGITS[digit] for digit in said)
