"""Texts that a handbook in two languages has in one of them alone, so that readers of the other meet it as it is."""

import re
from collections.abc import Iterator

from kpibook.base.problems import Level, Problem
from kpibook.checking.lint.base import Review
from kpibook.checking.lint.texts import TextAt, texts_of

ELSEWHERE = frozenset(("aliases", "import_words", "columns", "unit_words"))
"""Keys whose texts are what others call things, in whatever language."""

HAN = re.compile(r"[\u3400-\u9fff]")
PHRASE = re.compile(r"[A-Za-z]{2,}[ -]+[A-Za-z]{2,}")
"""Two words of Latin letters: one alone may be a name or a sign of both languages, such as GMV."""
LONGEST = 40


def lint_translations(review: Review) -> Iterator[Problem]:
    """Every text of a handbook in two languages is written in both, unless it reads the same in each."""
    own = tuple(texts_of(review.catalog, ELSEWHERE))
    for other in review.translations:
        languages = {review.catalog.company.language, other.company.language}
        for text, read in zip(own, texts_of(other, ELSEWHERE), strict=False):
            lacks = _lacks(text)
            if text == read and text.is_spoken and lacks in languages:
                values = {"text": _short(text.text), "lacks": lacks}
                yield Problem("lint-one-language", text.place, values, Level.WARNING)


def _lacks(text: TextAt) -> str:
    """The language that a text is not in; empty where it may be in either."""
    if HAN.search(text.text):
        return "en"
    return "zh" if PHRASE.search(text.text) else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
