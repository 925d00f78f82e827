"""How far an import of a long file has come, told to people at a terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imports_run import sent
from kpibook.base.periods import Period
from kpibook.content import read
from kpibook.exchange.importing import Settings, plan_import
from sent_tables import october

# How far it has come


def long_table(root: Path) -> Path:
    """25,000 rows, all but one of them empty."""
    return sent(root, "工号,销售额\nE01,5\n" + "E02,\n" * 24_999, "long.csv")


def test_a_long_file_tells_how_far_it_has_come(root: Path) -> None:
    told_of: list[tuple[str, int, int]] = []
    content = read(root / "handbook", root / "scorecards")
    cycle = content.cycles[Period.parse("2026-10")]

    settings = Settings(progress=lambda file, done, rows: told_of.append((file, done, rows)))
    plan_import([long_table(root)], content.catalog, cycle, october(root), settings)

    assert told_of == [
        *(("long.csv", done, 25_001) for done in (0, 10_000, 20_000, 25_001)),
        *(("", done, 1) for done in (0, 1)),
    ]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminal to look like")
def test_only_people_at_a_terminal_see_how_far_a_long_file_has_come(root: Path) -> None:
    command = [sys.executable, "-m", "kpibook", "import", str(long_table(root)), "--cycle", "2026-10", "--dry-run"]
    ours, theirs = os.openpty()

    seen = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    piped = subprocess.run(command, cwd=root, capture_output=True, check=True)

    text = os.read(ours, 10_000).decode("utf-8")
    os.close(ours)
    assert "\r读取 long.csv：39%（10,000 / 25,001 行）\r读取 long.csv：79%（20,000 / 25,001 行）\r" in text
    assert "100%（25,001 / 25,001 行）\r\n" in text
    assert seen.stdout == piped.stdout
    assert not piped.stderr
