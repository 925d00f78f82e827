"""Reading a handbook folder: what is there is read, what cannot be read is told, and nothing hides the rest."""

from pathlib import Path

import pytest
from gmpy2 import mpq

from companies import a_company, change
from kpibook.base.entry import Located
from kpibook.base.problems import Place, Problem
from kpibook.model import Catalog, Company
from kpibook.reading.catalog import load_catalog
from kpibook.reading.catalog.faults import find, problem_of


def load(root: Path) -> tuple[Catalog, list[str]]:
    catalog, problems = load_catalog(root / "handbook")
    return catalog, [told(problem) for problem in problems]


def place_of(root: Path, file: str, text: str) -> Place:
    """Where a text first stands in a file of the handbook."""
    before = (root / "handbook" / file).read_text(encoding="utf-8").partition(text)[0]
    return Place(f"handbook/{file}", before.count("\n") + 1, len(before) - before.rfind("\n"))


def told(problem: Problem) -> str:
    return f"{problem.place} {problem.code}"


def test_a_handbook_is_read_whole(tmp_path: Path) -> None:
    catalog, problems = load(a_company(tmp_path))

    assert problems == []
    assert catalog.company.name == "小满茶铺"
    assert list(catalog.departments) == ["shop", "support"]
    assert [grade.id for grade in catalog.grades] == ["A", "B", "C"]
    assert list(catalog.measures) == ["sales", "visitors", "buyers", "complaints"]
    assert list(catalog.indicators) == ["sales_volume", "conversion", "complaint_count", "attitude"]
    assert list(catalog.roles) == ["barista", "shop-manager"]
    assert (catalog.folder, catalog.faulty) == ("handbook", frozenset())


def test_an_item_keeps_its_value_and_its_place(tmp_path: Path) -> None:
    catalog, _ = load(a_company(tmp_path))

    item = catalog.roles["shop-manager"].items[1]

    assert (item.weight, item.target) == (mpq(30), mpq(25))
    assert item.place_of("weight") == Place("handbook/roles/shop-manager.yml", 20, 17)
    assert catalog.roles["barista"].place_of("id") == Place("handbook/roles/barista.yml")
    assert catalog.measures["buyers"].place_of("id") == Place("handbook/measures.yml", 3, 1)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    catalog, problems = load(tmp_path)

    assert problems == ["handbook no-handbook"]
    assert catalog.roles == {}


def test_an_empty_folder_lacks_only_its_company(tmp_path: Path) -> None:
    (tmp_path / "handbook").mkdir()

    catalog, problems = load_catalog(tmp_path / "handbook")

    assert [str(problem).splitlines()[0] for problem in problems] == [
        "handbook/company.yml: error: company.yml is missing [missing-file]"
    ]
    assert catalog.grades == ()


@pytest.mark.parametrize("file", ["departments.yml", "grades.yml", "measures.yml", "indicators/sales.yml"])
def test_an_empty_file_of_entries_holds_none(tmp_path: Path, file: str) -> None:
    root = a_company(tmp_path)
    (root / "handbook" / file).write_text("# leer\n", encoding="utf-8")

    _, problems = load(root)

    assert problems == []


def test_an_empty_company_or_role_lacks_its_keys(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    for file in ("company.yml", "roles/barista.yml"):
        (root / "handbook" / file).write_text("", encoding="utf-8")

    catalog, problems = load(root)

    assert problems == [
        "handbook/company.yml missing-key",
        "handbook/company.yml missing-key",
        "handbook/roles/barista.yml missing-key",
        "handbook/roles/barista.yml missing-key",
    ]
    assert ("role", "barista") in catalog.faulty


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("company.yml", "- a\n", "handbook/company.yml not-a-mapping"),
        ("roles/barista.yml", "- a\n", "handbook/roles/barista.yml not-a-mapping"),
        ("measures.yml", "- a\n", "handbook/measures.yml not-a-mapping"),
        ("measures.yml", "sales: 5\n", "handbook/measures.yml:1:8 not-a-mapping"),
        ("grades.yml", "a: 1\n", "handbook/grades.yml:1:1 not-a-list"),
        ("grades.yml", "- A\n", "handbook/grades.yml:1:3 not-a-mapping"),
        ("measures.yml", "sales:\n", "handbook/measures.yml:1:1 missing-key"),
    ],
)
def test_a_file_of_another_shape_is_told(tmp_path: Path, file: str, text: str, expected: str) -> None:
    root = a_company(tmp_path)
    (root / "handbook" / file).write_text(text, encoding="utf-8")

    catalog, problems = load(root)

    assert problems[0] == expected
    assert catalog.indicators


@pytest.mark.parametrize(
    ("file", "faulty"),
    [
        ("departments.yml", ("department", "")),
        ("grades.yml", ("grade", "")),
        ("measures.yml", ("measure", "")),
        ("indicators/sales.yml", ("indicator", "")),
        ("roles/barista.yml", ("role", "barista")),
    ],
)
def test_an_unreadable_file_hides_no_other(tmp_path: Path, file: str, faulty: tuple[str, str]) -> None:
    root = a_company(tmp_path)
    (root / "handbook" / file).write_bytes(b"a: \xff\xff\n")
    change(root / "handbook/roles/shop-manager.yml", "status: approved", "status: aproved")

    catalog, problems = load(root)

    assert problems == [
        f"handbook/{file}:1:4 not-utf8",
        "handbook/roles/shop-manager.yml:4:9 unknown-value",
    ]
    assert faulty in catalog.faulty


def test_an_unreadable_company_is_told_once(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    (root / "handbook/company.yml").write_bytes(b"a: \xff\xff\n")

    assert load(root)[1] == ["handbook/company.yml:1:4 not-utf8"]


def test_links_that_lead_out_of_the_handbook_are_not_followed(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "role.yml").write_text("name: x\n", encoding="utf-8")
    (root / "handbook/roles/guest.yml").symlink_to(outside / "role.yml")
    (root / "handbook/grades.yml").unlink()
    (root / "handbook/grades.yml").symlink_to(outside / "role.yml")
    (root / "handbook/roles/alias.yml").symlink_to("barista.yml")

    catalog, problems = load(root)

    assert problems == ["handbook/grades.yml link-outside", "handbook/roles/guest.yml link-outside"]
    assert list(catalog.roles) == ["alias", "barista", "shop-manager"]


def test_a_folder_of_entries_that_is_a_link_outside_is_not_followed(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    (root / "handbook/roles").rename(tmp_path / "roles")
    (root / "handbook/roles").symlink_to(tmp_path / "roles")

    catalog, problems = load(root)

    assert problems == ["handbook/roles link-outside"]
    assert catalog.roles == {}


def test_what_editors_and_git_leave_behind_is_no_error(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    for name in (".gitkeep", ".barista.yml.swp", "barista.yml~", "Thumbs.db"):
        (root / "handbook/roles" / name).write_text("", encoding="utf-8")

    _, problems = load_catalog(root / "handbook")

    assert [(told(problem), str(problem.level)) for problem in problems] == [
        ("handbook/roles/.barista.yml.swp stray-file", "warning"),
        ("handbook/roles/Thumbs.db stray-file", "error"),
        ("handbook/roles/barista.yml~ stray-file", "warning"),
    ]


def test_a_hostile_file_name_is_written_in_plain_characters(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    (root / "handbook/roles/a\nb\u202e.yml").write_text("name: x\ndepartment: shop\n", encoding="utf-8")

    _, problems = load(root)

    assert problems == ["handbook/roles/a\\u000ab\\u202e.yml bad-file-name"]


@pytest.mark.parametrize(
    ("old", "new", "at", "code"),
    [
        ("rule: bands\n", "rule: bands\n          wieght: 1\n", "wieght", "unknown-key"),
        ("of: attainment", "of: attainement", "attainement", "unknown-value"),
        ("{from: 80,", "{from: 80, form: 1,", "form: 1", "unknown-key"),
        ("{from: 80, points: 40", "{from: 80, points: forty", "forty", "not-a-number"),
        ("rule: rating", "note: x", "note: x", "missing-key"),
        ("{level: 好, from: 30, to: 40}", "{level: 好, from: 30}", "{level: 好", "missing-key"),
        ("knowledge: [食品安全]", "knowledge: [[食品安全]]", "[食品安全]]", "not-a-text"),
        ("knowledge: [食品安全]", "knowledge: {a: b}", "a: b}", "not-a-text"),
        ("{rule: excess, per: 1000, points: 1}", "excess", "excess", "not-a-mapping"),
        ("- section: 业绩\n    items:", "- items:", "items:", "missing-key"),
        ("{name: 接待顾客, share: 30}", "接待顾客", "接待顾客", "not-a-mapping"),
        ("        weight: 40\n", "        weight: 40\n        raters: {manger: 1}\n", "manger", "unknown-value"),
    ],
)
def test_a_fault_deep_inside_is_told_at_its_own_place(tmp_path: Path, old: str, new: str, at: str, code: str) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/barista.yml", old, new)

    _, problems = load(root)

    assert problems == [f"{place_of(root, 'roles/barista.yml', at)} {code}"]


def test_steps_written_as_a_mapping_are_told_at_their_own_places(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/shop-manager.yml", "points: 10}", "steps: {1: five, two: 3}}")

    _, problems = load(root)

    assert problems == [
        f"{place_of(root, 'roles/shop-manager.yml', 'five')} not-a-number",
        f"{place_of(root, 'roles/shop-manager.yml', 'two')} not-a-number",
    ]


def test_the_rest_of_a_role_with_a_faulty_item_is_kept(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/barista.yml", "weight: 60", "weight: sixty")
    change(root / "handbook/roles/barista.yml", "{name: 接待顾客, share: 30}", "{name: 接待顾客, share: dreißig}")

    catalog, problems = load(root)

    assert len(problems) == 2
    assert [item.indicator for item in catalog.roles["barista"].items] == ["attitude"]
    assert [duty.name for duty in catalog.roles["barista"].duties] == ["制作饮品"]
    assert ("role", "barista") in catalog.faulty


def test_the_keys_of_an_entry_cut_off_by_a_fault_are_not_missing(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/indicators/service.yml", "  unit: 分\n", "  unit: @分\n")

    catalog, problems = load(root)

    assert problems == [f"{place_of(root, 'indicators/service.yml', '@')} odd-start"]
    assert {("indicator", ""), ("indicator", "attitude")} <= catalog.faulty


def test_a_misspelt_key_is_read_as_what_was_meant(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/measures.yml", "buyers: {name: 成交人数, unit:", "buyers: {name: 成交人数, uint:")

    catalog, problems = load(root)

    assert problems == ["handbook/measures.yml:3:22 unknown-key"]
    assert catalog.measures["buyers"].unit == "人"
    assert catalog.faulty == frozenset()


def test_the_place_of_a_fault_in_a_formula_points_into_it(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/indicators/sales.yml", "formula: sales\n", "formula: 'sales ! 2'\n")
    change(root / "handbook/indicators/sales.yml", "buyers / visitors * 100", "|-\n    buyers\n    / (visitors * 100")

    _, problems = load(root)

    line, column = place_of(root, "indicators/sales.yml", "(visitors").line, len("    / (visitors * 100") + 1
    assert problems == [
        f"{place_of(root, 'indicators/sales.yml', '! 2')} formula-character",
        f"handbook/indicators/sales.yml:{line}:{column} formula-bracket-open",
    ]


def test_a_complaint_that_nobody_foresaw_is_told_in_general_words() -> None:
    data = Located(Place("x.yml", 1, 1))
    data.put("name", "x", key_at=Place("x.yml", 1, 1), value_at=Place("x.yml", 1, 7))

    problem = problem_of(
        {"type": "string_odd", "loc": ("name",), "msg": "", "input": "x"}, find(data, ("name",), Company)
    )

    assert str(problem).startswith("x.yml:1:7: error: x will not do here [wrong-value]")
