"""A company whose cycles live: commands as people run them, in a folder of its own."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from companies import COMPANY
from kpibook.cli import main

ALL_THERE = "E03,sales,14000,\n"
"""The number that October still lacks, beside a rating."""


class Life:
    """A company's folder and its commands."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("handbook", "scorecards"):
            shutil.copytree(COMPANY / folder, root / folder)

    def run(self, *arguments: str, code: int | None = 0) -> Result:
        """Run a command of kpibook here."""
        folders = ("--handbook", str(self.root / "handbook"), "--scorecards", str(self.root / "scorecards"))
        done = CliRunner().invoke(main, (*folders, *arguments), catch_exceptions=False)
        assert code is None or done.exit_code == code, done.output
        return done

    def take_in(self, *files: str, on: str = "2027-03-01", code: int | None = 0) -> Result:
        """Import what came back, on a day after everything that is recorded."""
        return self.run("import", *files, "--today", on, code=code)

    def complete_october(self) -> None:
        """Everything that October lacks."""
        self.add("2026-10/actuals/support.csv", ALL_THERE)
        self.add("2026-10/ratings.csv", "E03,attitude,manager,E01,30,\n")

    def publish(self, cycle: str = "2026-10", on: str = "2026-11-11") -> None:
        """Publish a cycle that lacks nothing."""
        if cycle == "2026-10":
            self.complete_october()
        self.run("publish", cycle, "--by", "HR", "--on", on)

    def correct(self, cycle: str = "2026-10", *more: str, code: int | None = 0) -> Result:
        """Correct a published cycle."""
        signed = ("--by", "HR", "--approved-by", "Owner", "--reason", "mistyped", "--on", "2026-11-20")
        return self.run("correct", cycle, *signed, *more, code=code)

    def path(self, name: str) -> Path:
        """A file below the folder of the cycles."""
        return self.root / "scorecards" / name

    def read(self, name: str) -> str:
        """The text of a file below the folder of the cycles."""
        return self.path(name).read_text(encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Add to a file below the folder of the cycles."""
        with self.path(name).open("a", encoding="utf-8", newline="") as file:
            file.write(text)

    def change(self, name: str, old: str, new: str) -> None:
        """Change a file below the folder of the cycles."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.path(name).write_text(text.replace(old, new), encoding="utf-8")

    def change_company(self, old: str, new: str) -> None:
        """Change the handbook's company.yml."""
        path = self.root / "handbook" / "company.yml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def reopen_september(self) -> None:
        """Let September be open, as if nobody had closed it."""
        self.change("2026-09/cycle.yml", "status: closed", "status: open")

    def tree(self) -> dict[str, bytes]:
        """Every file of the company."""
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in self.root.rglob("*") if p.is_file()}


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """The tiny company in a working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Life(tmp_path)
