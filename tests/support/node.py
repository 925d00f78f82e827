"""Programs of npm that tests talk to; where there is no npm, their tests are skipped."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

NO_NPM = "no npm was found, or it reached no registry; it fetches {package}"


def npm_package(folder: Path, package: str) -> Path:
    """The folder of `name@version`, installed below `folder`.

    Without npm its test is skipped, or fails where KPIBOOK_REQUIRE_BROWSER is 1.
    """
    npm = shutil.which("npm")
    if npm:
        command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", package]
        if not subprocess.run(command, capture_output=True, check=False).returncode:
            return folder / "node_modules" / package.rpartition("@")[0]
    return _go_without(NO_NPM.format(package=package))


def npm_install(folder: Path) -> None:
    """Install what the lock file in the folder names; skipped or failed as `npm_package` is."""
    npm = shutil.which("npm")
    command = [str(npm), "ci", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent"]
    if npm and not subprocess.run(command, capture_output=True, check=False).returncode:
        return
    _go_without(NO_NPM.format(package="what package-lock.json names"))


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("KPIBOOK_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
