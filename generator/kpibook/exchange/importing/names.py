"""What suppliers call people, departments and numbers: a name leads to one of them, or it is not guessed at."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from kpibook.base.names import name_key
from kpibook.base.words import LANGUAGES, Words, words
from kpibook.model import COMPANY, Catalog, Cycle, Indicator, Measure, Relation
from kpibook.reading.cycle.cells import RowFault
from kpibook.reading.cycle.subjects import KnownIds, Subjects, folded

CANDIDATES = 8
"""So many of the things that a name may mean are listed."""

ALIKE = 40
"""Names and ids less like another than this, of 100, are not suggested for it."""


_ROUND = str.maketrans("\u3010\u3011", "()")
_BETWEEN = r"[\s()\[\]<>/,:\-]*"
_BOTH = (
    re.compile(rf"(?P<name>.*[^\x00-\x7f]){_BETWEEN}(?P<id>[A-Za-z0-9][\w.-]*?){_BETWEEN}", re.ASCII),
    re.compile(rf"(?P<id>[A-Za-z0-9][\w.-]*?){_BETWEEN}(?P<name>[^\x00-\x7f].*?){_BETWEEN}", re.ASCII),
    re.compile(r"(?P<name>[^()\[\]]+?)\s*[(\[](?P<id>[A-Za-z0-9][\w.-]*)[)\]]", re.ASCII),
    re.compile(r"(?P<id>[A-Za-z0-9][\w.-]*)\s*[(\[](?P<name>[^()\[\]]+)[)\]]", re.ASCII),
)
"""A name and an id in one cell, in either order, glued where letters tell them apart."""


LONGEST = 100
"""Nobody's name and id are longer."""


class NameIndex:
    """Names by their folded form; a name may lead to several ids."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._ids: dict[str, tuple[str, ...]] = {}
        self.written: dict[str, None] = {}
        """The names as they are written, each once."""
        for name, identifier in pairs:
            self.written[name] = None
            known = self._ids.get(key := name_key(name), ())
            if key and identifier not in known:
                self._ids[key] = (*known, identifier)

    def find(self, name: str) -> tuple[str, ...]:
        """Every id that goes by this name."""
        return self._ids.get(name_key(name), ())

    def keys(self) -> Iterable[str]:
        """All names, folded."""
        return self._ids.keys()


@cache
def relations() -> Mapping[str, str]:
    """What people call the relations of raters, folded, in any of our languages."""
    found = (
        (relation, words(language)(f"importing.relation.{relation}")) for relation in Relation for language in LANGUAGES
    )
    return {folded(name): relation.value for relation, text in found for name in text.split("|")}


def relation_name(relation: Relation, say: Words) -> str:
    """A relation as it stands on a sheet."""
    return say(f"importing.relation.{relation}").partition("|")[0]


class People:
    """Everybody and everything that a row may be about: by id, else by name."""

    def __init__(self, catalog: Catalog, cycle: Cycle) -> None:
        ids = tuple({row.person.casefold(): row.person for row in reversed(cycle.people)}.values())
        self._subjects = Subjects(ids, catalog.departments, {})
        self.names: Mapping[str, str] = {row.person: row.name for row in cycle.people}
        departments = ((each.name, each.id) for each in catalog.departments.values())
        named = ((row.name, self._subjects.subject(row.person) or row.person) for row in cycle.people)
        self._named = NameIndex((*named, *departments, (catalog.company.name, COMPANY)))
        self._near = KnownIds((*ids, *self._named.written), least=ALIKE)

    def subject(self, text: str, column: str) -> str:
        """The id of a person, a department or the company; raises RowFault where that is not clear."""
        if found := self._subjects.subject(text):
            return found
        named = self._named.find(text)
        return (not named and self._id_beside_name(text, column)) or self._by_name(
            text, column, named, people_only=False
        )

    def person(self, text: str, column: str) -> str:
        """The id of a person; raises RowFault where that is not clear."""
        if found := self._subjects.person(text):
            return found
        named = self._people_of(text)
        return (not named and self._id_beside_name(text, column)) or self._by_name(
            text, column, named, people_only=True
        )

    def _id_beside_name(self, text: str, column: str) -> str | None:
        """The id of somebody whose name and id stand in one cell, such as `林晓（E01）`; None for any other text.

        Raises:
            RowFault: the id is known, and is that of somebody else.
        """
        said = unicodedata.normalize("NFKC", text[:LONGEST].translate(_ROUND)).strip()
        for pattern in _BOTH:
            found = pattern.fullmatch(said)
            subject = self._subjects.person(found["id"]) if found else None
            if found is None or subject is None:
                continue
            own = self.names[subject]
            if name_key(found["name"]) != name_key(own):
                raise RowFault(column, "name-differs", id=subject, name=own)
            return subject
        return None

    def person_if_clear(self, text: str) -> str | None:
        """The id of a person; None where nobody, or more than one, is called so."""
        found = self._people_of(text)
        return self._subjects.person(text) or (found[0] if len(found) == 1 else None)

    def _people_of(self, name: str) -> tuple[str, ...]:
        return tuple(each for each in self._named.find(name) if self._subjects.person(each))

    def check_name(self, subject: str, name: str) -> None:
        """An id and a name that stand together belong together; raises RowFault where they do not."""
        own = self.names.get(subject)
        if own is not None and name.strip() and name_key(name) != name_key(own):
            raise RowFault("name", "name-differs", id=subject, name=own)

    def _by_name(self, text: str, column: str, found: tuple[str, ...], *, people_only: bool) -> str:
        if not text.strip():
            raise RowFault(column, "cell-empty")
        if len(found) > 1:
            raise RowFault(column, "ambiguous-subject", candidates=", ".join(found[:CANDIDATES]))
        if not found:
            code, values = self._subjects.why_unknown(text, people_only=people_only)
            if "near" in values:
                values["near"] = self._near.near(text.strip())
            raise RowFault(column, code, **values)
        return found[0]


class Numbers:
    """Everything that is collected: by id, else by name or alias."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        found = (catalog.collected(each) for each in dict.fromkeys((*catalog.measures, *catalog.indicators)))
        self.collected: Mapping[str, Measure | Indicator] = {each.id: each for each in found if each}
        self.units = frozenset(each.unit for each in self.collected.values())
        self._named = NameIndex(
            (name, each.id) for each in self.collected.values() for name in (each.name, *each.aliases)
        )
        self._computed = NameIndex((each.name, each.id) for each in catalog.indicators.values() if each.formula)
        self._indicators = NameIndex((each.name, each.id) for each in catalog.indicators.values())
        self._near = KnownIds((*self.collected, *self._named.written))

    @property
    def named(self) -> Iterable[str]:
        """The names and aliases of all numbers, folded."""
        return self._named.keys()

    def find(self, text: str) -> tuple[str, ...]:
        """The ids of the numbers that go by this id, name or alias."""
        own = name_key(text)
        return (own,) if own in self.collected else self._named.find(text)

    def computed(self, text: str) -> tuple[str, ...]:
        """The indicators of this name or id that nobody has to supply."""
        indicator = self._catalog.indicators.get(name_key(text))
        if indicator:
            return (indicator.id,) if indicator.formula else ()
        return self._computed.find(text)

    def measure(self, text: str, column: str) -> Measure | Indicator:
        """The one number that goes by this name; raises RowFault where that is not clear."""
        found = self.find(text)
        if not text.strip():
            raise RowFault(column, "cell-empty")
        if len(found) > 1:
            raise RowFault(column, "ambiguous-measure", candidates=", ".join(found[:CANDIDATES]))
        if found:
            return self.collected[found[0]]
        if self.computed(text):
            raise RowFault(column, "computed-not-collected")
        raise RowFault(column, "unknown-measure", near=self._near.near(text))

    def indicator(self, text: str, column: str) -> str:
        """The one indicator that goes by this id or name; raises RowFault where that is not clear."""
        if name_key(text) in self._catalog.indicators:
            return name_key(text)
        found = self._indicators.find(text)
        if len(found) > 1:
            raise RowFault(column, "ambiguous-measure", candidates=", ".join(found[:CANDIDATES]))
        if not found:
            raise RowFault(column, "unknown-indicator", near=KnownIds(self._catalog.indicators).near(text))
        return found[0]
