"""A catalog judged by the strict checks, in Python and at the command line."""

import datetime
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kpibook.cli import main
from kpibook.model import Catalog, Cycle, CycleStatus, Role, TargetRow
from making import catalog, cycle, indicator, item, person, role, target

COMPANY = Path(__file__).parents[1] / "company"
TODAY = datetime.date(2026, 11, 20)
SOUND = {"definition": "What is counted, and as of when it is.", "source": "register"}
PROPORTIONAL = {"rule": "proportional"}


def clerk(*items: Mapping[str, Any], **values: Any) -> Role:
    return role("clerk", items, name="Clerk", **values)


def with_items(*items: Mapping[str, Any], **values: Any) -> Catalog:
    """A catalog in which a clerk is scored by these items, each by an indicator of its own."""
    ids = dict.fromkeys(str(each["indicator"]) for each in (*items, *values.get("extras", ())))
    return catalog([clerk(*items, **values)], [indicator(each, **SOUND) for each in ids])


def sales(weight: int, number: int = 1, **values: Any) -> dict[str, Any]:
    return {**item(f"sales_{number}", weight, PROPORTIONAL, target=10), **values}


def months(count: int, **targets: Sequence[int]) -> list[Cycle]:
    """Closed months up to 2026-10 in which a clerk works; `targets` by subject, from the first month on."""
    made: list[Cycle] = []
    for number in range(count):
        year, month = divmod(2026 * 12 + 9 - (count - 1 - number), 12)
        rows: dict[tuple[str, str], TargetRow] = {
            (subject, "sales_1"): target(values[number]) for subject, values in targets.items()
        }
        one = cycle([person("E1")], period=f"{year}-{month + 1:02d}", targets=rows)
        made.append(replace(one, status=CycleStatus.CLOSED))
    return made


@pytest.fixture
def company(tmp_path: Path) -> Path:
    shutil.copytree(COMPANY, tmp_path / "company")
    return tmp_path / "company"


def strict(root: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit code of a strict check, and its problems without their hints."""
    folders = ["--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards")]
    done = CliRunner().invoke(main, [*folders, "check", "--strict", "--today", "2026-11-20", *arguments])
    return done.exit_code, [line for line in done.stdout.splitlines() if not line.startswith("    hint")]
