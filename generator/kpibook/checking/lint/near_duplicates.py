"""The same idea under two names: two indicators, or two measures, that say, define or compute the same."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from gmpy2 import mpq

from kpibook.base.problems import Level, Problem, similarity
from kpibook.base.words import Words, words
from kpibook.checking.lint.base import Review
from kpibook.model import Indicator, Measure
from kpibook.rules.formulas import DivisionByZero, Formula

Numbered = Indicator | Measure
Pair = tuple[Numbered, Numbered]

ALIKE = 95
"""From this likeness on, two definitions say the same in other words."""
SHORTEST = 10
"""Definitions under this length are alike by chance."""
TRIALS = 8
"""Two formulas that agree on so many sets of numbers are the same formula."""


def lint_one_name_each(review: Review) -> Iterator[Problem]:
    """No two indicators, and no two measures, mean the same."""
    catalog = review.catalog
    say = words(catalog.company.language)
    for entries in (tuple(catalog.indicators.values()), tuple(catalog.measures.values())):
        reported: set[tuple[str, str]] = set()
        for alike, pairs in _duplicates(entries, say):
            for first, second in pairs:
                if (first.id, second.id) not in reported:
                    reported.add((first.id, second.id))
                    values = {"name": second.name, "other": first.name, "id": first.id, "alike": alike}
                    yield Problem("lint-twins", second.place_of("id"), values, Level.WARNING)


def _duplicates(entries: Sequence[Numbered], say: Words) -> Iterator[tuple[str, Iterator[Pair]]]:
    """What two entries have in common, and the pairs that do."""
    synonyms = _synonyms(say)
    yield say("lint.alike.name"), _sharing(entries, lambda entry: _normalised(entry.name, synonyms))
    yield say("lint.alike.formula"), _sharing(entries, _computed)
    yield say("lint.alike.definition"), _defined_alike(entries)


def _sharing(entries: Sequence[Numbered], key: Callable[[Numbered], object]) -> Iterator[Pair]:
    """Each entry whose key an earlier one has, with the first that has it."""
    first: dict[object, Numbered] = {}
    for entry in entries:
        value = key(entry)
        if value and first.setdefault(value, entry) is not entry:
            yield first[value], entry


def _synonyms(say: Words) -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in say("lint.synonyms").split())
    return {one: other for one, _, other in pairs}


def _normalised(name: str, synonyms: Mapping[str, str]) -> str:
    """A name without signs, with one word for each idea, and its letters in order: 转换率 is 转化率."""
    text = "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())
    for one, other in synonyms.items():
        text = text.replace(one, other)
    return "".join(sorted(text))


def _computed(entry: Numbered) -> object:
    """What a formula gives for sets of numbers that only its names decide; a constant factor makes no difference."""
    if isinstance(entry, Measure) or entry.formula is None:
        return None
    formula = entry.formula
    values = [_value(formula, trial) for trial in range(TRIALS)]
    first = values[0]
    scaled = tuple(value / first for value in values) if first else tuple(values)
    return entry.direction, frozenset(formula.names), scaled


def _value(formula: Formula, trial: int) -> mpq:
    numbers = {name: mpq(_number(f"{trial} {name}")) for name in formula.names}
    try:
        return formula.evaluate(numbers)
    except DivisionByZero:
        return mpq(0)


def _number(text: str) -> int:
    return 1 + int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:4], "big")


def _defined_alike(entries: Sequence[Numbered]) -> Iterator[Pair]:
    """Where both have formulas, these tell better whether they are the same."""
    defined = [(each, " ".join(each.definition.split())) for each in entries if isinstance(each, Indicator)]
    long = [(each, text) for each, text in defined if len(text) >= SHORTEST]
    for (first, one), (second, other) in combinations(long, 2):
        is_computed = first.formula is not None and second.formula is not None
        if not is_computed and _may_be_alike(one, other) and similarity(one, other) >= ALIKE:
            yield first, second


def _may_be_alike(one: str, other: str) -> bool:
    """Whether two texts are of about one length and share most of their letters: cheap to ask."""
    if 100 * min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    letters, others = set(one), set(other)
    return 100 * len(letters & others) >= (ALIKE - 10) * max(len(letters), len(others))
