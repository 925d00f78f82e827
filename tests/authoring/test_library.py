"""The library of roles: sound in both languages, alike in all but words, and taken over as files that check accepts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands import run
from kpibook.authoring.library import library, needed_entries, numbers_needed
from kpibook.authoring.library_texts import LIBRARY
from kpibook.base.problems import Problem
from kpibook.base.words import LANGUAGES
from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog
from kpibook.reading.catalog import load_catalog
from kpibook.reading.formatting import lay_out
from sources import ROOT

COMPANY = ROOT / "tests" / "company"
WORDS = {
    "name",
    "content",
    "requirement",
    "purpose",
    "note",
    "meaning",
    "label",
    "says",
    "definition",
    "source",
    "unit",
}
LISTS = {"authority", "qualifications"}
OPEN = {"shares-open", "deduction-beyond-weight"}
"""What the sources themselves leave open, and the library with them."""


def faults(handbook: Path) -> list[Problem]:
    catalog, found = load_catalog(handbook)
    return [problem for problem in (*found, *check_catalog(catalog)) if problem.level.value == "error"]


def catalog_of(root: Path) -> Catalog:
    return load_catalog(root / "handbook")[0]


def written(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_library_is_a_sound_handbook(language: str) -> None:
    catalog, found = load_catalog(LIBRARY / language)

    assert {problem.code for problem in (*found, *check_catalog(catalog))} == OPEN
    assert catalog.company.language == language
    assert len(catalog.roles) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_of_the_library_is_in_the_one_layout(language: str) -> None:
    for path in (LIBRARY / language).rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert lay_out(text) == text, path


def test_both_languages_say_the_same_but_for_the_words() -> None:
    files = {path.relative_to(LIBRARY / "zh").as_posix() for path in (LIBRARY / "zh").rglob("*.yml")}

    assert files == {path.relative_to(LIBRARY / "en").as_posix() for path in (LIBRARY / "en").rglob("*.yml")}
    for file in files - {"company.yml"}:
        zh, en = (yaml.safe_load((LIBRARY / each / file).read_text(encoding="utf-8")) for each in LANGUAGES)
        assert without_words(zh) == without_words(en), file


def without_words(data: Any) -> Any:
    """The numbers, ids, rules and formulas, and how many words there are."""
    if isinstance(data, dict):
        return {key: "words" if key in WORDS else counted(value) if key in LISTS else without_words(value)
                for key, value in data.items()}  # fmt: skip
    return [without_words(part) for part in data] if isinstance(data, list) else _but_sections(data)


def counted(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: counted(value) for key, value in data.items()}
    return len(data) if isinstance(data, list) else "words"


def _but_sections(value: Any) -> Any:
    """A title of a section is words; ids, rules and formulas are never Chinese."""
    return value if not isinstance(value, str) or re.fullmatch(r"[a-z0-9_.,<>=*/+()% -]+|[A-E]", value) else "words"


def test_nothing_chinese_is_left_in_the_english_library() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (LIBRARY / "en").rglob("*.yml")]

    assert [text for text in texts if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)] == []


def test_every_role_of_the_sample_can_be_taken_over() -> None:
    sample, _ = load_catalog(ROOT / "handbook")

    assert {*sample.roles} == {*library("zh").roles}
    for key, role in sample.roles.items():
        own = [(item.indicator, item.weight, item.target) for item in role.items]
        assert [(item.indicator, item.weight, item.target) for item in library("zh").roles[key].items] == own, key


@pytest.mark.parametrize(("language", "step"), [("zh", 1), ("en", 7)])
def test_every_role_is_taken_over_as_files_without_a_fault(tmp_path: Path, language: str, step: int) -> None:
    root = tmp_path / "new"
    assert run("init", str(root), "--language", language).exit_code == 0
    department = "sales-department"

    # Each is read with all that were taken before it: one language takes all of them, the other enough to differ.
    taken = [*library(language).roles][::step]
    for key in taken:
        identifier = f"{key}-new"
        result = run("--handbook", f"{root}/handbook", "new", "role", identifier, "--like", key,
                     "--department", department, "--owner", department)  # fmt: skip
        assert result.exit_code == 0, result.output

    assert faults(root / "handbook") == []
    assert len(catalog_of(root).roles) == len(taken) + 3


def test_a_role_is_taken_over_with_what_it_needs_and_the_open_places_are_marked(company: Path) -> None:
    result = run("new", "role", "agent", "--like", "service-agent", "--name", "网店客服")

    text = (company / "handbook" / "roles" / "agent.yml").read_text(encoding="utf-8")
    assert "\nname: 网店客服\ndepartment:\npurpose: " in text
    assert "\nstatus: draft\n" in text
    assert all(f"indicator: {item.indicator}" in text for item in library("zh").roles["service-agent"].items)
    assert "岗位的 department 空着" in result.output
    assert "response_seconds、waiting_customers" in result.output
    missing = [(problem.code, str(problem.place).rpartition("/")[2]) for problem in faults(company / "handbook")]
    measures = [place for code, place in missing if place.startswith("measures.yml")]
    assert {code for code, _ in missing} == {"missing-key"}
    assert len(measures) == 11
    assert [place for _, place in missing if place.startswith("agent.yml")] == ["agent.yml:3:12"]


def test_what_the_company_has_by_id_or_by_name_is_used_in_its_place(company: Path) -> None:
    measures = company / "handbook" / "measures.yml"
    measures.write_text(
        measures.read_text(encoding="utf-8") + "seconds: {name: 平均首次响应秒数, unit: 秒, owner: store}\n",
        encoding="utf-8",
    )
    owner = next(iter(catalog_of(company).departments))
    measures.write_text(measures.read_text(encoding="utf-8").replace("owner: store}", f"owner: {owner}}}"), "utf-8")

    result = run("new", "role", "agent", "--like", "service-agent", "--owner", owner, "--department", owner)

    catalog = catalog_of(company)
    assert "平均首次响应秒数 seconds" in result.output
    assert "response_seconds" not in catalog.measures
    formula = catalog.indicators["prompt_response"].formula
    assert formula
    assert formula.text == "seconds"
    [standard] = [item.standard for item in catalog.roles["agent"].items if item.indicator == "prompt_response"]
    assert standard
    assert [name.id for name in standard.names()] == ["seconds", "waiting_customers"]
    assert "{values: {waiting_customers: 5, seconds: 30}" in (
        (company / "handbook" / "roles" / "agent.yml").read_text(encoding="utf-8")
    )
    assert faults(company / "handbook") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "role", "agent", "--like", "service-agnt"), "范本库里没有 service-agnt；相近的有：service-agent"),
        (("new", "role", "Agent", "--like", "service-agent"), "Agent 不能作岗位编号"),
        (("new", "role", "barista", "--like", "service-agent"), "barista.yml 已经有了"),
        (("new", "indicator", "x", "--like", "service-agent"), "--like"),
        (("new", "role", "x", "--owner", "store"), "--owner"),
        (("library", "没有这个"), "没有这个"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_and_nothing_is_written(
    company: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = written(company)

    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.output
    assert written(company) == before


def test_an_id_that_means_something_else_here_is_left_alone(company: Path) -> None:
    measures = company / "handbook" / "measures.yml"
    owner = next(iter(catalog_of(company).departments))
    text = measures.read_text(encoding="utf-8") + f"response_seconds: {{name: 响应, unit: 分钟, owner: {owner}}}\n"
    measures.write_text(text, encoding="utf-8")

    result = run("new", "role", "agent", "--like", "service-agent", "--owner", owner, "--department", owner)

    catalog = catalog_of(company)
    formula = catalog.indicators["prompt_response"].formula
    assert "本公司的 response_seconds 是另一个数，范本的改用编号 response_seconds_2" in result.output
    assert formula
    assert formula.text == "response_seconds_2"
    assert catalog.measures["response_seconds"].unit == "分钟"
    assert catalog.measures["response_seconds_2"].unit == "秒"
    assert measures.read_text(encoding="utf-8").startswith(text)


def test_the_library_is_listed_by_department_and_searched() -> None:
    everything = run("library", "--language", "zh").output
    some = run("library", "--language", "zh", "客服").output

    assert all(f"  {key}  " in everything for key in library("zh").roles)
    assert "  service-agent  在线客服专员：8 个指标，要 11 个数" in some
    assert "  accountant  " not in some


def test_a_role_is_shown_with_its_rules_and_the_numbers_it_needs() -> None:
    shown = run("library", "--language", "en", "store-manager").output

    assert "Store manager (store-manager, Sales)" in shown
    assert "Store sales 70 points: " in shown
    assert "Numbers to supply (9):" in shown
    assert "Members lost in the month (people): Sales" in shown
    assert shown.endswith("kpibook new role NEW-ID --like store-manager\n")


def test_numbers_come_before_what_is_made_from_them() -> None:
    catalog = library("zh")
    for role in catalog.roles.values():
        order = [entry.id for entry in needed_entries(catalog, role)]
        assert len(order) == len({*order})
        for identifier in order:
            assert {*below(catalog, identifier)} <= {*order[: order.index(identifier)]}
        assert {item.indicator for item in role.items} <= {*order}
        assert {entry.id for entry in numbers_needed(catalog, role)} <= {*order}


def below(catalog: Catalog, identifier: str) -> Iterator[str]:
    indicator = catalog.indicators.get(identifier)
    if indicator and indicator.formula and identifier not in catalog.measures:
        yield from (name.id for name in indicator.formula.names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_company_begins_with_roles_of_the_library(tmp_path: Path, language: str) -> None:
    root = tmp_path / "new"

    result = run("init", str(root), "--language", language, "--like", "store-manager, accountant,service-agent")

    catalog = catalog_of(root)
    assert result.exit_code == 0, result.output
    assert {"store-manager", "accountant", "service-agent"} <= {*catalog.roles}
    assert catalog.roles["accountant"].department == "finance"
    assert catalog.departments["finance"].parent == "office"
    assert faults(root / "handbook") == []


@pytest.mark.parametrize(("like", "said"), [("shop-managr", "shop-managr"), ("sales-manager", "sales-manager")])
def test_a_company_that_cannot_begin_with_a_role_is_not_begun(tmp_path: Path, like: str, said: str) -> None:
    result = run("init", str(tmp_path / "new"), "--language", "zh", "--like", f"accountant,{like}")

    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "new").exists()
