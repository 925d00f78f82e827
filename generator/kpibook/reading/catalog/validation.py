"""Validate a mapping; where it is faulty, keep as much of it as can be checked further.

A misspelt key is read as the key it resembles, and a faulty item is left out, only so that the same run also finds
what else is wrong. The faults themselves are told, and nothing is published while there are any.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from kpibook.base.entry import Entry, Located, LocatedList
from kpibook.base.problems import Problem, nearest, similarity
from kpibook.reading.catalog.faults import Containers, FaultSpot, faults_of, problem_of

_ALIKE = 60
_LISTS = ("items", "duties", "extras", "gates", "pay", "changes", "compares", "streaks", "examples")
"""Lists of which one entry can be left out without touching the others."""

E = TypeVar("E", bound=Entry)


class ValidatedEntry(NamedTuple, Generic[E]):
    """An entry as far as it could be read; `is_whole` is false where a part of it is left out."""

    entry: E | None
    problems: tuple[Problem, ...]
    is_whole: bool


def read_entry(data: Located, kind: type[E], language: str = "") -> ValidatedEntry[E]:
    """The entry that a mapping describes, in a language, and everything that its schema has against it."""
    context = {"language": language}
    try:
        return ValidatedEntry(kind.model_validate(data, context=context), (), not _is_cut(data))
    except ValidationError as error:
        return _mend(error, data, kind, context)


def _mend(error: ValidationError, data: Located, kind: type[E], context: Mapping[str, str]) -> ValidatedEntry[E]:
    copy = _copied(data)
    unknown = [(d, spot) for d, spot in faults_of(error, copy, kind) if d["type"] == "extra_forbidden"]
    problems = [problem_of(detail, spot) for detail, spot in unknown]
    for _, spot in unknown:
        _rename(spot)
    try:
        return ValidatedEntry(kind.model_validate(copy, context=context), tuple(problems), not _is_cut(data))
    except ValidationError as second:
        faults = list(faults_of(second, copy, kind))
    problems += [problem_of(detail, spot) for detail, spot in faults if not _is_unread(detail["type"], spot)]
    _leave_out([spot.path for _, spot in faults])
    _fill_names(copy)
    try:
        return ValidatedEntry(kind.model_validate(copy, context=context), tuple(problems), False)
    except ValidationError:
        return ValidatedEntry(None, tuple(problems), False)


def _copied(value: Located) -> Located:
    copy = Located(value.place)
    copy.is_cut, copy.texts_at = value.is_cut, value.texts_at
    for key, part in value.items():
        copy.put(key, _copied_part(part), key_at=value.keys_at[key], value_at=value.values_at[key])
    return copy


def _copied_part(value: object) -> object:
    if isinstance(value, Located):
        return _copied(value)
    if not isinstance(value, LocatedList):
        return value
    copy = LocatedList(value.place)
    copy.is_cut = value.is_cut
    for part, place in zip(value, value.values_at, strict=True):
        copy.put(_copied_part(part), value_at=place)
    return copy


def _rename(spot: FaultSpot) -> None:
    """Take a misspelt key for the free key that it resembles, or leave it out."""
    mapping, key = spot.path[-1]
    if not isinstance(mapping, Located):
        return
    value, key_at, value_at = mapping.pop(str(key)), mapping.keys_at[str(key)], mapping.values_at[str(key)]
    free = [known for known in (spot.entry.known_keys() if spot.entry else ()) if known not in mapping]
    for meant in nearest(str(key), free):
        if similarity(str(key), meant) >= _ALIKE:
            mapping.put(meant, value, key_at=key_at, value_at=value_at)


def _leave_out(paths: list[Containers]) -> None:
    items: dict[int, tuple[LocatedList, set[int]]] = {}
    for path in paths:
        for container, key in _part(path):
            if isinstance(container, LocatedList):
                items.setdefault(id(container), (container, set()))[1].add(int(key))
            else:
                container[str(key)] = None
    for container, numbers in items.values():
        for number in sorted(numbers, reverse=True):
            del container[number], container.values_at[number]


def _part(path: Containers) -> Containers:
    """The smallest part around a fault that the rest can do without."""
    for (_, key), (inner, number) in reversed(list(pairwise(path))):
        if key in _LISTS:
            return ((inner, number),)
    return path[-1:]


def _fill_names(data: Located) -> None:
    if "id" in data and not isinstance(data.get("name"), str):
        data["name"] = data["id"]
    for section in data.get("scorecard") or ():
        if isinstance(section, Located):
            section.setdefault("section", "?")


def _is_unread(kind: str, spot: FaultSpot) -> bool:
    """Whether a key only seems to be missing because its file could not be read to the mapping's end."""
    return kind in ("missing", "union_tag_not_found") and _is_cut(spot.value)


def _is_cut(value: object) -> bool:
    """Whether the value, or something in it, was not read to its end."""
    if isinstance(value, Located):
        return value.is_cut or any(_is_cut(part) for part in value.values())
    return isinstance(value, LocatedList) and (value.is_cut or any(_is_cut(part) for part in value))
