"""Which period a cell, a sheet's name or a title speaks of, as people write it."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, words

_YEAR = "(?P<year>[12][0-9]{3})"
_MONTH = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTH_ONLY = re.compile(f"(?:{_YEAR}[-/.年]?)?{_MONTH}月[份度]?|(?P<bare>1[0-2]|0?[1-9])")
_MONTH_OF_YEAR = re.compile(f"{_YEAR}[-/.]{_MONTH}|{_YEAR.replace('year', 'y')}(?P<m>0[1-9]|1[0-2])")
_QUARTER = re.compile(f"(?:{_YEAR}[-年]?)?(?:第?(?P<zh>[1-4一二三四])季度?|Q(?P<q>[1-4]))")
_HALF = re.compile(f"(?:{_YEAR}[-年]?)?(?:(?P<zh>[上下])半年|H(?P<h>[12]))")
_WHOLE_YEAR = re.compile(f"{_YEAR}(?:年度?)?")
_DAY = re.compile(
    f"{_YEAR}[-/.年](?P<month>[0-9]{{1,2}})[-/.月](?P<day>[0-9]{{1,2}})日?(?:T?[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9.]+)?)?"
)
_SERIAL = re.compile(r"(?P<days>[34567][0-9]{4})(?:\.[0-9]+)?")
_EPOCH = datetime.date(1899, 12, 30)
"""Workbooks count days from here; five digits in a column of dates are such a count (1982 to 2119)."""
_MONTH_SAID = re.compile(
    f"(?:{_YEAR}年)?(?<![0-9十二])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?![0-9]*[0-9]日)"
)
_MONTH_DOTTED = re.compile(f"(?<![0-9]){_YEAR}[-/.](?P<month>1[0-2]|0?[1-9])(?![-/.0-9])")
_QUARTER_SAID = re.compile(
    f"(?:{_YEAR}年?)?(?:第(?P<nth>[1-4一二三四])季度?|(?<![0-9十])(?P<zh>[1-4一二三四])季度)"
    "|(?<![A-Z])(?:(?P<y>[12][0-9]{3})[-年 ]?)?Q(?P<q>[1-4])(?![0-9A-Z])"
)
_HALF_SAID = re.compile(f"(?:{_YEAR}年?)?(?P<zh>[上下])半年")
_YEAR_SAID = re.compile(f"(?<![0-9]){_YEAR}年(?!第?[0-9一二三四五六七八九十上下QHqh]|[-—–~至到])")
_WEEK_ONLY = re.compile(f"(?:{_YEAR}[-年]?)?(?:第?(?P<zh>[0-9]{{1,2}})周|W(?P<w>[0-9]{{1,2}}))")
_MONTHS = re.compile("(?P<first>1[0-2]|0?[1-9])月?(?:份)?[-—–~至到](?P<last>1[0-2]|0?[1-9])月[份]?")
_MONTHS_SAID = re.compile(f"(?<![0-9]){_MONTHS.pattern}")
_DAYS_SAID = re.compile(
    r"(?<![0-9])(?P<month>1[0-2]|0?[1-9])月(?P<first>[0-9]{1,2})日?[-—–~至到]"
    r"(?:(?P<last_month>1[0-2]|0?[1-9])月)?(?P<last>[0-9]{1,2})日"
)
_UNTIL_SAID = re.compile(r"截[至止]到?(?:[12][0-9]{3}年)?(?P<month>1[0-2]|0?[1-9])月(?P<last>[0-9]{1,2})日")
_PART_SAID = re.compile(f"(?:(?<![0-9十二]){_MONTH}月份?)?(?P<part>[上中下]旬|[上下]半月|第[1-5一二三四五]周)")
WEEKS_OF_A_MONTH = 6
_WHOLE = 0.9
"""Days that are so much of a cycle are the cycle as a company counts it, such as from the 26th to the 25th."""
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)}


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


def _in_digits(text: str) -> str:
    """A text in which months have numbers: `October 2026` reads 2026-10, and a lone `Oct.` 10月.

    The name of a month inside other words says nothing without its year: "may" is no month.
    """

    def digits(found: re.Match[str]) -> str:
        number = _month_names()[(found["name"] or found["last"] or found["alone"]).upper()]
        year = found["after"] or found["before"]
        return f"{year}-{number:02d}" if year else f"{number}\u6708"

    return _named_month().sub(digits, unicodedata.normalize("NFKC", text).strip())


def is_of(text: str, cycle: Period) -> bool | None:
    """Whether a cell names this cycle, or a day in it; None where it names no period at all."""
    said = "".join(_in_digits(text).split()).upper()
    if day := _day(said):
        return cycle.first_day <= day <= cycle.last_day
    if _DAY.fullmatch(said):
        return None
    named = _period(said, cycle.year)
    return None if named is None else named == cycle


def month_in(text: str, cycle: Period) -> bool | None:
    """Whether a lone line that names a period names this cycle; None where it names none."""
    if (is_own := is_of(text, cycle)) is not None:
        return is_own
    months = set(_months_said(text, cycle))
    return any(month in cycle.months for month in months) if months else None


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


def are_of_others(titles: Iterable[str], cycle: Period) -> str:
    """The months that texts name where none of them is of this cycle; nothing where one is, or none is named."""
    return _others((month for text in titles for month in _months_said(text, cycle)), cycle)


def are_titles_of_others(titles: Iterable[str], cycle: Period) -> str:
    """As `are_of_others`, for what stands above a table: quarters, halves and years that share no month count, too.

    Months from one to another, of which the cycle is a part only, are another period as well, and so is a part of it.
    """
    said = [_in_digits(text) for text in titles]
    if part := next(filter(None, (_part_said(text, cycle) for text in said)), ""):
        return part
    ranges = [found for text in said for found in _MONTHS_SAID.finditer(text)]
    alone = [_MONTHS_SAID.sub(" ", text) for text in said]
    named = _others((each for text in alone for each in _periods_said(text, cycle)), cycle)
    if named or any(month in cycle.months for text in alone for month in _months_said(text, cycle)):
        return named
    own = {month.number for month in cycle.months}
    longer = (found for found in ranges if not set(range(int(found["first"]), int(found["last"]) + 1)) <= own)
    return next((found[0] for found in longer), "")


def _part_said(text: str, cycle: Period) -> str:
    """The part of the cycle of which a text speaks alone, as it says so; nothing where it speaks of none."""
    said = "".join(text.split())
    own = {month.number for month in cycle.months}
    for part in _PART_SAID.finditer(said):
        if not part["month"] or _number(part["month"]) in own:
            return part["part"]
    if found := _DAYS_SAID.search(said):
        first = _day_of_year(cycle.year, found["month"], found["first"])
        last = _day_of_year(cycle.year, found["last_month"] or found["month"], found["last"])
        days = (last - first).days + 1 if first and last else 0
        is_within = bool(first and last and first <= cycle.last_day and last >= cycle.first_day)
        return found[0] if is_within and 0 < days < _WHOLE * cycle.days else ""
    if found := _UNTIL_SAID.search(said):
        last = _day_of_year(cycle.year, found["month"], found["last"])
        return found[0] if last and cycle.first_day <= last < cycle.last_day else ""
    return ""


def _day_of_year(year: int, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(year, int(month), int(day))
    except ValueError:
        return None


def _others(said: Iterable[Period], cycle: Period) -> str:
    found = dict.fromkeys(said)
    is_own = any(month in cycle.months for each in found for month in each.months)
    return "" if is_own else ", ".join(map(str, found))


def _periods_said(text: str, cycle: Period) -> Iterator[Period]:
    """The months, quarters, halves and years that a text names."""
    yield from _months_said(text, cycle)
    said = _in_digits(text).upper()
    for at in _QUARTER_SAID.finditer(said):
        yield Period(
            PeriodKind.QUARTER, int(at["year"] or at["y"] or cycle.year), _number(at["nth"] or at["zh"] or at["q"])
        )
    for at in _HALF_SAID.finditer(said):
        yield Period(PeriodKind.HALF, int(at["year"] or cycle.year), {"上": 1, "下": 2}[at["zh"]])
    for at in _YEAR_SAID.finditer(said):
        yield Period(PeriodKind.YEAR, int(at["year"]))


def _months_said(text: str, cycle: Period) -> Iterator[Period]:
    """The months that a text names, those without a year taken for ones of the cycle's year."""
    said = _in_digits(text)
    for pattern in (_MONTH_SAID, _MONTH_DOTTED):
        for at in pattern.finditer(said):
            yield Period(PeriodKind.MONTH, int(at["year"] or cycle.year), _number(at["month"]))


def months_in(text: str) -> tuple[int, ...]:
    """The months from one to another that a text names and nothing else, by their number; () for any other text."""
    found = _MONTHS.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return tuple(range(int(found["first"]), int(found["last"]) + 1)) if found else ()


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
