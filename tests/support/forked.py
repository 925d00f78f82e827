"""The workers of a run, forked from one process that has imported the package and collected all tests.

Otherwise each of them begins a Python of its own, puts probes into all of the package and reads thousands of tests.
Run as a program this module is that process; `fork_workers` begins it and sends the workers of xdist there.
"""

import contextlib
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

CLIENT = """\
import contextlib, os, socket
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
socket.send_fds(asked, [b"."], [0, 1, 2])
os.closerange(0, 2)
with contextlib.suppress(KeyboardInterrupt):
    asked.recv(1)
"""
"""Stands for the Python of a worker: hands over what it was begun with, and ends when the worker does."""
PATIENCE = 10
"""Seconds that workers have to end by themselves."""


def can_fork() -> bool:
    """Whether a process with libraries loaded may be forked: macOS ends it, other systems cannot."""
    return sys.platform == "linux"


class Workers:
    """The process that workers are forked from, and the folder of its socket."""

    def __init__(self, arguments: Sequence[str | PathLike[str]]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="workers-"))
        address = self._folder / "socket"
        client = self._folder / "client.py"
        client.write_text(CLIENT.format(address=str(address)), encoding="utf-8")
        self.python = shlex.join((sys.executable, "-I", "-S", str(client)))
        # It measures as a worker does.
        settings = {**os.environ, "PYTEST_XDIST_WORKER": "first"}
        command = [sys.executable, __file__, str(address), *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=settings)
        while not address.exists() and self._process.poll() is None:
            time.sleep(0.02)
        self.are_ready = self._process.poll() is None
        """Not where a test cannot be imported: workers of their own tell it."""

    def end(self) -> None:
        """Let it end when all workers have."""
        try:
            self._process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def main(address: str, arguments: list[str]) -> None:
    """Collect, then fork a worker for everybody who asks until the other end of stdin is closed."""
    if not _is_collected(arguments):
        return
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{address}.new")
    listening.listen(16)
    Path(f"{address}.new").rename(address)
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    while listening in select.select([listening, sys.stdin], [], [])[0]:
        asked, _ = listening.accept()
        if not os.fork():
            listening.close()
            signal.signal(signal.SIGINT, interrupted)
            _work(asked)
            return
        asked.close()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def _is_collected(arguments: list[str]) -> bool:
    """Import what a worker would, which then finds all modules there; False where one of them is faulty."""
    import pytest
    from _pytest.config import _prepareconfig

    config = _prepareconfig(arguments)
    # Not before: pytest itself wants to import its plugins.
    from xdist.remote import setup_config

    setup_config(config, None)
    config.option.collectonly = True
    # Of the tests of this process, which nobody runs, none is missed.
    return config.hook.pytest_cmdline_main(config=config) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def _work(asked: socket.socket) -> None:
    """Be the Python that execnet has begun."""
    _, streams, _, _ = socket.recv_fds(asked, 1, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
    del os.environ["PYTEST_XDIST_WORKER"]
    exec(eval(sys.stdin.readline()), {"__name__": "__main__"})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
