"""`make` explains itself, and says clearly what a machine lacks."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sources import ROOT

MAKEFILE = ROOT / "Makefile"


def make(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, not as from the make that runs the tests."""
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *arguments], cwd=cwd, env=keep, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the set-up in a folder with a space and Chinese in its name, where nothing was installed yet."""
    path = tmp_path / "绩效 手册"
    path.mkdir()
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, path)
    return path


def test_make_alone_lists_every_target_with_its_meaning(folder: Path) -> None:
    [phony] = re.findall(r"^\.PHONY: (.+ .+)$", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE)

    done = make(cwd=folder)

    listed = [re.fullmatch(r"  make ([a-z]+) +(\S.+)", line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert sorted(line[1] for line in listed if line) == sorted(phony.split())


def test_an_old_python_is_named(folder: Path) -> None:
    old = folder / "old python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)

    done = make("check", f"PYTHON={old}", cwd=folder)

    assert done.returncode == 2
    assert f"kpibook needs Python 3.11 or newer; {old} is Python 3.9.2." in done.stderr
    assert not (folder / ".venv").exists()


def test_a_machine_without_python_is_told_what_to_install(folder: Path) -> None:
    done = make("check", "PYTHON=", cwd=folder)

    assert done.returncode == 2
    assert done.stderr.startswith("kpibook needs Python 3.11 or newer; found: ")
    assert "make PYTHON=/usr/local/bin/python3.12" in done.stderr


def test_an_environment_that_is_ready_is_used_at_once(folder: Path) -> None:
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "ready").write_text(f"{folder}\n", encoding="utf-8")

    done = make("--dry-run", "check", cwd=folder)

    assert done.stdout == ".venv/bin/python -m kpibook check || [ $? -eq 3 ]\n"


def test_an_environment_of_another_folder_is_made_anew(folder: Path) -> None:
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "ready").write_text("/elsewhere\n", encoding="utf-8")

    done = make("--dry-run", "check", cwd=folder)

    assert "rm -rf .venv" in done.stdout
    assert done.stdout.endswith(".venv/bin/python -m kpibook check || [ $? -eq 3 ]\n")
