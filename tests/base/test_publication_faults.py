"""A publication of three sites whose n-th call to the system fails, for each n: all is old, or all is new."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kpibook.base import publication
from kpibook.base.output import OutputError, write_tree
from kpibook.base.publication import replacing

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
        patch.setattr(publication, "_exchange", counting.wrapped("renameat2", publication._exchange))
        patch.setattr(publication, "_flush", counting.wrapped("syncfs", publication._flush))
        patch.setattr(os, "fdopen", counting.wrapped("fdopen", os.fdopen))
        # What shutil may do by descriptors depends on the functions that it finds.
        yield counting


def publish(root: Path, pages: dict[str, bytes]) -> None:
    live = [root / name for name in SITES]
    with replacing(*live, private=live[1:]) as folders:
        for folder in folders:
            write_tree(pages.items(), folder)


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
            publish(root, OLD)
        with counted(at, number) as counting:
            codes = told(root)
        is_told_new = not codes
        assert codes in ([], ["cannot-write"])
        live = [found(root / name) if (root / name).exists() else {} for name in SITES]
        expected = NEW if is_told_new else OLD if has_old else {}
        if any(each != expected for each in live):
            wrong.append(f"call {at}, {counting.name}: told {is_told_new}, found {live}")
        publish(root, {"last.html": b"last"})
        if set(found(root)) != {f"{name}/last.html" for name in SITES}:
            wrong.append(f"call {at}, {counting.name}: left {sorted(found(root))}")
        if counting.calls < at:
            return failed, made, wrong
        failed, made = failed + (not is_told_new), made + is_told_new
    raise AssertionError("no end of calls")


@pytest.mark.parametrize(
    ("number", "has_old"),
    [*((number, True) for number in FAULTS), (errno.EIO, False)],
    ids=[*(errno.errorcode[number] for number in FAULTS), "for the first time"],
)
def test_whatever_call_fails_everything_is_old_and_told_so_or_everything_is_new(
    tmp_path: Path, number: int, *, has_old: bool
) -> None:
    failed, made, wrong = swept(tmp_path, number, has_old=has_old)

    assert wrong == []
    assert failed > 40
    assert made > 0


def test_killed_at_any_call_each_site_is_whole_and_the_next_run_makes_all_new(tmp_path: Path) -> None:
    for at in range(1, MOST):
        root = tmp_path / str(at)
        root.mkdir()
        publish(root, OLD)
        if not (child := os.fork()):
            with counted(at, KILLED):
                publish(root, NEW)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

        live = [found(root / name) for name in SITES]
        assert all(each in (OLD, NEW) for each in live), f"call {at}"
        publish(root, {"last.html": b"last"})
        assert set(found(root)) == {f"{name}/last.html" for name in SITES}, f"call {at}"
        if code == 0:
            break
        assert code == KILLED
    assert at > 100


def test_the_sweep_sees_a_switch_that_is_not_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: folders exchanged one after the other, and nothing put back."""

    def careless(staged: tuple[Path, ...], live: tuple[Path, ...]) -> None:
        for new, old in zip(staged, live, strict=True):
            publication.exchange(new, old)

    monkeypatch.setattr(publication, "_go_live", careless)

    assert swept(tmp_path, errno.EIO, has_old=True)[2]
