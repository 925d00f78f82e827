"""The company's own terms: one word for each thing, in every text of the handbook."""

import re
from collections.abc import Iterable, Iterator

from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.lint.base import Review
from kpibook.checking.lint.texts import TextAt, texts_of
from kpibook.model import Term

ELSEWHERE = frozenset(
    (
        *("aliases", "was", "import_words", "changes"),
        *("id", "department", "parent", "head", "owner", "reports_to", "replaced_by", "scorecard_of", "role", "roles"),
        *("indicator", "supports", "measure", "grade", "grade_at_most", "rule", "currency", "mail", "evidence_hosts"),
    )
)
"""Keys whose texts are the words of others or of earlier days, or no words at all."""


def lint_terms(review: Review) -> Iterator[Problem]:
    """No text says in a word that should not be used what the company has its own word for."""
    terms = _terms(review)
    if not terms:
        return
    for text in _texts(review):
        for term in terms:
            for word in term.instead_of:
                yield from _uses(text, term, word)


def _terms(review: Review) -> Iterable[Term]:
    """The terms of the company in each of its languages; one that is the same in both stands there once."""
    catalogs = (review.catalog, *review.translations)
    return {(term.use, term.instead_of): term for each in catalogs for term in each.terms}.values()


def _uses(text: TextAt, term: Term, word: str) -> Iterator[Problem]:
    """A warning for each line of a text that says a word; where it is a part of the right one it is right."""
    for number, line in enumerate(text.text.split("\n")):
        # Masked by a sign that no word holds, of the same length so that columns stay.
        told = line.replace(term.use, "\0" * len(term.use)) if word in term.use else line
        found = _pattern(word).search(told)
        if found:
            file, first, column = text.place.file, text.place.line, text.place.column
            place = Place(file, first + number, column + found.start()) if number else text.place
            yield Problem("lint-term", place, {"word": word, "use": term.use}, Level.WARNING)


def _pattern(word: str) -> re.Pattern[str]:
    """A word as it stands between others: Latin letters end where the word does, Chinese has no spaces."""
    before = r"(?<![A-Za-z0-9])" if word[:1].isascii() else ""
    after = r"(?![A-Za-z0-9])" if word[-1:].isascii() else ""
    return re.compile(f"{before}{re.escape(word)}{after}", re.IGNORECASE)


def _texts(review: Review) -> Iterator[TextAt]:
    """Every text of the catalog, in each of its languages, and the pages written by hand."""
    for catalog in (review.catalog, *review.translations):
        yield from texts_of(catalog, ELSEWHERE)
    for path, page in review.prose.items():
        yield TextAt(page, Place(path, 1, 1))
