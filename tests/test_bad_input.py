"""Everything that a company can get wrong in rules and cycles is a problem at its place, with what to do about it."""

import shutil
from pathlib import Path

import pytest

from kpibook.catalog import load_catalog
from kpibook.checks import check_catalog, check_cycle
from kpibook.cycle import load_cycle
from kpibook.problems import Problem
from kpibook.words import LANGUAGES, words

COMPANY = Path(__file__).parent / "company"
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
]


@pytest.mark.parametrize(("old", "new", "code"), BANDS)
def test_bands(company: Path, old: str, new: str, code: str) -> None:
    if code != "band-unreached":
        change(company, BARISTA, "- {points: 0, label: 未达标}", "- {upto: 79, points: 0}")
        change(company, BARISTA, "- {from: 80, points: 40, label: 接近}", "- {from: 80, upto: 100, points: 40}")

    change(company, BARISTA, old, new)

    told(company, BARISTA, code)


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (MANAGER, DEDUCT, "[{measure: complaints, steps: {1: 1, 3: 5, 2: 3}}]", "steps-order"),
        (MANAGER, "when: complaints >= 5", "when: accidents >= 5", "dangling-reference"),
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
        ("handbook/company.yml", "currency: CNY", "owner: nobody", "dangling-reference"),
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
        (RATINGS, RATED, "E02,attitude,manager,E01,41,", "rating-beyond-weight"),
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
