"""revisions/erased-1.json and so on: what was taken out of a sealed cycle when its keeping time was over.

An erasure says of each file that it changed what its hash was and what it is since. So a file is still what was sealed
if the seal's hash, followed through the erasures in their order, is the one that the file has.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpibook.reading.cycle.folder import REVISIONS
from kpibook.reading.own_catalogs import folded
from kpibook.sealing.hashed_json import hash_of, hashed_text

FORMAT = 1
_NAME = re.compile(r"erased-([1-9][0-9]{0,5})\.json")


class ErasureFault(ValueError):
    """An erasure is none: it cannot be read, or it was changed."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure of one person from one cycle."""

    format: int
    cycle: str
    number: int
    on: str
    by: str
    reason: str
    person: str
    """The id: it stays, for the figures of a cycle stay whole."""
    program: str
    version: str
    files: Mapping[str, tuple[str, str]]
    """By the path below the cycle's folder: the hash before and the hash since, each of what counts of the file."""
    before: str
    """The hash of the cycle's earlier erasure."""

    @property
    def hash(self) -> str:
        """The sha256 of everything else in it."""
        return hash_of(self._fields())

    def _fields(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {**fields, "files": {path: list(hashes) for path, hashes in self.files.items()}}

    def text(self) -> str:
        """The file: a key or a file on each line, its own hash last."""
        return hashed_text(self._fields())


def erasure_path(number: int) -> str:
    """Where an erasure stands below its cycle's folder."""
    return f"{REVISIONS}/erased-{number}.json"


def read_erasures(folder: Path) -> tuple[Erasure, ...]:
    """The erasures of a cycle, oldest first.

    Raises:
        ErasureFault: one was changed, or is missing from the row of them.
    """
    found = list[Erasure]()
    for number in _numbers(folder):
        try:
            erasure = _parsed((folder / erasure_path(number)).read_bytes())
        except OSError as err:
            raise ErasureFault("unreadable") from err
        follows = erasure.before == (found[-1].hash if found else "")
        if not follows or erasure.number != number or number != len(found) + 1 or erasure.cycle != folder.name:
            raise ErasureFault("chain")
        found.append(erasure)
    return tuple(found)


def _numbers(folder: Path) -> list[int]:
    below = folder / REVISIONS
    names = (_NAME.fullmatch(path.name) for path in (below.iterdir() if below.is_dir() else ()))
    return sorted(int(name[1]) for name in names if name)


def _parsed(data: bytes) -> Erasure:
    try:
        found = json.loads(data)
        own = found.pop("hash")
        files = {path: (str(before), str(since)) for path, (before, since) in found["files"].items()}
        erasure = Erasure(**{**found, "files": files})
    except (ValueError, TypeError, KeyError, AttributeError) as err:
        raise ErasureFault("unreadable") from err
    if erasure.format != FORMAT or erasure.hash != own or erasure.text().encode("utf-8") != folded(data):
        raise ErasureFault("changed")
    return erasure


def hash_after_erasures(path: str, digest: str, erasures: Iterable[Erasure]) -> str:
    """The hash that a sealed file has to have after the erasures; `digest` is the sealed one."""
    for erasure in erasures:
        before, after = erasure.files.get(path, ("", ""))
        if before == digest and before:
            digest = after
    return digest


def hashes_over_time(path: str, digest: str, erasures: Iterable[Erasure]) -> Iterator[str]:
    """All hashes that a file had, from the sealed one (`digest`) through each erasure."""
    yield digest
    for erasure in erasures:
        before, after = erasure.files.get(path, ("", ""))
        if before == digest and before:
            digest = after
            yield digest
