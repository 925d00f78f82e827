"""Whether what stands above a table says that its numbers are of the cycle, of another period, or of a part of it."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from kpibook.base.names import name_key
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, words
from kpibook.exchange.importing.period_words import MONTH, MONTHS, YEAR, in_digits, is_of, number_said
from kpibook.exchange.importing.titles import without_word

_MONTHS_SAID = (
    re.compile(f"(?:{YEAR}年)?(?<![0-9十二]){MONTH}月(?![0-9]*[0-9]日)"),
    re.compile(f"(?<![0-9]){YEAR}[-/.](?P<month>1[0-2]|0?[1-9])(?![-/.0-9])"),
    re.compile("(?P<year>)月份:?(?P<month>1[0-2]|0?[1-9])(?![-/.0-9月日])"),
)
_QUARTER_SAID = re.compile(
    f"(?:{YEAR}年?)?(?:第(?P<nth>[1-4一二三四])季度?|(?<![0-9十])(?P<zh>[1-4一二三四])季度)"
    "|(?<![A-Z])(?:(?P<y>[12][0-9]{3})[-年 ]?)?Q(?P<q>[1-4])(?![0-9A-Z])"
)
_HALF_SAID = re.compile(f"(?:{YEAR}年?)?(?P<zh>[上下])半年")
_YEAR_SAID = re.compile(f"(?<![0-9]){YEAR}年(?!第?[0-9一二三四五六七八九十上下QHqh]|[-—–~至到])")
_YEAR_ALONE = re.compile(
    r"(?<![0-9A-Za-z.,/-])(?P<year>20[0-9]{2})(?=$|[\s()\[\]\u4e00-\u9fff])(?!\s?[年元个件万千百亿人号])"
)
"""A bare year, such as in "2025 sales": no part of a number, of a day or of a code."""
_RANGE_SAID = re.compile(f"(?<![0-9]){MONTHS.pattern}")
_DAYS_SAID = re.compile(
    r"(?<![0-9])(?P<month>1[0-2]|0?[1-9])月(?P<first>[0-9]{1,2})日?[-—–~至到]"
    r"(?:(?P<last_month>1[0-2]|0?[1-9])月)?(?P<last>[0-9]{1,2})日"
)
_UNTIL_SAID = re.compile(r"截[至止]到?(?:[12][0-9]{3}年)?(?P<month>1[0-2]|0?[1-9])月(?P<last>[0-9]{1,2})日")
_DAY_SAID = re.compile(
    r"(?<![0-9])(?:[12][0-9]{3}年)?(?P<month>1[0-2]|0?[1-9])月(?P<day>[0-9]{1,2})日(?!前|之前|以前|止|制|填|报送|统计|打印|导出|[-—–~至到])"
)
_DEED = re.compile(r"(?::|期|于|前|至|到|时间|[-—–~])\s*$")
"""What stands before a day on which something is done: no numbers are of that day."""
_PART_SAID = re.compile(
    f"(?:(?<![0-9十二]){MONTH}月份?)?(?P<part>[上中下]旬|[上下]半月|第(?:[0-9]{{1,2}}|[一二三四五])周)"
)
_BLANKS = re.compile(r"[ \t]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff:])[ \t]+")
"""Blanks that say nothing: those beside Chinese characters."""
_WHOLE = 0.9
"""Days that are so much of a cycle are the cycle as a company counts it, such as from the 26th to the 25th."""
SPANS = ("day", "week", *PeriodKind)
"""How long the time is that a word such as 年度 speaks of; the words stand in the locale under `importing.span`."""


def month_in(text: str, cycle: Period) -> bool | None:
    """Whether a lone line that names a period names this cycle; None where it names none."""
    if (is_own := is_of(text, cycle)) is not None:
        return is_own
    months = set(_months_said(_joined_titles([text], cycle), cycle))
    return any(month in cycle.months for month in months) if months else None


def period_of_others(
    titles: Iterable[str], cycle: Period, *, names: Iterable[str], beside: Iterable[str] = (), has_periods: bool = False
) -> str:
    """The period that titles name in place of the cycle, or the part of it, as it is written; nothing for none.

    Where columns or rows say of which period they are, a title may name more; so it may where a text beside it names
    the cycle. The names of what is counted, and of who counts it, may hold any word.
    """
    text = _joined_titles(titles, cycle)
    if has_periods:
        return _periods_outside((*_months_said(text, cycle), *_years_said(text, cycle)), cycle)
    if part := _part_said(text, cycle):
        return part
    ranges = list(_RANGE_SAID.finditer(text))
    named = tuple(_periods_said(_RANGE_SAID.sub(" ", text), cycle))
    if apart := _periods_outside(named, cycle):
        return apart
    if cycle in named or set(cycle.months) <= set(named) or any(_is_own_range(each, cycle) for each in ranges):
        return ""
    if ranges:
        return ranges[0][0]
    if day := _day_said(text, cycle):
        return day
    spans = spans_said(text, names)
    longer = ", ".join(map(str, dict.fromkeys(named))) or next(iter(spans.values()), "")
    return "" if cycle.kind in spans or names_cycle(beside, cycle) else longer


def names_cycle(texts: Iterable[str], cycle: Period) -> bool:
    """Whether one of these texts, beside the titles, names the cycle or is of its kind of time, such as 本月."""
    return any(month_in(text, cycle) or cycle.kind in spans_said(text, ()) for text in texts)


def spans_said(text: str, names: Iterable[str]) -> Mapping[str, str]:
    """How long the time is of which a text speaks, and the word that says so; not in these folded names."""
    key = name_key(text)
    for name in sorted(names, key=len, reverse=True):
        key = without_word(name, key) if len(name) > 1 else key
    return {span: word for span in SPANS for word in _spans()[span] if without_word(word, key) != key}


@cache
def _spans() -> Mapping[str, Sequence[str]]:
    named = {
        span: [
            name_key(word) for language in LANGUAGES for word in words(language)(f"importing.span.{span}").split("|")
        ]
        for span in SPANS
    }
    return {span: sorted(found, key=len) for span, found in named.items()}


def _joined_titles(titles: Iterable[str], cycle: Period) -> str:
    """Titles as one text, with numbers for years and months, and without blanks that say nothing."""
    return "\n".join(_BLANKS.sub("", in_digits(title, cycle.year)) for title in titles)


def _part_said(text: str, cycle: Period) -> str:
    """The part of the cycle of which a text speaks alone, as it says so; nothing where it speaks of none."""
    own = {month.number for month in cycle.months}
    for part in _PART_SAID.finditer(text):
        if not part["month"] or number_said(part["month"]) in own:
            return part["part"]
    if found := _DAYS_SAID.search(text):
        first = _day_of_year(cycle.year, found["month"], found["first"])
        last = _day_of_year(cycle.year, found["last_month"] or found["month"], found["last"])
        days = (last - first).days + 1 if first and last else 0
        is_within = bool(first and last and first <= cycle.last_day and last >= cycle.first_day)
        return found[0] if is_within and 0 < days < _WHOLE * cycle.days else ""
    if found := _UNTIL_SAID.search(text):
        last = _day_of_year(cycle.year, found["month"], found["last"])
        return found[0] if last and cycle.first_day <= last < cycle.last_day else ""
    return ""


def _day_said(text: str, cycle: Period) -> str:
    """The one day of the cycle that a text names, and that is not its last one, on which all of it is counted."""
    for found in _DAY_SAID.finditer(text):
        day = _day_of_year(cycle.year, found["month"], found["day"])
        is_within = day is not None and cycle.first_day <= day < cycle.last_day
        if is_within and not _DEED.search(text[: found.start()]):
            return found[0]
    return ""


def _day_of_year(year: int, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(year, int(month), int(day))
    except ValueError:
        return None


def _is_own_range(found: re.Match[str], cycle: Period) -> bool:
    return tuple(range(int(found["first"]), int(found["last"]) + 1)) == tuple(each.number for each in cycle.months)


def _periods_outside(said: Iterable[Period], cycle: Period) -> str:
    """The periods as they are named where none of them shares a month with the cycle."""
    found = dict.fromkeys(said)
    is_own = any(month in cycle.months for each in found for month in each.months)
    return "" if is_own else ", ".join(map(str, found))


def _periods_said(text: str, cycle: Period) -> Iterator[Period]:
    """The months, quarters, halves and years that a text names."""
    yield from _months_said(text, cycle)
    said = text.upper()
    for at in _QUARTER_SAID.finditer(said):
        year = int(at["year"] or at["y"] or _year_before(said, at.start(), cycle))
        yield Period(PeriodKind.QUARTER, year, number_said(at["nth"] or at["zh"] or at["q"]))
    for at in _HALF_SAID.finditer(said):
        year = int(at["year"] or _year_before(said, at.start(), cycle))
        yield Period(PeriodKind.HALF, year, {"上": 1, "下": 2}[at["zh"]])
    yield from _years_said(text, cycle)


def _months_said(text: str, cycle: Period) -> Iterator[Period]:
    """The months that a text names; one without a year is of the year that stands before it, else of the cycle's."""
    for pattern in _MONTHS_SAID:
        for at in pattern.finditer(text):
            year = int(at["year"] or _year_before(text, at.start(), cycle))
            yield Period(PeriodKind.MONTH, year, number_said(at["month"]))


def _year_before(text: str, at: int, cycle: Period) -> int:
    found = {each.year for each in _years_said(text[:at], cycle)}
    return found.pop() if len(found) == 1 else cycle.year


def _years_said(text: str, cycle: Period) -> Iterator[Period]:
    """The years that a text names; the cycle's own without 年 says nothing, as in "2026 Marathon"."""
    yield from (Period(PeriodKind.YEAR, int(at["year"])) for at in _YEAR_SAID.finditer(text))
    alone = (int(at["year"]) for at in _YEAR_ALONE.finditer(text))
    yield from (Period(PeriodKind.YEAR, year) for year in alone if year != cycle.year)
