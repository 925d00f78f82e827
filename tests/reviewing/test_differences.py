"""What changed between two catalogs, in sentences, and what it does to closed cycles, in counts made by hand."""

import contextlib
import html
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from companies import never_sealed
from kpibook.base.numbers import parse_plain
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.reading.catalog import load_catalog
from kpibook.reviewing.differences.changes import Changed, catalog_changes, excerpt, excerpts
from kpibook.reviewing.differences.impact import band
from kpibook.reviewing.differences.renames import find_renames
from kpibook.reviewing.differences.small_counts import LEAST, shown
from repositories import Repository

ROOT = Path(__file__).parents[2]

CLERK = """\
name: Clerk
department: shop
reports_to: boss
purpose: sells
status: approved
by: Ms Board
duties:
  - {name: Selling, requirement: friendly, share: 60}
  - {name: Counting, share: 40}
scorecard:
  - section: Work
    items:
      - {indicator: sales, weight: 60, target: 100, standard: {rule: proportional}}
      - {indicator: service, weight: 40, target: 100, standard: {rule: proportional}}
pay:
  - {name: Bonus, formula: 10 * total}
"""
GUARD = """\
name: Guard
department: yard
reports_to: boss
scorecard:
  - section: Work
    items:
      - {indicator: patrols, weight: 100, target: 10, standard: {rule: proportional}}
"""
HANDBOOK = {
    "company.yml": "name: Acme\nlanguage: en\nrounding: {score: 1, money: 2}\n",
    "departments.yml": "- {id: shop, name: Shop}\n- {id: yard, name: Yard, parent: shop}\n",
    "grades.yml": (
        "- {id: A, name: Best, from: 90}\n- {id: B, name: Good, from: 80}\n"
        "- {id: C, name: Fair, from: 60}\n- {id: D, name: Poor, from: 0}\n"
    ),
    "measures.yml": (
        "incidents: {name: Incidents, unit: times, owner: yard, source: log}\n"
        "returns: {name: Returned goods, unit: pcs, owner: shop, source: log}\n"
    ),
    "indicators/all.yml": (
        "sales: {name: Sales, definition: d, unit: k, direction: higher, owner: shop, source: s}\n"
        "service: {name: Service, definition: e, unit: points, direction: higher, owner: shop, source: s}\n"
        "patrols: {name: Patrols, definition: f, unit: times, direction: higher, owner: yard, source: s}\n"
    ),
    "roles/clerk.yml": CLERK,
    "roles/guard.yml": GUARD,
    "roles/boss.yml": "name: Boss\ndepartment: shop\n",
}

# Six clerks sell 80 and serve 100, six sell 100 and serve 50, one does both at 100; six guards do all patrols.
SELLERS = {f"E{n:02d}": (80, 100) if n <= 6 else (100, 50) if n <= 12 else (100, 100) for n in range(1, 14)}
GUARDS = tuple(f"G{n}" for n in range(1, 7))
NAMES = {who: f"Person{who}" for who in (*SELLERS, *GUARDS)}


def a_cycle(period: str, status: str = "closed") -> dict[str, str]:
    people = [f"{who},{NAMES[who]},clerk,shop" for who in SELLERS] + [
        f"{who},{NAMES[who]},guard,yard" for who in GUARDS
    ]
    rows = [f"{who},sales,{sales}\n{who},service,{service}" for who, (sales, service) in SELLERS.items()]
    rows += [f"{who},patrols,10" for who in GUARDS]
    return {
        f"scorecards/{period}/cycle.yml": f"name: {period}\nkind: month\nstatus: {status}\n",
        f"scorecards/{period}/people.csv": "person,name,role,department\n" + "\n".join(people) + "\n",
        f"scorecards/{period}/actuals/all.csv": "subject,measure,actual\n" + "\n".join(rows) + "\n",
    }


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return root


def a_company(root: Path, **changed: str) -> Path:
    """The small company; `changed` has files of its handbook with `__` for a slash."""
    handbook = {f"handbook/{name}": text for name, text in HANDBOOK.items()}
    return write(root, {**handbook, **a_cycle("2026-09"), **{f"handbook/{key}": text for key, text in changed.items()}})


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return a_company(tmp_path / "before")


def changed(tmp_path: Path, files: Mapping[str, str]) -> Path:
    """The company after a change."""
    return write(a_company(tmp_path / "after"), {f"handbook/{name}": text for name, text in files.items()})


def diff(before: Path | str, after: Path, *arguments: str) -> Result:
    folders = ["--handbook", str(after / "handbook"), "--scorecards", str(after / "scorecards")]
    return CliRunner().invoke(main, [*folders, "diff", str(before), *arguments])


def told(before: Path | str, after: Path, *arguments: str) -> list[str]:
    """The lines of the comment that say something, in plain text."""
    done = diff(before, after, *arguments)
    assert done.exit_code == 0, done.output
    plain = done.stdout.replace("&#41;", ")").replace("&#43;", "+").replace("&#45;", "-").replace("&#46;", ".")
    return [line for line in plain.splitlines() if line]


def impact_of(before: Path, after: Path) -> dict[str, Any]:
    """The counts of the only closed cycle."""
    done = diff(before, after, "--format", "json")
    assert done.exit_code == 0, done.output
    [only] = json.loads(done.stdout)["impact"]
    return dict(only)


def changes_of(before: Path, after: Path) -> tuple[Changed, ...]:
    older, newer = load_catalog(before / "handbook")[0], load_catalog(after / "handbook")[0]
    return catalog_changes(older, newer, find_renames(older, newer), words("en"))


UNSEALED = (
    "Some cycles are marked as over and were never sealed: the handbook still decides them, as told below. "
    "Seal them by: kpibook upgrade"
)
SAME_DATA = (
    "The older version does not hold the data of the cycles: the files at hand stand for both, "
    "so a change of data cannot be told."
)
NOTHING = "Nothing: no open cycle takes this over, and no data of a cycle differ."

EVEN = {"roles/clerk.yml": CLERK.replace("weight: 60", "weight: 50").replace("weight: 40", "weight: 50")}


# The impact, by hand


def test_a_changed_weight_moves_whom_it_should(before: Path, tmp_path: Path) -> None:
    # 0.6 * 80 + 0.4 * 100 = 88 -> 90; 0.6 * 100 + 0.4 * 50 = 80 -> 75; 100 stays.
    lines = told(before, changed(tmp_path, EVEN))

    assert lines[lines.index("### Changes") :] == [
        "### Changes",
        "**Roles**",
        "- **Clerk**: Sales 60 → 50; Service 40 → 50",
        "### What becomes different",
        UNSEALED,
        NOTHING,
        "### What would have been: the last published cycles under both handbooks",
        "**2026-09 (2026-09)**",
        "- Of 19 people with a total under both versions, 12 have another result; departments: 1.",
        "- Grades: up 6 people, down 6 people.",
        "- The pay of 12 people differs, in all ¥11080.00 → ¥10900.00 (-180.00, -1.6%).",
        "By how much",
        "| Difference | People |",
        "| --- | ---: |",
        "| 5 to 10 points down | 6 |",
        "| 1 to 5 points up | 6 |",
        "In which departments",
        "| Department | People |",
        "| --- | ---: |",
        "| Shop | 12 |",
        "For which reason",
        "| Role and item | People | Mean change |",
        "| --- | ---: | ---: |",
        "| Clerk: Sales | 12 | 5 to 10 points down |",
        "| Clerk: Service | 12 | 5 to 10 points up |",
        lines[-1],
    ]


def test_a_changed_standard_moves_whom_it_should(before: Path, tmp_path: Path) -> None:
    # Who serves 50 gets 0 instead of 20 of 40 points: 80 -> 60, B -> C.
    strict = CLERK.replace(
        "weight: 40, target: 100, standard: {rule: proportional}",
        "weight: 40, target: 100, standard: {rule: all_or_nothing}",
    )
    after = changed(tmp_path, {"roles/clerk.yml": strict})

    impact = impact_of(before, after)
    lines = told(before, after)

    assert (impact["people"], impact["moved"], impact["departments"]) == (19, 6, 1)
    assert impact["bands"] == [
        {"key": "down_10", "people": 6, "is_small": False},
        *(
            {"key": key, "people": 0, "is_small": False}
            for key in ("down_5", "down_1", "down_0", "none", "up_0", "up_1", "up_5", "up_10")
        ),
    ]
    assert {row["key"]: row["people"] for row in impact["grades"]} == {"up": 0, "down": 6, "same": 13}
    assert impact["rules"] == [{"kind": "item", "role": "clerk", "id": "service", "people": 6, "band": "down_10"}]
    assert impact["pay"] == {"changed": 6, "before": "11080", "after": "9880"}
    [line] = [line for line in lines if "**Clerk**" in line]
    assert line.startswith("- **Clerk**: standard of Service: ")
    assert " → " in line


def test_a_new_mark_of_a_grade_moves_grades_and_no_points(before: Path, tmp_path: Path) -> None:
    # The six at 88 reach an A from 88 on.
    after = changed(tmp_path, {"grades.yml": HANDBOOK["grades.yml"].replace("from: 90", "from: 88")})

    impact = impact_of(before, after)

    lines = told(before, after)
    assert "- **Best**: mark: 90 → 88" in lines
    assert "- Nobody's pay differs: it is ¥11080.00 in all." in [html.unescape(line) for line in lines]
    assert impact["moved"] == 6
    assert [row for row in impact["bands"] if row["people"]] == [{"key": "none", "people": 6, "is_small": False}]
    assert {row["key"]: row["people"] for row in impact["grades"]} == {"up": 6, "down": 0, "same": 13}
    assert impact["rules"] == [{"kind": "grade", "role": "clerk", "id": "", "people": 6, "band": "none"}]
    assert impact["pay"]["changed"] == 0


@pytest.mark.parametrize("is_in_people", [True, False], ids=["people.csv follows", "people.csv has the old id"])
def test_a_renamed_role_moves_nobody(before: Path, tmp_path: Path, is_in_people: bool) -> None:
    after = changed(tmp_path, {"roles/cashier.yml": CLERK.replace("name: Clerk", "name: Cashier")})
    (after / "handbook/roles/clerk.yml").unlink()
    people = after / "scorecards/2026-09/people.csv"
    if is_in_people:
        people.write_text(people.read_text(encoding="utf-8").replace(",clerk,", ",cashier,"), encoding="utf-8")

    impact = impact_of(before, after)

    assert changes_of(before, after) == (
        Changed(
            "role",
            "cashier",
            "Cashier",
            "renamed",
            ("new id: clerk → cashier, taken for the same entry", "name: Clerk → Cashier"),
        ),
    )
    assert (impact["people"], impact["moved"], impact["rules"]) == (19, 0, [])


def test_renamed_departments_and_indicators_are_followed_too(before: Path, tmp_path: Path) -> None:
    def moved(text: str) -> str:
        return text.replace("indicator: sales", "indicator: turnover").replace("shop", "store")

    files = {name: moved(text) for name, text in HANDBOOK.items()}
    files["indicators/all.yml"] = files["indicators/all.yml"].replace("sales:", "turnover:")
    files["roles/clerk.yml"] = (
        files["roles/clerk.yml"].replace("weight: 60", "weight: 50").replace("weight: 40", "weight: 50")
    )
    after = changed(tmp_path, files)

    found = {change.id: change for change in changes_of(before, after)}

    assert found["store"].lines == ("new id: shop → store, taken for the same entry",)
    assert found["turnover"].lines == ("new id: sales → turnover, taken for the same entry",)
    assert found["clerk"].lines == ("Sales 60 → 50; Service 40 → 50",)
    assert len(found) == 3
    assert impact_of(before, after)["moved"] == 12


def test_what_cannot_be_computed_is_said_by_the_name_of_its_number(before: Path, tmp_path: Path) -> None:
    item = (
        "      - {indicator: care, weight: 20, standard: {rule: deduction, deduct: [{measure: returns, points: 1}]}}\n"
    )
    text = CLERK.replace("weight: 40", "weight: 20").replace("pay:\n", item + "pay:\n")
    care = "care: {name: Care, definition: g, unit: points, direction: higher, owner: shop, source: s}\n"
    after = changed(tmp_path, {"roles/clerk.yml": text, "indicators/all.yml": HANDBOOK["indicators/all.yml"] + care})

    lines = told(before, after)

    lost = "- People who had a total and have none under the new version: 13 people; "
    assert f"{lost}what is missing: Returned goods (13 people)." in lines
    assert "- Of 6 people with a total under both versions, 0 have another result; departments: 0." in lines
    assert "- **Care**: new" in lines
    assert "- **Clerk**: Service 40 → 20; Care 0 → 20" in lines
    assert any(line.startswith("  - standard of Care: now ") for line in lines)


def test_who_gets_a_total_only_now_is_counted(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, {"company.yml": HANDBOOK["company.yml"] + "missing: exclude\n"})
    for root in (before, after):
        file = root / "scorecards/2026-09/actuals/all.csv"
        rows = [row for row in file.read_text(encoding="utf-8").splitlines() if not ("sales" in row and row < "E07")]
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")

    lines = told(before, after)

    assert "- People who had no total and have one under the new version: 6 people." in lines
    assert "- **Acme**: where data are missing: no total → the rest is re-weighed" in lines


def test_gates_and_pay_lines_are_reasons_of_their_own(before: Path, tmp_path: Path) -> None:
    gate = "gates:\n  - {when: sales < 90, total_at_most: 70, name: Sold little}\n"
    pay = CLERK.replace("10 * total", "12 * total")
    gated = impact_of(before, changed(tmp_path / "gate", {"roles/clerk.yml": CLERK + gate}))
    paid = impact_of(before, changed(tmp_path / "pay", {"roles/clerk.yml": pay}))

    assert gated["rules"] == [{"kind": "gate", "role": "clerk", "id": "", "people": 6, "band": "none"}]
    assert [row for row in gated["bands"] if row["people"]] == [{"key": "down_10", "people": 6, "is_small": False}]
    assert paid["rules"] == [{"kind": "pay", "role": "clerk", "id": "", "people": 13, "band": "none"}]
    assert paid["pay"] == {"changed": 13, "before": "11080", "after": "13296"}


def test_pay_that_cannot_be_computed_is_no_pay_of_nothing(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, {"roles/clerk.yml": CLERK.replace("10 * total", "10 * total - returns")})
    returned = "".join(f"{who},returns,{0 if who < 'E07' else 5}\n" for who in SELLERS if who != "E13")
    numbers = after / "scorecards" / "2026-09" / "actuals" / "all.csv"

    of_all = impact_of(before, after)
    numbers.write_text(numbers.read_text(encoding="utf-8") + returned, encoding="utf-8")
    of_one = impact_of(before, after)
    lines = [html.unescape(line) for line in told(before, after)]

    assert of_all["pay_unknown"] == 13
    assert of_all["pay"] == {"changed": 0, "before": "0", "after": "0"}
    assert of_one["pay_unknown"] is None
    assert of_one["pay"] == {"changed": 6, "before": "10080", "after": "10050"}
    assert (
        "- People whose pay cannot be computed under one of the versions, for want of numbers: fewer than 5 people; "
        "the sums are without them." in lines
    )


def test_other_rounding_is_a_reason_too(before: Path, tmp_path: Path) -> None:
    third = CLERK.replace(
        "target: 100, standard: {rule: proportional}}\n      - {indicator: service",
        "target: 97, standard: {rule: proportional}}\n      - {indicator: service",
    )
    older = write(before, {"handbook/roles/clerk.yml": third})
    rounder = HANDBOOK["company.yml"].replace("score: 1", "score: 0")

    impact = impact_of(older, changed(tmp_path, {"roles/clerk.yml": third, "company.yml": rounder}))

    assert {row["kind"] for row in impact["rules"]} == {"other"}


def test_only_the_last_closed_cycles_are_scored(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, EVEN)
    for period, status in (("2026-06", "closed"), ("2026-07", "closed"), ("2026-08", "closed"), ("2026-10", "open")):
        write(after, a_cycle(period, status))

    def periods(*arguments: str) -> list[str]:
        done = diff(before, after, "--format", "json", *arguments)
        return [cycle["period"] for cycle in json.loads(done.stdout)["impact"]]

    assert periods() == ["2026-07", "2026-08", "2026-09"]
    assert periods("--cycles", "1") == ["2026-09"]
    assert periods("--cycles", "9") == ["2026-06", "2026-07", "2026-08", "2026-09"]
    assert periods("--cycles", "0") == []
    assert "No cycle is published or closed yet, so the impact cannot be tried out." in told(
        before, after, "--cycles", "0"
    )


def test_people_whose_role_is_new_are_not_compared(before: Path, tmp_path: Path) -> None:
    porter = (
        GUARD.replace("name: Guard", "name: Porter")
        .replace("weight: 100", "weight: 99")
        .replace("target: 10", "target: 8")
    )
    after = changed(
        tmp_path,
        {"roles/porter.yml": porter.replace("99", "100").replace("patrols", "service").replace("yard", "shop")},
    )
    people = after / "scorecards/2026-09/people.csv"
    people.write_text(
        people.read_text(encoding="utf-8").replace("E13,PersonE13,clerk", "E13,PersonE13,porter"), encoding="utf-8"
    )

    impact = impact_of(before, after)

    assert (impact["people"], impact["gained"]) == (18, None)


def test_a_department_with_a_scorecard_of_its_own_is_named(before: Path, tmp_path: Path) -> None:
    # All sell 80 * 6 + 100 * 7 = 1180 of 2000: 59; of 1180: 100.
    def departments(target: int) -> str:
        items = f"[{{indicator: sold, weight: 100, target: {target}, standard: {{rule: proportional}}}}]"
        card = f"scorecard: [{{section: All, items: {items}}}]"
        return f"- {{id: shop, name: Shop, {card}}}\n- {{id: yard, name: Yard}}\n"

    sold = "sold: {name: Sold, definition: h, unit: k, direction: higher, formula: department.sales, owner: shop}\n"
    indicators = HANDBOOK["indicators/all.yml"] + sold
    write(before, {"handbook/departments.yml": departments(2000), "handbook/indicators/all.yml": indicators})
    after = changed(tmp_path, {"departments.yml": departments(1180), "indicators/all.yml": indicators})

    assert impact_of(before, after)["units"] == [
        {"id": "shop", "band": "up_10", "grade_before": "D", "grade_after": "A"}
    ]
    assert "- The result of Shop itself: 10 points or more up, grade D → A." in told(before, after)


def test_the_comment_about_the_sample_company_agrees_with_both_scorings(tmp_path: Path) -> None:
    """One weight of the web shop's manager moves to another item: who moves is he, and nobody reads it."""
    for side in ("before", "after"):
        for folder in ("handbook", "scorecards"):
            shutil.copytree(ROOT / folder, tmp_path / side / folder)
        never_sealed(tmp_path / side / "scorecards")
    file = tmp_path / "after/handbook/roles/ecommerce-manager.yml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("weight: 25, target: 100", "weight: 30, target: 100")
    file.write_text(text.replace("weight: 15, target: 3,", "weight: 10, target: 3,"), encoding="utf-8")
    table = tmp_path / "people.csv"

    done = diff(tmp_path / "before", tmp_path / "after", "--people", str(table))

    rows = [row.split(",") for row in table.read_text(encoding="utf-8-sig").splitlines()[1:]]
    older, newer = (totals(tmp_path / side) for side in ("before", "after"))
    told_now = {(row[0], row[1]): (row[5], row[6]) for row in rows if row[-1] == "would_have_been"}
    assert told_now == {key: (older[key], newer[key]) for key in told_now}
    assert len({row[1] for row in rows if row[12]}) == 1
    assert "**电子商务经理**：部门销售额完成率 25 → 30; 部门订单转换率 15 → 10" in done.stdout
    assert "结果有变化的少于 5 人" in done.stdout
    assert not [row[1] for row in rows if row[1] in done.output or row[2] in done.output]


def totals(root: Path) -> dict[tuple[str, str], str]:
    """The total of everybody in the closed cycles, as `kpibook score` writes it."""
    found: dict[tuple[str, str], str] = {}
    for period in ("2026-08", "2026-09"):
        folders = ["--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards")]
        CliRunner().invoke(main, [*folders, "score", period, "--out", str(root / "out")])
        lines = (root / "out/totals.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        found.update({(period, line.split(",")[1]): line.split(",")[5] for line in lines})
    return found


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


# Sentences


def sentences(before: Path, after: Path) -> dict[str, tuple[str, ...]]:
    return {f"{change.kind} {change.id} {change.state}".strip(): change.lines for change in changes_of(before, after)}


def test_every_part_of_a_role_has_its_sentence(before: Path, tmp_path: Path) -> None:
    text = (
        CLERK.replace("purpose: sells", "purpose: sells well")
        .replace("status: approved", "status: draft")
        .replace("reports_to: boss\n", "")
        .replace("friendly, share: 60", "fast, share: 70")
        .replace("{name: Counting, share: 40}", "{name: Packing, share: 30, requirement: neat}")
        .replace(
            "target: 100, standard: {rule: proportional}}\n      - {indicator: service",
            "target: 90, standard: {rule: proportional}, note: new}\n      - {indicator: service",
        )
        .replace("10 * total", "total / 2")
    )
    more = (
        "authority: [hires]\nqualifications: {skills: [counting]}\n"
        "extras:\n  - {indicator: patrols, target: 10, max: 5, standard: {rule: excess, per: 1, points: 1}}\n"
        "gates:\n  - {when: incidents > 0, grade_at_most: C}\n"
    )

    found = sentences(before, changed(tmp_path, {"roles/clerk.yml": text + more}))

    assert found["role clerk changed"] == (
        "purpose: sells → sells well",
        "status: approved → draft",
        "authority: now hires",
        "skills asked for: now counting",
        "share of time of the duty Selling: 60% → 70%",
        "requirement of the duty Selling: friendly → fast",
        "duty: now Packing",
        "share of time of the duty Packing: now 30%",
        "target of Sales: 100 k → 90 k",
        "note of Sales: now new",
        "standard of the extra Patrols: now 1 points for each 1 times above the target of 10 times"
        " (less than 1 times does not count). At most 5 points.",
        "target of the extra Patrols: now 10 times",
        "gate: now at most C where Incidents > 0",
        "formula of Bonus: 10 × total → total ÷ 2",
        "reports to: no longer (was Boss)",
        "duty: no longer (was Counting)",
    )


def test_no_key_of_an_entry_is_overlooked(before: Path, tmp_path: Path) -> None:
    """Keys that have no words of their own are told under their own names."""
    company = HANDBOOK["company.yml"] + "columns: {base_salary: Salary}\nmissing_rater: block\n"
    compares = HANDBOOK["indicators/all.yml"].replace(
        "patrols: {", "patrols: {compares: [{when: patrols > 12, says: suspicious}], "
    )
    pool = CLERK.replace("formula: 10 * total", "formula: 10 * total, when: total > 50, note: n")
    plain = "target: 100, standard: {rule: proportional}}\npay"
    exempt = pool.replace(plain, plain.replace("100,", "100, exempt: {when: returns > 3},"))

    found = sentences(
        before, changed(tmp_path, {"company.yml": company, "indicators/all.yml": compares, "roles/clerk.yml": exempt})
    )

    assert found == {
        "company  changed": (
            "where a rater is missing: the others are re-weighed → wait for all",
            "names of columns: now base_salary Salary",
        ),
        "indicator patrols changed": ("comparisons: now when Patrols > 12, says suspicious",),
        "role clerk changed": (
            "when Service does not apply: now when Returned goods > 3, then all points",
            "condition of Bonus: now total > 50",
            "note of Bonus: now n",
        ),
    }


def test_entries_that_come_and_go_are_told(before: Path, tmp_path: Path) -> None:
    items = "scorecard:\n  - section: W\n    items:\n      - {indicator: patrols, target: 3}\n"
    porter = f"name: Porter\ndepartment: yard\n{items}"
    after = changed(
        tmp_path,
        {
            "roles/porter.yml": porter,
            "measures.yml": "incidents: {name: Incidents, unit: times, owner: shop, source: log}\n",
            "grades.yml": "- {id: S, name: Super, from: 95}\n" + HANDBOOK["grades.yml"],
        },
    )
    (after / "handbook/roles/guard.yml").unlink()

    found = sentences(before, after)

    assert found["grade S added"] == ("mark: 95",)
    assert found["measure incidents changed"] == ("owner: Yard → Shop",)
    assert found["measure returns removed"] == ()
    assert found["role porter added"] == ()
    assert found["role guard removed"] == ()


def test_a_reviewer_hears_of_waivers(before: Path, tmp_path: Path) -> None:
    def waiver(code: str, until: str) -> str:
        return f"- {{code: {code}, where: roles/clerk, reason: two to begin with, until: {until}, by: Ms Board}}\n"

    few, many = waiver("lint-few-items", "2026-12-31"), waiver("lint-many-items", "2026-12-31")
    write(before, {"handbook/waivers.yml": few + many})
    later, new = waiver("lint-few-items", "2027-06-30"), waiver("lint-no-owner", "2026-12-31")

    after = changed(tmp_path, {"waivers.yml": later + new})

    assert sentences(before, after) == {
        "waiver lint-few-items roles/clerk changed": ("until: 2026-12-31 → 2027-06-30",),
        "waiver lint-no-owner roles/clerk added": ("reason: two to begin with", "until: 2026-12-31"),
        "waiver lint-many-items roles/clerk removed": (),
    }
    assert "- **lint-no-owner roles/clerk**: new" in told(before, after)


def test_a_new_role_is_told_with_its_weights(before: Path, tmp_path: Path) -> None:
    found = sentences(before, changed(tmp_path, {"roles/helper.yml": CLERK.replace("name: Clerk", "name: Helper")}))

    assert found["role helper added"] == ("scorecard: Sales 60; Service 40",)


def test_an_indicator_and_the_company_have_theirs(before: Path, tmp_path: Path) -> None:
    rated = HANDBOOK["indicators/all.yml"].replace(
        "sales: {name: Sales, definition: d, unit: k, direction: higher, owner: shop, source: s}",
        "sales: {name: Sales, definition: d, unit: k, direction: lower, owner: shop, formula: 100 - returns}",
    )
    company = (
        "name: Acme Ltd\nlanguage: en\nrounding: {score: 2, money: 2}\nrank: {within: company}\n"
        "raters: {manager: 0.5, peer: 0.5}\n"
    )

    found = sentences(before, changed(tmp_path, {"indicators/all.yml": rated, "company.yml": company}))

    [standard] = found.pop("role clerk changed")
    assert standard.startswith("standard of Sales: 60 points when the target of 100 k is reached; below it")
    assert found == {
        "indicator sales changed": (
            "formula: now 100 - Returned goods",
            "direction: higher is better → lower is better",
            "source: no longer (was s)",
        ),
        "company  changed": (
            "name: Acme → Acme Ltd",
            "decimals of points: 1 → 2",
            "weights of raters: manager 1 → manager 0.5, peers 0.5",
            "ranked within: the same role → the whole company",
        ),
    }


def test_without_changes_there_is_nothing_to_tell(before: Path, tmp_path: Path) -> None:
    after = a_company(tmp_path / "after")

    lines = told(before, after)

    assert "The catalog has not changed." in lines
    assert "- Of 19 people with a total under both versions, 0 have another result; departments: 0." in lines


def test_long_texts_are_cut_to_where_they_differ() -> None:
    start, end = "a" * 100, "b" * 100

    one, other = excerpts(f"{start} old {end}", f"{start} new {end}")

    assert one == f"…{'a' * 11} old {'b' * 11}…"
    assert other == f"…{'a' * 11} new {'b' * 11}…"
    assert excerpts("short", "text") == ("short", "text")
    assert len(excerpt("x" * 500)) == 120
    assert len(excerpts("x" * 500, "y" * 500)[0]) == 180


def test_measures_of_little_content_are_not_taken_for_each_other(before: Path, tmp_path: Path) -> None:
    text = HANDBOOK["measures.yml"].replace("returns: {name: Returned goods", "breaks: {name: Broken goods")
    after = changed(tmp_path, {"measures.yml": text})

    found = sentences(before, after)

    assert found == {"measure breaks added": ("unit: pcs", "owner: Shop"), "measure returns removed": ()}


# Revisions, folders, faults


def test_revisions_and_folders_say_the_same(before: Path, tmp_path: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})
    second = repository.commit("second", day="2026-09-02")
    after = changed(tmp_path, EVEN)
    older = a_company(tmp_path / "older")

    by_revision = diff("HEAD~1", before, "HEAD").stdout.splitlines()
    by_files = diff("HEAD~1", before).stdout.splitlines()
    by_folder = diff(older, after).stdout.splitlines()

    assert by_revision[3:] == by_files[3:] == by_folder[3:]
    assert second[:12] in by_revision[2]
    assert repository.git("status", "--short") == ""


def test_the_same_input_gives_the_same_bytes(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, EVEN)
    elsewhere = shutil.copytree(after, tmp_path / "elsewhere" / "after")

    first, second, third = diff(before, after), diff(before, after), diff(before, elsewhere)

    assert first.stdout_bytes == second.stdout_bytes == third.stdout_bytes


def test_people_at_a_terminal_read_it_without_the_signs_that_guard_markdown(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, {"roles/clerk.yml": CLERK.replace("purpose: sells", "purpose: sells *a_b* <i>")})

    piped, text = diff(before, after), diff(before, after, "--format", "text")
    seen = at_a_terminal(before, after)

    assert "purpose: sells → sells &#42;a&#95;b&#42; &#60;i&#62;" in piped.stdout
    assert "purpose: sells → sells *a_b* <i>" in text.stdout
    assert seen == text.stdout
    assert at_a_terminal(before, after, "--format", "markdown") == piped.stdout


def at_a_terminal(before: Path, after: Path, *arguments: str) -> str:
    """What a terminal shows of the command."""
    leader, follower = pty.openpty()
    folders = ["--handbook", str(after / "handbook"), "--scorecards", str(after / "scorecards")]
    command = [sys.executable, "-m", "kpibook", *folders, "diff", str(before), *arguments]
    shown = bytearray()
    with os.fdopen(leader, "rb", buffering=0) as screen:
        with subprocess.Popen(command, stdout=follower) as process:
            os.close(follower)
            with contextlib.suppress(OSError):
                while part := screen.read(4096):
                    shown += part
        assert process.returncode == 0
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_a_handbook_alone_goes_with_the_scorecards_at_hand(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, EVEN)

    alone, whole = told(before / "handbook", after), told(before, after)
    assert SAME_DATA in alone
    assert [line for line in alone[2:] if line != SAME_DATA] == whole[2:]


def test_scorecards_that_git_does_not_keep_are_taken_from_the_files(before: Path) -> None:
    repository = Repository(before)
    repository.write(".gitignore", "scorecards/\n")
    repository.commit("first")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})
    repository.commit("second", day="2026-09-02")

    assert "12 have another result" in diff("HEAD~1", before, "HEAD").stdout


def test_a_faulty_head_is_told_and_nothing_else(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, {"roles/clerk.yml": CLERK.replace("weight: 60", "weight: 50")})

    done = diff(before, after)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "[weights-total]" in done.stderr


def test_worked_examples_can_be_mended_after_the_impact_was_seen(before: Path, tmp_path: Path) -> None:
    """Each of them states points of the old weight; the check stops the change, and its effect can be read."""
    example = "standard: {rule: proportional, examples: [{actual: 50, points: 30}]}"
    exemplary = CLERK.replace("standard: {rule: proportional}", example, 1)
    write(before, {"handbook/roles/clerk.yml": exemplary})
    evened = exemplary.replace("weight: 60", "weight: 50").replace("weight: 40", "weight: 50")
    after = changed(tmp_path, {"roles/clerk.yml": evened})

    onward, back = diff(before, after), diff(after, before)

    assert [done.exit_code for done in (onward, back)] == [0, 0]
    assert "[example-wrong]" in onward.stderr
    assert all("12 have another result" in done.stdout for done in (onward, back))


def test_weights_of_sections_can_be_mended_after_the_impact_was_seen(before: Path, tmp_path: Path) -> None:
    weighed = CLERK.replace("section: Work", "section: Work\n    weight: 60")

    done = diff(
        before,
        changed(
            tmp_path,
            {"roles/clerk.yml": weighed.replace("weight: 60, t", "weight: 70, t").replace("weight: 40", "weight: 30")},
        ),
    )

    assert done.exit_code == 0
    assert "[section-weight]" in done.stderr
    assert "12 have another result" in done.stdout


def test_a_faulty_base_leaves_the_changes(before: Path, tmp_path: Path) -> None:
    write(before, {"handbook/roles/clerk.yml": CLERK.replace("weight: 60", "weight: 50")})

    lines = told(before, changed(tmp_path, EVEN))

    assert "- **Clerk**: Service 40 → 50" in lines
    assert any("has errors and cannot be scored" in line for line in lines)


def test_a_revision_that_is_not_there_is_wrong_usage(before: Path, tmp_path: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    repository.commit("second")
    repository.git("clone", "--quiet", "--depth=1", before.as_uri(), str(tmp_path / "cut"))

    unknown = diff("v9", before)
    beyond = diff("HEAD~1", tmp_path / "cut")
    option = diff("--", before, "--output=x")

    assert [done.exit_code for done in (unknown, beyond, option)] == [2, 2, 2]
    assert unknown.stderr == "error: there is no folder and no revision v9 (Needed a single revision)\n"
    assert "this clone was cut off and does not know HEAD~1: run git fetch --unshallow" in beyond.stderr


def test_a_base_that_is_nothing_is_wrong_usage(before: Path, tmp_path: Path) -> None:
    """A variable that a CI left empty, a folder that is something else: else all would be new, or nothing changed."""
    (tmp_path / "letters").mkdir()

    empty, other = diff("", before), diff(tmp_path / "letters", before)

    assert [done.exit_code for done in (empty, other)] == [2, 2]
    assert "the version to compare with is empty" in empty.stderr
    assert "there is no handbook in" in other.stderr


def test_a_folder_without_git_has_no_revisions(before: Path) -> None:
    done = diff("HEAD", before)

    assert done.exit_code == 2
    assert f"{before / 'handbook'} is in no repository of git (not a git repository" in done.stderr
    assert "HEAD means nothing there: name a folder instead" in done.stderr


def test_a_machine_without_git_has_no_revisions(before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Repository(before).commit("first")
    monkeypatch.setenv("PATH", "")

    done = diff("HEAD", before)

    assert done.exit_code == 2
    assert "git cannot be run ([Errno 2] No such file or directory: 'git')" in done.stderr


def test_changes_that_are_not_committed_count(before: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})

    lines = told("HEAD", before)

    assert "- **Clerk**: Sales 60 → 50; Service 40 → 50" in lines


def test_a_branch_that_lies_behind_is_told_so(before: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    repository.git("switch", "--quiet", "--create", "change")
    repository.git("switch", "--quiet", "main")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})
    repository.commit("on main")
    level = diff("main", before)
    repository.git("switch", "--quiet", "change")

    behind = diff("main", before)

    assert level.stderr == ""
    assert behind.exit_code == 0
    assert behind.stderr.startswith(
        "note: main has changes of the handbook that are not in here (1 commits); they read as taken back."
    )


def test_a_long_hash_is_cut_in_the_comment(before: Path) -> None:
    commit = Repository(before).commit("first")

    assert f"Compared with {commit[:12]}, " in diff(commit, before).stdout


def test_a_handbook_that_a_revision_lacks_is_wrong_usage(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "company")
    repository.write("README.md", "x\n")
    repository.commit("first")
    a_company(repository.folder)

    done = diff("HEAD", repository.folder)

    assert done.exit_code == 2
    assert "there is no" in done.stderr


def test_a_handbook_that_is_not_there_is_wrong_usage(before: Path) -> None:
    shutil.rmtree(before / "handbook")

    assert diff("HEAD", before).exit_code == 2


def test_chinese_companies_read_it_in_chinese(before: Path, tmp_path: Path) -> None:
    chinese = {"company.yml": HANDBOOK["company.yml"].replace("language: en", "language: zh")}
    write(before, {f"handbook/{name}": text for name, text in chinese.items()})

    lines = told(before, changed(tmp_path, {**EVEN, **chinese}))

    assert "- **Clerk**：Sales 60 → 50; Service 40 → 50" in lines
    assert "- 19 人在两个版本下都有总分，其中 12 人的结果有变化，涉及 1 个部门。" in lines
    assert "- 等级上升：6 人；下降：6 人。" in lines


def test_chinese_companies_read_of_few_and_of_what_is_missing_in_chinese(before: Path, tmp_path: Path) -> None:
    chinese = HANDBOOK["company.yml"].replace("language: en", "language: zh")
    write(before, {"handbook/company.yml": chinese})
    item = "      - {indicator: returns, weight: 20, target: 1, standard: {rule: proportional}}\n"
    returns = "returns: {name: Returns, definition: g, unit: pcs, direction: higher, owner: shop, source: s}\n"
    files = {
        "company.yml": chinese,
        "measures.yml": HANDBOOK["measures.yml"].partition("returns")[0],
        "indicators/all.yml": HANDBOOK["indicators/all.yml"] + returns,
        "roles/clerk.yml": CLERK.replace("weight: 40", "weight: 20").replace("pay:\n", item + "pay:\n"),
    }
    after = changed(tmp_path, files)
    people = after / "scorecards/2026-09/people.csv"
    people.write_text("".join(people.read_text("utf-8").splitlines(keepends=True)[:-4]), encoding="utf-8")

    lines = told(before, after)

    assert "- 13 人原来有总分，改后算不出来，缺：Returns（13 人）。" in lines
    assert "- 少于 5 人在两个版本下都有总分，其中 0 人的结果有变化，涉及 0 个部门。" in lines
