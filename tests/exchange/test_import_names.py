"""Names and ids that stand in one cell, and columns that say what they are and are not taken."""

from pathlib import Path

import pytest

from sent_tables import make_company, numbers, plain_file, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


@pytest.mark.parametrize(
    "cell",
    [
        *("林晓（E01）", "林晓(E01)", "林晓 E01", "林晓E01", "林　晓【e01】"),
        *("E01林晓", "E01 林晓", "E01-林晓", "E01（林晓）"),
    ],
)
@pytest.mark.parametrize("column", ["姓名", "工号"])
def test_a_name_and_an_id_in_one_cell_are_one_person(root: Path, column: str, cell: str) -> None:
    run(root, "import", plain_file(root, f"{column},销售额\n{cell},5\n"))

    assert numbers(root) == {"E01 sales": "5"}


def test_a_name_and_an_id_of_different_people_are_set_aside(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,销售额\n林晓（E02）,5\n周然,6\n"))

    assert numbers(root) == {"E02 sales": "6"}
    assert (
        "sent.csv:2:1: warning: E02 是 周然，这一行写的却是“林晓（E02）” [name-differs]\n"
        "    hint: 请核对编号和姓名，改正错的那个\n"
    ) in result.output


@pytest.mark.parametrize("cell", ["王五（E99）", "E99王五", "林晓（店长）", "E01" * 40 + "林晓"])
def test_a_name_with_what_is_no_id_is_nobody(root: Path, cell: str) -> None:
    result = run(root, "import", plain_file(root, f"姓名,销售额\n{cell},5\n周然,6\n"))

    assert numbers(root) == {"E02 sales": "6"}
    assert "[unknown-subject]" in result.output


def test_columns_that_say_what_they_are_and_are_not_taken_are_named_with_their_reason(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,性别,销售额,完成率,同比,去年同期\n林晓,女,5,90%,3%,4\n"))

    assert numbers(root) == {"E01 sales": "5"}
    assert "  没有采用的列：完成率（另行计算）、同比（另行计算）、去年同期（上期或同期）\n" in result.output
    assert "不认识列 性别（第 2 列），没有读取 [import-column-ignored]" in result.output
    assert result.output.count("[import-column-ignored]") == 1


@pytest.mark.parametrize("minus", ["-", "－", "﹣"])
def test_a_minus_of_a_chinese_keyboard_is_one(root: Path, minus: str) -> None:
    run(root, "import", plain_file(root, f"姓名,库存额\n林晓,{minus}5\n"))

    assert numbers(root) == {"E01 stock": "-5"}
