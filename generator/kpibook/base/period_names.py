"""Periods as people call them: `October 2026`, `2026年10月`; in paths, files and commands they keep their ids."""

from collections.abc import Mapping
from functools import cache

from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, Words, words


def period_title(period: Period, say: Words) -> str:
    """What a period is called with its year: `October 2026`, `Q4 2026`, `2026`."""
    month = say(f"periods.month.{period.number}") if period.kind is PeriodKind.MONTH else ""
    return say(f"periods.title.{period.kind}", year=period.year, number=period.number, month=month)


def cycle_name(name: str, period: Period, language: str) -> str:
    """The name of a cycle in a language: as somebody named it, or what its period is called, where that is all it says.

    Whoever wrote `2026年10月` or `2026-10` said no more than the folder does, so that everybody reads it in an own
    language.
    """
    titles = _titles(period)
    return titles[language] if name == str(period) or name in titles.values() else name


@cache
def _titles(period: Period) -> Mapping[str, str]:
    """What a period is called, by the language."""
    return {language: period_title(period, words(language)) for language in LANGUAGES}
