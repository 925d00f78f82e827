"""Texts of a handbook in two languages: each reader gets the own one, and what tells things apart is one text."""

from pathlib import Path

import pytest

from companies import a_company
from kpibook.authoring.schemas import schema_files
from kpibook.base.words import words
from kpibook.content import read
from kpibook.content.languages import in_language
from kpibook.reading.catalog import load_catalog


def spoken(tmp_path: Path, languages: str = "languages: [zh, en]\n") -> Path:
    root = a_company(tmp_path)
    company = root / "handbook/company.yml"
    company.write_text(company.read_text("utf-8") + languages, encoding="utf-8")
    role = root / "handbook/roles/barista.yml"
    text = role.read_text("utf-8").replace("name: 茶艺师", "name: {zh: 茶艺师, en: Barista}")
    text = text.replace("knowledge: [食品安全]", "knowledge: [{zh: 食品安全, en: Food safety}, HACCP]")
    text = text.replace("section: 业绩", "section: {zh: 业绩, en: Results}")
    role.write_text(text, encoding="utf-8")
    return root


def test_a_text_is_read_in_the_companys_language_or_in_the_one_that_is_asked_for(tmp_path: Path) -> None:
    root = spoken(tmp_path)

    (own, problems), (other, faults) = load_catalog(root / "handbook"), load_catalog(root / "handbook", "en")

    assert (problems, faults) == ((), ())
    for catalog, name, knowledge, section, language in (
        (own, "茶艺师", ("食品安全", "HACCP"), "业绩", "zh"),
        (other, "Barista", ("Food safety", "HACCP"), "Results", "en"),
    ):
        role = catalog.roles["barista"]
        assert (role.name, role.qualifications.knowledge, role.scorecard[0].section) == (name, knowledge, section)
        assert catalog.company.language == language
    assert (own.company.other_languages, other.company.other_languages) == (("en",), ("zh",))
    assert str(own.roles["barista"].place_of("name")).startswith("handbook/roles/barista.yml:1:")


@pytest.mark.parametrize("written", ["{zh: 茶艺师}", "{zh: 茶艺师, fr: Barista}", "{zh: 茶艺师, en: [Barista]}"])
def test_a_text_that_lacks_a_language_or_is_none_is_refused(tmp_path: Path, written: str) -> None:
    root = spoken(tmp_path)
    role = root / "handbook/roles/barista.yml"
    text = role.read_text("utf-8").replace("{zh: 茶艺师, en: Barista}", written)
    role.write_text(text, encoding="utf-8")

    # Of a text that is sound in one language the other is read, too, before anything is published.
    codes = {each.code for each in read(root / "handbook", root / "scorecards").problems}

    assert "not-a-text" in codes


def test_what_tells_things_apart_is_no_text_of_a_language(tmp_path: Path) -> None:
    root = spoken(tmp_path)
    grades = root / "handbook/grades.yml"
    grades.write_text(grades.read_text("utf-8").replace("id: A", "id: {zh: 甲, en: A}", 1), encoding="utf-8")

    _, problems = load_catalog(root / "handbook")

    assert "not-a-text" in {each.code for each in problems}


def test_pages_written_by_hand_may_stand_beside_in_the_other_language(tmp_path: Path) -> None:
    root = spoken(tmp_path)
    content = read(root / "handbook", root / "scorecards")

    same = in_language(content, "en").prose
    (root / "handbook/pages.en").mkdir()
    (root / "handbook/pages.en/policy.md").write_text("# Policy\n", encoding="utf-8")
    own = in_language(content, "en").prose

    assert same == content.prose
    assert [(path, text.strip().splitlines()[-1]) for path, text in own.items()] == [("policy.md", "# Policy")]
    assert not read(root / "handbook", root / "scorecards").problems


def test_protected_leave_is_named_in_the_language_of_the_reader(tmp_path: Path) -> None:
    kinds = "part_cycle: {leave_kinds: [{zh: 产假, en: Parental leave}, 工伤]}\n"
    root = spoken(tmp_path, "languages: [zh, en]\n" + kinds)
    rows = "person,kind,from,to,note\nE01,产假,2026-10-05,2026-10-06,\nE02,工伤,2026-10-05,,\n"
    (root / "scorecards/2026-10/leave.csv").write_text(rows, encoding="utf-8")

    content = read(root / "handbook", root / "scorecards")

    period = max(content.cycles)
    for each, names in ((content, ["产假", "工伤"]), (in_language(content, "en"), ["Parental leave", "工伤"])):
        assert [row.kind for rows in each.cycles[period].leave.values() for row in rows] == names


def test_editors_take_both_forms_where_the_handbook_has_two_languages(tmp_path: Path) -> None:
    one, _ = load_catalog(a_company(tmp_path / "one") / "handbook")
    two, _ = load_catalog(spoken(tmp_path / "two") / "handbook")

    plain, both = (dict(schema_files(words("en"), each))["role.schema.json"] for each in (one, two))
    assert '"zh"' not in plain
    assert '"required": [\n        "zh",\n        "en"\n      ]' in both
