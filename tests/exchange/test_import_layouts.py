"""Tables as people keep them: understood as they are meant, or refused with what to change."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from sent_tables import (
    Cells,
    aside,
    make_company,
    numbers,
    october,
    people,
    plain_file,
    ratings,
    run,
    targets,
    workbook,
)


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

    assert result.exit_code == 0, result.output
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


# Periods and days


@pytest.mark.parametrize("column", ["日期", "统计日期", "月份", "统计月份"])
@pytest.mark.parametrize(
    ("other", "own"),
    [
        (datetime.date(2026, 9, 30), datetime.date(2026, 10, 31)),
        (46295, 46326),
        ("2026/9/30", "2026/10/31"),
        (datetime.datetime(2026, 9, 30, 18, 30), datetime.datetime(2026, 10, 31, 18, 30)),
    ],
)
def test_rows_of_other_months_are_named_and_not_taken(root: Path, column: str, other: object, own: object) -> None:
    rows: Cells = [[column, "姓名", "销售额"], [other, "林晓", 4], [own, "林晓", 5]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}
    assert "忽略：别的周期，1 行（第 2 行）" in result.output


def test_the_days_of_a_month_are_added_where_the_number_is_counted_up(root: Path) -> None:
    rows: Cells = [
        ["日期", "姓名", "销售额"],
        [datetime.date(2026, 10, 1), "林晓", 4],
        [datetime.date(2026, 10, 2), "林晓", 5.5],
        [datetime.date(2026, 11, 1), "林晓", 100],
        [datetime.date(2026, 10, 1), "周然", 7],
    ]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "9.5", "E02 sales": "7"}
    assert "1 个数是按天相加的，例如 E01 sales = 9.5（2 天）" in result.output
    assert "4 行 = 采用 3 + 搁置 0 + 忽略 1" in result.output


@pytest.mark.parametrize(
    ("header", "cells", "code"),
    [
        ("库存额", (4, 5), "days-not-summed"),
        ("销售额", (4, "abc"), "days-incomplete"),
        ("销售额", (4, None), "days-incomplete"),
    ],
)
def test_days_that_make_no_sum_are_not_taken(root: Path, header: str, cells: tuple[object, object], code: str) -> None:
    rows: Cells = [["日期", "姓名", header], ["2026-10-01", "林晓", cells[0]], ["2026-10-02", "林晓", cells[1]]]

    run(root, "import", workbook(root, rows))

    assert numbers(root) == {}
    assert code in {found for _, found in aside(root)}


def test_two_rows_of_the_same_day_are_not_added(root: Path) -> None:
    rows: Cells = [["日期", "姓名", "销售额"], ["2026-10-01", "林晓", 4], ["2026-10-01", "林晓", 5]]

    result = run(root, "import", workbook(root, rows))

    assert numbers(root) == {}
    assert "E01 sales 有两行写的是同一天，不知道该加还是该留一个 [day-twice]" in result.output


def test_a_sum_of_days_waits_for_a_row_of_which_nobody_knows_whose_it_is(root: Path) -> None:
    rows: Cells = [
        ["日期", "姓名", "销售额"],
        ["2026-10-01", "林晓", 4],
        ["2026-10-02", "林晓", 5],
        ["2026-10-03", "林小", 6],
    ]

    run(root, "import", workbook(root, rows))

    assert numbers(root) == {}
    assert aside(root) == [("B4", "unknown-subject"), ("C2", "days-incomplete"), ("C3", "days-incomplete")]


def test_months_as_columns_hold_the_number_that_the_title_names(root: Path) -> None:
    rows: Cells = [["2026年10月销售额统计表"], ["姓名", "9月", "10月", "11月"], ["林晓", 4, 5, None]]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}


def test_months_as_columns_without_a_number_say_what_is_missing(root: Path) -> None:
    result = run(root, "import", workbook(root, [["统计表"], ["姓名", "9月", "10月"], ["林晓", 4, 5]]))

    assert result.exit_code == 1
    assert (
        "sent.xlsx!数据!A2: error: 有 9月, 10月 这些列，但没有写是哪个数据项，这张表没有读取 [import-measure-missing]\n"
        "    hint: 请在标题或表头里写上数据项的名称（measures.yml 里的 name 或 aliases）"
    ) in result.output


def test_a_title_that_names_two_numbers_is_not_certain(root: Path) -> None:
    result = run(root, "import", workbook(root, [["销售额和到店人数"], ["姓名", "9月", "10月"], ["林晓", 4, 5]]))

    assert result.exit_code == 1
    assert numbers(root) == {}
    assert "[import-measure-ambiguous]" in result.output


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


# Names with blanks


@pytest.mark.parametrize("name", ["林　晓", "林 晓", "林\u00a0晓", "林\u200b晓", "\u200b林晓", "林晓\u3000"])
@pytest.mark.parametrize("header", ["姓　名", "姓 名", "姓\u00a0名"])
def test_blanks_between_chinese_characters_do_not_matter(root: Path, header: str, name: str) -> None:
    result = run(root, "import", workbook(root, [[header, "销 售 额"], [name, 5]]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}


@pytest.mark.parametrize("identifier", ["E01\u200b", "\u00a0E01", "\u3000e01 "])
def test_blanks_around_ids_do_not_matter(root: Path, identifier: str) -> None:
    result = run(root, "import", workbook(root, [["工号", "姓名", "销售额"], [identifier, "林　晓", 5]]))

    assert result.exit_code == 0, result.output
    assert numbers(root) == {"E01 sales": "5"}


def test_blanks_around_ids_do_not_matter_in_the_cycle_s_own_files(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    (october(root) / "actuals" / "a.csv").write_text("subject,measure,actual\nE01\u200b,sales,5\n", encoding="utf-8")

    result = run(root, "status", "2026-10")

    assert "unknown-subject" not in result.output
    assert "被搁置 1" not in result.output


# The roster


ROSTER: Cells = [
    ["小满茶铺花名册"],
    ["工号", "姓名", "岗位", "部门", "直接上级", "入职日期", "身份证号"],
    ["E01", "林晓", "店长", "门店部", None, "2020/3/1", "x"],
    ["E02", "周　然", "茶艺师", "门店部", "林晓", "2021年5月6日", "x"],
    ["E05", "孙一", "茶艺师", "门店部", "E01", "2026/10/12", "x"],
    ["E06", "钱二", "茶艺师", "门店部", "林 晓", 46311, "x"],
    ["E07", "赵三", "茶艺师", "门店部", "林晓", "2026年11月3日", "x"],
    ["合计", 5],
]


def test_a_roster_goes_into_people_csv(root: Path) -> None:
    result = run(root, "import", workbook(root, ROSTER))

    assert result.exit_code == 0, result.output
    assert people(root) == [
        "E01,林晓,shop-manager,shop,,,,8000",
        "E02,周然,barista,shop,E01,,,5000",
        "E03,何小青,barista,shop,E01,,,5000",
        "E05,孙一,barista,shop,E01,2026-10-12,,",
        "E06,钱二,barista,shop,E01,2026-10-16,,",
    ]
    assert "花名册：4 人，其中 people.csv 里新增 2，替换 0，原来就有 2" in result.output
    assert "忽略：不在本周期（之前已离职，或之后才入职），1 行（第 7 行）" in result.output
    assert "people.csv 里有 1 人不在花名册里，保留不动：何小青 E03 [roster-lacks]" in result.output


def test_what_follows_from_a_row_of_the_roster_set_aside_is_folded_under_it(root: Path) -> None:
    rows: Cells = [
        ["工号", "姓名", "岗位", "部门", "直接上级"],
        ["E09", "吴九", "掌柜", "门店部", None],
        ["E10", "郑十", "茶艺师", "门店部", "吴九"],
        ["E11", "王一", "茶艺师", "门店部", "吴九"],
    ]

    result = run(root, "import", workbook(root, rows))

    assert result.exit_code == 3
    assert people(root)[3:] == ["E10,郑十,barista,shop,E09,,,", "E11,王一,barista,shop,E09,,,"]
    told = [
        line
        for line in result.output.splitlines()
        if "sent.xlsx!数据!" in line and (": warning" in line or ": note" in line)
    ]
    assert told == [
        "sent.xlsx!数据!C2: warning: 没有岗位 掌柜；相近的有：店长, 茶艺师 [unknown-role]",
        "sent.xlsx!数据!C2: note: 因此还不能确定：郑十 E10, 王一 E11 的直接上级 [roster-follows]",
    ]


def test_a_roster_that_says_otherwise_replaces_only_on_demand(root: Path) -> None:
    rows: Cells = [["工号", "姓名", "岗位", "部门"], ["E02", "周然", "店长", "门店部"]]
    file = workbook(root, rows)

    held = run(root, "import", file)
    before = people(root)[1]
    run(root, "import", file, "--replace")

    assert held.exit_code == 3
    assert (
        "E02 在 scorecards/2026-10/people.csv 里不是这样：role: barista → shop-manager [roster-differs]" in held.output
    )
    assert before == "E02,周然,barista,shop,E01,,,5000"
    assert people(root)[1] == "E02,周然,shop-manager,shop,E01,,,5000"


# Lengths of time


def test_hours_of_a_workbook_are_read_where_the_measure_counts_time(root: Path) -> None:
    file = workbook(root, [["姓名", "培训时长", "销售额"], ["林晓", datetime.timedelta(hours=176, minutes=30), 5]])
    made = openpyxl.load_workbook(file)
    made["数据"]["B2"].number_format = "[h]:mm"
    made["数据"]["C2"].number_format = "[h]:mm"
    made.save(file)

    result = run(root, "import", file)

    assert numbers(root) == {"E01 training_hours": "176.5"}
    assert "换算了 1 格，例如 sent.xlsx!数据!B2：176:30:00 -> 176.5" in result.output
    assert (
        "sent.xlsx!数据!C2: warning: 销售额 里是时长 120:00:00（时:分:秒），不是数 [cell-is-duration]" in result.output
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("2分35秒", "155"), ("1小时", "3600"), ("1小时 2分 3秒", "3723"), ("90", "90"), ("2min35s", "155")],
)
def test_lengths_of_time_in_words_are_read(root: Path, text: str, value: str) -> None:
    run(root, "import", plain_file(root, f"姓名,响应时长\n林晓,{text}\n"))

    assert numbers(root) == {"E01 reply_time": value}


def test_a_clock_of_which_nobody_knows_what_comes_first_is_set_aside(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,响应时长\n林晓,2:35\n"))

    assert numbers(root) == {}
    assert "“2:35”看不出是几时几分还是几分几秒 [duration-unclear]" in result.output
    assert "hint: 请写成“2小时35分”或“2分35秒”，或者直接写以“秒”为单位的数" in result.output


# Which cycle


@pytest.mark.parametrize(
    ("october_is", "september_is"), [("closed", "closed"), ("planned", "closed"), ("open", "open")]
)
def test_the_cycle_is_asked_for_where_it_is_not_certain(root: Path, october_is: str, september_is: str) -> None:
    for cycle, status in (("2026-10", october_is), ("2026-09", september_is)):
        path = root / "scorecards" / cycle / "cycle.yml"
        lines = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join(f"status: {status}" if line.startswith("status:") else line for line in lines)
        path.write_text(text + "\n", encoding="utf-8")
    file = plain_file(root, "姓名,销售额\n林晓,5\n")

    asked = run(root, "import", file)
    named = run(root, "import", file, "--cycle", "2026-10")

    assert asked.exit_code == 2
    assert "请用 --cycle 写明导入到哪个周期：2026-09（" in asked.output
    assert named.exit_code == 0, named.output
    assert numbers(root) == {"E01 sales": "5"}


# Plausible or told


def test_a_fraction_where_a_percentage_is_due_is_told_when_it_comes_in(root: Path) -> None:
    result = run(root, "import", workbook(root, [["姓名", "退货率"], ["林晓", 0.97], ["周然", 97]]))

    assert numbers(root) == {"E01 return_rate": "0.97", "E02 return_rate": "97"}
    assert "sent.xlsx!数据!B2: warning: " in result.output
    assert "[percent-or-fraction]" in result.output


# Targets


def test_targets_are_named_and_taken_only_on_demand(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", None], [None, "目标", "实际"], ["林晓", 60000, 55000], ["周然", 25000, 22300]]
    file = workbook(root, rows, merge=["A1:A2", "B1:C1"])

    without = run(root, "import", file)
    before = targets(root)
    with_targets = run(root, "import", file, "--targets")

    assert "没有采用的列：销售额 / 目标（计划或目标）" in without.output
    assert with_targets.exit_code == 0, with_targets.output
    assert set(targets(root)) - set(before) == {"E01,sales_volume,60000,,", "E02,sales_volume,25000,,"}
    assert numbers(root) == {"E01 sales": "55000", "E02 sales": "22300"}


def test_a_wide_table_of_targets_is_by_indicators(root: Path) -> None:
    rows: Cells = [["十月目标（单位：万元）"], ["姓名", "个人销售额"], ["林晓", 6], ["周然", 2.5]]

    result = run(root, "import", workbook(root, rows), "--targets")

    assert result.exit_code == 0, result.output
    assert {line for line in targets(root) if "sales_volume" in line} >= {
        "E01,sales_volume,60000,,",
        "E02,sales_volume,25000,,",
    }


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
