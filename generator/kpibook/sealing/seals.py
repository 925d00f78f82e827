"""seal.json: what was published, by whom and when, and the hashes by which any change of it is found."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpibook.reading.cycle.folder import REVISIONS
from kpibook.reading.own_catalogs import folded
from kpibook.sealing.hashed_json import hash_of, hashed_text

FORMAT = 2
"""What is sealed now; a cycle keeps the format of its first revision."""
FORMATS = (1, FORMAT)
STREAKS_ARE_PAY = 2
"""From this format on the amounts of streaks are pay; before they stood beside it."""
CONFLICT = re.compile(rb"(?m)^<{7} ")
"""How git marks what it could not merge."""
SEAL = "seal.json"
FIGURES = ("items.csv", "totals.csv", "carried.csv")
"""The tables of a revision."""


class SealFault(ValueError):
    """A seal is none: it cannot be read, or it was changed."""


class SealConflict(SealFault):
    """Two branches wrote a seal, and git could not merge them."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One revision of a cycle's results."""

    format: int
    cycle: str
    revision: int
    on: str
    by: str
    approved_by: str
    reason: str
    appeal: str
    program: str
    version: str
    open: tuple[str, ...]
    """What was open when it was published all the same."""
    files: Mapping[str, str]
    """The sha256 of each file by its path below the cycle's folder."""
    results: str
    people: Mapping[str, str]
    """The result number of each person."""
    salt: str
    before: str
    """The hash of the cycle's earlier seal."""

    @property
    def hash(self) -> str:
        """The sha256 of everything else in the seal."""
        return hash_of(self._fields())

    def _fields(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {**fields, "open": list(self.open), "files": dict(self.files), "people": dict(self.people)}

    def text(self) -> str:
        """The file: a key, file or person on each line, its own hash last."""
        return hashed_text(self._fields())


def parse_seal(data: bytes) -> Seal:
    """The seal that a file holds.

    Raises:
        SealFault: not a single sign of it may differ from what was written.
    """
    if CONFLICT.search(data):
        raise SealConflict("conflict")
    try:
        found = json.loads(data)
        own = found.pop("hash")
        seal = Seal(**{**found, "open": tuple(found["open"])})
    except (ValueError, TypeError, KeyError, AttributeError) as err:
        raise SealFault("unreadable") from err
    if seal.hash != own or seal.text().encode("utf-8") != folded(data):
        raise SealFault("changed")
    return seal


def revision_folder(cycle: Path, revision: int) -> Path:
    """Where a revision of a cycle stands."""
    return cycle / REVISIONS / str(revision)


def revisions_of(cycle: Path) -> tuple[int, ...]:
    """The revisions of a cycle that there are folders of, oldest first."""
    folder = cycle / REVISIONS
    names = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit() and name == str(int(name))))
