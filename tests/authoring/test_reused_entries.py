"""What a company has already in place of the library's: used, compared, and not brought a second time."""

from pathlib import Path

from commands import run
from kpibook.authoring.offered_roles import OfferedRole, offered_roles
from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog
from kpibook.reading.catalog import load_catalog


def indicators(company: Path, text: str) -> None:
    (company / "handbook" / "indicators" / "own.yml").write_text(text, encoding="utf-8")


def catalog_of(company: Path) -> Catalog:
    return load_catalog(company / "handbook")[0]


def told(company: Path, *codes: str) -> list[str]:
    """The problems of these codes, and every error."""
    catalog, found = load_catalog(company / "handbook")
    problems = (*found, *check_catalog(catalog))
    return [str(problem) for problem in problems if problem.code in codes or problem.level.value == "error"]


def offered(company: Path, identifier: str) -> OfferedRole:
    return next(each for each in offered_roles(catalog_of(company)) if each.role.id == identifier)


def take(company: Path, role: str, like: str) -> str:
    owner = next(iter(catalog_of(company).departments))
    return run("new", "role", role, "--like", like, "--owner", owner, "--department", owner).output


UPLIFT = "own_uplift: {name: 销售额提升幅度, definition: 按合同额算, unit: '%', direction: higher}\n"


def test_numbers_that_only_the_librarys_version_is_made_from_are_not_brought(company: Path) -> None:
    indicators(company, UPLIFT)

    output = take(company, "lead", "home-growth-lead")

    catalog = catalog_of(company)
    assert "沿用本公司已有的：销售额提升幅度 own_uplift" in output
    assert "sales_base" not in catalog.measures
    assert catalog.roles["lead"].items[0].indicator == "own_uplift"
    assert told(company, "measure-unused") == []


def test_what_means_something_else_here_is_named_with_both_meanings(company: Path) -> None:
    indicators(company, UPLIFT)

    lines = take(company, "lead", "home-growth-lead").splitlines()

    assert [line for line in lines if line.startswith("销售额提升幅度 own_uplift 的")] == [
        "销售额提升幅度 own_uplift 的公式与范本不同，请对照是不是同一个数。本公司：直接提供的数　"
        "范本：(销售额 - 上一季度月均销售额) ÷ 上一季度月均销售额 × 100",
        "销售额提升幅度 own_uplift 的定义与范本不同，请对照是不是同一个数。本公司：按合同额算　"
        "范本：当期销售额比上一季度月均销售额提升的比例。目标是“提升多少”，不是“提升到多少”。",
    ]


def test_the_same_meaning_under_another_id_is_no_difference(company: Path) -> None:
    take(company, "lead", "home-growth-lead")

    again = take(company, "second", "home-growth-lead")

    assert "沿用" in again
    assert "与范本不同" not in again
    assert told(company, "measure-unused") == []


def test_another_name_under_the_same_id_is_told(company: Path) -> None:
    owner = next(iter(catalog_of(company).departments))
    measures = company / "handbook" / "measures.yml"
    text = measures.read_text(encoding="utf-8")
    measures.write_text(f"{text}sales_base: {{name: 去年的销售额, unit: 元, owner: {owner}}}\n", encoding="utf-8")

    output = take(company, "lead", "home-growth-lead")

    assert (
        "去年的销售额 sales_base 的名称与范本不同，请对照是不是同一个数。本公司：去年的销售额　范本：上一季度月均销售额"
        in output
    )


def test_a_worked_example_of_another_formula_is_left_out(company: Path) -> None:
    indicators(company, UPLIFT)

    take(company, "lead", "home-growth-lead")

    assert "examples" not in (company / "handbook" / "roles" / "lead.yml").read_text(encoding="utf-8")


def test_what_is_retired_here_is_not_taken_up_again(company: Path) -> None:
    indicators(company, UPLIFT.replace("direction: higher", "direction: higher, status: retired, since: 2026-01-01"))

    output = take(company, "lead", "home-growth-lead")

    assert "own_uplift" not in output
    assert "sales_base" in catalog_of(company).measures
    assert told(company) == []


def test_the_form_reuses_as_the_command_does(company: Path) -> None:
    indicators(company, UPLIFT)

    role = offered(company, "home-growth-lead")

    assert "sales_base" not in {entry.id for entry in role.entries}
    [differing] = [each for each in role.reused if each.entry.id == "own_uplift"]
    assert [told.key for told in differing.differences] == ["formula", "definition"]
    assert "examples" not in role.values["scorecard"][0]["items"][0]["standard"]
