"""The XML inside a workbook, tag by tag: bounded by its bytes, and without what the format does not use.

Nothing is built of it but what a handler keeps: a tree of elements takes ten times as long, and as much memory.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import IO, NamedTuple, Protocol
from xml.parsers import expat

from kpibook.base.problems import Said
from kpibook.reading.tables.files import FileFault, damaged

MIN_TAGS = 2_000_000
TAGS_PER_BYTE = 2
"""So many tags the parts of a workbook may have that are read, four for a number, however small its file; and so many
more for each of its bytes. Sheets of companies come to a fifth of it."""
MAX_RUN = 400_000
"""No tag and no text of a cell takes more bytes: 32,767 characters, each written as `&#x1F600;`."""
CHUNK = 1 << 16
MAX_DEPTH = 64

_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?P<name>[^"'>]*)["']""")
_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_FORBIDDEN = re.compile(rb"<!DOCTYPE|<!ENTITY|\0")
_LONGEST_FORBIDDEN = len(b"<!DOCTYPE")

Attributes = Mapping[str, str]


class Handler(Protocol):
    """What is told of the tags of a part, in their order."""

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """A piece of text: that of an element may come in several."""


class Budget:
    """How many tags may still be read of one workbook."""

    def __init__(self, size: int) -> None:
        self.limit = self.tags = max(MIN_TAGS, TAGS_PER_BYTE * size)

    def spend(self, tags: int) -> None:
        """Take tags off; raises FileFault where there are not as many left."""
        self.tags -= tags
        if self.tags < 0:
            raise FileFault("workbook-too-large", what=Said(("tables.limit.tags",)), limit=self.limit)


def parsed(part: IO[bytes], name: str, budget: Budget, handler: Handler) -> Iterator[None]:
    """Tell the handler of an XML part; after each piece of it, whoever asks may take what was found.

    Raises:
        FileFault: `workbook-unsafe`, `workbook-damaged` or `workbook-too-large`.
        Exception: what the parser raises, one of LIBRARY_FAULTS.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    guarded = _Guarded(part, name, budget)
    while data := guarded.read(CHUNK):
        parser.Parse(data)
        yield
    parser.Parse(b"", True)
    yield


class _Guarded:
    """The bytes of a part on their way to the parser, looked at first: nothing may grow beyond them."""

    def __init__(self, part: IO[bytes], name: str, budget: Budget) -> None:
        self._part = part
        self._name = name
        self._budget = budget
        self._end = b""
        self._run = 0
        self._is_first = True

    def read(self, size: int) -> bytes:
        """The next bytes. Raises FileFault where they must not be parsed."""
        data = self._part.read(size)
        if self._is_first:
            self._check_encoding(data)
        seen = self._end + data
        if found := _FORBIDDEN.search(seen):
            what = found[0].decode("ascii").strip("<!\0") or "NUL"
            reason = Said(("tables.unsafe.markup",), (("what", what), ("name", self._name[:60])))
            raise FileFault("workbook-unsafe", reason=reason)
        self._end = seen[-_LONGEST_FORBIDDEN:]
        self._budget.spend(data.count(b"<"))
        last = data.rfind(b"<")
        self._run = len(data) - last if last >= 0 else self._run + len(data)
        if self._run > MAX_RUN:
            raise FileFault("workbook-too-large", what=Said(("tables.limit.run",)), limit=MAX_RUN)
        return data

    def _check_encoding(self, data: bytes) -> None:
        self._is_first = False
        declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
        if declared and declared["name"].lower() not in _ENCODINGS:
            raise damaged("encoding", text=ascii(declared["name"])[2:-1][:40])


class Tag(NamedTuple):
    """An element of one of a part's lists, as a format or a sheet."""

    name: str
    attributes: Attributes
    parent: str
    """The name of the element that holds it."""


def tags(part: IO[bytes], name: str, budget: Budget) -> Iterator[Tag]:
    """The elements of a part that stand at most two levels under its root: all that a list of attributes needs."""
    handler = _Tags()
    for _ in parsed(part, name, budget, handler):
        yield from handler.found
        handler.found.clear()


class _Tags:
    def __init__(self) -> None:
        self.found: list[Tag] = []
        self._level = 0
        self._parent = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        self._level += 1
        if self._level in (2, 3):
            self.found.append(Tag(local(tag), attributes, self._parent))
        if self._level < 3:
            self._parent = local(tag)
        check_depth(self._level)

    def end(self, tag: str) -> None:
        self._level -= 1
        if self._level == 1:
            self._parent = ""

    def text(self, text: str) -> None: ...


def check_depth(level: int) -> None:
    """No part of a workbook has so many elements within each other; raises FileFault for one that has."""
    if level > MAX_DEPTH:
        raise damaged("nested", count=level)


@lru_cache(maxsize=1_000)
def local(name: str) -> str:
    """A name without its namespace: transitional and strict workbooks differ in nothing else.

    Remembered, for a workbook has a dozen names and a million elements.
    """
    return name.rpartition("}")[2]


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute by its name without its namespace; empty where it is not there."""
    for key, value in attributes.items():
        if local(key) == name:
            return value
    return ""
