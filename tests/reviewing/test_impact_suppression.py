"""What the impact never tells: names, and groups of fewer than five; and the table that HR alone gets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compared import EVEN, GUARD, HANDBOOK, NAMES, changed, diff, impact_of, told, write
from kpibook.base.numbers import parse_plain
from kpibook.reviewing.differences.impact import band
from kpibook.reviewing.differences.small_counts import LEAST, shown

# Nothing personal


def personal() -> list[str]:
    return [*NAMES, *NAMES.values(), "Ms Board"]


@pytest.mark.parametrize("style", ["markdown", "json"])
def test_no_name_and_no_id_of_a_person_is_told(before: Path, tmp_path: Path, style: str) -> None:
    text = EVEN["roles/clerk.yml"].replace("by: Ms Board", "by: Mr Board")

    done = diff(before, changed(tmp_path, {"roles/clerk.yml": text}), "--format", style)

    assert done.exit_code == 0
    assert not [word for word in (*personal(), "Mr Board") if word in done.output]


def test_fewer_than_five_are_no_number(before: Path, tmp_path: Path) -> None:
    # Four of the six at 88 are moved to the yard, where they are guards: two are left that move up.
    after = changed(tmp_path, {"grades.yml": HANDBOOK["grades.yml"].replace("from: 90", "from: 88")})
    for root in (before, after):
        file = root / "scorecards/2026-09/actuals/all.csv"
        text = file.read_text(encoding="utf-8")
        for who in ("E01", "E02", "E03", "E04"):
            text = text.replace(f"{who},sales,80", f"{who},sales,100")
        file.write_text(text, encoding="utf-8")

    lines = told(before, after)
    impact = impact_of(before, after)

    assert (
        "- Of 19 people with a total under both versions, fewer than 5 have another result; no more is told." in lines
    )
    assert "- Grades: up fewer than 5 people, down 0 people." in lines
    assert (impact["moved"], impact["bands"], impact["by_department"], impact["rules"]) == (None, [], [], [])
    assert impact["folded_rules"] == 1
    assert {row["key"]: row["people"] for row in impact["grades"]} == {"up": None, "down": 0, "same": None}


def test_all_but_a_few_is_no_number_either(before: Path, tmp_path: Path) -> None:
    both = GUARD.replace("target: 10", "target: 20")
    after = changed(tmp_path, {**EVEN, "roles/guard.yml": both})

    lines = told(before, after)

    assert (
        "- Of 19 people with a total under both versions, all but fewer than 5 have another result; no more is told."
    ) in lines
    assert not [line for line in lines if " 18 " in line]


def test_small_departments_are_folded_together(before: Path, tmp_path: Path) -> None:
    departments = HANDBOOK["departments.yml"] + "- {id: kiosk, name: Kiosk}\n- {id: stall, name: Stall}\n"
    after = changed(tmp_path, {**EVEN, "departments.yml": departments})
    write(before, {"handbook/departments.yml": departments})
    people = after / "scorecards/2026-09/people.csv"
    text = people.read_text(encoding="utf-8")
    for who, where in {"E01": "kiosk", "E02": "kiosk", "E03": "stall", "E07": "stall", "E08": "stall"}.items():
        text = text.replace(f"{who},{NAMES[who]},clerk,shop", f"{who},{NAMES[who]},clerk,{where}")
    people.write_text(text, encoding="utf-8")

    impact = impact_of(before, after)

    assert [(row["key"], row["people"]) for row in impact["by_department"]] == [("shop", 7), ("", 5)]
    assert impact["folded_departments"] == 2
    assert "| 2 other departments together | 5 |" in told(before, after)


def test_a_group_that_is_hidden_to_protect_another_is_not_called_small(before: Path, tmp_path: Path) -> None:
    # One of the six at 88 sells 95 and comes from 97 to 97.5; five others go from 88 to 90, six from 80 to 75.
    after = changed(tmp_path, EVEN)
    for root in (before, after):
        file = root / "scorecards/2026-09/actuals/all.csv"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("E01,sales,80", "E01,sales,95"), encoding="utf-8")

    lines = told(before, after)

    first = lines.index("| Difference | People |")
    assert lines[first + 2 : first + 5] == [
        "| 5 to 10 points down | 6 |",
        "| less than 1 point up | fewer than 5 |",
        "| 1 to 5 points up | not shown |",
    ]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=7))
def test_no_small_group_can_be_worked_out_from_a_total(counts: list[int]) -> None:
    cells = dict(enumerate(counts))

    told = shown(cells)

    hidden = [cells[key] for key, count in told.items() if count is None]
    assert all(count == cells[key] for key, count in told.items() if count is not None)
    assert not [count for count in told.values() if count and count < LEAST]
    if hidden and sum(counts) >= LEAST and sum(count > 0 for count in counts) > 1:
        assert len(hidden) > 1
        assert sum(hidden) >= LEAST
    if not [count for count in counts if 0 < count < LEAST]:
        assert not hidden


@pytest.mark.parametrize(
    ("points", "name"),
    [
        ("-10", "down_10"),
        ("-9.9", "down_5"),
        ("-5", "down_5"),
        ("-1", "down_1"),
        ("-0.1", "down_0"),
        ("0", "none"),
        ("0.9", "up_0"),
        ("1", "up_1"),
        ("4.9", "up_1"),
        ("5", "up_5"),
        ("10", "up_10"),
    ],
)
def test_bands_begin_at_their_marks(points: str, name: str) -> None:
    assert band(parse_plain(points)) == name


# The table for HR


def test_the_table_for_hr_has_everybody_before_and_after(before: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"

    done = diff(before, changed(tmp_path, EVEN), "--people", str(file))

    rows = file.read_text(encoding="utf-8-sig").splitlines()
    assert done.exit_code == 0
    assert rows[0] == (
        "cycle,person,name,department,role,before,after,difference,grade_before,grade_after,pay_before,pay_after,reason,basis"
    )
    assert len(rows) == 20
    assert rows[1] == (
        "2026-09,E01,PersonE01,shop,clerk,88.0,90.0,2.0,B,A,880.00,900.00,"
        "Sales 48 → 40; Service 40 → 50,would_have_been"
    )
    assert rows[7] == (
        "2026-09,E07,PersonE07,shop,clerk,80.0,75.0,-5.0,B,C,800.00,750.00,"
        "Sales 60 → 50; Service 20 → 25,would_have_been"
    )
    assert rows[-1] == "2026-09,G6,PersonG6,yard,guard,100.0,100.0,0.0,A,A,,,,would_have_been"


def test_the_table_names_other_reasons_and_what_is_missing(before: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    after = changed(tmp_path, {"grades.yml": HANDBOOK["grades.yml"].replace("from: 90", "from: 88")})
    actuals = after / "scorecards/2026-09/actuals/all.csv"
    actuals.write_text(actuals.read_text(encoding="utf-8").replace("E13,sales,100\n", ""), encoding="utf-8")

    diff(before, after, "--people", str(file))

    rows = {row.split(",")[1]: row for row in file.read_text(encoding="utf-8-sig").splitlines()}
    assert rows["E01"] == (
        "2026-09,E01,PersonE01,shop,clerk,88.0,88.0,0.0,B,A,880.00,880.00,the marks of the grades,would_have_been"
    )
    assert rows["E13"] == "2026-09,E13,PersonE13,shop,clerk,,,,,,,,,would_have_been"


def test_a_table_that_cannot_be_written_is_wrong_usage(before: Path, tmp_path: Path) -> None:
    done = diff(before, changed(tmp_path, EVEN), "--people", str(tmp_path / "nowhere" / "people.csv"))

    assert done.exit_code == 2
    assert "people.csv" in done.stderr
