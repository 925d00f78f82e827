"""A hash over everything that a value holds, whatever its kind: equal values have equal ones, in every run.

Fields are taken from the types themselves, so that one which is added later cannot be forgotten.
"""

import datetime
import hashlib
import marshal
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from gmpy2 import mpq
from gmpy2 import to_binary as _to_binary  # type: ignore[attr-defined]  # its types leave it out
from pydantic import BaseModel

_PLAIN = frozenset({str, int, bool, float, bytes, type(None)})
_SIZE = 16
_VERSION = 2
"""Of marshal: the last one in which equal values have equal bytes, however often each of them is referred to."""
_LONG = 64
"""Tuples of so many values are looked at once: the rows of a whole company's sum stand on each of its cards."""
_REMEMBERED = 100_000
"""So many texts at most, as those of a large company would fill the memory."""

OWN_WORD = "told_apart_by"
"""The property of types whose fields cannot be looked at: it says what tells one from another."""

Maker = Callable[[Any], object]
_binary: Maker = _to_binary


class Fingerprints:
    """Makes fingerprints; entries of the catalog and long tuples, which many values share, are looked at once."""

    def __init__(self, named: Mapping[str, str] | None = None) -> None:
        """`named`: ids in small letters -> the names behind them; a text that is such an id differs with its name."""
        self._named = named or {}
        self._unnamed = set[str]()
        """Texts that stand for nothing else: it is asked once."""
        self._makers: dict[type, Maker] = {}
        self._seen: dict[int, tuple[object, bytes]] = {}
        """By identity, with the value itself: while it is kept, no other one takes its identity."""

    def of(self, *values: object) -> bytes:
        """The fingerprint of values.

        Raises:
            TypeError: a value of which nobody can say what it holds, such as a function.
        """
        return _digest(self._all(values))

    def _all(self, values: Any) -> tuple[object, ...]:
        # The commonest kinds come first and are looked up nowhere: a card holds hundreds of texts and numbers.
        makers, unnamed = self._makers, self._unnamed
        made: list[object] = []
        for value in values:
            kind = value.__class__
            if kind is str:
                made.append(value if value in unnamed else self._text(value))
            elif kind is mpq:
                made.append(_binary(value))
            elif kind in _PLAIN:
                made.append(value)
            elif kind is tuple:
                # Two of five tuples of a card are empty: they stand for themselves.
                made.append(value and (self._all(value) if len(value) < _LONG else self._long(value)))
            else:
                made.append((makers.get(kind) or self._learn(kind))(value))
        return tuple(made)

    def _long(self, value: tuple[object, ...]) -> bytes:
        """The fingerprint of a tuple that many values share."""
        known = self._seen.get(id(value))
        if known is None:
            known = self._seen[id(value)] = (value, _digest(self._all(value)))
        return known[1]

    def _text(self, text: str) -> object:
        """A text; one that is an id of `named` comes with the name behind it."""
        name = self._named.get(text.casefold())
        if name is not None:
            return text, name
        if len(self._unnamed) < _REMEMBERED:
            self._unnamed.add(text)
        return text

    def _learn(self, kind: type) -> Maker:
        maker = self._makers[kind] = self._maker(kind)
        return maker

    def _maker(self, kind: type) -> Maker:
        if issubclass(kind, Enum):
            # Members are told by identity: to ask one for its name or its hash runs through Python each time.
            members = {id(member): f"{kind.__name__}.{member.name}" for member in kind}
            return lambda value: members[id(value)]
        if issubclass(kind, datetime.date):
            return lambda value: (kind.__name__, value.isoformat())
        if issubclass(kind, Mapping):
            return lambda value: (self._all(value.keys()), self._all(value.values()))
        if issubclass(kind, tuple | list):
            return self._all
        if issubclass(kind, set | frozenset):
            return lambda value: ("set", *sorted(map(self.of, value)))
        if issubclass(kind, BaseModel):
            return self._once(kind, list(kind.model_fields))
        if hasattr(kind, OWN_WORD):
            return self._once(kind, [OWN_WORD])
        if is_dataclass(kind):
            return self._of_fields(kind, [each.name for each in fields(kind)])
        raise TypeError(f"nobody can tell what a {kind.__name__} holds")

    def _of_fields(self, kind: type, names: list[str]) -> Maker:
        name = kind.__name__
        if len(names) == 1:
            return lambda value: (name, *self._all((getattr(value, names[0]),)))
        values = attrgetter(*names)
        return lambda value: (name, *self._all(values(value)))

    def _once(self, kind: type, names: list[str]) -> Maker:
        whole = self._of_fields(kind, names)

        def made(value: object) -> bytes:
            known = self._seen.get(id(value))
            if known is None:
                known = self._seen[id(value)] = (value, _digest(whole(value)))
            return known[1]

        return made


def of_plain(value: Any) -> bytes:
    """The fingerprint of texts, whole numbers and nothing, in tuples and lists of whatever depth."""
    return _digest(value)


def _digest(flat: Any) -> bytes:
    return hashlib.blake2b(marshal.dumps(flat, _VERSION), digest_size=_SIZE).digest()
