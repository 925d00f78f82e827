"""What all tests of seals begin with."""

from pathlib import Path

import pytest

from lives import Life


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """The tiny company in a working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Life(tmp_path)
