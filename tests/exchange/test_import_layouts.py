"""Tables as people keep them: understood as they are meant, or refused with what to change."""

import datetime
from pathlib import Path

import pytest

from sent_tables import Cells, aside, make_company, numbers, plain_file, ratings, run, workbook


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


# Headers of several rows


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("上月", "本月"),
        ("9月", "10月"),
        ("2026年9月", "2026年10月"),
        ("计划", "完成"),
        ("预算", "实际"),
        ("目标值", "实绩"),
        ("去年同期", "本期"),
        ("累计", "当月"),
        ("本月计划", "本月完成"),
        ("last month", "actual"),
    ],
)
def test_the_row_below_says_which_column_is_the_actual(root: Path, first: str, second: str) -> None:
    rows: Cells = [
        ["姓名", "销售额", None, "备注"],
        [None, first, second, None],
        ["林晓", 48000, 55000, "见台账"],
        ["周然", 20000, 22300, None],
    ]

    result = run(root, "import", workbook(root, rows, merge=["A1:A2", "B1:C1", "D1:D2"]))

    assert (result.exit_code, "import-column-ignored" in result.output) == (0, False), result.output
    assert numbers(root) == {"E01 sales": "55000", "E02 sales": "22300"}
    assert f"没有采用的列：销售额 / {first}（" in result.output


def test_the_same_without_merged_cells_and_as_csv(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,销售额,,备注\n,上月,本月,\n林晓,48000,55000,见台账\n"))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "55000"}


def test_a_word_that_is_not_known_refuses_the_table_and_is_named(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", None], [None, "调整前", "调整后"], ["林晓", 48000, 55000]]
    file = workbook(root, rows, merge=["A1:A2", "B1:C1"])

    refused = run(root, "import", file)

    assert refused.exit_code == 1
    assert numbers(root) == {}
    assert (
        "sent.xlsx!数据!A1: error: 表头里的“调整前, 调整后”看不懂，不知道哪一列是 2026-10 的实际数，"
        "这张表没有读取 [import-header-unclear]\n"
        "    hint: 请把要采用的列写成“实际”“完成”或“本月”；公司自己的说法可以写进 company.yml 的 import_words"
    ) in refused.output


def test_a_company_may_add_words_of_its_own(root: Path) -> None:
    with (root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write("import_words: {actual: 调整后, last: [调整前]}\n")
    rows: Cells = [["姓名", "销售额", None], [None, "调整前", "调整后"], ["林晓", 48000, 55000]]

    result = run(root, "import", workbook(root, rows, merge=["A1:A2", "B1:C1"]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "55000"}


OWN_UNITS = (
    "import_words: {unit: 计价口径, no_value: [停业, 未开业],"
    " unit_words: [{word: 万块, unit: 万元}, {word: 大洋, unit: 元}]}\n"
)


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("计价口径：万块", "销售额"),
        ("十月销售（万块）", "销售额"),
        (None, "销售额（万块）"),
        ("计价口径：大洋", "销售额（万块）"),
    ],
)
def test_the_companys_own_words_for_units_are_understood(root: Path, title: str | None, header: str) -> None:
    with (root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write(OWN_UNITS)
    rows: Cells = [*([[title]] if title else []), ["姓名", header], ["林晓", 5.5]]

    result = run(root, "import", workbook(root, rows))

    assert numbers(root) == {"E01 sales": "55000"}, result.output


def test_a_unit_that_is_no_words_of_the_company_is_no_part_of_longer_words(root: Path) -> None:
    with (root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write("import_words: {unit_words: [{word: k, unit: 千元}]}\n")

    result = run(root, "import", workbook(root, [["kpi 考核表 k1"], ["姓名", "销售额"], ["林晓", 5.5]]))

    assert numbers(root) == {"E01 sales": "5.5"}, result.output


@pytest.mark.parametrize(
    ("title", "sales"),
    [
        ("Sales of the shop (CNY thousand)", "5500"),
        ("Unit: CNY thousand", "5500"),
        ("Unit: RMB '000 Date: 2026-10-31", "5500"),
        ("amounts in million CNY", "5500000"),
        ("销售表（万 元）", "55000"),
    ],
)
def test_units_of_several_words_are_understood_in_titles(root: Path, title: str, sales: str) -> None:
    result = run(root, "import", workbook(root, [[title], ["姓名", "销售额"], ["林晓", 5.5]]))

    assert numbers(root) == {"E01 sales": sales}, result.output


@pytest.mark.parametrize(
    "title", ["销售表（万）", "Sales (thousands)", "Sales (USD thousand)", "Sales ('000)", "销售表（百万）"]
)
def test_a_scale_without_its_unit_refuses_the_columns(root: Path, title: str) -> None:
    result = run(root, "import", workbook(root, [[title], ["姓名", "销售额"], ["林晓", 5.5]]))

    assert numbers(root) == {}
    assert "[import-column-unit]" in result.output


def test_a_scaled_unit_in_brackets_counts_the_numbers_of_its_unit(root: Path) -> None:
    rows: Cells = [["2026年10月客流（万人）"], ["姓名", "到店人数", "销售额"], ["林晓", 1.5, 7]]

    result = run(root, "import", workbook(root, rows))

    assert numbers(root) == {"E01 visitors": "15000", "E01 sales": "7"}, result.output


@pytest.mark.parametrize(
    ("other", "own"),
    [
        ("2026-09", "2026-10"),
        ("2026/9", "2026/10"),
        (datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)),
        (datetime.datetime(2026, 9, 30), datetime.datetime(2026, 10, 31)),
    ],
)
def test_months_that_a_spreadsheet_made_days_of_are_months(root: Path, other: object, own: object) -> None:
    result = run(root, "import", workbook(root, [["销售额"], ["姓名", other, own], ["林晓", 4, 5]]))

    assert numbers(root) == {"E01 sales": "5"}, result.output


def test_days_across_are_refused(root: Path) -> None:
    days = [datetime.date(2026, 10, day) for day in (1, 2, 3)]

    result = run(root, "import", workbook(root, [["销售额"], ["姓名", *days], ["林晓", 4, 5, 6]]))

    assert result.exit_code in (1, 3), result.output
    assert numbers(root) == {}


def test_the_companys_own_words_for_no_value_ask_for_an_empty_cell(root: Path) -> None:
    with (root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write(OWN_UNITS)
    wide = workbook(root, [["姓名", "销售额"], ["林晓", "停业"], ["周然", 5]])
    long = plain_file(root, "subject,measure,actual\nE02,training_hours,未开业\n")

    result = run(root, "import", wide, long)

    assert numbers(root) == {"E02 sales": "5"}
    assert aside(root) == [("B2", "cell-missing-token"), ("2", "cell-missing-token")]
    assert "sent.xlsx!数据!B2: warning: 销售额 写的“停业”不是数字 [cell-missing-token]" in result.output
    assert "hint: 没有数就留空；真的是零请写 0" in result.output


def test_two_columns_that_both_say_actual_are_no_choice(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", None], [None, "实际", "实际"], ["林晓", 48000, 55000]]

    result = run(root, "import", workbook(root, rows, merge=["A1:A2", "B1:C1"]))

    assert result.exit_code == 1
    assert numbers(root) == {}
    assert "[duplicate-column]" in result.output


def test_two_columns_of_one_number_that_differ_decide_nothing(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", None], [None, "实际", "完成"], ["林晓", 48000, 55000], ["周然", 7, 7]]

    run(root, "import", workbook(root, rows, merge=["A1:A2", "B1:C1"]))

    assert numbers(root) == {"E02 sales": "7"}
    assert aside(root) == [("B3", "conflicting-values"), ("C3", "conflicting-values")]


def test_no_column_of_the_cycle_s_own_is_said(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", None], [None, "8月", "9月"], ["林晓", 48000, 55000]]

    result = run(root, "import", workbook(root, rows, merge=["A1:A2", "B1:C1"]))

    assert result.exit_code == 1
    assert (
        "error: 没有一列是 2026-10 的实际数（有：销售额 / 8月, 销售额 / 9月），这张表没有读取 [import-period-missing]"
        in result.output
    )


def test_a_last_column_that_is_merged_downward_costs_no_row(root: Path) -> None:
    rows: Cells = [
        ["姓名", "销售额", None, "备注"],
        [None, "预算", "实际"],
        ["林晓", 50000, 55000, "x"],
        ["周然", 20000, 22300],
    ]

    result = run(root, "import", workbook(root, rows, merge=["A1:A2", "B1:C1", "D1:D2"]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "55000", "E02 sales": "22300"}


def test_a_row_that_is_too_long_for_its_sheet_is_told_without_separators(root: Path) -> None:
    result = run(root, "import", workbook(root, [["姓名", "销售额"], ["林晓", 5, None, 7], ["周然", 6]]))

    assert numbers(root) == {"E02 sales": "6"}
    [hint] = [line for line in result.output.splitlines() if "hint" in line]
    assert "分隔符" not in hint


def test_groups_that_only_head_columns_change_nothing(root: Path) -> None:
    rows: Cells = [
        ["基本信息", None, "业绩", None],
        ["工号", "姓名", "销售额", "退货率"],
        ["E01", "林晓", 5, 3],
    ]

    result = run(root, "import", workbook(root, rows, merge=["A1:B1", "C1:D1"]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5", "E01 return_rate": "3"}


@pytest.mark.parametrize("header", ["本月销售额", "销售额（本月）", "10月销售额", "销售额-实际", "实际完成销售额"])
def test_a_column_says_in_one_cell_what_it_is(root: Path, header: str) -> None:
    result = run(root, "import", plain_file(root, f"姓名,{header},上月销售额,累计销售额\n林晓,5,4,9\n"))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}
    assert "没有采用的列：上月销售额（上期或同期）、累计销售额（累计）" in result.output


# Units


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("金额单位：千元", "55000"),
        ("单位：千元", "55000"),
        ("（单位：万元）", "550000"),
        ("单位:百万元", "55000000"),
        ("单位：亿元、人", "5500000000"),
        ("单位 元", "55"),
        ("填报单位：门店部", "55"),
        ("单位：小满茶铺", "55"),
    ],
)
def test_money_stands_in_the_unit_that_the_title_says_and_counts_do_not(root: Path, title: str, value: str) -> None:
    rows: Cells = [["十月统计表", None, title], ["姓名", "销售额", "到店人数"], ["林晓", 55, 900]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": value, "E01 visitors": "900"}


@pytest.mark.parametrize(
    "header", ["销售额（万元）", "销售额(万元)", "销售额/万元", "销售额 万元", "销售额（单位：万元）"]
)
def test_money_stands_in_the_unit_of_its_header(root: Path, header: str) -> None:
    result = run(root, "import", workbook(root, [["姓名", header], ["林晓", 11.85]]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "118500"}
    assert "换算了 1 格，例如 sent.xlsx!数据!B2：11.85 -> 118500" in result.output


def test_the_header_s_unit_goes_before_the_title_s_and_the_cell_s_before_both(root: Path) -> None:
    rows: Cells = [["单位：万元"], ["姓名", "销售额（千元）", "库存额"], ["林晓", 5, "7元"]]

    run(root, "import", workbook(root, rows))

    assert numbers(root) == {"E01 sales": "5000", "E01 stock": "7"}


@pytest.mark.parametrize(
    ("title", "said"),
    [("单位：箱", "箱"), ("单位：万元 金额单位：千元", "万元, 千元"), ("百万元俱乐部十月业绩", "百万元")],
)
def test_a_unit_that_is_not_clear_refuses_the_column(root: Path, title: str, said: str) -> None:
    result = run(root, "import", workbook(root, [[title], ["姓名", "销售额"], ["林晓", 5]]))

    assert result.exit_code == 1
    assert numbers(root) == {}
    assert (
        f"sent.xlsx!数据!B2: error: 列“销售额”写的“{said}”换算不成 sales 的单位“元”，"
        "这一列没有采用 [import-column-unit]" in result.output
    )


def test_a_note_below_the_table_that_names_a_unit_is_not_passed_over(root: Path) -> None:
    rows: Cells = [["姓名", "销售额"], ["林晓", 5], ["注：以上金额单位为千元"]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 1
    assert numbers(root) == {}
    assert "[import-column-unit]" in result.output


def test_a_long_table_goes_by_the_unit_of_its_title(root: Path) -> None:
    rows: Cells = [["单位：万元"], ["姓名", "数据项", "实际"], ["林晓", "销售额", 5.5], ["林晓", "到店人数", 9]]

    run(root, "import", workbook(root, rows))

    assert numbers(root) == {"E01 sales": "55000", "E01 visitors": "9"}


# Several tables in a sheet


def test_a_second_table_below_the_first_is_read_as_its_own(root: Path) -> None:
    rows: Cells = [
        ["姓名", "销售额"],
        ["林晓", 55000],
        ["周然", 22300],
        ["合计", 77300],
        [],
        ["姓名", "到店人数"],
        ["林晓", 900],
        ["周然", 400],
    ]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "55000", "E01 visitors": "900", "E02 sales": "22300", "E02 visitors": "400"}


def test_a_second_table_that_is_wider_and_has_titles_of_its_own(root: Path) -> None:
    text = "姓名,销售额\n林晓,5\n合计,5\n服务统计（单位：元）,\n姓名,投诉次数,退货率,备注\n林晓,1,3%,无\n周然,2,4%,x\n"

    result = run(root, "import", plain_file(root, text))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {
        "E01 sales": "5",
        "E01 complaints": "1",
        "E01 return_rate": "3",
        "E02 complaints": "2",
        "E02 return_rate": "4",
    }


def test_a_second_table_of_money_without_a_unit_is_not_guessed_at(root: Path) -> None:
    rows: Cells = [
        ["销售（单位：万元）"],
        ["姓名", "销售额"],
        ["林晓", 5.5],
        ["姓名", "库存额", "到店人数"],
        ["林晓", 7, 900],
    ]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 1
    assert numbers(root) == {"E01 sales": "55000", "E01 visitors": "900"}
    assert "列“库存额”写的“万元”换算不成 stock 的单位“元”" not in result.output
    assert "[import-unit-above]" in result.output


def test_a_second_table_that_is_not_understood_is_refused_alone(root: Path) -> None:
    rows: Cells = [["姓名", "销售额"], ["林晓", 5], ["姓名", "身高"], ["林晓", 170]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 1
    assert numbers(root) == {"E01 sales": "5"}
    assert "sent.xlsx!数据!A3: error: 下面又是一张表，但表头看不懂（姓名, 身高），没有读取" in result.output


def test_a_lone_line_that_names_another_number_ends_what_is_certain(root: Path) -> None:
    rows: Cells = [["姓名", "销售额"], ["林晓", 5], ["退货率"], ["周然", 6]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 1
    assert numbers(root) == {"E01 sales": "5"}
    assert "中间单独一行写着“退货率”" in result.output


def test_rows_below_the_name_of_another_month_are_of_that_month(root: Path) -> None:
    rows: Cells = [["姓名", "销售额"], ["9月"], ["林晓", 4], ["10月"], ["林晓", 5], ["周然", 6]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5", "E02 sales": "6"}
    assert "忽略：别的周期，1 行（第 3 行）" in result.output


def test_a_header_that_comes_again_for_the_next_page_is_no_second_table(root: Path) -> None:
    rows: Cells = [["姓名", "销售额"], ["林晓", 5], ["姓名", "销售额"], ["周然", 6]]

    result = run(root, "import", workbook(root, rows))

    assert numbers(root) == {"E01 sales": "5", "E02 sales": "6"}
    assert "忽略：重复的表头，1 行（第 3 行）" in result.output


# Ratings as columns


def rated(root: Path) -> Path:
    role = root / "handbook" / "roles" / "barista.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("好, from: 30,", "好, from: 40,"), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("header", "row", "title", "options"),
    [
        (["姓名", "工作态度", "评分人"], ["周然", 20, "林晓"], "十月评分", ()),
        (["姓名", "工作态度", "评价关系", "评分人"], ["周然", 20, "上级", "E01"], "十月评分", ()),
        (["姓名", "工作态度"], ["周然", 20], "评分人：林晓", ()),
        (["姓名", "工作态度"], ["周然", 20], "十月评分", ("--rater", "林晓")),
    ],
)
def test_ratings_across_are_ratings_where_the_rater_is_known(
    root: Path, header: list[object], row: list[object], title: str, options: tuple[str, ...]
) -> None:
    result = run(rated(root), "import", workbook(root, [[title], header, row]), *options)

    assert result.exit_code == 0, result.output
    assert ratings(root) == ["E02,attitude,manager,E01,20,"]
    assert numbers(root) == {}


def test_the_name_of_the_file_may_say_who_rated(root: Path) -> None:
    result = run(rated(root), "import", workbook(root, [["姓名", "工作态度"], ["周然", "好"]], name="评分-林晓.xlsx"))

    assert result.exit_code == 0, result.output
    assert ratings(root) == ["E02,attitude,manager,E01,好,"]


def test_ratings_across_without_a_rater_are_refused(root: Path) -> None:
    result = run(root, "import", workbook(root, [["姓名", "工作态度", "销售额"], ["周然", 20, 5]]))

    assert result.exit_code == 1
    assert numbers(root) == {"E02 sales": "5"}
    assert ratings(root) == []
    assert "sent.xlsx!数据!B1: error: 列“工作态度”是评分，但没有写是谁评的，这一列没有采用" in result.output


# Before anything is written


def test_a_dry_run_shows_what_each_column_is_taken_for(root: Path) -> None:
    rows: Cells = [
        ["十月统计（单位：万元）"],
        ["姓名", "销售额", None, "退货率"],
        [None, "计划", "完成", None],
        ["林晓", 10, 11.85, 3],
    ]

    result = run(root, "import", workbook(root, rows, merge=["A2:A3", "B2:C2", "D2:D3"]), "--dry-run")

    assert result.exit_code == 0, result.output
    assert numbers(root) == {}
    assert (
        "  表上的列 | 数据项 | 单位 | 周期 | 第一个数（表上 → 写入）\n"
        "  销售额 / 完成 | 销售额（sales） | 万元 → 元 | 2026-10 | C4：11.85 → 118500\n"
        "  退货率 | 退货率（return_rate） | % | 2026-10 | D4：3 → 3\n"
    ) in result.output


# Everything at once


def test_a_workbook_as_it_is_kept_comes_in_as_it_is_meant(root: Path) -> None:
    october_end, september_end = datetime.date(2026, 10, 31), datetime.date(2026, 9, 30)
    rows: Cells = [
        ["2026年10月销售统计表", None, None, None, None, "单位：万元"],
        ["日期", "姓　名", "销售额", None, "库存额", None],
        [None, None, "计划", "完成", "计划", "完成"],
        [october_end, "林　晓", 12, 11.85, 3, 2.9],
        [september_end, "周　然", 9, 9.9, 2, 2.2],
        [october_end, "周然", 10, 10.5, 2, 2.1],
        ["小计", None, 22, 22.35, 5, 5],
        [october_end, "何 小青", 8, 7.25, 2, 1.9],
        ["合计", None, 30, 29.6, 7, 6.9],
        [],
        ["姓名", "投诉次数", "到店人数"],
        ["林晓", 1, 900],
        ["周然", 0, 400],
    ]

    result = run(root, "import", workbook(root, rows, merge=["A2:A3", "B2:B3", "C2:D2", "E2:F2"]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {
        "E01 complaints": "1",
        "E02 complaints": "0",
        "E01 sales": "118500",
        "E01 stock": "29000",
        "E01 visitors": "900",
        "E02 sales": "105000",
        "E02 stock": "21000",
        "E02 visitors": "400",
        "E03 sales": "72500",
        "E03 stock": "19000",
    }
    assert "8 行 = 采用 3 + 搁置 0 + 忽略 5" in result.output
    assert "忽略：别的周期，1 行（第 5 行）" in result.output


# A rating that its item does not take


def test_the_hint_for_a_rating_is_the_item_s_own(root: Path) -> None:
    role = root / "handbook" / "roles" / "barista.yml"
    text = role.read_text(encoding="utf-8")
    start, end = text.index("          levels:"), text.index("        supports:")
    role.write_text(text[:start] + text[end:], encoding="utf-8")
    manager = root / "handbook" / "roles" / "shop-manager.yml"
    other = "- {indicator: attitude, weight: 30, standard: {rule: rating, levels: [{level: A, from: 0, to: 30}]}}"
    text = manager.read_text(encoding="utf-8")
    start, end = text.index("      - indicator: complaint_count"), text.index("gates:")
    manager.write_text(text[:start] + f"      {other}\n" + text[end:], encoding="utf-8")

    for said in ("优", "A"):
        table = f"姓名,指标,关系,评分人,评分\n周然,工作态度,上级,E01,{said}\n"
        result = run(root, "import", plain_file(root, table, f"{said}.csv"))

        assert f"“{said}”不是分数，这一项没有等级 [rating-takes-points]" in result.output
        assert "hint: 请写 0 到 40 之间的分数" in result.output


def test_a_level_with_a_default_needs_no_points(root: Path) -> None:
    role = root / "handbook" / "roles" / "barista.yml"
    text = role.read_text(encoding="utf-8").replace("好, from: 30, to: 40}", "好, from: 30, to: 40, default: 36}")
    role.write_text(text, encoding="utf-8")

    result = run(root, "import", plain_file(root, "姓名,指标,关系,评分人,评分\n周然,工作态度,上级,E01,好\n"))

    assert result.exit_code == 0, result.output
    assert ratings(root) == ["E02,attitude,manager,E01,好,"]


# Titles in English


@pytest.mark.parametrize(
    "title", ["Sales plan October 2026", "Budget of the shop", "Sales, year to date", "Target: Oct 2026"]
)
def test_a_title_in_letters_says_that_numbers_are_no_actuals(root: Path, title: str) -> None:
    result = run(root, "import", workbook(root, [[title], ["Name", "sales"], ["林晓", 5]]))

    assert numbers(root) == {}
    assert "[import-title-no-actual]" in result.output


@pytest.mark.parametrize(
    "title", ["Sales September 2026", "Sales, Sep. 2026", "SEPT 2026", "2026 Sep", "Sep-2026", "Sep 2026 report"]
)
def test_a_title_that_names_another_month_in_letters_is_refused(root: Path, title: str) -> None:
    result = run(root, "import", workbook(root, [[title], ["Name", "sales"], ["林晓", 5]]))

    assert numbers(root) == {}
    assert "[title-other-period]" in result.output


@pytest.mark.parametrize(
    "title", ["Sales October 2026", "You may plant 2026 trees", "Planning team", "2026 Marathon", "Actual vs. plan"]
)
def test_titles_in_letters_that_say_nothing_else_change_nothing(root: Path, title: str) -> None:
    run(root, "import", workbook(root, [[title], ["Name", "sales"], ["林晓", 5]]))

    assert numbers(root) == {"E01 sales": "5"}
