"""A file that changes while it is built from, even if only for a moment: nothing is kept that was not made from it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import company, run
from kpibook.content import loading, read

__all__ = ["company"]

INDICATOR = "handbook/indicators/sales.yml"
NUMBERS = "scorecards/2026-10/actuals/support.csv"


def other_name(text: str) -> str:
    return text.replace("name: ", "name: 别的", 1)


def other_value(text: str) -> str:
    return text.replace("E02,sales,", "E02,sales,1")


def all_built(root: Path, *options: str) -> dict[str, bytes]:
    assert run("build", "--quiet", "--jobs", "1", *options).exit_code in (0, 3)
    folders = (root / name for name in ("build", "site", "site-cards"))
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files if path.parent.name != "stamps"}


@pytest.mark.parametrize(
    ("file", "reader", "other"),
    [(INDICATOR, "load_catalog", other_name), (NUMBERS, "load_cycles", other_value)],
    ids=["catalog", "numbers"],
)
def test_a_change_that_was_undone_before_the_build_ended_leaves_no_trace_in_the_next(
    company: Path, monkeypatch: pytest.MonkeyPatch, file: str, reader: str, other: Callable[[str], str]
) -> None:
    whole, reads = (company / file).read_text(encoding="utf-8"), getattr(loading, reader)

    def meanwhile(*arguments: object, **more: object) -> object:
        (company / file).write_text(other(whole), encoding="utf-8")
        try:
            return reads(*arguments, **more)
        finally:
            (company / file).write_text(whole, encoding="utf-8")

    with monkeypatch.context() as changed:
        changed.setattr(loading, reader, meanwhile)
        of_the_other = all_built(company)

    after = all_built(company)

    assert after != of_the_other
    assert after == all_built(company, "--fresh")


def test_files_that_nobody_touched_are_as_they_were_read(company: Path) -> None:
    content = read(company / "handbook", company / "scorecards")

    assert content.is_as_read
    assert content.sums
