"""Hashes of files, taken before they are read: what was made of other bytes is never taken for made of these."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class FileSums(NamedTuple):
    """The files of the two folders of a company, by their paths below these; pages written by hand are left out."""

    handbook: Mapping[str, str]
    scorecards: Mapping[str, str]


def file_sums(handbook: Path, scorecards: Path) -> FileSums | None:
    """The hash of every file; None where one is no plain file or cannot be read."""
    try:
        return FileSums(dict(_sums(handbook, "", "pages")), dict(_sums(scorecards, "", "")))
    except OSError:
        return None


def _sums(folder: Path, below: str, left_out: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != left_out:
                found += _sums(Path(entry.path), f"{below}{entry.name}/", "")
        elif stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            with Path(entry.path).open("rb") as stream:
                found.append((f"{below}{entry.name}", hashlib.file_digest(stream, "blake2b").hexdigest()))
        else:
            # Nobody waits here for what a pipe may bring, and what a link leads to is another file tomorrow.
            raise OSError(entry.path)
    return found
