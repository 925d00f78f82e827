"""A disk that fails at the n-th call that changes a file: refused, cut off in the middle, or killed just after."""

import errno
import os
from enum import StrEnum
from pathlib import Path

from kpibook.base.transactions import Disk


class Fault(StrEnum):
    """How a call fails."""

    FULL = "full"
    """The disk refuses it (ENOSPC), and half of what was to be written may stand there."""
    BROKEN = "broken"
    """The disk refuses it (EIO) before anything happens."""
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


class Killed(BaseException):
    """The program is no more: nothing of it runs any further."""


class FaultyDisk(Disk):
    """Works until the n-th call, counted from 1; it does not wait for the disk, as no test cuts the power."""

    def __init__(self, at: int, fault: Fault) -> None:
        self.at = at
        self.fault = fault
        self.calls = 0

    @property
    def has_failed(self) -> bool:
        """Whether there were so many calls."""
        return self.calls >= self.at

    def make_folder(self, folder: Path) -> None:
        self._begin()
        super().make_folder(folder)
        self._end()

    def write(self, file: Path, data: bytes) -> None:
        self._begin(file, data)
        file.write_bytes(data)
        self._end()

    def append(self, file: Path, at: int, data: bytes) -> None:
        self._begin()
        with file.open("r+b" if file.exists() else "wb") as stream:
            stream.truncate(at)
            stream.seek(at)
            stream.write(data[: len(data) // 2] if self._is_now(Fault.FULL) else data)
        if self._is_now(Fault.FULL):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        self._end()

    def rename(self, file: Path, target: Path) -> None:
        self._begin()
        super().rename(file, target)
        self._end()

    def remove(self, file: Path) -> None:
        self._begin()
        super().remove(file)
        self._end()

    def remove_tree(self, folder: Path) -> None:
        self._begin()
        super().remove_tree(folder)
        self._end()

    def settle(self, folder: Path) -> None:
        self._begin()
        self._end()

    def _is_now(self, fault: Fault) -> bool:
        return self.calls == self.at and self.fault is fault

    def _begin(self, file: Path | None = None, data: bytes = b"") -> None:
        self.calls += 1
        if self._is_now(Fault.KILLED_BEFORE):
            raise Killed
        if self._is_now(Fault.BROKEN):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self._is_now(Fault.FULL) and file is not None:
            file.write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))

    def _end(self) -> None:
        if self._is_now(Fault.KILLED_AFTER):
            raise Killed
