"""The company's own terms: the place of each word that should not stand there, and what to write."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from companies import change
from kpibook.cli import main
from linted import strict

PURPOSE = "purpose: 为顾客制作饮品并完成销售"


def told(root: Path, terms: str) -> list[str]:
    (root / "handbook/terms.yml").write_text(terms, encoding="utf-8")
    return [line for line in strict(root)[1] if "[lint-term]" in line]


def test_a_word_that_should_not_be_used_is_told_with_its_place_and_what_to_write(company: Path) -> None:
    barista = company / "handbook/roles/barista.yml"
    change(barista, PURPOSE, "purpose: 协助门店经理，为顾客制作饮品")
    (company / "handbook/terms.yml").write_text("- {use: 店长, not: [门店经理, 门店负责人]}\n", encoding="utf-8")
    line = barista.read_text(encoding="utf-8").splitlines().index("purpose: 协助门店经理，为顾客制作饮品") + 1
    folders = ["--handbook", str(company / "handbook"), "--scorecards", str(company / "scorecards")]

    plain = CliRunner().invoke(main, [*folders, "check"])
    done = CliRunner().invoke(main, [*folders, "check", "--strict", "--today", "2026-11-20"])

    assert "lint-term" not in plain.output
    assert done.exit_code == 1
    assert (
        f"handbook/roles/barista.yml:{line}:10: warning: 写的是“门店经理”，本公司统一用“店长” [lint-term]\n"
        "    hint: 请改成“店长”；确实要这样写的，在 waivers.yml 写明理由\n"
    ) in done.stdout


def test_every_kind_of_text_is_read(company: Path) -> None:
    handbook = company / "handbook"
    change(handbook / "departments.yml", "purpose: 提供数据", "purpose: 提供 KPI")
    with (handbook / "measures.yml").open("a", encoding="utf-8") as file:
        file.write("# KPI in a remark is read by nobody\n")
    role = handbook / "roles/barista.yml"
    change(role, "requirement: 按标准配方出品", "requirement: 按 KPI 出品")
    change(role, "knowledge: [食品安全]", "knowledge: [KPI]")
    change(role, "label: 达标", "label: KPI")
    (handbook / "pages/terms.md").write_text("# 用词\n\n指标\n\n我们的 KPI\n", encoding="utf-8")

    lines = told(company, "- {use: 指标, not: KPI}\n")

    assert {line.partition(":")[0] for line in lines} == {
        "handbook/departments.yml",
        "handbook/roles/barista.yml",
        "handbook/pages/terms.md",
    }
    assert len([line for line in lines if line.startswith("handbook/roles/barista.yml:")]) == 3
    assert "handbook/pages/terms.md:5:5: warning: 写的是“KPI”，本公司统一用“指标” [lint-term]" in lines


def test_each_line_of_a_long_text_is_told_where_it_stands(company: Path) -> None:
    role = company / "handbook/roles/barista.yml"
    change(role, PURPOSE, "purpose: |\n  门店经理\n  好\n  听门店经理的")
    line = role.read_text(encoding="utf-8").splitlines().index("purpose: |") + 1

    lines = told(company, "- {use: 店长, not: 门店经理}\n")

    assert [each.partition(": ")[0] for each in lines] == [
        f"handbook/roles/barista.yml:{line + 1}:3",
        f"handbook/roles/barista.yml:{line + 3}:4",
    ]


@pytest.mark.parametrize(
    ("term", "text", "says"),
    [
        pytest.param("{use: 门店经理, not: 经理}", "门店经理", False, id="a part of the right word"),
        pytest.param("{use: 门店经理, not: 经理}", "门店经理和经理", True, id="beside the right word"),
        pytest.param("{use: manager, not: boss}", "The Boss", True, id="capitals"),
        pytest.param("{use: manager, not: boss}", "embossed", False, id="letters inside another word"),
        pytest.param("{use: 店长, not: boss}", "听boss的", True, id="Latin letters between Chinese"),
        pytest.param("{use: 店长, not: a.b}", "axb", False, id="signs are signs"),
    ],
)
def test_a_word_is_found_as_it_stands_between_others(company: Path, term: str, text: str, says: bool) -> None:
    change(company / "handbook/roles/barista.yml", PURPOSE, f"purpose: {text}")

    lines = [line for line in told(company, f"- {term}\n") if line.startswith("handbook/roles/barista.yml:")]
    assert bool(lines) is says


def test_ids_choices_and_the_words_of_others_are_left_alone(company: Path) -> None:
    handbook = company / "handbook"
    sales = next(path for path in (handbook / "indicators").iterdir() if "sales_volume:" in path.read_text("utf-8"))
    change(sales, "  formula: sales\n", "  formula: sales\n  aliases: [manager]\n")

    lines = told(company, "- {use: 店长, not: [manager, shop, higher, rating, zh]}\n")

    assert lines == []


def test_a_waiver_takes_it_back_for_one_role(company: Path) -> None:
    change(company / "handbook/roles/barista.yml", PURPOSE, "purpose: 门店经理")
    terms = "- {use: 店长, not: 门店经理}\n"
    assert len(told(company, terms)) == 1
    (company / "handbook/waivers.yml").write_text(
        "- {code: lint-term, where: roles/barista, reason: 引用, until: 2026-12-31}\n", encoding="utf-8"
    )

    assert told(company, terms) == []


def test_the_other_language_of_a_handbook_is_read_too(company: Path) -> None:
    handbook = company / "handbook"
    with (handbook / "company.yml").open("a", encoding="utf-8") as file:
        file.write("languages: [zh, en]\n")
    role = handbook / "roles/barista.yml"
    change(role, PURPOSE, "purpose: {zh: 为顾客制作饮品, en: Makes drinks for the boss}")
    (handbook / "pages.en").mkdir()
    (handbook / "pages.en/policy.md").write_text("# Policy\n\nThe boss decides.\n", encoding="utf-8")

    lines = told(company, "- {use: manager, not: boss}\n")

    assert [line.partition(":")[0] for line in lines] == [
        "handbook/pages.en/policy.md",
        "handbook/roles/barista.yml",
    ]


def test_a_term_in_two_languages_is_held_to_in_both(company: Path) -> None:
    handbook = company / "handbook"
    with (handbook / "company.yml").open("a", encoding="utf-8") as file:
        file.write("languages: [zh, en]\n")
    role = handbook / "roles/barista.yml"
    change(role, PURPOSE, "purpose: {zh: 为门店经理制作饮品, en: Makes drinks for the boss}")
    line = (
        role.read_text(encoding="utf-8")
        .splitlines()
        .index("purpose: {zh: 为门店经理制作饮品, en: Makes drinks for the boss}")
    )

    lines = told(company, "- {use: {zh: 店长, en: manager}, not: [{zh: 门店经理, en: boss}]}\n")

    assert {each.split("warning: ")[1] for each in lines} == {
        "写的是“门店经理”，本公司统一用“店长” [lint-term]",
        "写的是“boss”，本公司统一用“manager” [lint-term]",
    }
    assert all(each.startswith(f"handbook/roles/barista.yml:{line + 1}:") for each in lines)


def test_a_term_without_a_word_to_avoid_is_an_error(company: Path) -> None:
    (company / "handbook/terms.yml").write_text("- {use: 店长}\n", encoding="utf-8")

    code, lines = strict(company)

    assert code == 1
    assert [line for line in lines if "terms.yml" in line] == ["handbook/terms.yml:1:3: error: 缺少 not [missing-key]"]
