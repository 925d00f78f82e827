"""Put whole folders in the place of live ones: all of them, or none.

No system exchanges several folders in one step. So what is about to change is written down first; should a run be
killed between two exchanges, the next command makes the rest of them.
"""

import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kpibook.base.folder_swap import aside_of, exchange
from kpibook.base.output import PRIVATE, PUBLIC, TEMPORARY, OutputError, disk_errors, make_folder
from kpibook.base.problems import Place, Problem


@contextmanager
def replacing(*live: Path, private: Collection[Path] = ()) -> Iterator[tuple[Path, ...]]:
    """New, empty folders beside the live ones; when the block ends well, all of them go live, else none.

    The live ones stand beside each other. A live name that is a link is published through: the folder that it leads to
    changes, the link stays. While the block runs, a second run is refused with an OutputError that names the owner; a
    lock of a killed run is free again, what it had decided is done, and what else it left is removed. Folders among
    `private` are not open to every account.
    """
    decision = _decision(live[0])
    with disk_errors(live[0]), _locked(_lock_file(live[0])):
        if decision.exists():
            _finish(decision)
        targets = tuple(map(_target, live))
        staged = tuple(map(_staged, targets))
        for new, target, folder in zip(staged, targets, live, strict=True):
            _recover(new, target)
            make_folder(new, PRIVATE if folder in private else PUBLIC)
        try:
            yield staged
            _flush(staged)
            changes = [
                _Change(folder.name, new, target, _number(new))
                for folder, new, target in zip(live, staged, targets, strict=True)
            ]
            _decide(changes, decision)
            _go_live(changes, decision)
        finally:
            for new in staged:
                # What cannot be removed goes with the next run; the sites are what they are by now.
                with suppress(OSError):
                    shutil.rmtree(new, ignore_errors=True)


def finish_publication(live: Path) -> bool:
    """Make the exchanges that a killed run had decided on; tells whether there were any.

    A run that lives makes its own.

    Args:
        live: the first of the live folders.

    Raises:
        OSError: the disk refuses; all is as before that run, or waits for the next call.
    """
    decision = _decision(live)
    if not decision.exists():
        return False
    try:
        with _locked(_lock_file(live)):
            return decision.exists() and _finish(decision)
    except OutputError:
        return False


class _Change(NamedTuple):
    """A new folder and the live one whose place it takes."""

    name: str
    """Of the live folder, or of the link to it."""
    new: Path
    live: Path
    number: int
    """By which the disk knows the new folder, whatever name it has."""

    @property
    def is_made(self) -> bool:
        """Whether the live folder holds this publication."""
        return _number(self.live) == self.number


def _target(live: Path) -> Path:
    return live.resolve() if live.is_symlink() else live


def _staged(target: Path) -> Path:
    return target.with_name(f".{target.name}{TEMPORARY}")


def _decision(live: Path) -> Path:
    """The list of what is to change, while it changes."""
    return live.with_name(f".{live.name}{TEMPORARY}.json")


def _lock_file(live: Path) -> Path:
    return live.with_name(f".{live.name}.lock")


def _number(folder: Path) -> int:
    """What the disk knows a folder by; -1 where there is none."""
    try:
        return folder.stat().st_ino
    except FileNotFoundError:
        return -1


def _decide(changes: Sequence[_Change], decision: Path) -> None:
    """Write down what is to change; from the rename on it is decided."""
    draft = decision.with_name(f"{decision.name}{TEMPORARY}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PUBLIC.file)
    try:
        os.write(descriptor, json.dumps({each.name: each.number for each in changes}).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(decision)


def _go_live(changes: Sequence[_Change], decision: Path) -> None:
    """Exchange every pair before anything old is removed; where one cannot be, all others are put back."""
    done: list[_Change] = []
    try:
        for each in changes:
            if not each.is_made:
                exchange(each.new, each.live)
            done.append(each)
        # Within the block: who is told that nothing changed must find it so, even where the disk fails this late.
        for folder in {decision.parent, *(each.live.parent for each in changes)}:
            _flush_folder(folder)
    except BaseException:
        for each in changes:
            if each in done or each.is_made:
                _put_back(each)
        # Last: killed before, the next command changes everything after all.
        with suppress(OSError):
            decision.unlink()
        raise
    # What cannot be removed is found done by the next command.
    with suppress(OSError):
        decision.unlink()


def _put_back(change: _Change) -> None:
    if change.new.exists():
        exchange(change.new, change.live)
    else:
        change.live.rename(change.new)


def _finish(decision: Path) -> bool:
    """Do what a killed run had decided; tells whether any of it was left to do."""
    changes = list[_Change]()
    with suppress(ValueError, AttributeError):
        for name, number in json.loads(decision.read_bytes()).items():
            target = _target(decision.with_name(name))
            changes.append(_Change(name, _staged(target), target, number))
    for each in changes:
        _come_back(each.new, each.live)
    # Where neither folder is the new one any more, its files have been copied already.
    waiting = [each for each in changes if each.is_made or _number(each.new) == each.number]
    is_left = not all(each.is_made for each in waiting)
    _go_live(waiting, decision)
    for each in changes:
        shutil.rmtree(each.new, ignore_errors=True)
    return is_left


def _come_back(new: Path, live: Path) -> None:
    """Give a folder that a killed run had moved aside the name that it was to have."""
    aside = aside_of(live)
    if aside.exists() and not live.exists():
        aside.rename(live)
    elif aside.exists() and not new.exists():
        aside.rename(new)


def _recover(new: Path, live: Path) -> None:
    """Remove what a killed run left unfinished; a folder that it had moved aside comes back."""
    _come_back(new, live)
    aside = aside_of(new)
    for left in (new, aside_of(live), aside, aside_of(aside)):
        if left.exists():
            shutil.rmtree(left)


def _flush(folders: Sequence[Path]) -> None:
    """Have the disk keep what was written before it is shown: after a power cut no live page is half there."""
    if os.name != "posix":
        # There a folder is nothing that can be flushed, and a rename is journalled with what it names.
        return
    # Imported here: nearly every command only asks whether there is something to finish.
    import ctypes

    sync = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if sys.platform.startswith("linux") else None
    for device in {folder.stat().st_dev: folder for folder in folders}.values():
        descriptor = os.open(device, os.O_RDONLY)
        try:
            if sync is None or sync(descriptor) != 0:
                os.sync()
        finally:
            os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file that names its owner; the system frees it when the owner dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _lock(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f" {os.getpid()}".encode("ascii"))
        yield
    finally:
        # Removed while still held, so that nobody can lock a name that is about to go; where the system or the disk
        # refuses that, the file stays, free for the next run: all is published, and no fault of its name undoes that.
        with suppress(OSError):
            path.unlink()
        with suppress(OSError):
            os.close(descriptor)


def _lock(path: Path) -> int:
    from filelock import lock_descriptor

    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PUBLIC.file)
        is_ours = False
        try:
            if not lock_descriptor(descriptor, blocking=False):
                # Some systems let nobody read the first sign of a file that is held.
                os.lseek(descriptor, 1, os.SEEK_SET)
                owner = os.read(descriptor, 32).decode("ascii", "replace")
                problem = Problem("build-running", Place(path.name), {"owner": owner or "?"}, is_public=True)
                raise OutputError([problem])
            is_ours = path.exists() and os.path.samestat(os.fstat(descriptor), path.stat())
        finally:
            # A program that lives on, such as a server, must not go on holding what it could not use.
            if not is_ours:
                os.close(descriptor)
        if is_ours:
            return descriptor
