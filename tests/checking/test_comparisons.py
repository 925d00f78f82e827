"""Numbers that are likely wrong are told with their row, until somebody says why they are right."""

import shutil
from pathlib import Path

import pytest

from kpibook.base.problems import Problem
from kpibook.base.words import words
from kpibook.content import read
from sent_tables import COMPANY

CODES = ("value-hundredfold", "same-for-everybody", "department-sum-differs")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny company; of its October only sales are given."""
    for name in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / name, tmp_path / name)
    for cycle in ("2026-09", "2026-10"):
        shutil.rmtree(tmp_path / "scorecards" / cycle / "actuals")
    return tmp_path


def write(root: Path, cycle: str, rows: str) -> None:
    path = root / "scorecards" / cycle / "actuals" / "all.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"subject,measure,actual\n{rows}", encoding="utf-8")


def told(root: Path) -> list[Problem]:
    content = read(root / "handbook", root / "scorecards")
    return [problem for problem in content.problems if problem.code in CODES]


def waive(root: Path, code: str, where: str, until: str = "2026-12-31") -> None:
    text = f"- {{code: {code}, where: {where}, reason: 已核对, until: {until}}}\n"
    (root / "handbook" / "waivers.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("value", "is_told"), [("480000", False), ("4800000", True), ("480", True), ("0", False)])
def test_a_hundredfold_of_the_cycle_before_is_told(root: Path, value: str, is_told: bool) -> None:
    write(root, "2026-09", "E01,sales,48000\n")
    write(root, "2026-10", f"E01,sales,{value}\n")

    assert [problem.code for problem in told(root)] == ["value-hundredfold"] * is_told


def test_the_warning_names_the_row_both_numbers_and_how_to_waive_it(root: Path) -> None:
    write(root, "2026-09", "E01,sales,48000\n")
    write(root, "2026-10", "E01,sales,4800000\n")

    [problem] = told(root)

    assert str(problem) == (
        "scorecards/2026-10/actuals/all.csv:2:11: warning: 林晓 销售额 is 4,800,000, and 48,000 in the cycle before:"
        " more than a hundred times apart [value-hundredfold]\n"
        "    hint: check the unit and the decimal point; if it is right, add code value-hundredfold,"
        " where measures/sales/2026-10/E01 with its reason, by and until to waivers.yml"
    )


@pytest.mark.parametrize(
    ("where", "until", "is_told"),
    [
        ("measures/sales/2026-10/E01", "2026-12-31", False),
        ("measures/sales/2026-10", "2026-10-31", False),
        ("measures/sales", "2026-12-31", False),
        ("measures/sales/2026-10/E0", "2026-12-31", True),
        ("measures/sales", "2026-10-30", True),
        ("measures/visitors", "2026-12-31", True),
    ],
)
def test_a_reason_waives_it_until_its_day(root: Path, where: str, until: str, is_told: bool) -> None:
    write(root, "2026-09", "E01,sales,48000\n")
    write(root, "2026-10", "E01,sales,4800000\n")
    waive(root, "value-hundredfold", where, until)

    assert [problem.code for problem in told(root)] == ["value-hundredfold"] * is_told


@pytest.mark.parametrize(("last", "count"), [("7", 1), ("8", 0)])
def test_the_same_number_for_everybody_is_told_once(root: Path, last: str, count: int) -> None:
    with (root / "scorecards" / "2026-10" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E04,吴四,barista,shop,E01,,,1\nE05,孙五,barista,shop,E01,,,1\n")
    write(root, "2026-10", "".join(f"E0{at},sales,7\n" for at in range(1, 5)) + f"E05,sales,{last}\n")

    found = told(root)

    assert [(problem.code, problem.values["count"], problem.place.line) for problem in found] == [
        ("same-for-everybody", 5, 2)
    ] * count


def test_nothing_for_everybody_is_no_doubt(root: Path) -> None:
    with (root / "scorecards" / "2026-10" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E04,吴四,barista,shop,E01,,,1\nE05,孙五,barista,shop,E01,,,1\n")
    write(root, "2026-10", "".join(f"E0{at},complaints,0\n" for at in range(1, 6)))

    assert not told(root)


@pytest.mark.parametrize(("given", "count"), [("60", 0), ("61", 1)])
def test_a_department_s_number_that_is_not_the_sum_of_its_people_is_told(root: Path, given: str, count: int) -> None:
    write(root, "2026-10", f"E01,sales,10\nE02,sales,20\nE03,sales,30\nshop,sales,{given}\n")

    found = told(root)

    assert [(problem.code, problem.values["sum"], problem.place.line) for problem in found] == [
        ("department-sum-differs", "60", 5)
    ] * count


@pytest.mark.parametrize(
    ("code", "rows", "address"),
    [
        ("same-for-everybody", "E01,sales,7\nE02,sales,7\nE03,sales,7\nE04,sales,7\nE05,sales,7\n", "sales/2026-10"),
        (
            "department-sum-differs",
            "E01,sales,1\nE02,sales,2\nE03,sales,3\nE04,sales,4\nE05,sales,5\nshop,sales,61\n",
            "sales/2026-10/shop",
        ),
    ],
)
def test_the_address_that_each_warning_names_waives_it(root: Path, code: str, rows: str, address: str) -> None:
    with (root / "scorecards" / "2026-10" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E04,吴四,barista,shop,E01,,,1\nE05,孙五,barista,shop,E01,,,1\n")
    write(root, "2026-10", rows)

    [problem] = told(root)
    waive(root, code, f"measures/{address}")

    assert (problem.code, problem.values["address"]) == (code, f"measures/{address}")
    assert not told(root)


def test_a_department_of_which_not_all_have_a_number_is_not_compared(root: Path) -> None:
    write(root, "2026-10", "E01,sales,10\nE02,sales,20\nshop,sales,61\n")

    assert not told(root)


def test_warnings_call_people_departments_and_numbers_by_name_and_by_id_where_several_have_it(root: Path) -> None:
    with (root / "scorecards" / "2026-10" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E04,周然,barista,shop,E01,,,1\n")
    write(root, "2026-09", "E02,sales,1\nE03,sales,1\n")
    write(root, "2026-10", "E01,sales,1\nE02,sales,200\nE03,sales,300\nE04,sales,4\nshop,sales,9\n")

    assert sorted(problem.message(words("zh")) for problem in told(root)) == [
        "何小青 销售额 是 300，上一个周期是 1，差了一百倍以上",
        "周然 (E02) 销售额 是 200，上一个周期是 1，差了一百倍以上",
        "门店部 的 销售额 填的是 9，而它的 4 个人加起来是 505",
    ]
