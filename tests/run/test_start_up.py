"""What a command need not wait for: heavy libraries are imported only where they are used."""

import subprocess
import sys
from pathlib import Path

COMPANY = Path(__file__).parents[1] / "company"
HEAVY = {
    *("gmpy2", "hypothesis", "jinja2", "markdown", "mkdocs", "nh3", "openpyxl", "pandas", "playwright", "pydantic"),
    *("pypinyin", "pyromark", "ruamel", "watchdog", "xlsxwriter"),
}
IMPORTED = """
import sys
from kpibook.cli import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def imported(*arguments: str) -> set[str]:
    """The libraries that a run on the tiny company has imported."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments], cwd=COMPANY, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 3), done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_the_version_waits_for_nothing_that_reads_or_writes() -> None:
    found = imported("--version")

    assert "click" in found
    assert found & HEAVY == set()


def test_a_check_and_a_score_wait_for_nothing_that_makes_pages_or_workbooks(tmp_path: Path) -> None:
    # What pages written by hand would become is looked at as it will be.
    seen = {"gmpy2", "markdown", "nh3", "pydantic"}

    assert imported("check") & HEAVY == seen
    assert imported("score", "2026-09", "--out", str(tmp_path)) & HEAVY == seen
