"""The library in the form: what the form fills in and saves is what `kpibook new role --like` writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from kpibook.authoring.adopting_roles import AdoptedRole, adopt_role
from kpibook.authoring.library import library
from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.authoring.skeletons import NewEntry, NewFile
from kpibook.base.periods import Period
from kpibook.base.words import LANGUAGES, words
from kpibook.model import Catalog, Company
from kpibook.publishing.admin_library import write_library
from kpibook.reading.catalog import load_catalog
from kpibook.reading.formatting import lay_out
from kpibook.reading.yamlfile import read_bytes

NOWHERE = Path("no-such-folder", "handbook")
DEPARTMENT = {"widget": "relation", "collection": "departments"}


@pytest.fixture(scope="module")
def beginner(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A company as `init` makes it, with a number of the library under an id of its own."""
    folder = tmp_path_factory.mktemp("beginner") / "company"
    create_company(folder, NewCompany("青山文具", Period.parse("2026-10"), "1"), words("zh"))
    measures = folder / "handbook/measures.yml"
    text = measures.read_text(encoding="utf-8")
    measures.write_text(f"{text}leavers_here: {{name: 门店离职人数, unit: 人, owner: office}}\n", encoding="utf-8")
    catalog, problems = load_catalog(folder / "handbook")
    assert not problems
    return catalog


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory, beginner: Catalog) -> tuple[Path, Any]:
    """The folder of the form, and what it has to know of the library."""
    folder = tmp_path_factory.mktemp("form")
    return folder / "library", write_library(folder, beginner, words("zh"), DEPARTMENT)


def told(folder: Path, role: str) -> Any:
    return json.loads((folder / f"{role}.json").read_text(encoding="utf-8"))


def test_each_role_of_the_library_is_offered_with_its_department(offered: tuple[Path, Any]) -> None:
    folder, known = offered

    assert {each["id"] for each in known["roles"]} == set(library("zh").roles)
    assert {path.stem for path in folder.iterdir()} == set(library("zh").roles)
    assert {"id": "store-manager", "label": "销售部 · 店长 (store-manager)"} in known["roles"]
    assert known["supplier"] == {**known["supplier"], **DEPARTMENT, "name": "supplier", "required": True}


@pytest.mark.parametrize("role", ["store-manager", "accountant", "ecommerce-manager", "hr-specialist"])
def test_what_the_form_saves_is_what_new_role_writes(beginner: Catalog, offered: tuple[Path, Any], role: str) -> None:
    template = told(offered[0], role)

    taken = adopt_role(NOWHERE, beginner, NewEntry("my-role"), role, owner="office")

    files: dict[str, str] = {}
    for entry in template["entries"]:
        before = files.get(entry["file"], entry["head"])
        files[entry["file"]] = before + entry["text"].replace(offered[1]["open_owner"], "owner: office")
    assert {path: lines(text) for path, text in files.items()} == {
        each.path.relative_to(NOWHERE).as_posix(): lines(each.content.decode()) for each in taken.files[1:]
    }
    assert template["values"] == {"id": role, **said(taken.files[0])}


def lines(text: str) -> list[str]:
    """A file's lines in an order of their own: the form has each indicator after those that it is made from."""
    assert lay_out(text) == text
    return sorted(text.splitlines())


def said(file: NewFile) -> Any:
    """What a role's file says, without places."""
    return json.loads(json.dumps(read_bytes(file.content, "x.yml")[0]))


def test_what_the_company_has_by_name_is_used_and_told(offered: tuple[Path, Any]) -> None:
    template = told(offered[0], "store-manager")

    assert "store_leavers" not in {entry["id"] for entry in template["entries"]}
    [turnover] = [entry for entry in template["entries"] if entry["id"] == "store_staff_turnover"]
    assert "formula: leavers_here / store_staff * 100" in turnover["text"]
    assert any("沿用本公司已有的：" in text and "门店离职人数 leavers_here" in text for text in template["says"])
    assert any("属于同一份修改的：" in text and "会员流失率" in text for text in template["says"])


def test_owners_are_asked_for_only_where_nobody_is_known(offered: tuple[Path, Any], beginner: Catalog) -> None:
    templates = {role: told(offered[0], role) for role in library("zh").roles}

    asks = {role for role, template in templates.items() if template["asks"]}
    open_owner = offered[1]["open_owner"]
    assert asks == {role for role, each in templates.items() if any(open_owner in e["text"] for e in each["entries"])}
    assert "store-manager" in asks < set(templates)
    for role in ("store-manager", "finance-manager"):
        assert role in asks or not adopt_role(NOWHERE, beginner, NewEntry("my-role"), role).without_owner


def test_a_role_whose_id_is_used_gets_one_of_its_own(offered: tuple[Path, Any], beginner: Catalog) -> None:
    """Decap would put a number behind the id; somebody chooses one instead."""
    used = [role for role in library("zh").roles if role in beginner.roles]

    assert used
    assert not [role for role in used if "id" in told(offered[0], role)["values"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["store-manager", "accountant", "ecommerce-manager", "home-service-agent"])
def test_a_handbook_in_two_languages_takes_a_role_over_in_both(tmp_path: Path, role: str, language: str) -> None:
    create_company(tmp_path, NewCompany("青山文具", Period.parse("2026-10"), "1"), words(language))
    handbook = tmp_path / "handbook"
    with (handbook / "company.yml").open("a", encoding="utf-8") as file:
        file.write("languages: [zh, en]\n")
    made, _ = load_catalog(handbook)
    (tmp_path / "form").mkdir()

    write_library(tmp_path / "form", made, words(language), DEPARTMENT)
    taken = adopt_role(handbook, made, NewEntry("my-role", department="office"), role, owner="office")
    for new in taken.files:
        new.path.parent.mkdir(exist_ok=True)
        with new.path.open("ab") as out:
            out.write(new.content)

    values = told(tmp_path / "form" / "library", role)["values"]
    assert values["duties"][0]["name"] == {each: library(each).roles[role].duties[0].name for each in LANGUAGES}
    for each in LANGUAGES:
        here, source = load_catalog(handbook, each)[0], library(each)
        mine, theirs = here.roles["my-role"], source.roles[role]
        assert [getattr(mine, key) for key in ("name", "purpose", "pay_total")] == [
            getattr(theirs, key) for key in ("name", "purpose", "pay_total")
        ]
        assert [duty.model_dump() for duty in mine.duties] == [duty.model_dump() for duty in theirs.duties]
        assert mine.qualifications.model_dump() == theirs.qualifications.model_dump()
        assert [section.section for section in mine.scorecard] == [section.section for section in theirs.scorecard]
        fresh = [key for key in taken_ids(taken) if key in source.indicators]
        assert fresh
        assert [(here.indicators[key].name, here.indicators[key].definition) for key in fresh] == [
            (source.indicators[key].name, source.indicators[key].definition) for key in fresh
        ]


def taken_ids(taken: AdoptedRole) -> list[str]:
    """The indicators and measures that were written."""
    return [key for each in taken.files[1:] for key in said(each)]


@pytest.mark.parametrize(("currency", "unit"), [("CNY", {"zh": "元", "en": "¥"}), ("USD", "USD")])
def test_money_of_a_role_taken_over_is_told_in_both_or_in_the_company_s_own(currency: str, unit: object) -> None:
    company = Company.build(name="公司", language="zh", languages=["zh", "en"], currency=currency)
    made = Catalog(company, {}, (), {}, {}, {})

    taken = adopt_role(NOWHERE, made, NewEntry("my-role"), "store-manager")

    found = {key: each for file in taken.files[1:] for key, each in said(file).items()}
    assert found["sales"]["unit"] == unit
