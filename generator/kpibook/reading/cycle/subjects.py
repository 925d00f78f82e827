"""Whom a row is about: a person of the cycle, a department, or the company."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kpibook.base.names import stripped
from kpibook.base.problems import Place, nearest, similarity
from kpibook.model import COMPANY

PERSON_ID = re.compile(r"[A-Za-z0-9-]{1,32}", re.ASCII)
DAMAGED_ID = re.compile(r"[0-9](?:\.[0-9]+)?e[+-]?[0-9]+", re.ASCII | re.IGNORECASE)

COMPARISONS = 30_000
"""So many ids are compared for suggestions; a file of wrong ids must not cost a search for each row."""


REMEMBERED = 65_536
"""So many ids are folded but once."""


class KnownIds:
    """Ids that a row may name, compared without case."""

    def __init__(self, ids: Iterable[str], *, least: int = 0) -> None:
        self.ids = {folded(each): each for each in ids}
        self._least = least
        self._suggestions: dict[str, str] = {}
        self._comparisons = 0

    def find(self, text: str) -> str | None:
        """The id as it is written where it belongs."""
        return self.ids.get(folded(text))

    def near(self, text: str) -> str:
        """Ids that look like `text`, for a message."""
        if text not in self._suggestions and self._comparisons < COMPARISONS:
            self._comparisons += len(self.ids)
            found = nearest(text[:64], self.ids.values(), 3)
            alike = (each for each in found if similarity(text[:64], each) >= self._least)
            self._suggestions[text] = ", ".join(alike)
        return self._suggestions.get(text) or "-"


class Subjects:
    """Everybody and everything that a row of a cycle may be about."""

    def __init__(self, people: Iterable[str] | None, departments: Iterable[str], lost: Mapping[str, Place]) -> None:
        self.people = KnownIds(people or ())
        self.all = KnownIds((*self.people.ids.values(), *departments, COMPANY))
        self._lost = lost
        self._has_roster = people is not None

    def person(self, text: str) -> str | None:
        """The id of a person; without a roster, any id is taken as one, so that its lack is told only once."""
        return self.people.find(text) or self._unlisted(text)

    def subject(self, text: str) -> str | None:
        """The id of a person, a department or the company."""
        return self.all.find(text) or self._unlisted(text)

    def why_unknown(self, text: str, *, people_only: bool = False) -> tuple[str, dict[str, object]]:
        """The reason why a text is no subject, and the values of its message."""
        if place := self._lost.get(folded(text)):
            return "person-set-aside", {"first": str(place)}
        if DAMAGED_ID.fullmatch(stripped(text)):
            return "id-damaged", {}
        if not stripped(text):
            return "cell-empty", {}
        known = self.people if people_only else self.all
        return ("unknown-person" if people_only else "unknown-subject"), {"near": known.near(text.strip())}

    def _unlisted(self, text: str) -> str | None:
        return stripped(text) if not self._has_roster and PERSON_ID.fullmatch(stripped(text)) else None


@lru_cache(REMEMBERED)
def folded(text: str) -> str:
    """An id as it is compared."""
    return stripped(text).casefold()
