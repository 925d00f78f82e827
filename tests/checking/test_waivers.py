"""Strict checks at the command line: waivers hold until their day, and git tells what was a year ago."""

import datetime
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml
from click.testing import CliRunner

from kpibook.base.problems import Level, Place, Problem
from kpibook.base.words import words
from kpibook.checking.lint import Review, review_catalog
from kpibook.checking.lint.addresses import Addresses
from kpibook.cli import main
from kpibook.pages.handbook.rendering import handbook_pages
from kpibook.reading.catalog import load_catalog
from kpibook.reading.revisions import catalog_on
from linted import TODAY, months, sales, strict, with_items
from repositories import Repository

# Waivers, in files and at the command line


WAIVER = "- {code: lint-few-items, where: roles/barista, reason: two to begin with, until: 2026-12-31, by: HR}\n"


def doubtful(root: Path) -> None:
    """Leave the barista two items."""
    file = root / "handbook/roles/barista.yml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    first, second = data["scorecard"][0]["items"][:1], data["scorecard"][-1]["items"][-1:]
    first[0]["weight"], second[0]["weight"] = 60, 40
    data["scorecard"] = [{"section": "all", "items": [*first, *second]}]
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def few(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if "lint-few-items" in line]


def test_a_doubt_fails_a_strict_check_and_no_other(company: Path) -> None:
    doubtful(company)
    folders = ["--handbook", str(company / "handbook"), "--scorecards", str(company / "scorecards")]

    plain = CliRunner().invoke(main, [*folders, "check"])
    code, lines = strict(company)

    assert "lint-" not in plain.output
    assert code == 1
    assert len(few(lines)) == 1


def test_a_waiver_holds_to_its_last_day(company: Path) -> None:
    doubtful(company)
    (company / "handbook/waivers.yml").write_text(WAIVER, encoding="utf-8")

    assert few(strict(company)[1]) == []
    assert few(strict(company, "--today", "2026-12-31")[1]) == []
    on_the_next = few(strict(company, "--today", "2027-01-01")[1])
    assert len(on_the_next) == 2
    assert on_the_next[1] == (
        "handbook/waivers.yml:1:82: warning: 对 roles/barista 的 lint-few-items 只认可到 2026-12-31 [waiver-expired]"
    )


def test_a_waiver_that_nothing_needs_is_told(company: Path) -> None:
    text = WAIVER.replace("roles/barista", "roles/baris")
    (company / "handbook/waivers.yml").write_text(text, encoding="utf-8")

    code, lines = strict(company)

    assert code == 1
    assert [line for line in lines if "waivers.yml" in line] == [
        "handbook/waivers.yml:1:33: warning: 对 roles/baris 的 lint-few-items 已经没有提醒 [waiver-unused]"
    ]


def test_a_waiver_of_an_unknown_code_is_told(company: Path) -> None:
    text = WAIVER.replace("lint-few-items", "lint-few")
    (company / "handbook/waivers.yml").write_text(text, encoding="utf-8")

    lines = strict(company)[1]

    assert [line for line in lines if "waivers.yml" in line] == [
        "handbook/waivers.yml:1:10: warning: 没有 lint-few 这个提醒 [waiver-unknown]"
    ]


def test_an_error_is_never_waived(company: Path) -> None:
    file = company / "handbook/measures.yml"
    file.write_text(file.read_text(encoding="utf-8") + "bad: {name: x}\n", encoding="utf-8")
    waiver = "- {code: missing-key, where: measures/bad, reason: r, until: 2026-12-31}\n"
    (company / "handbook/waivers.yml").write_text(waiver, encoding="utf-8")

    code, lines = strict(company)

    assert code == 1
    assert sum("[missing-key]" in line for line in lines) == 2
    assert sum("[waiver-unused]" in line for line in lines) == 1


def test_an_ordinary_warning_of_the_handbook_fails_too_and_can_be_waived(company: Path) -> None:
    file = company / "handbook/measures.yml"
    text = "dust: {name: Dust, unit: g, owner: front, source: scale}\n"
    owner = next(iter(load_catalog(company / "handbook")[0].departments))
    file.write_text(file.read_text(encoding="utf-8") + text.replace("front", owner), encoding="utf-8")

    before = [line for line in strict(company)[1] if "measure-unused" in line]
    waiver = "- {code: measure-unused, where: measures/dust, reason: from next month on, until: 2026-12-31}\n"
    (company / "handbook/waivers.yml").write_text(waiver, encoding="utf-8")
    after = [line for line in strict(company)[1] if "measure-unused" in line or "waiver" in line]

    assert len(before) == 1
    assert after == []


def test_waivers_are_a_list_and_each_names_its_reason_and_day(company: Path) -> None:
    (company / "handbook/waivers.yml").write_text("code: lint-few-items\n", encoding="utf-8")
    _, as_mapping = load_catalog(company / "handbook")
    (company / "handbook/waivers.yml").write_text(
        "- {code: lint-few-items, where: company}\n- text\n", encoding="utf-8"
    )
    read, as_list = load_catalog(company / "handbook")

    assert [problem.code for problem in as_mapping] == ["not-a-list"]
    assert [problem.code for problem in as_list] == ["missing-key", "missing-key", "not-a-mapping"]
    assert read.waivers == ()


def test_an_empty_list_of_waivers_is_one(company: Path) -> None:
    (company / "handbook/waivers.yml").write_text("", encoding="utf-8")

    assert load_catalog(company / "handbook")[1] == ()


def test_the_sample_company_is_mended_or_waived() -> None:
    root = Path(__file__).parents[2]

    _, lines = strict(root)

    assert [line for line in lines if line.startswith("handbook/")] == []


def test_each_waiver_of_the_sample_company_is_needed_today_and_ends() -> None:
    made, _ = load_catalog(Path(__file__).parents[2] / "handbook")

    assert made.waivers
    assert all(waiver.reason and waiver.by and waiver.until > TODAY for waiver in made.waivers)


def test_addresses_name_the_entry_or_the_item_in_which_a_place_lies(tmp_path: Path) -> None:
    files = {
        "company.yml": "name: Acme\nlanguage: en\nscorecard:\n  - section: S\n    items: [{indicator: a}]\n",
        "departments.yml": "- {id: shop, name: Shop}\n- {id: yard, name: Yard}\n",
        "measures.yml": "a: {name: A, unit: g, owner: shop}\nb:\n  name: B\n  unit: g\n  owner: shop\n",
        "roles/clerk.yml": (
            "name: Clerk\ndepartment: shop\nduties:\n  - {name: D}\nscorecard:\n  - section: S\n    items:\n"
            "      - indicator: a\n        weight: 60\n        standard: {rule: bands, bands: [{points: 1}]}\n"
            "      - indicator: b\n        weight: 40\n    note: n\nnote: n\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / "handbook" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "handbook" / name).write_text(text, encoding="utf-8")
    addresses = Addresses(load_catalog(tmp_path / "handbook")[0])

    def at(file: str, line: int, column: int) -> str:
        return addresses.of(Place(f"handbook/{file}", line, column))

    assert [at("company.yml", line, 24) for line in (1, 5)] == ["company", "company/a"]
    assert [at("departments.yml", line, 5) for line in (1, 2)] == ["departments/shop", "departments/yard"]
    assert [at("measures.yml", line, 30) for line in (1, 4)] == ["measures/a", "measures/b"]
    assert [at("roles/clerk.yml", line, 60) for line in (1, 4, 10, 12, 13, 14)] == [
        *("roles/clerk", "roles/clerk", "roles/clerk/a", "roles/clerk/b", "roles/clerk", "roles/clerk"),
    ]
    assert addresses.of(Place("handbook/roles/clerk.yml")) == "roles/clerk"
    assert addresses.of(Place("handbook/pages/x.md", 1, 1)) == ""


def test_the_catalog_of_a_year_ago_is_read_from_git(company: Path) -> None:
    repository = Repository(company)
    repository.commit("target of last year", day="2025-06-01")
    file = company / "handbook/roles/barista.yml"
    changed = file.read_text(encoding="utf-8")
    repository.commit("nothing", day="2026-02-01")
    shutil.rmtree(company / "scorecards")
    for made in months(12):
        folder = company / "scorecards" / str(made.period)
        (folder / "actuals").mkdir(parents=True)
        (folder / "cycle.yml").write_text("name: x\nkind: month\nstatus: closed\n", encoding="utf-8")
        (folder / "people.csv").write_text("person,name,role,department\n", encoding="utf-8")
    unchanged = [line for line in strict(company)[1] if "lint-target-unchanged" in line]

    file.write_text(changed.replace("target: ", "target: 1"), encoding="utf-8")
    moved = [line for line in strict(company)[1] if "lint-target-unchanged" in line]

    assert any("barista.yml" in line for line in unchanged)
    assert not any("barista.yml" in line for line in moved)


def test_waivers_stand_in_the_guide(company: Path) -> None:
    (company / "handbook/waivers.yml").write_text(WAIVER, encoding="utf-8")
    made, _ = load_catalog(company / "handbook")

    page = handbook_pages(made, (), words("en"), {})["guide/lint/index.md"]

    until = '<time datetime="2026-12-31">31 Dec 2026</time>'
    row = f"| <code>lint-few-items</code> | <code>roles/barista</code> | two to begin with | {until} | HR |"
    assert row in page


def test_without_git_or_in_a_cut_clone_nobody_knows_what_was(company: Path, tmp_path: Path) -> None:
    day = datetime.date(2026, 1, 1)
    without = catalog_on(company / "handbook", day)
    repository = Repository(company)
    before_any_commit = catalog_on(company / "handbook", day)
    repository.commit("first")
    repository.commit("second")
    repository.git("clone", "--quiet", "--depth=1", company.as_uri(), str(tmp_path / "cut"))

    assert without is None
    assert before_any_commit is None
    assert catalog_on(tmp_path / "cut" / "handbook", day) is None
    assert catalog_on(company / "handbook", day) is not None


def test_a_catalog_that_was_faulty_then_tells_nothing(company: Path) -> None:
    repository = Repository(company)
    repository.write("handbook/grades.yml", "- {id: A}\n")
    repository.commit("broken", day="2025-01-01")

    assert catalog_on(company / "handbook", datetime.date(2026, 1, 1)) is None


def test_a_handbook_that_is_not_committed_has_no_past(company: Path) -> None:
    repository = Repository(company)
    repository.write(".gitignore", "handbook/\n")
    repository.commit("only scorecards", day="2025-01-01")

    assert catalog_on(company / "handbook", datetime.date(2026, 1, 1)) is None


def test_a_doubt_is_a_warning_at_its_place() -> None:
    [problem] = [
        each
        for each in review_catalog(Review(with_items(sales(4), sales(96, 2))), (), TODAY)
        if each.code == "lint-small-weight"
    ]

    assert problem == Problem(
        "lint-small-weight",
        Place("handbook/roles/clerk.yml", 10, 5),
        {"owner": "Clerk", "indicator": "sales_1", "weight": "4", "limit": "5"},
        Level.WARNING,
    )
