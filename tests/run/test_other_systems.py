"""A build where the system is not POSIX: its modules are refused, its calls are gone, folders cannot be opened.

What such a system has in their place cannot be played here; that the program never needs what it lacks can.
"""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from companies import TESTS

ELSEWHERE = textwrap.dedent(
    """
    import importlib.abc, os, sys
    from pathlib import Path

    POSIX_ONLY = {"fcntl", "grp", "posix_ipc", "pty", "pwd", "resource", "syslog", "termios", "tty"}

    class Refusing(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path, target=None):
            if name in POSIX_ONLY:
                raise ModuleNotFoundError(name)

    for name in POSIX_ONLY:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Refusing())

    import shutil
    import filelock, mkdocs.commands.build, watchdog.observers
    shutil._use_fd_functions = False
    # The library holds a file there by another call of the system.
    filelock.lock_descriptor = lambda descriptor, *, blocking: True

    for name in ("fork", "sync", "getuid", "geteuid", "fchmod", "chown", "mkfifo", "O_NOFOLLOW", "O_NONBLOCK"):
        delattr(os, name)
    os.name, sys.platform = "other", "other"
    opened, renamed = os.open, os.rename

    def opens(path, flags, mode=0o777, *, dir_fd=None):
        if os.path.isdir(path) and dir_fd is None:
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, mode)

    def renames(source, target, **more):
        if os.path.exists(target):
            raise FileExistsError(17, "File exists", target)
        return renamed(source, target, **more)

    os.open, os.rename = opens, renames

    from kpibook.cli import main
    for command in sys.argv[1:]:
        code = main(command.split(), standalone_mode=False)
    """
)


def built(root: Path, script: str, *commands: str) -> dict[str, bytes]:
    """Run commands in a process of their own; all files of the sites."""
    done = subprocess.run(
        [sys.executable, "-c", script, *commands], cwd=root, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("site", "site-cards")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def test_the_same_sites_are_made_and_made_again_without_anything_of_posix(tmp_path: Path) -> None:
    for name in ("here", "else where 别处"):
        shutil.copytree(TESTS / "company", tmp_path / name)
    plain = "import sys; from kpibook.cli import main; main([sys.argv[1]], standalone_mode=False)"

    here = built(tmp_path / "here", plain, "build")
    elsewhere = built(tmp_path / "else where 别处", ELSEWHERE, "build")
    again = built(tmp_path / "else where 别处", ELSEWHERE, "build")

    assert here
    assert elsewhere == here
    assert again == here


def test_what_a_pipe_has_no_letters_for_is_written_out_and_ends_no_run(tmp_path: Path) -> None:
    shutil.copytree(TESTS / "company", tmp_path / "company")
    western = {**os.environ, "PYTHONIOENCODING": "cp1252"}

    done = subprocess.run(
        [sys.executable, "-m", "kpibook", "check"],
        cwd=tmp_path / "company",
        env=western,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert rb"\u8b66\u544a" in done.stderr
    assert rb"\u" in done.stdout
