"""Put whole folders in the place of live ones: all of them, or none."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kpibook.base.output import PRIVATE, PUBLIC, TEMPORARY, OutputError, disk_errors, make_folder
from kpibook.base.problems import Place, Problem

_UNMOVABLE = frozenset({errno.EXDEV, errno.EBUSY})
"""A folder of a lower layer, or one that is a mount itself, cannot be renamed; its files can be replaced."""


@contextmanager
def replacing(*live: Path, private: Collection[Path] = ()) -> Iterator[tuple[Path, ...]]:
    """New, empty folders beside the live ones; when the block ends well, all of them go live, else none.

    A live name that is a link is published through: the folder that it leads to changes, the link stays. While the
    block runs, a second run is refused with an OutputError that names the owner; a lock of a killed run is free
    again, and what it left unfinished is removed. Folders among `private` are not open to every account.
    """
    with disk_errors(live[0]), _locked(live[0].parent / f".{live[0].name}.lock"):
        targets = tuple(folder.resolve() if folder.is_symlink() else folder for folder in live)
        staged = tuple(folder.with_name(f".{folder.name}{TEMPORARY}") for folder in targets)
        for new, target, folder in zip(staged, targets, live, strict=True):
            _recover(new, target)
            make_folder(new, PRIVATE if folder in private else PUBLIC)
        try:
            yield staged
            _go_live(staged, targets)
        finally:
            for new in staged:
                # What cannot be removed goes with the next run; the sites are what they are by now.
                with suppress(OSError):
                    shutil.rmtree(new, ignore_errors=True)


def _go_live(staged: Sequence[Path], live: Sequence[Path]) -> None:
    """Exchange every pair before anything old is removed; where one cannot be, those before it are put back."""
    _flush(staged)
    done: list[tuple[Path, Path]] = []
    try:
        for new, old in zip(staged, live, strict=True):
            exchange(new, old)
            done.append((new, old))
        # Within the block: who is told that nothing changed must find it so, even where the disk fails this late.
        for folder in {folder.parent for folder in live}:
            _flush_folder(folder)
    except BaseException:
        for new, old in reversed(done):
            if new.exists():
                exchange(new, old)
            else:
                old.rename(new)
        raise


def switch(new: Path, live: Path) -> None:
    """Put the folder `new` in the place of `live` and remove the old one; both stand on the same disk."""
    exchange(new, live)
    if new.exists():
        shutil.rmtree(new)


def exchange(new: Path, live: Path) -> None:
    """Let `new` and `live` change places; without a live folder `new` takes its name.

    Where the system can exchange two names in one step, `live` is the old or the new folder at every moment. Elsewhere
    renames do it, and the next `replacing` puts the old folder back should a run be killed between them; and where
    not even those are possible, the files inside are replaced one by one.
    """
    if not live.exists():
        new.rename(live)
    elif not _exchange(new, live):
        aside = _aside(live)
        shutil.rmtree(aside, ignore_errors=True)
        try:
            live.rename(aside)
        except OSError as err:
            if err.errno not in _UNMOVABLE:
                raise
            _exchange_contents(new, live)
            return
        try:
            new.rename(live)
        except OSError:
            aside.rename(live)
            raise
        aside.rename(new)


def _exchange_contents(new: Path, live: Path) -> None:
    """Let two folders that cannot be renamed change what is in them."""
    aside = _aside(new)
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(live, aside, symlinks=True)
    for part in sorted(new.iterdir()):
        fresh = live / f"{part.name}{TEMPORARY}"
        shutil.copytree(part, fresh) if part.is_dir() else shutil.copy2(part, fresh)
        old = live / part.name
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        fresh.rename(old)
    for old in live.iterdir():
        if not (new / old.name).exists():
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    shutil.rmtree(new)
    aside.rename(new)


def _aside(live: Path) -> Path:
    return live.with_name(f".{live.name}.kpibook-old")


def _recover(new: Path, live: Path) -> None:
    """Remove what a killed run left unfinished; a folder that it had moved aside comes back."""
    aside = _aside(live)
    if aside.exists() and not live.exists():
        aside.rename(live)
    for left in (new, aside, _aside(new)):
        if left.exists():
            shutil.rmtree(left)


def _flush(folders: Sequence[Path]) -> None:
    """Have the disk keep what was written before it is shown: after a power cut no live page is half there."""
    if os.name != "posix":
        # There a folder is nothing that can be flushed, and a rename is journalled with what it names.
        return
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


_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step (Linux renameat2); tells whether the system and the disk could."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EXDEV}:
        return False
    raise OSError(number, os.strerror(number), str(other))


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
