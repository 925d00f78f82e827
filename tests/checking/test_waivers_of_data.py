"""Every warning that a number of a cycle is likely wrong names its row, and can be waived with a reason."""

import shutil
from pathlib import Path

import pytest

from kpibook.base.problems import Problem
from kpibook.content import read

TESTS = Path(__file__).parents[1]
IN_FOLDERS = ("part-over-whole", "cascade-gap", "other-department")
PERCENT, TARGET = "percent-or-fraction", "target-or-fraction"
CODES = (*IN_FOLDERS, PERCENT, TARGET)


def company(folder: Path, code: str) -> Path:
    """The tiny company with what the warning is about."""
    shutil.copytree(TESTS / "company", folder, dirs_exist_ok=True)
    if code in IN_FOLDERS:
        shutil.copytree(TESTS / "problems" / code, folder, dirs_exist_ok=True)
        return folder
    if code == TARGET:
        row = "subject,indicator,target,reason,approved_by\nE01,conversion,0.25,,\n"
        (folder / "scorecards/2026-10/targets.csv").write_text(row, encoding="utf-8")
        return folder
    with (folder / "handbook" / "measures.yml").open("a", encoding="utf-8") as file:
        file.write('return_rate: {name: 退货率, unit: "%", owner: shop, minimum: 0, maximum: 100}\n')
    rows = "subject,measure,actual\nE01,return_rate,0.85\nE02,return_rate,0.5\n"
    (folder / "scorecards/2026-10/actuals/rates.csv").write_text(rows, encoding="utf-8")
    return folder


def told(root: Path, code: str) -> list[Problem]:
    """The warnings about the cycle; those about the handbook are waived by the strict checks."""
    problems = read(root / "handbook", root / "scorecards").problems
    return [each for each in problems if each.code == code and each.place.file.startswith("scorecards/2026-10/")]


def waive(root: Path, code: str, where: str, until: str = "2026-10-31") -> None:
    text = f"- {{code: {code}, where: {where}, reason: 已核对, until: {until}}}\n"
    (root / "handbook" / "waivers.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_the_address_that_a_warning_names_waives_it(tmp_path: Path, code: str) -> None:
    root = company(tmp_path, code)
    [first, *_] = before = told(root, code)
    address = str(first.values["address"])

    waive(root, code, address)
    after = told(root, code)

    assert f"code {code}, where {address} with its reason, by and until to waivers.yml" in str(first)
    assert len(after) == len(before) - 1


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("where", "until"), [("{address}", "2026-10-30"), ("{address}0", "2026-12-31")])
def test_a_waiver_of_something_else_or_of_before_waives_nothing(
    tmp_path: Path, code: str, where: str, until: str
) -> None:
    root = company(tmp_path, code)
    before = told(root, code)

    waive(root, code, where.format(address=before[0].values["address"]), until)

    assert told(root, code) == before


def test_one_of_several_percentages_is_waived_by_whom_it_is_about(tmp_path: Path) -> None:
    root = company(tmp_path, PERCENT)

    waive(root, PERCENT, "measures/return_rate/2026-10/E01")
    [problem] = told(root, PERCENT)

    assert str(problem) == (
        "scorecards/2026-10/actuals/rates.csv:3:17: warning: is '0.5' of 退货率 0.5 % or 50 %? it counts as 0.5 %;"
        " in 1 cell: line 3 [percent-or-fraction]\n"
        "    hint: with the unit %, 85 % is written 85 or 85%; if it is so small, add code percent-or-fraction,"
        " where measures/return_rate/2026-10/E02 with its reason, by and until to waivers.yml"
    )
