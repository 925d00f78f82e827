"""What tables hold: days and months, names with blanks, the roster, lengths of time, targets."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from sent_tables import Cells, aside, make_company, numbers, october, people, plain_file, run, targets, workbook


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


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


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["E0 9", "吴九", "茶艺师", "门店部", None, None], "A2: warning: “E0 9”不能作人员编号 [bad-person-id]"),
        (
            ["E09", "吴九", "掌柜", "门店部", None, None],
            "C2: warning: 没有岗位 掌柜；相近的有：店长, 茶艺师 [unknown-role]",
        ),
        (["E09", "吴九", "茶艺师", "总部", None, None], "D2: warning: 没有部门 总部；相近的有：支持部, 门店部"),
        (["E09", "吴九", "茶艺师", None, None, None], "D2: warning: 部门 没有填 [cell-empty]"),
        (
            ["E09", "吴九", "茶艺师", "门店部", None, "13月1日"],
            "F2: warning: 入职日期 写的“13月1日”不是日期 [roster-date]",
        ),
    ],
)
def test_who_reports_to_somebody_set_aside_is_told_under_their_row_alone(
    root: Path, row: list[object], told: str
) -> None:
    header = ["工号", "姓名", "岗位", "部门", "直接上级", "入职日期"]
    rows: Cells = [header, row, ["E10", "郑十", "茶艺师", "门店部", "吴九", None]]

    output = run(root, "import", workbook(root, rows)).output

    assert f"sent.xlsx!数据!{told}" in output
    assert f"sent.xlsx!数据!{told[:2]}: note: 因此还不能确定：郑十 E10 的直接上级 [roster-follows]" in output
    assert "roster-manager-unknown" not in output


def test_two_rows_of_one_person_are_one_cause_and_what_follows_is_folded_under_it(root: Path) -> None:
    rows: Cells = [
        ["工号", "姓名", "岗位", "部门", "直接上级"],
        ["E09", "吴九", "店长", "门店部", None],
        ["E10", "郑十", "茶艺师", "门店部", "吴九"],
        ["E11", "王一", "茶艺师", "门店部", "E09"],
        ["e09", "吴九", "茶艺师", "门店部", None],
    ]

    result = run(root, "import", workbook(root, rows))

    assert people(root)[3:] == ["E10,郑十,barista,shop,E09,,,", "E11,王一,barista,shop,E09,,,"]
    assert aside(root) == [("A2", "roster-person-twice"), ("A5", "roster-person-twice")]
    told = [line for line in result.output.splitlines() if line.startswith("sent.xlsx") and "]" in line]
    assert told == [
        "sent.xlsx: warning: 4 行里有 2 行被搁置 [many-rows-set-aside]",
        "sent.xlsx!数据!A2: warning: 吴九 E09 在花名册里不止一行，另见 sent.xlsx!数据!A5 [roster-person-twice]",
        "sent.xlsx!数据!A2: note: 因此还不能确定：郑十 E10, 王一 E11 的直接上级 [roster-follows]",
    ]
    assert "采用 2 + 搁置 2" in result.output


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
        "sent.xlsx!数据!C2: warning: 销售额 里是时长 120:00:00（时:分:秒），而这个数据项的单位是“元”，不是时间 "
        "[duration-without-unit]\n"
        "    hint: 请核对列和格子；数没有错，就把格子的格式改成“数值”，只写以“元”为单位的数"
    ) in result.output


def test_a_time_as_spreadsheets_make_it_of_1_30_is_told_as_one(root: Path) -> None:
    result = run(root, "import", workbook(root, [["姓名", "培训时长"], ["林晓", datetime.time(1, 30)]]))

    assert numbers(root) == {}
    assert (
        "sent.xlsx!数据!B2: warning: 培训时长 是时间格式，看不出是几时几分还是几分几秒（存的是 0.0625 天） "
        "[cell-is-clock]\n"
        "    hint: 请把格子的格式改成“数值”，重新输入数字，例如 1 小时 30 分写 1.5（单位是小时的）"
    ) in result.output


def test_a_length_of_time_with_parts_of_a_second_is_no_number_of_hours(root: Path) -> None:
    file = workbook(root, [["姓名", "培训时长"], ["林晓", 0.123456]])
    made = openpyxl.load_workbook(file)
    made["数据"]["B2"].number_format = "[h]:mm"
    made.save(file)

    result = run(root, "import", file)

    assert numbers(root) == {}
    assert (
        "sent.xlsx!数据!B2: warning: 培训时长 里的时长不是整秒（存的是 0.123456 天） [duration-not-whole]\n"
        "    hint: 请按整秒写，例如 2:30:00；或者直接写以“小时”为单位的数"
    ) in result.output


@pytest.mark.parametrize(
    ("header", "cell", "taken"),
    [
        ("销售额（万元）", "6万", {"E01 sales": "60000"}),
        ("销售额（千元）", "6万", {"E01 sales": "60000"}),
        ("销售额（万元）", "0.5亿", {"E01 sales": "50000000"}),
        ("销售额（元）", "6万", {"E01 sales": "60000"}),
        ("到店人数（万人）", "2万", {"E01 visitors": "20000"}),
        ("到店人数（万人）", "2", {"E01 visitors": "20000"}),
        ("培训时长（分钟）", "0.03万", {"E01 training_hours": "5"}),
    ],
)
def test_a_scale_in_the_cell_is_not_multiplied_by_that_of_its_header(
    root: Path, header: str, cell: str, taken: dict[str, str]
) -> None:
    result = run(root, "import", plain_file(root, f"姓名,{header}\n林晓,{cell}\n"))

    assert result.exit_code == 0, result.output
    assert numbers(root) == taken


@pytest.mark.parametrize("cell", ["6千元", "¥6", "6人"])
def test_a_cell_of_another_unit_is_to_be_converted_to_that_of_its_header(root: Path, cell: str) -> None:
    result = run(root, "import", plain_file(root, f"姓名,销售额（万元）\n林晓,{cell}\n周然,2\n"))

    assert numbers(root) == {"E02 sales": "20000"}
    assert (
        f"sent.csv:2:4: warning: 销售额（万元） 写的“{cell}”带着别的单位，和表上写的单位对不上 [import-cell-unit]\n"
        "    hint: 请按列名或标题上写的单位换算，只写数字"
    ) in result.output


def test_numbers_below_zero_as_accountants_write_them_are_told_with_the_cure(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,销售额\n林晓,(500)\n周然,-500\n"))

    assert numbers(root) == {"E02 sales": "-500"}
    assert (
        "sent.csv:2:4: warning: 销售额 写的“(500)”可能是负数，但不是能读的写法 [cell-odd-negative]\n"
        "    hint: 负数请写成 -500 这样，用键盘上的减号，写在最前面；不是负数就去掉括号和横线"
    ) in result.output


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


def test_a_long_table_of_targets_is_taken_on_demand_and_its_faults_are_its_own(root: Path) -> None:
    rows: Cells = [
        ["姓名", "指标", "目标", "实际", "单位"],
        ["林晓", "销售额", 6, 5.5, "万元"],
        ["周然", "个人销售额", 30000, None, None],
        ["周然", "销售额", "待定", 22300, "元"],
    ]

    named = run(root, "import", workbook(root, rows), "--dry-run").output
    taken = run(root, "import", workbook(root, rows), "--targets").output

    assert "  没有采用的列：目标（计划或目标）\n" in named
    assert (october(root) / "targets.csv").read_text("utf-8").splitlines()[1:] == [
        "E01,sales_volume,60000,,",
        "E02,sales_volume,30000,,",
        "E03,sales_volume,15000,新员工首月,E01",
    ]
    assert numbers(root) == {"E01 sales": "55000", "E02 sales": "22300"}
    assert "sent.xlsx!数据!C4: warning: 目标 写的“待定”" in taken


@pytest.fixture
def stretched(root: Path) -> Path:
    """The company, whose manager's sales are scored by three values."""
    path = root / "handbook" / "roles" / "shop-manager.yml"
    plain, rule = "{rule: proportional, cap: 120}", "{rule: stretch, at_threshold: 20, at_stretch: 48}"
    text = path.read_text("utf-8").replace(f"standard: {plain}", f"standard: {rule}\n        max: 48", 1)
    beside = "target: 50000\n        threshold: 40000\n        stretch: 60000"
    path.write_text(text.replace("target: 50000", beside), "utf-8")
    return root


def test_a_threshold_and_a_stretch_value_come_with_their_target(stretched: Path) -> None:
    rows: Cells = [
        ["姓名", "指标", "实际", "目标（万元）", "门槛值（万元）", "挑战值（元）"],
        ["林晓", "销售额", 55000, 6, 5, 80000],
        ["周然", "销售额", 22300, 2, None, None],
    ]

    named = run(stretched, "import", workbook(stretched, rows), "--dry-run").output
    taken = run(stretched, "import", workbook(stretched, rows), "--targets")

    assert "门槛值（万元）（门槛值或挑战值）、挑战值（元）（门槛值或挑战值）" in named
    assert taken.exit_code == 0, taken.output
    assert (october(stretched) / "targets.csv").read_text("utf-8").splitlines() == [
        "subject,indicator,target,reason,approved_by,threshold,stretch",
        "E01,sales_volume,60000,,,50000,80000",
        "E02,sales_volume,20000,,,,",
        "E03,sales_volume,15000,新员工首月,E01,,",
    ]


def test_values_beside_a_target_that_are_out_of_order_or_not_used_hold_their_row_back(stretched: Path) -> None:
    rows: Cells = [
        ["姓名", "指标", "目标", "门槛值", "挑战值"],
        ["林晓", "销售额", 60000, 70000, 80000],
        ["林晓", "成交率", 30, 20, None],
    ]

    output = run(stretched, "import", workbook(stretched, rows), "--targets").output

    assert targets(stretched) == ["E03,sales_volume,15000,新员工首月,E01"]
    assert "sent.xlsx!数据!D2: warning: sales_volume 的 门槛值 写的是“70000”，目标是 60,000，次序不对" in output
    assert "sent.xlsx!数据!D3: warning: 没有哪个岗位的 conversion 用得上 门槛值（20）" in output


def test_a_target_that_stands_with_another_threshold_is_left_to_people(stretched: Path) -> None:
    rows: Cells = [["姓名", "指标", "目标", "门槛值"], ["林晓", "销售额", 60000, 50000]]
    run(stretched, "import", workbook(stretched, rows), "--targets")
    rows = [rows[0], ["林晓", "销售额", 60000, 55000]]

    left = run(stretched, "import", workbook(stretched, rows), "--targets").output
    replaced = run(stretched, "import", workbook(stretched, rows), "--targets", "--replace").output

    assert "60000, threshold 50000" in left
    assert "60000, threshold 50000" in replaced
    assert targets(stretched)[0] == "E01,sales_volume,60000,,,55000"


def test_a_long_table_below_a_title_of_plans_is_none_of_actuals(root: Path) -> None:
    file = workbook(root, [["2026年10月销售计划"], ["姓名", "数据项", "数值"], ["林晓", "销售额", 60000]])

    refused = run(root, "import", file)
    run(root, "import", file, "--targets")

    assert "error: 标题里写着“计划”，数值 看来不是 2026-10 的实际数，这张表没有读取" in refused.output
    assert numbers(root) == {}
    assert targets(root)[0] == "E01,sales_volume,60000,,"


def test_a_preview_names_what_a_column_is_of_which_nothing_can_be_taken(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,销售额\n林晓,5\n"))

    result = run(root, "import", plain_file(root, "姓名,销售额（万元）,到店人数\n林晓,6,\n"), "--dry-run")

    assert "销售额（万元） | 销售额（sales） | 万元 → 元 | 2026-10 | 都搁置了，见警告" in result.output
    assert "到店人数 | 到店人数（visitors） | 人 | 2026-10 | 没有数" in result.output


@pytest.mark.parametrize(
    ("name", "rows", "is_told"),
    [
        pytest.param("9月销售表.xlsx", [["姓名", "销售额"], ["林晓", 5]], True, id="another month"),
        pytest.param("10月销售表.xlsx", [["姓名", "销售额"], ["林晓", 5]], False, id="its own"),
        pytest.param(
            "9月销售表.xlsx", [["2026年10月"], ["姓名", "销售额"], ["林晓", 5]], False, id="a title says more"
        ),
        pytest.param(
            "11月导出.xlsx", [["销售额"], ["姓名", "9月", "10月"], ["林晓", 4, 5]], False, id="months as columns"
        ),
        pytest.param("9月.xlsx", [["姓名", "月份", "销售额"], ["林晓", "10月", 5]], False, id="rows say more"),
    ],
)
def test_a_file_named_after_another_month_is_told_and_read(root: Path, name: str, rows: Cells, is_told: bool) -> None:
    result = run(root, "import", workbook(root, rows, name=name))

    assert (result.exit_code, numbers(root)) == (0, {"E01 sales": "5"}), result.output
    told = f"{name}: warning: 文件名写的是 2026-09，表里没有写月份；这里按 2026-10 导入 [file-other-period]"
    assert (told in result.output) is is_told
