"""A sales table as offices keep them, imported as HR would: everything in it at once."""

from pathlib import Path

import pytest

from sent_tables import Cells, make_company, numbers, plain_file, run, targets, workbook

SHEET: Cells = [
    ["2026年10月门店销售完成情况表", *[None] * 6],
    ["制表部门：支持部", *[None] * 5, "单位：万元"],
    ["序号", "区域", "月份", "姓  名", "销售额", None, None],
    [None, None, None, None, "计划", "完成", "完成率"],
    [1, "东区", "9月", "林　晓", 5, 4.8, 0.96],
    [2, "东区", "10月", "林　晓", 5, 5.5, 1.1],
    ["东区小计", None, None, None, 10, 10.3, 1.03],
    [3, "西区", "10月", "周 然", 2, 2.23, 1.115],
    [None, "西区小计", None, None, 2, 2.23, 1.115],
    ["总计", None, None, None, 12, 12.53, 1.04],
    [],
    ["二、客流（单位：人）"],
    ["序号", "姓名", "到店人数"],
    [1, "林晓", 200],
    [2, "周然", 180],
    ["合计", None, 380],
    ["审核：        制表：        日期：2026年11月2日"],
]
MERGED = ["A1:G1", "E3:G3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "A7:D7"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


def test_everything_at_once_gives_the_right_numbers_each_with_its_cell(root: Path) -> None:
    result = run(root, "import", workbook(root, SHEET, merge=MERGED))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "55000", "E01 visitors": "200", "E02 sales": "22300", "E02 visitors": "180"}
    for line in (
        "忽略：合计，3 行（第 7, 9, 10 行）",
        "忽略：别的周期，1 行（第 5 行）",
        "没有采用的列：销售额 / 计划（计划或目标）、销售额 / 完成率（另行计算）",
        "+ E01 sales = 55000（sent.xlsx!数据!F6 -> scorecards/2026-10/actuals/support.csv）",
        "+ E02 visitors = 180（sent.xlsx!数据!C15 -> scorecards/2026-10/actuals/support.csv）",
    ):
        assert line in result.output, result.output


def test_with_targets_the_plans_of_one_table_make_no_targets_of_the_next(root: Path) -> None:
    before = targets(root)

    result = run(root, "import", workbook(root, SHEET, merge=MERGED), "--targets")

    assert result.exit_code == 0, result.output
    assert set(targets(root)) - set(before) == {"E01,sales_volume,50000,,", "E02,sales_volume,20000,,"}
    assert numbers(root)["E02 visitors"] == "180"


def test_a_second_table_of_unknown_names_is_told_by_its_header_with_the_cure(root: Path) -> None:
    rows: Cells = [*SHEET[:12], ["序号", "姓名", "客流量"], *SHEET[13:]]

    result = run(root, "import", workbook(root, rows, merge=MERGED))

    assert numbers(root) == {"E01 sales": "55000", "E02 sales": "22300"}
    assert (
        "sent.xlsx!数据!A13: error: 下面又是一张表，但表头看不懂（序号, 姓名, 客流量），没有读取"
        " [import-second-table]\n    hint: 请在表头里写姓名或编号，以及数据项的名称（别的叫法写进 measures.yml 的"
        " aliases）；不用导入的，就放到另一张工作表"
    ) in result.output


@pytest.mark.parametrize(
    ("below", "told"),
    [
        pytest.param(
            b"\xe6\x97,200\n", "sent.csv:3:1: error: 下面又是一张表，但表头看不懂（?），没有读取", id="all of it"
        ),
        pytest.param(
            "周然,200\n".encode(), "sent.csv:5:1: error: 下面又是一张表，但表头看不懂（周然, 200）", id="header"
        ),
    ],
)
def test_a_second_table_whose_header_is_damaged_is_told_and_not_read(root: Path, below: bytes, told: str) -> None:
    path = root / "sent.csv"
    path.write_bytes("姓名,销售额\n林晓,5\n\n姓名,到店".encode() + b"\xe4\xba\x95\xb0\n" + below)

    result = run(root, "import", path)

    assert numbers(root) == {"E01 sales": "5"}
    assert told in result.output


@pytest.mark.parametrize("label", ["东区小计", "一店合计：", "East subtotal", "华东 小 计"])
def test_the_total_of_a_part_is_nobody(root: Path, label: str) -> None:
    result = run(root, "import", plain_file(root, f"姓名,销售额\n林晓,5\n{label},5\n"))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}
    assert "忽略：合计，1 行（第 3 行）" in result.output


def test_somebody_whose_row_ends_in_a_total_is_still_read(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,销售额,备注\n林晓,5,含赠品合计\n"))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}


def test_a_remark_merged_over_several_rows_costs_none_of_them(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", "备注"], ["林晓", 5, "促销"], ["周然", 6, None], ["何小青", 7, None]]

    result = run(root, "import", workbook(root, rows, merge=["C2:C3"]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5", "E02 sales": "6", "E03 sales": "7"}


def test_a_name_or_a_number_merged_over_several_rows_still_does(root: Path) -> None:
    rows: Cells = [["姓名", "销售额"], ["林晓", 5], ["周然", None], ["何小青", 7]]

    result = run(root, "import", workbook(root, rows, merge=["B2:B3"]))

    assert numbers(root) == {"E03 sales": "7"}
    assert "[merged-row]" in result.output
