"""Every fault of a catalog, one folder each: the whole output in both languages."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from companies import TESTS, a_company, change
from kpibook.base.problems import Problem, in_order
from kpibook.base.words import LOCALE, words
from kpibook.base.working_days import WorkingDays
from kpibook.checking.checks import check_catalog, check_cycle, check_cycles
from kpibook.checking.checks.comments import check_comments
from kpibook.checking.checks.quotas import check_quotas
from kpibook.checking.checks.recorded_cycle import RecordedCycle
from kpibook.checking.checks.records import check_records
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle
from kpibook.reading.cycle.records import load_records
from kpibook.records.published import PublishedResults, PublishedRevision
from kpibook.records.result_states import Windows
from kpibook.scoring import score
from making import catalog, indicator, item, measure, role

FOLDERS = sorted(path for path in (TESTS / "problems").iterdir() if path.is_dir())

TESTED_ELSEWHERE = {
    # Faults of a folder or of a file's kind, which no folder of ordinary files can hold.
    *("no-handbook", "missing-file", "unreadable-file", "not-a-file", "link-outside"),
    # Faults of size.
    *("yaml-too-large", "too-many-values"),
    # What takes several cycles.
    "series-unclear",
    *("cascade-periods", "target-of-shorter", "marks-of-shorter", "gate-of-shorter"),
    *("rate-added-up", "rate-without-accumulate"),
    # What compares a cycle with the one before it, or all people of it.
    *("value-hundredfold", "same-for-everybody", "department-sum-differs"),
    *("number-jumped", "number-zero", "number-repeated", "number-others"),
    # What no schema of today says.
    "wrong-value",
}


PUBLISHED = PublishedResults(
    (
        PublishedRevision(
            1, datetime.date(2026, 11, 10), "", {"E01": "e1000001", "E02": "e2000001", "E03": "e3000001"}
        ),
        PublishedRevision(
            2, datetime.date(2026, 11, 20), "AP1", {"E01": "e1000001", "E02": "e2000002", "E03": "e3000001"}
        ),
    ),
    frozenset(("E01", "E02", "E03")),
)
"""What was published of the tiny company's October, as far as folders with records need it."""

WINDOWS = Windows(confirm_by=None, confirm_days=3, file_days=7, decide_days=10, days=WorkingDays())


def problems_of(
    root: Path, *, with_cycle: bool = False, published: PublishedResults | None = PUBLISHED
) -> tuple[Problem, ...]:
    catalog, problems = load_catalog(root / "handbook")
    found = [*problems, *check_catalog(catalog)]
    if with_cycle:
        cycle, _ = load_cycle(root / "scorecards" / "2026-10", catalog)
        found += (*check_cycle(catalog, cycle), *check_cycles(catalog, [cycle]))
        results = score(catalog, cycle, {})
        found += (*check_quotas(catalog, results), *check_comments(catalog, results))
        records, told = load_records(root / "scorecards" / "2026-10", cycle, catalog)
        recorded = RecordedCycle(cycle, records, published, WINDOWS, datetime.date(2027, 1, 1))
        found += (*told, *check_records(catalog, recorded))
    return in_order(found)


def told(problems: tuple[Problem, ...], language: str) -> str:
    say = words(language)
    return "".join(f"{problem.text(say)}\n" for problem in problems)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_fault_is_told_exactly_so(folder: Path, tmp_path: Path) -> None:
    root = a_company(tmp_path, folder)

    published = None if folder.name == "record-unpublished" else PUBLISHED

    problems = problems_of(root, with_cycle=(folder / "scorecards").is_dir(), published=published)

    assert folder.name in {problem.code for problem in problems}
    for language in ("en", "zh"):
        expected = folder / f"expected.{language}.txt"
        assert told(problems, language) == expected.read_text(encoding="utf-8")


def test_every_code_has_a_folder() -> None:
    codes = set()
    for name in ("yamlfile", "catalog", "checks", "quotas"):
        [path] = (LOCALE / "en").rglob(f"{name}.yml")
        locale = yaml.safe_load(path.read_text(encoding="utf-8"))
        codes |= set(locale["problems"])

    assert codes == {folder.name for folder in FOLDERS} | TESTED_ELSEWHERE


def test_the_tiny_company_has_no_fault(tmp_path: Path) -> None:
    root = a_company(tmp_path)

    assert problems_of(root, with_cycle=True) == ()


def test_three_faults_in_three_files_are_told_in_one_run(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/barista.yml", "weight: 60", "weight: 65")
    change(root / "handbook/roles/shop-manager.yml", "purpose:", "purpos:")
    change(root / "handbook/measures.yml", "owner: shop,", "owner: shopp,")

    problems = problems_of(root)

    assert [(str(problem.place), problem.code) for problem in problems] == [
        ("handbook/measures.yml:4:42", "dangling-reference"),
        ("handbook/roles/barista.yml:10:3", "weights-total"),
        ("handbook/roles/shop-manager.yml:3:1", "unknown-key"),
    ]


def test_three_faults_in_one_file_are_told_in_one_run(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    barista = root / "handbook/roles/barista.yml"
    change(barista, "weight: 60", "wieght: 65")
    change(barista, "reports_to: shop-manager", "reports_to: manager")

    problems = problems_of(root)

    assert [(problem.place.line, problem.code) for problem in problems] == [
        (3, "dangling-reference"),
        (10, "weights-total"),
        (13, "unknown-key"),
    ]


def test_a_faulty_item_does_not_make_the_weights_look_wrong(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/barista.yml", "weight: 40", "weight: forty")

    problems = problems_of(root)

    assert [problem.code for problem in problems] == ["not-a-number"]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("measures.yml", "name: 到店人数, unit: 人,", "name: 到店人数,", "missing-key"),
        ("roles/shop-manager.yml", "department: shop", "department: [shop]", "not-a-text"),
        ("departments.yml", "id: shop,", "id: Shop!,", "bad-kebab-id"),
        ("grades.yml", "from: 60", "from: sixty", "not-a-number"),
        ("indicators/sales.yml", "formula: sales\n", "formula: sales +\n", "formula-ends-early"),
        ("departments.yml", "- {id: support,", "- {id: [support],", "not-a-text"),
    ],
)
def test_a_reference_to_a_faulty_entry_is_not_told_as_well(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    root = a_company(tmp_path)
    change(root / "handbook" / file, old, new)

    problems = problems_of(root)

    assert [problem.code for problem in problems if problem.code != "dangling-reference"] == [expected]


def test_references_into_the_unread_rest_of_a_file_are_not_told(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/measures.yml", "visitors: {", "visitors: 到店: {")

    problems = problems_of(root)

    assert [str(problem.place) + " " + problem.code for problem in problems] == [
        "handbook/measures.yml:2:13 colon-in-text",
    ]


def test_ratios_by_difference_may_have_a_target_of_zero(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/shop-manager.yml", "target: 50000", "target: 0")
    change(
        root / "handbook/roles/shop-manager.yml",
        "{rule: proportional, cap: 120}",
        "{rule: proportional, by: difference}",
    )

    problems = problems_of(root)

    assert problems == ()


def test_bands_may_begin_at_the_indicator_s_minimum_and_end_at_its_maximum(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/indicators/sales.yml", '  unit: "%"\n', '  unit: "%"\n  minimum: 10\n  maximum: 100\n')
    change(
        root / "handbook/roles/shop-manager.yml",
        "{rule: shortfall, per: 1, points: 3}",
        "{rule: bands, bands: [{from: 50, upto: 100, points: 30}, {from: 10, upto: 50, points: 5}]}",
    )

    problems = problems_of(root)

    assert problems == ()


def test_a_lower_indicator_suits_a_falling_line(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(
        root / "handbook/roles/shop-manager.yml",
        "{rule: deduction, deduct: [{measure: complaints, points: 10}]}",
        "{rule: linear, zero: 5, full: 0}",
    )

    problems = problems_of(root)

    assert problems == ()


def test_a_formula_may_build_on_the_past_of_its_own_indicator(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/indicators/sales.yml", "formula: sales\n", "formula: sales - previous.sales_volume\n")

    problems = problems_of(root)

    assert problems == ()


def test_thirty_roles_and_a_hundred_indicators_have_no_problems(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    names = [f"indicator_{number}" for number in range(100)]
    entries = (f"{n}: {{name: {n}, unit: 元, direction: higher, formula: sales / 2}}\n" for n in names)
    (root / "handbook/indicators/many.yml").write_text("".join(entries), encoding="utf-8")
    for number in range(30):
        picked = [names[(number * 8 + i) % 100] for i in range(8)]
        items = "".join(
            f"      - {{indicator: {name}, weight: 12.5, target: 9, standard: {{rule: proportional}}}}\n"
            for name in picked
        )
        role = f"name: r\ndepartment: shop\nduties: [{{name: d}}]\nscorecard:\n  - section: s\n    items:\n{items}"
        (root / f"handbook/roles/role-{number}.yml").write_text(role, encoding="utf-8")

    problems = problems_of(root)

    assert problems == ()


def test_an_item_of_weight_0_is_on_trial_and_may_keep_the_rule_of_later() -> None:
    bands = {
        "rule": "bands",
        "bands": [{"from": 90, "points": 10}, {"points": 0}],
        "examples": [{"actual": 95, "points": 10}],
    }
    made = catalog(
        [role("clerk", [item("x", 100, {"rule": "rating"}), item("y", 0, bands)])], [indicator("x"), indicator("y")]
    )

    assert not [problem for problem in check_catalog(made) if problem.code.startswith(("weight", "points", "example"))]


def test_a_scorecard_may_be_on_trial_as_a_whole() -> None:
    made = catalog([role("clerk", [item("x", 0, {"rule": "rating"}), item("y", 0, {"rule": "rating"})])])

    assert not [problem for problem in check_catalog(made) if problem.code.startswith("weight")]


def test_pay_points_and_conditions_of_grades_are_in_one_unit_too() -> None:
    points = item("x", 100, {"rule": "formula", "points": "min(visitors, sales)"})
    pay = [{"name": "bonus", "formula": "sales + visitors * 2 + visitors", "when": "sales > total"}]
    measures = [measure("sales", unit="元"), measure("visitors", unit="人")]
    made = catalog([role("clerk", [points], pay=pay)], [indicator("x")], measures)
    best = made.grades[0].build(id="A", name="A", from_=90, when="sales > visitors")
    made = replace(made, grades=(best, *made.grades[1:]))

    told = [problem for problem in check_catalog(made) if problem.code == "units-differ"]

    assert {(problem.values["owner"], problem.values["name"]) for problem in told} == {
        ("clerk", "visitors"),
        ("clerk", "sales"),
        ("A", "visitors"),
    }
