"""Read a data file once into memory, and only a plain file of bearable size."""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from kpibook.base.problems import Said
from kpibook.base.system_errors import reason

MAX_BYTES = 200_000_000
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
"""Not every system has all of them; without O_NONBLOCK a pipe would wait for its writer."""


class FileFault(Exception):
    """A whole file cannot be used; `code` stands under `problems.` in the locale."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values = values


ARCHIVE_FAULTS = (zlib.error, zipfile.BadZipFile, struct.error, EOFError, OSError)
LIBRARY_FAULTS = (
    *ARCHIVE_FAULTS,
    # NotImplementedError and RecursionError are RuntimeErrors.
    *(expat.ExpatError, RuntimeError, ValueError, LookupError, ArithmeticError),
)
"""What the libraries that unpack and parse a file raise over one that is damaged; `make bench` looks for others."""


def damaged(what: str, **values: object) -> FileFault:
    """The fault of a workbook that is damaged; what is stands under `tables.damage` in the locale."""
    return FileFault("workbook-damaged", reason=Said((f"tables.damage.{what}",), tuple(values.items())))


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn what a library raises over a damaged workbook into a FileFault: the one place that does.

    Raises:
        FileFault: `workbook-damaged`, with the kind of damage in the reader's language.
    """
    try:
        yield
    except LIBRARY_FAULTS as err:
        raise damaged("archive" if isinstance(err, ARCHIVE_FAULTS) else "content") from err


def read_file(path: Path) -> bytes:
    """All bytes of a regular file that is not behind a link.

    Raises:
        FileFault: `file-not-regular`, `table-too-large` or `file-unreadable`.
    """
    try:
        _expect_regular(os.lstat(path))
        with open(path, "rb", opener=_plainly) as file:
            _expect_regular(os.fstat(file.fileno()))
            return file.read(MAX_BYTES + 1)
    except OSError as err:
        raise FileFault("file-unreadable", reason=reason(err)) from err


def _plainly(path: str, flags: int) -> int:
    for name in _FLAGS:
        flags |= getattr(os, name, 0)
    return os.open(path, flags)


def _expect_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise FileFault("file-not-regular", kind=_kind(status.st_mode))
    if status.st_size > MAX_BYTES:
        raise FileFault("table-too-large", limit=MAX_BYTES // 1_000_000, size=status.st_size // 1_000_000)


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "link", stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")
