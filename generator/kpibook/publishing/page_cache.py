"""Pages that are there already: what each was made from, and how its file looked when it was made.

A page is believed only where its file is as it was left: a plain one of the same size, time and mode. What is known is
written down below its own sum: of a file that the disk spoilt nothing is believed.
"""

import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from kpibook.base.output import PRIVATE, make_folder, new_file
from kpibook.publishing.stamps import digest_of

FORMAT = 2


class CachedPage(NamedTuple):
    """A page of which it is known what it was made from."""

    key: str
    leads_to: tuple[str, ...] = ()
    """The pages that it links to."""


@dataclass(frozen=True, slots=True)
class PageCache:
    """The pages of a tree that were made by earlier runs."""

    file: Path
    """Where this is written down."""
    made_from: str
    """A hash over what decides all pages alike: none is kept once that is another."""
    known: Mapping[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    """By path: the key, how the file looked, and what the page leads to."""

    @classmethod
    def read(cls, file: Path, made_from: str) -> "PageCache":
        """What is known of the pages that were made from the same; of none where nothing is, or it cannot be read."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            data = json.loads(_whole(file.read_bytes()))
            if data["format"] == FORMAT and data["made_from"] == made_from:
                known = {path: (key, look, tuple(leads_to)) for path, (key, look, leads_to) in data["pages"].items()}
                return cls(file, made_from, known)
        return cls(file, made_from)

    def holds(self, tree: Path, path: str, key: str) -> bool:
        """Whether a page was made for this key and stands in the tree as it was left."""
        known = self.known.get(path)
        return known is not None and known[0] == key and known[1] == look(f"{tree}/{path}")

    def leads_to(self, path: str) -> tuple[str, ...]:
        """The pages that a known page links to."""
        return self.known[path][2]

    def only(self, pages: Iterable[str]) -> "PageCache":
        """What is known of some of the pages."""
        return replace(self, known={page: self.known[page] for page in pages if page in self.known})

    def keep(self, tree: Path, pages: Mapping[str, CachedPage]) -> None:
        """Write down what stands in a tree. That it cannot be written is no fault: the next run makes all anew."""
        entries = {path: (page.key, look(f"{tree}/{path}"), page.leads_to) for path, page in pages.items()}
        told = json.dumps({"format": FORMAT, "made_from": self.made_from, "pages": entries}).encode("ascii")
        with suppress(OSError):
            make_folder(self.file.parent, PRIVATE)
            fresh = self.file.with_name(f"{self.file.name}.new")
            fresh.unlink(missing_ok=True)
            with new_file(fresh, PRIVATE.file) as stream:
                stream.write(with_sum(told))
            fresh.replace(self.file)


def with_sum(told: bytes) -> bytes:
    """What is written down, below a line with its sum."""
    return digest_of(told).encode("ascii") + b"\n" + told


def _whole(data: bytes) -> bytes:
    """What stands below its sum; a ValueError where it is not as it was written."""
    sum_of, _, told = data.partition(b"\n")
    if sum_of != digest_of(told).encode("ascii"):
        raise ValueError
    return told


def look(file: str) -> str:
    """Size, time and mode of a plain file; empty for any other, and for none."""
    try:
        status = os.lstat(file)
    except OSError:
        return ""
    if not stat.S_ISREG(status.st_mode):
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_mode}"


def forget_others(folder: Path, suffix: str, names: Iterable[str]) -> None:
    """Remove what is known of pages under other names."""
    kept = {f"{name}{suffix}" for name in names}
    for file in folder.glob(f"*{suffix}"):
        if file.name not in kept:
            file.unlink(missing_ok=True)
