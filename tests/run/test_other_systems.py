"""A build where the system is not POSIX: its modules are refused, its calls are gone, folders cannot be opened.

What such a system has in their place cannot be played here; that the program never needs what it lacks can.
"""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from hypothesis import settings

from alone import run_alone
from companies import TESTS

ELSEWHERE = textwrap.dedent(
    """
    import os, shutil, sys
    import filelock, mkdocs.commands.build, watchdog.observers
    from elsewhere import leave_posix

    shutil._use_fd_functions = False
    # The library holds a file there by another call of the system.
    filelock.lock_descriptor = lambda descriptor, *, blocking: True
    leave_posix()
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
    settings = {**os.environ, "PYTHONPATH": str(TESTS / "support")}
    done = subprocess.run(
        [sys.executable, "-c", script, *commands],
        cwd=root,
        env=settings,
        capture_output=True,
        encoding="utf-8",
        check=False,
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


PURE = ("access", "records", "rules", "scoring")
"""The folders of tests that start no process and lean on no rights of files."""
EVERY_MODULE = """
import importlib, pkgutil, sys
from elsewhere import POSIX_ONLY, leave_posix

import click, filelock, mkdocs.commands.build, pandas, watchdog.observers
leave_posix()
import kpibook
names = [each.name for each in pkgutil.walk_packages(kpibook.__path__, "kpibook.")]
names.remove("kpibook.__main__")
for name in names:
    importlib.import_module(name)
print(len(names), sorted(POSIX_ONLY & sys.modules.keys()))
"""


def test_every_module_is_imported_without_anything_of_posix() -> None:
    count, asked = run_alone(EVERY_MODULE).split(maxsplit=1)

    assert int(count) > 300
    assert asked == "[]\n"


def test_what_reads_no_disk_works_without_anything_of_posix(tmp_path: Path) -> None:
    folders = [str(TESTS / name) for name in PURE]
    plain = ["-n", "0", "-q", "-p", "elsewhere", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "temporary")]
    # Thousands of cases that are drawn are all alike to the system.
    plain += ["-k", "not reckoning and not head_by_head"]
    # What is drawn is the same in each run where it is here: it has left what told of that.
    drawn = {"CI": "true"} if settings.default and settings.default.derandomize else {}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *folders],
        cwd=TESTS.parent,
        env={key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MEASURE"))}
        | {"PYTHONPATH": str(TESTS / "support"), **drawn},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > 500


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
