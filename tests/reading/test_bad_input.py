"""Everything that a company can get wrong in rules and cycles is a problem at its place, with what to do about it."""

import shutil
from pathlib import Path

import pytest

from kpibook.base.problems import Problem
from kpibook.base.words import LANGUAGES, words
from kpibook.checking.checks import check_catalog, check_cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

COMPANY = Path(__file__).parents[1] / "company"
BARISTA = "handbook/roles/barista.yml"
MANAGER = "handbook/roles/shop-manager.yml"
SALES = "handbook/indicators/sales.yml"
RATINGS = "scorecards/2026-10/ratings.csv"
TARGETS = "scorecards/2026-10/targets.csv"
PEOPLE = "scorecards/2026-10/people.csv"
FORMULA = "formula: buyers / visitors * 100"
DEDUCT = "[{measure: complaints, points: 10}]"
RATED = "E02,attitude,manager,E01,40,"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    return tmp_path


def problems_of(root: Path) -> list[Problem]:
    catalog, problems = load_catalog(root / "handbook")
    cycle, of_cycle = load_cycle(root / "scorecards" / "2026-10", catalog)
    return [*problems, *check_catalog(catalog), *of_cycle, *check_cycle(catalog, cycle)]


BANDS = [
    pytest.param("from: 100, points: 60", "from: 110, points: 60", "band-gap", id="gap"),
    pytest.param("from: 100, points: 60", "from: 75, upto: 120, points: 60", "bands-overlap", id="overlap"),
    pytest.param("from: 100, points: 60", "from: 70, points: 60", "band-unreached", id="never reached"),
    pytest.param(
        "from: 100, points: 60", "from: 100, points: 30", "bands-falling", id="fewer points for better values"
    ),
    pytest.param("from: 100, points: 60", "from: 100, upto: 90, points: 60", "band-empty", id="empty"),
]


@pytest.mark.parametrize(("old", "new", "code"), BANDS)
def test_bands(company: Path, old: str, new: str, code: str) -> None:
    if code in ("band-gap", "bands-overlap"):
        change(company, BARISTA, "- {points: 0, label: 未达标}", "- {upto: 79, points: 0}")
        change(company, BARISTA, "- {from: 80, points: 40, label: 接近}", "- {from: 80, upto: 100, points: 40}")

    change(company, BARISTA, old, new)

    told(company, BARISTA, code)


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (MANAGER, DEDUCT, "[{measure: complaints, steps: {1: 1, 3: 5, 2: 3}}]", "steps-order"),
        (
            MANAGER,
            DEDUCT,
            "[{measure: complaints, steps: [{from: 2, points: 3}, {from: 1, points: 1}]}]",
            "steps-order",
        ),
        (MANAGER, DEDUCT, "[{measure: complaints, steps: {1: 1, 2: 3, 2: 4}}]", "duplicate-key"),
        (MANAGER, DEDUCT, "[{measure: complaints, steps: {0: 1, 2: 3}}]", "not-positive"),
        (MANAGER, "when: complaints >= 5", "when: accidents >= 5", "dangling-reference"),
        (MANAGER, "when: complaints >= 5", "when: total >= 5", "dangling-reference"),
        (MANAGER, "when: complaints >= 5", "when: team.complaints >= 5", "formula-unknown-scope"),
        (MANAGER, "when: complaints >= 5", "when: complaints = 5", "formula-character"),
        (MANAGER, "when: complaints >= 5", "when: complaints ≥ 5", "formula-character"),
        (MANAGER, "when: complaints >= 5", "when: 1 < complaints < 5", "formula-unexpected"),
        (MANAGER, "grade_at_most: C", "grade_at_most: D", "dangling-reference"),
        (SALES, "formula: sales\n", "formula: department.sales_volume\n", "circular-reference"),
        (SALES, "formula: sales\n", "formula: year_to_date.sales_volume + sales\n", "circular-reference"),
        (SALES, FORMULA, "formula: previous.department.buyers", "formula-unknown-scope"),
        (SALES, FORMULA, "formula: buyers.bit_length()", "formula-unknown-function"),
        (SALES, FORMULA, "formula: buyers if visitors else 0", "formula-unexpected"),
        (SALES, FORMULA, "formula: buyers * １００", "formula-character"),
        (SALES, FORMULA, "formula: （buyers + 1）", "formula-character"),
        (SALES, FORMULA, "formula: max(buyers，1)", "formula-character"),
        (SALES, FORMULA, "formula: 成交人数 / 到店人数", "formula-character"),
        (SALES, FORMULA, "formula: buyers / visitors * 100%", "formula-character"),
        (SALES, FORMULA, "formula: buyers * 1e3", "formula-unexpected"),
        (SALES, FORMULA, 'formula: ""', "formula-ends-early"),
        (SALES, FORMULA, f'formula: "{"-" * 10_000}1"', "formula-too-long"),
        (SALES, FORMULA, "formula: buyers / (2 - 2)", "formula-zero-divisor"),
        (SALES, "formula: sales\n", "formula: sales_volume * 2\n", "circular-reference"),
        (SALES, FORMULA, "formula: buyers / visitorz", "dangling-reference"),
        (SALES, FORMULA, "formula: lambda buyers", "formula-unexpected"),
        (SALES, FORMULA, "formula: buyers and visitors", "formula-unexpected"),
        (SALES, FORMULA, "formula: buyers ** visitors", "formula-unexpected"),
        (SALES, FORMULA, "formula: buyers ^ 2", "formula-character"),
        (SALES, FORMULA, "formula: buyers.__class__", "formula-unknown-scope"),
        (SALES, FORMULA, "formula: buyers[0]", "formula-character"),
        (SALES, FORMULA, "formula: \"'buyers'\"", "formula-character"),
        (SALES, FORMULA, "formula: __import__(os)", "formula-unknown-function"),
        (SALES, FORMULA, "formula: ｂｕｙｅｒｓ / visitors", "formula-character"),
        (SALES, FORMULA, "formula: buyers × visitors", "formula-character"),
        (SALES, FORMULA, f'formula: "{"(" * 10_000}buyers{")" * 10_000}"', "formula-too-long"),
        (SALES, FORMULA, f'formula: "{"(" * 40}buyers{")" * 40}"', "formula-too-deep"),
        ("handbook/company.yml", "raters: {manager: 1}", "raters: {manager: 0.7, peer: 0.2}", "raters-total"),
        ("handbook/company.yml", "raters: {manager: 1}", "raters: {manager: 70, peer: 30}", "raters-total"),
        ("handbook/company.yml", "raters: {manager: 1}", "raters: {manager: 0, self: 0}", "raters-total"),
        ("handbook/company.yml", "raters: {manager: 1}", "raters: {boss: 1}", "unknown-value"),
        ("handbook/company.yml", "currency: CNY", "owner: nobody", "dangling-reference"),
        ("handbook/grades.yml", "from: 60", "from: 90", "grade-order"),
        ("handbook/grades.yml", "from: 0, factor: 0", "from: 10, factor: 0", "grade-bottom"),
        ("handbook/grades.yml", "id: B", "id: A", "duplicate-id"),
        ("handbook/grades.yml", "from: 60", "from: 95", "grade-order"),
        ("handbook/grades.yml", "from: 60", "from: 60, when: total > 1, roles: [barrista]", "dangling-reference"),
        (
            "handbook/company.yml",
            "raters: {manager: 1}",
            "raters: {manager: 1}\nstreaks: [{name: 冠军, when: rank == 1, cycles: 3, roles: [barrista]}]",
            "dangling-reference",
        ),
        (
            PEOPLE,
            "E03,何小青,barista,shop,E01,,,5000",
            "E03,何小青,barista,shop,E01,,,5000\nE03,何小青,shop-manager,shop,,2026-10-20,,5000",
            "overlapping-assignments",
        ),
        (
            PEOPLE,
            "E03,何小青,barista,shop,E01,,,5000",
            "E03,何小青,barista,shop,E01,2026-10-01,2026-10-15,5000\n"
            "E03,何小青,shop-manager,shop,,2026-10-15,2026-10-31,5000",
            "overlapping-assignments",
        ),
        (
            PEOPLE,
            "E03,何小青,barista,shop,E01,,,5000",
            "E03,何小青,barista,shop,E01,2026-10-01,2026-10-20,5000\ne03,何小青,shop-manager,shop,,2026-10-10,,5000",
            "overlapping-assignments",
        ),
        (RATINGS, RATED, "E02,attitude,manager,E01,41,", "rating-beyond-weight"),
        (RATINGS, RATED, "E02,attitude,manager,E01,４１,", "rating-beyond-weight"),
        (RATINGS, RATED, "E02,attitude,manager,E01,优,", "unknown-level"),
        (RATINGS, RATED, "E02,attitude,manager,E01,好,", "rating-level-open"),
        (RATINGS, RATED, "E02,attitude,manager,E01,-1,", "rating-beyond-weight"),
        (RATINGS, RATED, "E02,attitude,manager,E01,19.5,", "rating-between-levels"),
        (TARGETS, "新员工首月,E01", "新员工首月,", "target-without-approver"),
        (TARGETS, "新员工首月,E01", ",E01", "target-without-approver"),
    ],
)
def test_rules_formulas_and_rows(company: Path, file: str, old: str, new: str, code: str) -> None:
    change(company, file, old, new)

    told(company, file, code)


def test_raters_of_an_item_make_1(company: Path) -> None:
    change(
        company,
        BARISTA,
        "indicator: attitude\n        weight: 40\n",
        "indicator: attitude\n        weight: 40\n        raters: {manager: 0.5, peer: 0.6}\n",
    )

    told(company, BARISTA, "raters-total")


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(root: Path, file: str, code: str) -> None:
    """The problem is told in this file, at a line and a column, in both languages, with what to do."""
    found = [problem for problem in problems_of(root) if problem.code == code]
    assert found
    assert {problem.place.file for problem in found} == {file}
    for problem in found:
        assert problem.place.line > 0
        assert problem.place.column > 0
        for language in LANGUAGES:
            text = problem.text(words(language))
            message, hint = text.split("\n", 1)
            assert message
            assert hint.strip().removeprefix("hint:").strip()
