"""Programs of npm that tests talk to; where there is no npm, their tests are skipped."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from made_once import made_once

NO_NPM = "no npm was found, or it reached no registry; it fetches {package}"


def npm_package(temporary: pytest.TempPathFactory, package: str) -> Path:
    """The folder of `name@version`, installed once in a run.

    Without npm its test is skipped, or fails where KPIBOOK_REQUIRE_BROWSER is 1.
    """
    name = package.rpartition("@")[0]
    folder = made_once(temporary, name, lambda folder: _npm("install", folder, package))
    return folder / "node_modules" / name


def npm_install(temporary: pytest.TempPathFactory, folder: Path) -> Path:
    """A copy of the folder with what its lock file names, made once; skipped or failed as `npm_package` is."""

    def install(copy: Path) -> None:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        _npm("ci", copy)

    return made_once(temporary, folder.name, install)


def _npm(command: str, folder: Path, *packages: str) -> None:
    npm = shutil.which("npm")
    quiet = ("--no-audit", "--no-fund", "--silent")
    if npm:
        arguments = [npm, command, "--prefix", str(folder), *quiet, *packages]
        if not subprocess.run(arguments, capture_output=True, check=False).returncode:
            return
    _go_without(NO_NPM.format(package=" ".join(packages) or "what package-lock.json names"))


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("KPIBOOK_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
