"""Units whose values are told in words: an answer of two, or how many days late something came."""

from collections.abc import Mapping
from functools import cache

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, show
from kpibook.base.words import words

ONE = mpq(1)


class WordUnit(str):
    """A unit that says its values in words where people read them; as a text it is the unit that was written."""

    language: str = ""

    @property
    def told_apart_by(self) -> tuple[str, ...]:
        """What `Fingerprints` takes of it: two with the same count as equal."""
        return str(self), self.language

    def told(self, value: mpq) -> str:
        """A value in words."""
        raise NotImplementedError


class TwoAnswers(WordUnit):
    """`是/否`: 1 is the first word, 0 the second; what several of them add up to is told as a number."""

    def told(self, value: mpq) -> str:
        """The word, or how many times the first word was said."""
        yes, _, no = self.partition("/")
        if value in (ZERO, ONE):
            return yes.strip() if value else no.strip()
        return f"{yes.strip()} × {show(value)}"


class DaysLate(WordUnit):
    """Days after the day on which something was due; negative for what came before it."""

    @classmethod
    def of(cls, unit: str, language: str) -> "DaysLate":
        """The unit of days as it is written, told in a language."""
        made = cls(unit)
        made.language = language
        return made

    def told(self, value: mpq) -> str:
        """`晚 2 天`, `早 1 天`, or `按时`."""
        say = words(self.language)
        key = "late" if value > 0 else "early" if value < 0 else "on_time"
        return say(f"days_late.{key}", days=show(abs(value)), unit=str(self))


def of_limits(unit: str) -> str:
    """The unit in which a limit is told: days late as plain days, since "at most on time" says nothing."""
    return str(unit) if isinstance(unit, DaysLate) else unit


def one_of(unit: str) -> str:
    """What one of a unit is called, `case` of `cases`; empty for units that no list of ours has."""
    return _forms().get(unit, ("", ""))[0]


def for_number(unit: str, value: mpq) -> str:
    """The unit as the number before it asks for it: `1 case`, `2 cases`, `1 order/person`.

    Nothing is guessed: a unit that no list of ours has stays as the catalog writes it.
    """
    counted, slash, rest = unit.partition("/")
    forms = _forms().get(counted)
    return f"{forms[abs(value) != ONE]}{slash}{rest}" if forms else unit


@cache
def _forms() -> Mapping[str, tuple[str, str]]:
    """Of units of which one has another word than several: both words, by either. English alone has such."""
    say = words("en")
    pairs = (entry.partition("|") for kind in ("whole", "parts") for entry in say(f"units.{kind}").split())
    return {word: (one, many) for one, bar, many in pairs if bar for word in (one, many)}
