"""Publications of three sites on disks that fail at the n-th call, or under a program that is killed there."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kpibook.base import atomic_folders, folder_swap
from kpibook.base.atomic_folders import finish_publication, replacing
from kpibook.base.output import OutputError, write_tree

CALLS = (
    *(
        "open",
        "close",
        "write",
        "ftruncate",
        "mkdir",
        "rmdir",
        "unlink",
        "rename",
        "replace",
        "chmod",
        "link",
        "symlink",
    ),
    *("fsync", "stat", "lstat", "scandir", "listdir"),
)
"""Functions of `os` through which everything is read and written; streams and the exchange of names come beside."""
FAULTS = (errno.ENOSPC, errno.EIO, errno.EROFS)
KILLED = 137
SITES = ("site", "site-cards", "site-viewers")
OLD = {"a.html": b"old", "b/c.html": b"old"}
NEW = {"a.html": b"new", "d/e.html": b"new"}
MOST = 2_000


class Counting:
    """Counts calls, and lets the n-th one fail; n = 0 lets none."""

    def __init__(self, at: int, number: int) -> None:
        self.at = at
        self.number = number
        self.calls = 0
        self.name = ""

    def count(self, name: str) -> None:
        """One more call."""
        self.calls += 1
        if self.calls == self.at:
            self.name = name
            if self.number == KILLED:
                os._exit(KILLED)
            raise OSError(self.number, os.strerror(self.number))

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that is counted."""

        def counted(*arguments: Any, **named: Any) -> Any:
            if name == "close":
                # A descriptor is free after it, whatever the system says.
                function(*arguments, **named)
                self.count(name)
                return None
            self.count(name)
            return function(*arguments, **named)

        return counted


@contextmanager
def counted(at: int, number: int) -> Iterator[Counting]:
    """Every call to the system that a publication makes is counted within the block."""
    counting = Counting(at, number)
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, counting.wrapped(name, getattr(os, name)))
        patch.setattr(folder_swap, "_exchange", counting.wrapped("renameat2", folder_swap._exchange))
        # Nothing waits for the disk, as no test cuts the power.
        patch.setattr(atomic_folders, "_flush", counting.wrapped("syncfs", lambda folders: None))
        patch.setattr(os, "fsync", counting.wrapped("fsync", lambda descriptor: None))
        patch.setattr(os, "fdopen", counting.wrapped("fdopen", os.fdopen))
        # What shutil may do by descriptors depends on the functions that it finds.
        yield counting


def publish(root: Path, pages: dict[str, bytes]) -> None:
    live = [root / name for name in SITES]
    with replacing(*live, private=live[1:]) as folders:
        for folder in folders:
            write_tree(pages.items(), folder)


def prepare(root: Path, pages: dict[str, bytes]) -> None:
    """Publish where no call fails, and nothing waits for the disk."""
    with counted(0, 0):
        publish(root, pages)


def told(root: Path) -> list[str]:
    """The problems of a publication."""
    try:
        publish(root, NEW)
    except OutputError as err:
        return [problem.code for problem in err.problems]
    return []


def found(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def swept(tmp_path: Path, number: int, *, has_old: bool) -> tuple[int, int, list[str]]:
    """Let each call fail once: how many publications failed, how many were made all the same, and what went wrong."""
    failed, made, wrong = 0, 0, list[str]()
    for at in range(1, MOST):
        root = tmp_path / str(at)
        root.mkdir()
        if has_old:
            prepare(root, OLD)
        with counted(at, number) as counting:
            codes = told(root)
        is_told_new = not codes
        assert codes in ([], ["cannot-write"])
        live = [found(root / name) if (root / name).exists() else {} for name in SITES]
        expected = NEW if is_told_new else OLD if has_old else {}
        if any(each != expected for each in live):
            wrong.append(f"call {at}, {counting.name}: told {is_told_new}, found {live}")
        prepare(root, {"last.html": b"last"})
        if set(found(root)) != {f"{name}/last.html" for name in SITES}:
            wrong.append(f"call {at}, {counting.name}: left {sorted(found(root))}")
        if counting.calls < at:
            return failed, made, wrong
        failed, made = failed + (not is_told_new), made + is_told_new
    raise AssertionError("no end of calls")


@contextmanager
def a_disk_that(can: str, root: Path) -> Iterator[None]:
    """A disk that exchanges names, or renames alone, or does not even let the live folders be renamed."""
    rename = Path.rename

    def fixed(self: Path, target: Path) -> Path:
        if self.name in SITES and self.is_relative_to(root):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(self, target)

    with pytest.MonkeyPatch.context() as patch:
        if can != "exchanges":
            patch.setattr(folder_swap, "_exchange", lambda one, other: False)
        if can == "copies":
            patch.setattr(Path, "rename", fixed)
        yield


def killed_everywhere(folder: str, can: str) -> tuple[int, int]:
    """Kill a publication at each of its calls: how many there are, and how often the next command had to finish it.

    Whatever the call, all sites are old or all are new after that, and one more publication leaves nothing else.
    """
    finished = 0
    for at in range(1, MOST):
        root = Path(folder) / str(at)
        root.mkdir()
        prepare(root, OLD)
        if not (child := os.fork()):
            with a_disk_that(can, root), counted(at, KILLED):
                publish(root, NEW)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if can == "exchanges":
            assert all(found(root / name) in (OLD, NEW) for name in SITES), f"call {at}"
        with a_disk_that(can, root), counted(0, 0):
            finished += finish_publication(root / SITES[0])
        assert [found(root / name) for name in SITES] in ([OLD] * 3, [NEW] * 3), f"call {at}"
        prepare(root, {"last.html": b"last"})
        assert set(found(root)) == {f"{name}/last.html" for name in SITES}, f"call {at}"
        if code == 0:
            return at, finished
        assert code == KILLED
    raise AssertionError("no end of calls")


def killed_after_one(folder: str) -> None:
    """Publish, and be killed when the first of the sites has changed."""
    if not (child := os.fork()):

        def dies(new: Path, live: Path) -> None:
            os._exit(KILLED)

        calls = [folder_swap.exchange, dies]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(atomic_folders, "exchange", lambda new, live: calls.pop(0)(new, live))
            publish(Path(folder), NEW)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
