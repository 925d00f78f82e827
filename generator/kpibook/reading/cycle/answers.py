"""Cells that say something else than a number: one of two words, or the day on which something was done."""

import datetime
import re
import unicodedata
from functools import cache

from gmpy2 import mpq

from kpibook.base.names import name_key, stripped
from kpibook.base.numbers import ZERO
from kpibook.base.words import LANGUAGES, words
from kpibook.model import Indicator, Measure, NumberKind, due_day
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.tables import FaultyCell

ONE = mpq(1)
_DAY = re.compile(
    "(?P<year>[0-9]{4})[-/.\u5e74](?P<month>[0-9]{1,2})[-/.\u6708](?P<day>[0-9]{1,2})\u65e5?(?:T?[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?)?"
)


def read_answer(cells: Cells, column: str, each: Measure | Indicator, last_day: datetime.date) -> tuple[mpq, str]:
    """What a cell counts, in a cycle that ends on a day, and how it is written into the cycle.

    Raises:
        RowFault: it is none of the two words, or no day.
    """
    text = cells.text(column)
    if each.kind is NumberKind.YES_NO:
        return _yes_or_no(text, column, each.unit)
    day, due = written_day(text), due_day(each, last_day)
    if day is None or due is None or (isinstance(text, FaultyCell) and text.code != "cell-is-date"):
        raise RowFault(column, "cell-not-a-date")
    return mpq((day - due).days), day.isoformat()


def _yes_or_no(text: str, column: str, unit: str) -> tuple[mpq, str]:
    yes, no = (word.strip() for word in unit.partition("/")[::2])
    key = name_key(text)
    if key in (name_key(yes), name_key(no)):
        return (ONE, yes) if key == name_key(yes) else (ZERO, no)
    is_yes = _answers().get(key or stripped(text))
    if is_yes is None:
        raise RowFault(column, "cell-not-yes-no", yes=yes, no=no)
    return (ONE, yes) if is_yes else (ZERO, no)


@cache
def _answers() -> dict[str, bool]:
    """Words and signs that everybody takes for yes or no, in all languages."""
    found: dict[str, bool] = {}
    for language in LANGUAGES:
        for key in ("yes", "no"):
            for word in words(language)(f"answers.{key}").split("|"):
                found[name_key(word) or word] = key == "yes"
    return found


def written_day(text: str) -> datetime.date | None:
    """The day that a text writes out, such as 2026-10-15, 2026/10/15 or 2026年10月15日; None for any other text."""
    found = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()).upper())
    if found is None:
        return None
    try:
        return datetime.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
