"""What the lines around a table say of all of it: its unit, its measure, its month, and who rated."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from kpibook.base.names import name_key
from kpibook.base.numbers import SCALES
from kpibook.base.words import LANGUAGES, words
from kpibook.exchange.importing.names import Numbers, relations
from kpibook.exchange.importing.units import money_units, scaled_money, time_units, written_money
from kpibook.exchange.importing.vocabulary import WordSort
from kpibook.model import Catalog, ImportWords

SHORTEST = 2
"""A shorter word says nothing inside another one."""
_OPEN, _CLOSED = ("(", "[", "\u3010"), (")", "]", "\u3011")
_BRACKETS = re.compile("[(\\[\u3010]([^()\\[\\]\u3010\u3011]+)[)\\]\u3011]")
_WIDE = re.compile("[\u2e80-\u9fff]")
_ENDS = "\n,;:()\\[\\]{}\u3001\u3002\u3010\u3011"


class Titles(NamedTuple):
    """What the lines above a table, its sheet's name and its file's name say."""

    units: tuple[str, ...] = ()
    """The units that the numbers below are said to be in."""
    unclear: str = ""
    """What is said of a unit and is none that is known, or contradicts itself."""
    unit_above: str = ""
    """The unit of money of the table above, which may hold here, too."""
    measures: tuple[str, ...] = ()
    """The ids of the numbers that are named."""
    relation: str = ""
    rater: str = ""
    """Who rated, as it is written, and what stands behind it without a comma."""
    not_actual: tuple[WordSort, str] | None = None
    """What the numbers below are said to be in place of actuals, and the word that says so."""


def read_titles(
    texts: Iterable[str],
    catalog: Catalog,
    numbers: Numbers,
    *,
    notes: Iterable[str] = (),
    qualifiers: Mapping[str, WordSort] | None = None,
) -> Titles:
    """What the lines above a table say; the notes below it can only make its unit doubtful."""
    own = catalog.company.import_words
    lines = [_in_known_words(unicodedata.normalize("NFKC", text), own) for text in texts if text.strip()]
    below = [_in_known_words(unicodedata.normalize("NFKC", text), own) for text in notes]
    units, unclear = _units_in(lines, catalog, numbers)
    of_notes, unclear_notes = _units_in(below, catalog, numbers)
    unclear = [*unclear, *unclear_notes, *(unit for unit in of_notes if unit not in units)]
    money = {money_units()[unit]: unit for unit in units if unit in money_units()}
    if len(money) > 1:
        unclear += money.values()
    return Titles(
        units=tuple(units),
        unclear=", ".join(dict.fromkeys(unit for unit in unclear if unit not in units or len(money) > 1)),
        measures=_measures_in(lines, numbers),
        relation=_relation_in(lines),
        rater=next((found[1].strip() for line in lines if (found := _rater().search(line))), ""),
        not_actual=_not_actual(lines, numbers, qualifiers or {}),
    )


def _in_known_words(line: str, own: ImportWords) -> str:
    """A line in which each unit is one word: those of the company, and what announces them, are the known ones."""
    line = _spaced_units().sub(lambda found: "_".join(found[0].split()), line)
    announced = _names("word.unit", LANGUAGES[0])[-1]
    for word in own.unit:
        line = line.replace(unicodedata.normalize("NFKC", word), announced)
    for each in own.unit_words:
        written = re.escape(unicodedata.normalize("NFKC", each.word))
        line = re.sub(rf"(?:^|(?<=[\s:(\[\u3010])){written}(?=[\s)\]\u3011]|$)", each.unit.replace("\\", r"\\"), line)
    return line


def _units_in(lines: Sequence[str], catalog: Catalog, numbers: Numbers) -> tuple[list[str], list[str]]:
    """The units that lines say, folded, and what may be meant as one and is not clear."""
    organisations = {name_key(each.name) for each in catalog.departments.values()} | {name_key(catalog.company.name)}
    known = {name_key(unit) for unit in numbers.units} | set(money_units()) | set(time_units())
    units, unclear = list[str](), list[str]()
    for unit, is_certain in (each for line in lines for each in _units_said(line)):
        key = name_key(unit)
        if key in known or (SCALES.get(key[:1], 0) > 1 and key[1:] in known):
            units.append(key)
        elif is_certain and key not in _no_units() and not any(key in each or each in key for each in organisations):
            unclear.append(unit)
    for unit, is_certain in (each for line in lines for each in _scales_in(line)):
        (units if is_certain else unclear).append(unit)
    for text in (found[1] for line in lines for found in _BRACKETS.finditer(line)):
        key = name_key(text)
        if SCALES.get(key[:1], 0) > 1 and key[1:] in known:
            units.append(key)
        elif key not in known and not _bare_scales().isdisjoint((key, *text.casefold().split())):
            unclear.append(text)
    return list(dict.fromkeys(units)), [unit for unit in unclear if unit not in units]


@cache
def _spaced_units() -> re.Pattern[str]:
    """Units of several words, such as CNY thousand."""
    named = sorted((unit for unit in written_money() if " " in unit), key=len, reverse=True)
    words_of = (r"\s+".join(map(re.escape, unit.split())) for unit in named)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words_of)})(?![a-z])", re.IGNORECASE)


def _units_said(line: str) -> Iterator[tuple[str, bool]]:
    """The units that stand behind the word for it; behind a longer word it may be an organisation that is meant."""
    for found in _unit_note().finditer(line):
        is_certain = not _WIDE.match(line[found.start() - 1 : found.start()])
        yield from ((part, is_certain) for part in re.split("[,/\u3001;]", found[1]) if name_key(part))


@cache
def _unit_note() -> re.Pattern[str]:
    named = sorted((name for language in LANGUAGES for name in _names("word.unit", language)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, named))})\s*(?::|\s|\()\s*([^\s()\[\]\u3002]+)", re.IGNORECASE)


@cache
def _bare_scales() -> frozenset[str]:
    """Words for a thousand and more, which say of what they are with another word alone."""
    return frozenset(name_key(name) for language in LANGUAGES for name in _names("word.scale", language))


@cache
def _rater() -> re.Pattern[str]:
    named = sorted((name for language in LANGUAGES for name in _names("header.rater", language)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, named))})\s*:\s*([^{_ENDS}]+)", re.IGNORECASE)


def _names(key: str, language: str) -> Sequence[str]:
    return words(language)(f"importing.{key}").split("|")


@cache
def _no_units() -> frozenset[str]:
    """What stands behind the word for a unit where an organisation is to sign."""
    return frozenset(name_key(name) for language in LANGUAGES for name in _names("word.no_unit", language))


def _scales_in(line: str) -> Iterator[tuple[str, bool]]:
    """Units of money that are more than one, and whether they stand alone or in brackets; not those behind a number."""
    rest = line.casefold()
    for unit in scaled_money():
        for found in re.finditer(re.escape(unit), rest):
            before, after = rest[: found.start()].rstrip(), rest[found.end() :].lstrip()
            if not before[-1:].isdigit():
                is_alone = not before and not after
                yield unit, is_alone or (before[-1:] in _OPEN and after[:1] in _CLOSED) or _ends_note(before)
        rest = rest.replace(unit, " " * len(unit))


def _ends_note(before: str) -> bool:
    """Whether the word for a unit stands right before."""
    names = tuple(name for language in LANGUAGES for name in _names("word.unit", language))
    return before.rstrip(":( ").endswith(names)


def _measures_in(lines: Sequence[str], numbers: Numbers) -> tuple[str, ...]:
    """The numbers that are named, but for names inside longer ones that are named, too."""
    found: dict[str, None] = {}
    for line in lines:
        key = name_key(line)
        for name in sorted(numbers.named, key=len, reverse=True):
            if len(name) > 1 and (rest := without_word(name, key)) != key:
                found |= dict.fromkeys(numbers.find(name))
                key = rest
    return tuple(found)


def _relation_in(lines: Sequence[str]) -> str:
    found = {
        relation for line in lines for name, relation in relations().items() if name in line and not name.isascii()
    }
    return next(iter(found)) if len(found) == 1 else ""


def _not_actual(
    lines: Sequence[str], numbers: Numbers, qualifiers: Mapping[str, WordSort]
) -> tuple[WordSort, str] | None:
    """A word in the titles that makes all numbers plans, or those of other periods; none where one says actual."""
    found = None
    for line in lines:
        key = name_key(line)
        for name in sorted(numbers.named, key=len, reverse=True):
            key = without_word(name, key) if len(name) > 1 else key
        for word in sorted(qualifiers, key=len, reverse=True):
            if len(word) < SHORTEST or (rest := without_word(word, key)) == key:
                continue
            if qualifiers[word] is WordSort.ACTUAL:
                return None
            if qualifiers[word] in (WordSort.PLAN, WordSort.LAST, WordSort.CUMULATIVE):
                found = found or (qualifiers[word], word)
            key = rest
    return found


def without_word(word: str, key: str) -> str:
    """A folded line with a folded word cut out; a word in letters is one only between others."""
    if not word.isascii():
        return key.replace(word, "\n")
    return re.sub(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", "\n", key)
