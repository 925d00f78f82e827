"""A system that is not POSIX, played: its modules are refused, its calls gone. A plugin of pytest: `-p elsewhere`."""

import ctypes as ctypes  # What it is differs by system; numbers in tables load it.
import importlib.abc
import os
import sys
from types import ModuleType
from typing import Any

from hypothesis import settings

POSIX_ONLY = frozenset(("fcntl", "grp", "posix_ipc", "pty", "pwd", "resource", "syslog", "termios", "tty"))
CALLS = ("fork", "sync", "getuid", "geteuid", "fchmod", "chown", "mkfifo", "O_NOFOLLOW", "O_NONBLOCK")


class Refusing(importlib.abc.MetaPathFinder):
    """Finds no module that only POSIX has."""

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> None:
        """Refuse it."""
        if fullname in POSIX_ONLY:
            raise ModuleNotFoundError(fullname, name=fullname)


def leave_posix() -> None:
    """From now on nothing of it can be had in this process."""
    for name in POSIX_ONLY:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Refusing())
    for name in CALLS:
        delattr(os, name)
    os.name, sys.platform = "other", "other"


def pytest_configure() -> None:
    """A few cases of those that are drawn: to the system they are all alike."""
    settings.register_profile("elsewhere", max_examples=5, deadline=None, database=None)
    settings.load_profile("elsewhere")


def pytest_collection() -> None:
    """What pytest needs for itself it has by now; whatever tests import comes after."""
    leave_posix()
