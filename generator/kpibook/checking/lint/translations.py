"""Texts that a handbook in two languages has in one of them alone, so that readers of the other meet it as it is."""

import re
from collections.abc import Iterator

from kpibook.base.problems import Level, Problem
from kpibook.checking.lint.base import Review
from kpibook.checking.lint.texts import TextAt, texts_of

ELSEWHERE = frozenset(("aliases", "import_words", "columns", "unit_words"))
"""Keys whose texts are what others call things, in whatever language."""

HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}[ -]+[A-Za-z]{2,}|[A-Za-z]?[a-z]{3,}")
"""Two words of Latin letters, or one that is written like a word and no sign of both languages, such as GMV or kg."""
LONGEST = 40
PAGES = "pages"
MOST_PAGES = 5
"""So many pages are named."""


def lint_translations(review: Review) -> Iterator[Problem]:
    """Every text of a handbook in two languages is written in both, unless it is a sign of either."""
    own = tuple(texts_of(review.catalog, ELSEWHERE)) if review.translations else ()
    for other in review.translations:
        languages = {review.catalog.company.language, other.company.language}
        for text, read in zip(own, texts_of(other, ELSEWHERE), strict=False):
            lacks = _lacks(text)
            if text == read and text.is_spoken and not text.is_in_both and lacks in languages:
                values = {"text": _shortened(text.text), "lacks": lacks}
                yield Problem("lint-one-language", text.place, values, Level.WARNING)


def lint_pages_translated(review: Review) -> Iterator[Problem]:
    """Every page written by hand has its counterpart for those who read the other language."""
    company, folder = review.catalog.company, review.catalog.folder
    own = _below(review, f"{folder}/{PAGES}/")
    for language in company.other_languages if review.translations else ():
        name = f"{PAGES}.{language}"
        lacking = sorted(own - _below(review, f"{folder}/{name}/"))
        if lacking:
            told = ", ".join(lacking[:MOST_PAGES]) + (", …" if len(lacking) > MOST_PAGES else "")
            values = {"count": len(lacking), "pages": told, "folder": f"{folder}/{name}"}
            yield Problem("lint-pages-one-language", company.place_of("languages"), values, Level.WARNING)


def _below(review: Review, folder: str) -> set[str]:
    """The pages written by hand in a folder, by their paths in it."""
    return {path.removeprefix(folder) for path in review.prose if path.startswith(folder)}


def _lacks(text: TextAt) -> str:
    """The language that a text is not in; empty where it may be in either."""
    if HAN.search(text.text):
        return "en"
    return "zh" if ENGLISH.search(text.text) else ""


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
