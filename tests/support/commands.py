"""Commands of kpibook, run in a working folder that is a copy of the tiny company."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from companies import COMPANY
from kpibook.cli import main


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny company; the working folder."""
    shutil.copytree(COMPANY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """What a command came to, within this process."""
    return CliRunner().invoke(main, arguments, catch_exceptions=False)
