"""Programs of npm that tests talk to; where there is no npm, their tests are skipped."""

import os
import shutil
import subprocess
from pathlib import Path

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
    reason = NO_NPM.format(package=package)
    if os.environ.get("KPIBOOK_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
