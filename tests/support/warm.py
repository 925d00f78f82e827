"""kpibook's commands, and scripts of tests, in processes of their own: forked from one that has loaded everything.

A fresh Python takes two seconds to load what a build needs, and the files for CI run a hundred commands. This module
is both: `shims` writes programs that hand over what they were asked, and run as a program it answers them.
"""

import atexit
import contextlib
import json
import os
import select
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO

MODULE = "kpibook"
OFFERED = "KPIBOOK_TESTS_WARM"
"""Names the folder of the process that answers all workers of a run."""
CLIENT = """\
import json, os, socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
told = json.dumps([None, sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(asked, [len(told).to_bytes(8, "big")], [0, 1, 2])
asked.sendall(told)
sys.exit(asked.recv(1)[0])
"""


def command() -> tuple[str, ...]:
    """What stands before the arguments of a command."""
    return sys.executable, "-I", "-S", str(_ready() / "client.py")


def shims(folder: Path) -> None:
    """Write `kpibook` and `python` into a folder, as an environment has them: of these, kpibook alone is warm."""
    warm, cold = shlex.join(command()), shlex.quote(sys.executable)
    known = f'if [ "$1" = -m ] && [ "$2" = {MODULE} ]; then shift 2; exec {warm} "$@"; fi\n'
    for name, text in (("kpibook", f'exec {warm} "$@"\n'), ("python", f'{known}exec {cold} "$@"\n')):
        (folder / name).write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        (folder / name).chmod(0o755)


def run_script(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of Python that finds the helpers of the tests, as `python -c` does."""
    told = json.dumps([script, arguments, str(Path.cwd()), dict(os.environ)]).encode()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors, Path(os.devnull).open("rb") as nothing:
        with socket.socket(socket.AF_UNIX) as asked:
            asked.connect(str(_ready() / "socket"))
            streams = [file.fileno() for file in (nothing, output, errors)]
            socket.send_fds(asked, [len(told).to_bytes(8, "big")], streams)
            asked.sendall(told)
            [code] = asked.recv(1) or (1,)
        return subprocess.CompletedProcess((script, *arguments), code, _text_of(output), _text_of(errors))


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8")


def offer() -> Callable[[], None]:
    """Begin the one process for all workers of a run, which loads when the first of them asks; gives what ends it."""
    folder, server = _begun()
    os.environ[OFFERED] = str(folder)

    def end() -> None:
        server.communicate()
        shutil.rmtree(folder, ignore_errors=True)

    return end


@cache
def _ready() -> Path:
    """The folder of the process that answers: of the run, or one of this process, which ends with it."""
    if OFFERED in os.environ:
        return Path(os.environ[OFFERED])
    folder, server = _begun()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.communicate)
    return folder


def _begun() -> tuple[Path, subprocess.Popen[bytes]]:
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    address = folder / "socket"
    (folder / "client.py").write_text(CLIENT.format(address=str(address)), encoding="utf-8")
    settings = {key: value for key, value in os.environ.items() if key != "MEASURE_BRANCHES"}
    server = subprocess.Popen([sys.executable, __file__, str(address)], stdin=subprocess.PIPE, env=settings)
    while not address.exists():
        assert server.poll() is None, "nothing answers"
        time.sleep(0.02)
    return folder, server


def main(address: str) -> None:
    """Load everything when somebody asks, and answer until the other end of stdin is closed."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{address}.new")
    listening.listen(16)
    Path(f"{address}.new").rename(address)
    while listening in select.select([listening, sys.stdin], [], [])[0]:
        asked, _ = listening.accept()
        _load()
        if not os.fork():
            listening.close()
            _answer(asked)
        asked.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


@cache
def _load() -> None:
    """Build a company once: all modules, words, templates and grammars that a command may need are there."""
    from click.testing import CliRunner

    from companies import a_company
    from kpibook.cli import main

    with tempfile.TemporaryDirectory() as folder:
        root = a_company(Path(folder))
        places = ("--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards"))
        for command in (["check"], ["build", "--fresh", "--jobs", "1"], ["status", "2026-10"], ["verify"]):
            CliRunner().invoke(main, [*places, *command])


def _answer(asked: socket.socket) -> None:
    """Run what was asked for in a child, and tell its code."""
    head, streams, _, _ = socket.recv_fds(asked, 8, 3)
    with asked.makefile("rb") as told:
        script, arguments, folder, settings = json.loads(told.read(int.from_bytes(head, "big")))
    child = os.fork()
    if child:
        asked.send(bytes([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255]))
        os._exit(0)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    _run(script, arguments)


def _run(script: str | None, arguments: list[str]) -> None:
    """Run a script, or a command as `python -m kpibook` does; ends the process."""
    from kpibook.cli import main

    sys.argv = [MODULE if script is None else "-c", *arguments]
    # Processes that a script begins anew must not take this module for its own.
    sys.modules["__main__"] = ModuleType("__main__")
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(at, mode, encoding="utf-8") for at, mode in enumerate("rww"))
    code = 1
    try:
        if script is None:
            main()
        else:
            sys.path.append(str(Path(__file__).parents[1] / "bench"))
            exec(compile(script, "<script>", "exec"), vars(sys.modules["__main__"]))
            code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
