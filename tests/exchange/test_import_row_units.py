"""Units that stand in the rows of a table, in a column of their own."""

from pathlib import Path

import pytest

from sent_tables import Cells, make_company, numbers, plain_file, run, workbook


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


def test_each_row_of_a_long_table_counts_in_its_own_unit(root: Path) -> None:
    rows: Cells = [
        ["姓名", "数据项", "实际", "计量单位"],
        ["林晓", "销售额", 5.5, "万元"],
        ["周然", "销售额", 22300, "元"],
        ["林晓", "培训时长", 90, "分钟"],
        ["周然", "到店人数", 0.02, "万人"],
        ["林晓", "退货率", 1.5, "%"],
        ["林晓", "到店人数", 200, None],
    ]

    shown = run(root, "import", workbook(root, rows), "--dry-run").output
    run(root, "import", workbook(root, rows))

    assert numbers(root) == {
        "E01 sales": "55000",
        "E02 sales": "22300",
        "E01 training_hours": "1.5",
        "E02 visitors": "200",
        "E01 return_rate": "1.5",
        "E01 visitors": "200",
    }
    assert "  实际 | 销售额（sales） | 万元 → 元 | 2026-10 | C2：5.5 → 55000\n" in shown
    assert "  实际 | 培训时长（training_hours） | 分钟 → 小时 | 2026-10 | C4：90 → 1.5\n" in shown
    assert "  换算了 3 格，例如 sent.xlsx!数据!C2：5.5 -> 55000\n" in shown


@pytest.mark.parametrize(
    ("measure", "unit", "own"),
    [("销售额", "箱", "元"), ("销售额", "万", "元"), ("退货率", "‰", "%"), ("销售额", "%", "元")],
)
def test_a_unit_that_cannot_be_converted_sets_the_row_aside(root: Path, measure: str, unit: str, own: str) -> None:
    result = run(root, "import", plain_file(root, f"姓名,数据项,实际,单位\n林晓,{measure},3,{unit}\n"))

    identifier = "sales" if measure == "销售额" else "return_rate"
    assert numbers(root) == {}
    assert (
        f"sent.csv:2:{len(measure) + 7}: warning: 这一行的单位是“{unit}”，换算不成 {identifier} 的单位“{own}” "
        "[sheet-other-unit]\n"
        f"    hint: 请改成“{own}”，或者能换算的单位（金额：元、千元、万元；时长：秒、分钟、小时），数和单位一起改\n"
    ) in result.output


def test_a_unit_of_the_row_goes_before_that_of_the_title(root: Path) -> None:
    run(root, "import", plain_file(root, "单位：万元,,,\n姓名,数据项,实际,单位\n林晓,销售额,3,千元\n周然,销售额,2,\n"))

    assert numbers(root) == {"E01 sales": "3000", "E02 sales": "20000"}


def test_a_header_and_a_row_that_say_different_units_are_not_clear(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,数据项,实际（万元）,单位\n林晓,销售额,3,元\n"))

    assert numbers(root) == {}
    assert "不知道这个数的单位：表上写的是“万元, 元”，而 sales 的单位是“元” [unit-unclear]" in result.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("姓名,销售额,单位\n林晓,5.5,万元\n周然,22300,元\n", {"E01 sales": "55000", "E02 sales": "22300"}),
        ("姓名,单位,销售额\n林晓,万元,5.5\n", {"E01 sales": "55000"}),
        ("姓名,销售额,单位,到店人数,单位\n林晓,5.5,万元,200,人\n", {"E01 sales": "55000", "E01 visitors": "200"}),
        ("姓名,销售额,单位,到店人数\n林晓,5.5,万元,200\n", {"E01 sales": "55000", "E01 visitors": "200"}),
        ("姓名,销售额,库存额,单位\n林晓,5.5,2,万元\n", {"E01 sales": "55000", "E01 stock": "20000"}),
        ("姓名,销售额,到店人数,单位\n林晓,5.5,200,万元\n", {"E01 sales": "55000"}),
    ],
)
def test_a_column_of_units_in_a_wide_table_is_of_the_numbers_on_its_left(
    root: Path, text: str, expected: dict[str, str]
) -> None:
    shown = run(root, "import", plain_file(root, text), "--dry-run").output
    run(root, "import", plain_file(root, text))

    assert numbers(root) == expected
    assert "  销售额 | 销售额（sales） | 万元 → 元 | 2026-10 | " in shown
    assert "import-column-ignored" not in shown


def test_the_company_s_own_word_for_a_unit_holds_in_a_row(root: Path) -> None:
    with (root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write("import_words: {unit_words: [{word: 万块, unit: 万元}]}\n")

    run(root, "import", plain_file(root, "姓名,销售额,单位\n林晓,5.5,万块\n"))

    assert numbers(root) == {"E01 sales": "55000"}
