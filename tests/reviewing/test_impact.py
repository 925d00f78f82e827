"""What a change does to closed cycles, in counts made by hand."""

import html
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from companies import never_sealed
from compared import CLERK, EVEN, GUARD, HANDBOOK, SELLERS, a_cycle, changed, changes_of, diff, impact_of, told, write
from kpibook.cli import main
from kpibook.reviewing.differences.changes import Changed

ROOT = Path(__file__).parents[2]
UNSEALED = (
    "Some cycles are marked as over and were never sealed: the handbook still decides them, as told below. "
    "Seal them by: kpibook upgrade"
)
NOTHING = "Nothing: no open cycle takes this over, and no data of a cycle differ."


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
        "**September 2026 (2026-09)**",
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
