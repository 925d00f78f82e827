"""What takes long to make and nobody changes, made by one worker of a run for all of them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name that `make` has filled, whichever worker came first.

    Tests only read it: what one of them wrote would be there for all others.
    """
    run = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder, is_whole = run / name, run / f"{name}.whole"
    with FileLock(run / f"{name}.lock"):
        if not is_whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            is_whole.touch()
    return folder
