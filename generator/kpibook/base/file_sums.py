"""Hashes of files, taken before they are read: what was made of other bytes is never taken for made of these.

A hash alone does not tell of a change that was undone while files were read; how the files look on the disk does.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

Looks = Mapping[str, tuple[int, ...]]
"""By path: what the disk says of a file or a folder, without anybody reading it."""


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


def file_states(*paths: Path) -> Looks:
    """How files look, and folders with all below them; what is not there is left out, and a link is not followed.

    They are others after every change, one that was undone or that kept size and time included.
    """
    return {path: look for each in paths for path, look in _looks(os.fspath(each))}


def _looks(path: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    with suppress(OSError):
        status = os.lstat(path)
        # When the disk's own note of the file changed cannot be set by anybody, as the time of its bytes can.
        yield path, (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if stat.S_ISDIR(status.st_mode):
            for entry in os.scandir(path):
                yield from _looks(entry.path)


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
