"""From a schema's complaints to located problems: what is wrong, exactly where, and what is nearest to it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kpibook.base.entry import Entry, Located, LocatedList
from kpibook.base.problems import Place, Problem, nearest
from kpibook.model import Department, Grade
from kpibook.rules.standards.counted import tier_row

_TYPES = {
    "string_type": "not-a-text",
    "tuple_type": "not-a-list",
    "model_type": "not-a-mapping",
    "model_attributes_type": "not-a-mapping",
    "mapping_type": "not-a-mapping",
    "dict_type": "not-a-mapping",
    "too_long": "id-too-long",
    "string_too_long": "id-too-long",
}
"""The schema's own names of its complaints, and our codes."""

_WITH_ID = (Department, Grade)
"""Entries whose id is a key like any other; elsewhere it is the file's name or the key above."""

Containers = tuple[tuple[Located | LocatedList, str | int], ...]


class FaultSpot(NamedTuple):
    """Where a complaint belongs: its place, the value there, and the mappings and lists that lead to it."""

    place: Place
    text_at: Place
    """Where the text of the value begins, inside its quotes."""
    value: object
    path: Containers
    entry: type[Entry] | None
    """What the innermost mapping should be."""


def faults_of(error: ValidationError, data: Located, entry: type[Entry]) -> Iterator[tuple[ErrorDetails, FaultSpot]]:
    """Each complaint of a schema with the spot it belongs to."""
    for detail in error.errors(include_url=False):
        yield detail, find(data, detail["loc"], entry)


def problem_of(detail: ErrorDetails, spot: FaultSpot) -> Problem:
    """A complaint of the schema as a problem with the value, its place, and what is nearest."""
    kind, context = detail["type"], detail.get("ctx", {})
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        return _unknown_key(key, spot)
    if kind in ("missing", "union_tag_not_found"):
        return Problem("missing-key", spot.place, {"key": key if kind == "missing" else "rule"})
    if kind == "union_tag_invalid":
        return _unknown_word("unknown-rule", str(context["tag"]), str(context["expected_tags"]), spot)
    if kind in ("enum", "literal_error"):
        return _unknown_word("unknown-value", short(spot.value), str(context["expected"]), spot)
    if "offset" in context:
        values = {name: value for name, value in context.items() if name != "offset"}
        return Problem(kind, place_in(str(spot.value), spot.text_at, context["offset"]), values)
    if kind in ("greater_than_equal", "less_than_equal"):
        return Problem("not-decimals", spot.place, {"key": key, "text": short(spot.value)})
    if kind == "wrong-type":
        kind = "not-a-number" if context["expected"] == "number" else "not-a-text"
    code = _TYPES.get(kind, kind if "-" in kind else "wrong-value")
    return Problem(code, spot.place, {**context, "key": key, "text": short(spot.value)})


def place_in(text: str, text_at: Place, offset: int) -> Place:
    """The place of the character at `offset` of a text that begins at `text_at`."""
    before = text[:offset]
    line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    return text_at._replace(line=text_at.line + line, column=text_at.column + column) if text_at.line else text_at


def short(value: object) -> str:
    """A value as a message shows it."""
    if isinstance(value, Located):
        return "{…}"
    if isinstance(value, LocatedList):
        return "[…]"
    return "" if value is None else str(value).strip()[:60]


def _unknown_key(key: str, spot: FaultSpot) -> Problem:
    known = spot.entry.known_keys() if spot.entry else ()
    allowed = [name for name in known if name != "id" or spot.entry in _WITH_ID]
    values = {"key": key, "nearest": "".join(nearest(key, allowed)), "known": ", ".join(allowed)}
    return Problem("unknown-key", spot.place, values)


def _unknown_word(code: str, text: str, expected: str, spot: FaultSpot) -> Problem:
    known = re.findall(r"'([^']*)'", expected)
    return Problem(
        code, spot.place, {"text": text, "nearest": "".join(nearest(text, known)), "known": ", ".join(known)}
    )


def find(data: Located, location: tuple[int | str, ...], entry: type[Entry]) -> FaultSpot:
    """Follow a schema's path through the data; parts that only the schema knows, such as a rule's name, are passed."""
    walk = _Walk(data, entry)
    for part in location:
        walk.step(part)
    return FaultSpot(walk.place, walk.text_at, walk.value, tuple(walk.path), walk.entry)


class _Walk:
    """A position in the data and in the schema at once."""

    def __init__(self, data: Located, entry: type[Entry]) -> None:
        self.value: object = data
        self.place = self.text_at = data.place
        self.path: list[tuple[Located | LocatedList, str | int]] = []
        self.candidates: tuple[type[Entry], ...] = (entry,)

    @property
    def entry(self) -> type[Entry] | None:
        return self.candidates[0] if len(self.candidates) == 1 else None

    def step(self, part: int | str) -> None:
        """Go one part down, if the data have it."""
        value = self.value
        if part == "[key]":
            self._to_key()
        elif isinstance(value, Located):
            if len(self.candidates) > 1:
                self._choose(str(part))
            elif isinstance(part, int) and part < len(value):
                self._down_table(value, list(value)[part])
            elif part in value:
                self._down(value, str(part))
        elif isinstance(value, LocatedList) and isinstance(part, int) and part < len(value):
            self.path.append((value, part))
            self.value, self.place = value[part], value.values_at[part]
            self.text_at = self.place

    def _to_key(self) -> None:
        """From a value back to its key, where it is the key that is wrong."""
        mapping, key = self.path[-1]
        if isinstance(mapping, Located):
            self.value, self.place = key, mapping.keys_at[str(key)]

    def _choose(self, tag: str) -> None:
        self.candidates = tuple(e for e in self.candidates if tag in get_args(e.model_fields["rule"].annotation))

    def _down(self, mapping: Located, key: str) -> None:
        self.path.append((mapping, key))
        field = _field(self.entry, key) if self.entry else None
        self.place = mapping.values_at[key] if field or not self.entry else mapping.keys_at[key]
        self.text_at = mapping.texts_at.get(f"{key}.text", self.place)
        self.value = mapping[key]
        if field:
            self.candidates = tuple(_entries(field))

    def _down_table(self, table: Located, key: str) -> None:
        """Into a row of a table that is written as a mapping of two columns."""
        self.path.append((table, key))
        self.place = self.text_at = table.keys_at[key]
        self.value = tier_row(table, key)


def _field(entry: type[Entry], key: str) -> Any:
    """The type of the field that a key fills, or None if there is no such key."""
    fields: Mapping[str, Any] = entry.model_fields
    return next((field.annotation for name, field in fields.items() if (field.alias or name) == key), None)


def _entries(annotation: Any) -> Iterator[type[Entry]]:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from _entries(part)
