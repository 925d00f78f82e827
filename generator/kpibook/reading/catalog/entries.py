"""The entries of one file of a catalog: a role, or a dictionary of entries by their ids."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar, cast

from kpibook.base.entry import Entry, Located, LocatedList
from kpibook.base.problems import Place, Problem, has_errors
from kpibook.reading.catalog.faults import short
from kpibook.reading.catalog.files import CatalogFile
from kpibook.reading.catalog.validation import read_entry
from kpibook.reading.yamlfile import Read, read_bytes, read_file

E = TypeVar("E", bound=Entry)


class ReadEntry(NamedTuple, Generic[E]):
    """An entry as far as it could be read; `is_whole` is false where a part of it is left out."""

    id: str
    at: Place
    """Where its id stands."""
    entry: E | None
    problems: tuple[Problem, ...]
    is_whole: bool


class ReadFile(NamedTuple, Generic[E]):
    """What a file says; `is_whole` is false where entries may be missing, `is_there` where it holds no mapping."""

    entries: tuple[ReadEntry[E], ...] = ()
    problems: tuple[Problem, ...] = ()
    is_there: bool = False
    is_whole: bool = False


Reading = Callable[[Read, CatalogFile, type[E], str], ReadFile[E]]


class KeptFiles:
    """What files of catalogs say, by their bytes: catalogs that are read with the same share the files that are alike.

    Entries are frozen, so that no catalog sees what becomes of another. What is shared is the same object.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[type[Entry], str, str, bytes], ReadFile[Any]] = {}
        self._used = set[tuple[type[Entry], str, str, bytes]]()

    def read(self, file: CatalogFile, kind: type[E], language: str, reading: Reading[E]) -> ReadFile[E]:
        """What a file says in a language; of a file that cannot be read, why."""
        data, problems = read_file(file.path, file.name)
        if data is None:
            return ReadFile(problems=problems)
        key = (kind, file.name, language, data)
        if key not in self._known:
            self._known[key] = reading(read_bytes(data, file.name), file, kind, language)
        self._used.add(key)
        return cast("ReadFile[E]", self._known[key])

    def forget_unused(self) -> None:
        """Let go of what nobody has asked for since the last time: files as they were before they were edited."""
        self._known = {key: found for key, found in self._known.items() if key in self._used}
        self._used.clear()


def of_one(read: Read, file: CatalogFile, kind: type[E], language: str) -> ReadFile[E]:
    """A file that is one entry: its name is the id."""
    data, problems = _whole(read, file)
    if data is None:
        return ReadFile(problems=problems)
    # A file that cannot keep its name is read on under a stand-in, for the faults inside it.
    identifier = file.path.stem if file.is_well_named else "unnamed"
    return ReadFile((_entry(data, kind, language, (identifier, Place(file.name))),), problems, True, True)


def of_many(read: Read, file: CatalogFile, kind: type[E], language: str) -> ReadFile[E]:
    """A file that is a dictionary of entries by their ids."""
    data, problems = _whole(read, file)
    if data is None:
        return ReadFile(problems=problems)
    entries = tuple(_keyed(data, identifier, kind, language) for identifier in data)
    return ReadFile(entries, problems, True, not data.is_cut)


def mapping(value: object, place: Place) -> tuple[Located | None, tuple[Problem, ...]]:
    """The value as a mapping; nothing at all is an empty one."""
    if isinstance(value, Located):
        return value, ()
    if value is None:
        return Located(place), ()
    return None, (Problem("not-a-mapping", place, {"text": short(value)}),)


def is_readable(value: Located | LocatedList | None, problems: tuple[Problem, ...]) -> bool:
    """Whether nothing is in a file because nothing is written there."""
    return value is not None or not has_errors(problems)


def _whole(read: Read, file: CatalogFile) -> tuple[Located | None, tuple[Problem, ...]]:
    value, problems = read
    if not is_readable(value, problems):
        return None, problems
    data, faults = mapping(value, Place(file.name))
    return data, (*problems, *faults)


def _keyed(data: Located, identifier: str, kind: type[E], language: str) -> ReadEntry[E]:
    key_at = data.keys_at[identifier]
    inner, problems = mapping(data[identifier], data.values_at[identifier] if data[identifier] else key_at)
    if inner is None:
        return ReadEntry(identifier, key_at, None, problems, False)
    return _entry(inner, kind, language, (identifier, key_at))


def _entry(data: Located, kind: type[E], language: str, named: tuple[str, Place]) -> ReadEntry[E]:
    """An entry whose id stands above it: a key `id` inside would be a second one."""
    identifier, at = named
    problems: tuple[Problem, ...] = ()
    if "id" in data:
        values = {"id": identifier, "text": short(data["id"])}
        problems = (Problem("id-inside", data.keys_at["id"], values),)
        del data["id"]
    data.put("id", identifier, key_at=at, value_at=at)
    found = read_entry(data, kind, language)
    return ReadEntry(identifier, at, found.entry, (*problems, *found.problems), found.is_whole)
