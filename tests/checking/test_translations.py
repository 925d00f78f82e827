"""A handbook in two languages: each text that has words of one of them alone, where it stands."""

from pathlib import Path

import pytest

from companies import change
from linted import strict


def told(root: Path) -> list[str]:
    return [line for line in strict(root)[1] if "[lint-one-language]" in line]


def in_two(company: Path) -> Path:
    file = company / "handbook/company.yml"
    file.write_text(file.read_text(encoding="utf-8") + "languages: [zh, en]\n", encoding="utf-8")
    return company / "handbook"


def test_a_handbook_in_one_language_lacks_nothing(company: Path) -> None:
    assert not told(company)


def test_each_text_in_one_language_is_told_where_it_stands(company: Path) -> None:
    handbook = in_two(company)
    barista = handbook / "roles/barista.yml"
    before = told(company)
    change(
        barista,
        "purpose: 为顾客制作饮品并完成销售",
        "purpose: {zh: 为顾客制作饮品并完成销售, en: Make drinks and sell them}",
    )
    change(barista, "requirement: 按标准配方出品", "requirement: keep to the recipe")

    after = told(company)

    lines = barista.read_text(encoding="utf-8").splitlines()
    purpose = next(number for number, line in enumerate(lines, 1) if line.startswith("purpose:"))
    recipe = next(number for number, line in enumerate(lines, 1) if "keep to the recipe" in line)
    column = lines[recipe - 1].index("keep to") + 1
    assert any(line.startswith(f"handbook/roles/barista.yml:{purpose}:10: ") for line in before)
    assert not any(line.startswith(f"handbook/roles/barista.yml:{purpose}:") for line in after)
    assert (
        f"handbook/roles/barista.yml:{recipe}:{column}: warning: "
        "“keep to the recipe”只写了一种语言，而手册有两种（缺：zh） [lint-one-language]"
    ) in after


def test_what_reads_the_same_in_both_is_left_alone(company: Path) -> None:
    handbook = in_two(company)
    measures = handbook / "measures.yml"
    measures.write_text(
        measures.read_text(encoding="utf-8") + 'gmv: {name: GMV, unit: "%", owner: store, aliases: [成交额]}\n',
        encoding="utf-8",
    )

    line = len(measures.read_text(encoding="utf-8").splitlines())
    assert not [each for each in told(company) if each.startswith(f"handbook/measures.yml:{line}:")]


def test_it_can_be_waived(company: Path) -> None:
    handbook = in_two(company)
    assert [line for line in told(company) if "roles/barista.yml" in line]

    (handbook / "waivers.yml").write_text(
        "- {code: lint-one-language, where: roles/barista, reason: 只在中文门店, until: 2027-01-01, by: 人事部}\n",
        encoding="utf-8",
    )

    assert not [line for line in told(company) if "roles/barista.yml" in line]


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("GMV", False),
        ("{zh: GMV, en: GMV}", False),
        ("{zh: Alpha, en: Alpha}", False),
        ("{zh: 好评, en: 好评}", False),
        ("Manager", True),
        ("好评", True),
        ("A/B", False),
    ],
)
def test_what_is_written_in_both_is_never_told_and_one_word_of_a_language_is(
    company: Path, name: str, is_told: bool
) -> None:
    handbook = in_two(company)
    with (handbook / "measures.yml").open("a", encoding="utf-8") as file:
        file.write(f'gmv: {{name: {name}, unit: "%", owner: shop}}\n')

    line = len((handbook / "measures.yml").read_text(encoding="utf-8").splitlines())
    assert any(each.startswith(f"handbook/measures.yml:{line}:") for each in told(company)) is is_told


def test_pages_without_a_counterpart_are_told_once_with_their_names(company: Path) -> None:
    handbook = in_two(company)
    (handbook / "pages/leave.md").write_text("# 休假\n\n提前三天。\n", encoding="utf-8")

    def lines() -> list[str]:
        return [line.split("warning: ")[1] for line in strict(company)[1] if "[lint-pages-one-language]" in line]

    whole = lines()
    (handbook / "pages.en").mkdir()
    (handbook / "pages.en/policy.md").write_text("# Policy\n\nOn time.\n", encoding="utf-8")
    part = lines()
    (handbook / "pages.en/leave.md").write_text("# Leave\n\nThree days ahead.\n", encoding="utf-8")

    assert whole == [
        "有 2 个手写的页面在 handbook/pages.en 里没有对应的一页：leave.md, policy.md [lint-pages-one-language]"
    ]
    assert part == ["有 1 个手写的页面在 handbook/pages.en 里没有对应的一页：leave.md [lint-pages-one-language]"]
    assert lines() == []


def test_pages_in_one_language_are_told_in_english_too(company: Path) -> None:
    handbook = in_two(company)
    change(handbook / "company.yml", "language: zh", "language: en")

    [line] = [line for line in strict(company)[1] if "[lint-pages-one-language]" in line]
    assert "1 page written by hand without a counterpart in handbook/pages.zh: policy.md" in line
