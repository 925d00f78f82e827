"""What each word above a table means: one place that says it, for headers, titles and lone rows alike."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from kpibook.base.names import name_key
from kpibook.base.numbers import SCALES
from kpibook.base.periods import Period
from kpibook.base.words import LANGUAGES, words
from kpibook.exchange.importing.names import Numbers
from kpibook.exchange.importing.period_words import is_of, months_in
from kpibook.exchange.importing.units import money_units, time_units
from kpibook.model import Catalog

LONGEST = 60
"""No word of a header is longer; what is longer is a sentence."""

_PARTS = re.compile("[()\\[\\]{}<>/|\\\\:,;+=\n\u3010\u3011\u3014\u3015\u3001\u00b7\u2014\u2013-]+")
_DIGITS = re.compile("[0-9.,%+-]+")
_DATED = re.compile("[12][0-9]{3}[-/][0-9]{1,2}(?:[-/][0-9]{1,2})?(?: 00:00:00)?")
"""A month, or the day that a spreadsheet makes of one."""


class ColumnRole(StrEnum):
    """What a column holds; its names stand in the locale under `importing.header`."""

    SUBJECT = "subject"
    NAME = "name"
    MEASURE = "measure"
    MEASURE_NAME = "measure_name"
    ACTUAL = "actual"
    UNIT = "unit"
    NOTE = "note"
    LINK = "link"
    RELATION = "relation"
    RATER = "rater"
    LEVEL = "level"
    SCORE = "score"
    PREVIOUS = "previous"
    TARGET = "target"
    THRESHOLD = "threshold"
    STRETCH = "stretch"
    SOURCE = "source"
    MOST = "most"
    COMMENT_UNDER = "comment_under"
    LEVELS = "levels"
    PERIOD = "period"
    WEEK = "week"
    DEPARTMENT = "department"
    POST = "post"
    MANAGER = "manager"
    JOB_LEVEL = "job_level"
    FROM = "from"
    TO = "to"
    KIND = "kind"
    ABOUT = "about"


class WordSort(StrEnum):
    """What a word says; the words of the last six stand in the locale under `importing.word`."""

    ROLE = "role"
    NUMBER = "number"
    COMPUTED = "computed"
    UNIT = "unit"
    OWN_PERIOD = "own-period"
    OTHER_PERIOD = "other-period"
    UNKNOWN = "unknown"
    BESIDE = "beside"
    ACTUAL = "actual"
    PLAN = "plan"
    LAST = "last"
    CUMULATIVE = "cumulative"
    DERIVED = "derived"
    GROUP = "group"


QUALIFIERS = (WordSort.ACTUAL, WordSort.PLAN, WordSort.LAST, WordSort.CUMULATIVE, WordSort.DERIVED, WordSort.GROUP)
QUALIFIER_OF: Mapping[ColumnRole, WordSort] = {
    ColumnRole.ACTUAL: WordSort.ACTUAL,
    ColumnRole.TARGET: WordSort.PLAN,
    ColumnRole.PREVIOUS: WordSort.LAST,
    ColumnRole.THRESHOLD: WordSort.BESIDE,
    ColumnRole.STRETCH: WordSort.BESIDE,
}
"""What the names of these columns say where they stand below the name of a number."""
_QUALIFYING = (*QUALIFIERS, WordSort.OWN_PERIOD, WordSort.OTHER_PERIOD)
NOT_ACTUAL = (
    WordSort.PLAN,
    WordSort.LAST,
    WordSort.CUMULATIVE,
    WordSort.DERIVED,
    WordSort.OTHER_PERIOD,
    WordSort.BESIDE,
)
"""What makes a column of numbers one that is not taken, and is named as such."""


class HeaderWord(NamedTuple):
    """A word of a header: what it says, and of which column or numbers."""

    text: str
    sort: WordSort
    role: ColumnRole | None = None
    ids: tuple[str, ...] = ()

    @property
    def qualifier(self) -> WordSort | None:
        """What it says of the numbers that it stands above; None for a word of another kind."""
        if self.role:
            return QUALIFIER_OF.get(self.role)
        return self.sort if self.sort in _QUALIFYING else None


class Vocabulary:
    """The words that are understood: those of both languages, of the catalog, and of the company."""

    def __init__(self, catalog: Catalog, numbers: Numbers, period: Period) -> None:
        self.catalog = catalog
        self.numbers = numbers
        self.period = period
        own = catalog.company.import_words
        added = {WordSort(name): getattr(own, name) for name in (sort.value for sort in QUALIFIERS)}
        self._qualifiers = {**qualifiers(), **{name_key(text): sort for sort, texts in added.items() for text in texts}}
        sections = (part.section for role in catalog.roles.values() for part in role.scorecard)
        groups = {name_key(each): WordSort.GROUP for each in sections if each}
        self._qualifiers = {**groups, **self._qualifiers}
        named = (key for key, role in _roles().items() if role in QUALIFIER_OF)
        self.title_words: Mapping[str, WordSort] = {
            **self._qualifiers,
            **{key: QUALIFIER_OF[role] for key, role in _roles().items() if role in QUALIFIER_OF},
        }
        """What says of all numbers below a title what they are."""
        self._affixes = sorted((each for each in {*self._qualifiers, *named} if len(each) > 1), key=len, reverse=True)
        self._units = {name_key(each) for each in numbers.units} | set(money_units()) | set(time_units())
        self.own_units: Mapping[str, str] = {name_key(each.word): each.unit for each in own.unit_words}
        """What the company's own words for units are, by the folded word."""
        self._unit_notes = frozenset(map(name_key, own.unit))
        self.no_values = frozenset(map(name_key, own.no_value))
        """What says in a cell that there is no number, beside the words that are known."""
        self._known: dict[str, tuple[HeaderWord, ...]] = {}

    def words(self, cell: str) -> tuple[HeaderWord, ...]:
        """The words of a cell; nothing for an empty one."""
        found = self._known.get(cell)
        if found is None:
            text = " ".join(unicodedata.normalize("NFKC", cell).split(" ")).strip()
            found = self._known[cell] = tuple(self._parse(text)) if name_key(text) else ()
        return found

    def is_known(self, cell: str) -> bool:
        """Whether every word of a cell is understood."""
        found = self.words(cell)
        return bool(found) and all(word.sort is not WordSort.UNKNOWN for word in found)

    def _parse(self, text: str) -> Iterator[HeaderWord]:
        if len(text) > LONGEST:
            yield HeaderWord(text[:LONGEST], WordSort.UNKNOWN)
            return
        if word := self._single_word(text):
            yield word
            return
        parts = [part.strip() for part in _PARTS.split(text) if name_key(part)]
        bracket = re.search(r"\(([^()]+)\)", text)
        if bracket and (inner := self._single_word(bracket[1].strip())):
            before, after = text[: bracket.start()].strip(), text[bracket.end() :].strip()
            for part in (before, after):
                yield from self._parse(part) if name_key(part) else ()
            yield inner
        elif len(parts) > 1:
            for part in parts:
                yield from self._parse(part)
        else:
            yield from self._with_affix(parts[0] if parts else text)

    def _single_word(self, text: str) -> HeaderWord | None:
        """A text that is one word."""
        key = name_key(text)
        if role := ColumnRole.UNIT if key in self._unit_notes else _roles().get(key):
            return HeaderWord(text, WordSort.ROLE, role)
        if ids := self.numbers.find(text):
            return HeaderWord(text, WordSort.NUMBER, None, ids)
        if sort := self._qualifiers.get(key):
            return HeaderWord(text, sort)
        if key in self.own_units:
            return HeaderWord(self.own_units[key], WordSort.UNIT)
        if key in self._units or self._is_scaled(key):
            return HeaderWord(text, WordSort.UNIT)
        if ids := self.numbers.computed(text):
            return HeaderWord(text, WordSort.COMPUTED, None, ids)
        if months := months_in(text):
            return HeaderWord(
                text,
                WordSort.OWN_PERIOD
                if months == tuple(each.number for each in self.period.months)
                else WordSort.CUMULATIVE,
            )
        if (_DATED.fullmatch(text) or not _DIGITS.fullmatch(key)) and (is_own := is_of(text, self.period)) is not None:
            return HeaderWord(text, WordSort.OWN_PERIOD if is_own else WordSort.OTHER_PERIOD)
        return None

    def _is_scaled(self, key: str) -> bool:
        return SCALES.get(key[0], 0) > 1 and key[1:] in self._units

    def _with_affix(self, text: str) -> tuple[HeaderWord, ...]:
        """A word that says something of another one that it is joined to, or words between blanks, all known."""
        if found := self._parsed_halves(text, self._halves(text)):
            return found
        parts = [self._single_word(part) for part in text.split()]
        words_found = tuple(word for word in parts if word)
        is_known = len(words_found) == len(parts) > 1
        return words_found if is_known else (HeaderWord(text, WordSort.UNKNOWN),)

    def _halves(self, text: str) -> Iterator[tuple[str, str]]:
        key = name_key(text)
        for affix in self._affixes:
            if key.startswith(affix) and len(key) > len(affix):
                yield affix, key[len(affix) :].strip("_")
            if key.endswith(affix) and len(key) > len(affix):
                yield affix, key[: -len(affix)].strip("_")
        for at in range(min(len(key) - 1, 10), 1, -1):
            yield key[:at], key[at:]

    def _parsed_halves(self, text: str, halves: Iterator[tuple[str, str]]) -> tuple[HeaderWord, ...]:
        for affix, rest in halves:
            word = self._single_word(affix)
            if word is None or word.qualifier is None:
                continue
            other = self._single_word(rest)
            others = (other,) if other else self._parsed_halves(rest, self._halves(rest))
            if others:
                return (word._replace(text=text), *others)
        return ()


@cache
def qualifiers() -> Mapping[str, WordSort]:
    """What says whose numbers a column holds, in any of our languages; a name that two go by is that of the first."""
    return {key: sort for sort in reversed(QUALIFIERS) for key in _names_of_key(f"word.{sort}")}


@cache
def _roles() -> Mapping[str, ColumnRole]:
    """What columns go by, in any of our languages; a name that two go by is that of the first."""
    named = {key: role for role in reversed(ColumnRole) for key in _names_of_key(f"header.{role}")}
    return {**named, **{role.value: role for role in ColumnRole}}


def is_bare(text: str) -> bool:
    """Whether the header of a column of numbers does not say whether they are actuals."""
    return name_key(text) in set(_names_of_key("bare"))


def _names_of_key(key: str) -> Iterator[str]:
    for language in LANGUAGES:
        yield from map(name_key, words(language)(f"importing.{key}").split("|"))
