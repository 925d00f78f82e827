"""The XML inside a workbook, element by element: bounded by its bytes, and without what the format does not use."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, NamedTuple, Protocol, cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kpibook.reading.tables.files import FileFault

MIN_TAGS = 2_000_000
TAGS_PER_BYTE = 2
"""So many tags the parts of a workbook may have that are read, four for a number, however small its file; and so many
more for each of its bytes. Sheets of companies come to a fifth of it."""
MAX_RUN = 400_000
"""No tag and no text of a cell takes more bytes: 32,767 characters, each written as `&#x1F600;`."""
CHUNK = 1 << 16
MAX_DEPTH = 64
MAX_PARTS = 70_000
"""So many elements an entry may hold; a text of 32,767 characters has at most a run for each."""

_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?P<name>[^"'>]*)["']""")
_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_FORBIDDEN = re.compile(rb"<!DOCTYPE|<!ENTITY|\0")
_LONGEST_FORBIDDEN = len(b"<!DOCTYPE")


class _Parser(Protocol):
    """The parser, with the types of what it tells when it is asked for beginnings and ends alone."""

    def feed(self, data: bytes) -> None: ...
    def read_events(self) -> Iterator[tuple[str, Element]]: ...
    def close(self) -> None: ...


class Budget:
    """How many tags may still be read of one workbook."""

    def __init__(self, size: int) -> None:
        self.limit = self.tags = max(MIN_TAGS, TAGS_PER_BYTE * size)

    def spend(self, tags: int) -> None:
        """Take tags off; raises FileFault where there are not as many left."""
        self.tags -= tags
        if self.tags < 0:
            raise FileFault("workbook-too-large", what="tags", limit=self.limit)


class Entry(NamedTuple):
    """A finished element of one of a part's lists, as a row, a text or a format."""

    node: Element
    name: str
    parent: str
    """The name of the element that holds it."""


def entries(part: IO[bytes], name: str, budget: Budget, *, depth: int) -> Iterator[Entry]:
    """The elements of an XML part that stand at most so deep under its root, each when it is finished.

    It is forgotten when the next one is asked for: the memory that a part takes is that of its longest entry.

    Raises:
        FileFault: `workbook-unsafe`, `workbook-damaged` or `workbook-too-large`.
        Exception: what the parser raises, one of LIBRARY_FAULTS.
    """
    parser = cast("_Parser", ElementTree.XMLPullParser(("start", "end")))
    guarded = _Guarded(part, name, budget)
    holders, level, held = list[Element](), 0, 0
    while data := guarded.read(CHUNK):
        parser.feed(data)
        for event, node in parser.read_events():
            if event == "start":
                level, held = level + 1, held + 1
                if level <= depth + 1:
                    holders.append(node)
                elif level > MAX_DEPTH or held > MAX_PARTS:
                    raise FileFault("workbook-damaged", reason=f"{level} levels, {held} parts in {name[:60]}")
                continue
            level -= 1
            if level > depth:
                continue
            holders.pop()
            if level:
                yield Entry(node, local(node), local(holders[-1]))
                holders[-1].clear()
                held = 0
    parser.close()


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
            raise FileFault("workbook-unsafe", reason=f"{what} in {self._name[:60]}")
        self._end = seen[-_LONGEST_FORBIDDEN:]
        self._budget.spend(data.count(b"<"))
        last = data.rfind(b"<")
        self._run = len(data) - last if last >= 0 else self._run + len(data)
        if self._run > MAX_RUN:
            raise FileFault("workbook-too-large", what="bytes in one text", limit=MAX_RUN)
        return data

    def _check_encoding(self, data: bytes) -> None:
        self._is_first = False
        declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
        if declared and declared["name"].lower() not in _ENCODINGS:
            raise FileFault("workbook-damaged", reason=f"encoding {ascii(declared['name'])[2:-1][:40]}")


def local(node: Element) -> str:
    """A name without its namespace: transitional and strict workbooks differ in nothing else."""
    return _without_namespace(node.tag)


@lru_cache(maxsize=1_000)
def _without_namespace(tag: str) -> str:
    # A workbook has a dozen names and a million elements.
    return tag.rpartition("}")[2]


def attribute(node: Element, name: str) -> str:
    """An attribute by its name without its namespace; empty where it is not there."""
    for key, value in node.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""
