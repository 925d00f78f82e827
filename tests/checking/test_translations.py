"""A handbook in two languages: each text that has words of one of them alone, where it stands."""

from pathlib import Path

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
