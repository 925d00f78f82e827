"""A copy of the tiny company, with files changed."""

import shutil
from pathlib import Path

TESTS = Path(__file__).parents[1]


COMPANY = TESTS / "company"


def a_company(tmp_path: Path, *changed: Path) -> Path:
    """The tiny company with some files added or replaced."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    for overlay in changed:
        shutil.copytree(overlay, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.*"))
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def never_sealed(scorecards: Path) -> None:
    """Take the catalogs and revisions of published cycles away: today's handbook decides them all."""
    for cycle in scorecards.iterdir():
        for name in ("handbook", "revisions"):
            shutil.rmtree(cycle / name, ignore_errors=True)
        (cycle / "log.csv").unlink(missing_ok=True)
