"""What suppliers send: tables as people keep them, their periods and headers, and that every row has an outcome."""

import datetime
import shutil
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports_run import WIDE, book, numbers, plan, sent, taken_in, waits
from sent_tables import COMPANY, Cells, run

# Tables as people keep them


def test_a_wide_gbk_table_with_title_totals_and_percent_column_is_taken_in_by_one_command(root: Path) -> None:
    file = sent(root, WIDE.encode("gb18030"), "统计表.csv")

    result = run(root, "import", str(file))

    assert result.exit_code == 3
    assert numbers(root, "support") == "E01,sales,55000,\nE01,visitors,900,\nE02,sales,22300,\nE03,sales,16000,\n"
    assert numbers(root, "shop") == "E01,return_rate,12,\nE02,return_rate,3.5,\n"
    assert result.output.startswith(
        "统计表.csv（gb18030）：一行一个人或部门，一列一个数；表头在第 3 行\n"
        "  列：销售额 → sales、退货率 → return_rate、到店人数 → visitors\n"
        "  由系统计算、没有读取的列：成交率\n"
        "  7 行 = 采用 3 + 搁置 0 + 忽略 4\n"
        "    忽略：表头上面的标题，2 行（第 1, 2 行）\n"
        "    忽略：合计，1 行（第 8 行）\n"
        "    忽略：空行，1 行\n"
        "  数：新增 6，替换 0，原来就有 0，搁置 1，空着 2\n"
        "  换算了 3 格，例如 统计表.csv:4:6：5.5万 -> 55000\n"
    )
    assert waits(root) == [("open", "cell-not-a-number", "6:13")]


def test_the_same_table_as_a_workbook_with_a_merged_title(root: Path) -> None:
    rows: Cells = [
        ["小满茶铺十月统计表"],
        [],
        ["姓名", "部门", "销售额", "退货率"],
        ["林晓", "门店部", 55000, 0.12],
        ["何小青", "门店部", 16000.5, None],
        ["合计", None, 71000.5, None],
    ]
    file = book(root, merge=["A1:D1"], 统计=rows)
    made = openpyxl.load_workbook(file)
    made["统计"]["D4"].number_format = "0.0%"
    made["统计"].row_dimensions[5].hidden = True
    made.save(file)

    found = taken_in(root, file)

    assert numbers(root, "support") == "E01,sales,55000,\nE03,sales,16000.5,\n"
    assert numbers(root, "shop") == "E01,return_rate,12,\n"
    assert [problem.code for problem in found.problems] == ["workbook-hidden-rows"]
    [tally] = found.tallies
    assert (tally.rows, tally.used, tally.rows_set_aside) == (4, 2, 0)
    assert tally.ignored == [("title", 1), ("totals-row", 6)]


def test_a_unit_in_the_header_is_multiplied_out(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额（万元）\n林晓,5.5\n何小青,1.6万元\n"))

    assert numbers(root, "support") == "E01,sales,55000,\nE03,sales,16000,\n"


def test_a_header_with_another_unit_is_not_taken_for_the_own_one(root: Path) -> None:
    found = taken_in(root, sent(root, "姓名,销售额（箱）,退货率\n林晓,5,6\n"))

    assert numbers(root, "support") == ""
    assert numbers(root, "shop") == "E01,return_rate,6,\n"
    [tally] = found.tallies
    [problem] = tally.problems
    assert str(problem) == (
        "sent.csv:1:4: error: column 销售额（箱） says '箱', which cannot be converted to '元', the unit of sales;"
        " the column was not taken [import-column-unit]\n"
        "    hint: write the unit in brackets behind its name, such as (元); if it is no unit, add the whole name to"
        " aliases in measures.yml"
    )


def test_columns_go_by_alias_and_case_and_width_make_no_difference(root: Path) -> None:
    taken_in(root, sent(root, "Employee ID, Ｒｅｔｕｒｎｓ ,SALES\nE01,5,1\n"))

    assert numbers(root, "shop") == "E01,return_rate,5,\n"
    assert numbers(root, "support") == "E01,sales,1,\n"


def test_a_table_by_department_goes_by_its_names(root: Path) -> None:
    taken_in(root, sent(root, "部门,结余\n门店部,-5\n支持部,7.25\n小满茶铺,0\n"))

    assert numbers(root, "support") == "company,balance,0,\nshop,balance,-5,\nsupport,balance,7.25,\n"


def test_a_long_table_needs_neither_our_words_nor_our_order(root: Path) -> None:
    taken_in(root, sent(root, "备注,数值,指标,姓名\n见台账,5,投诉次数,林晓\n,7,sales,周然\n"))

    assert numbers(root, "shop") == "E01,complaints,5,见台账\n"
    assert numbers(root, "support") == "E02,sales,7,\n"


def test_note_and_link_are_the_evidence_of_a_number_and_reach_the_card_as_text(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    taken_in(root, sent(root, "subject,measure,actual,note,link\nE01,sales,5,见台账,https://erp.example.com/1\n"))

    result = run(root, "pages")

    assert numbers(root, "support") == "E01,sales,5,见台账 https://erp.example.com/1\n"
    assert result.exit_code == 0
    cards = [path.read_text(encoding="utf-8") for path in (root / "build" / "cards" / "2026-10" / "p").iterdir()]
    [line] = [line for card in cards for line in card.splitlines() if "见台账" in line]
    assert "备注：见台账 https&#58;&#47;&#47;erp&#46;example&#46;com/1" in line


def test_the_notes_of_all_months_of_a_number_reach_the_card_and_those_about_others_do_not(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    for name, formula in (("sales", "year_to_date.sales"), ("service", "department.complaints")):
        file = root / "handbook" / "indicators" / f"{name}.yml"
        text = file.read_text(encoding="utf-8").replace("formula: sales\n", f"formula: {formula}\n")
        file.write_text(text.replace("formula: complaints\n", f"formula: {formula}\n"), encoding="utf-8")
    september = root / "scorecards" / "2026-09" / "actuals" / "support.csv"
    september.write_text(september.read_text(encoding="utf-8").replace("E01,sales,48000,", "E01,sales,48000,九月底账"))
    text = "subject,measure,actual,note\nE01,sales,5,十月底账\nE01,complaints,1,\nE02,complaints,1,某客说周然\n"
    taken_in(root, sent(root, text))
    for before, after in (("2026-09", "2026-01"), ("2026-10", "2026-02")):
        (root / "scorecards" / before).rename(root / "scorecards" / after)

    result = run(root, "pages")

    assert result.exit_code == 0
    cards = [path.read_text(encoding="utf-8") for path in (root / "build" / "cards" / "2026-02" / "p").iterdir()]
    [line] = {line for card in cards for line in card.splitlines() if "十月底账" in line}
    assert "备注：九月底账；十月底账" in line
    assert not any("某客说周然" in card for card in cards)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("sep=;\n姓名;销售额\n林晓;5\n", ""),
        ("姓名;销售额\n林晓;5\n", ";"),
        ("姓名\t销售额\n林晓\t5\n", "\t"),
        ("\ufeff姓名,销售额\r\n林晓,5\r\n", ""),
    ],
)
def test_separators_are_declared(root: Path, text: str, delimiter: str) -> None:
    taken_in(root, sent(root, text), delimiter=delimiter)

    assert numbers(root, "support") == "E01,sales,5,\n"


def test_utf_16_is_read(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n".encode("utf-16")))

    assert numbers(root, "support") == "E01,sales,5,\n"


def test_a_header_over_two_lines_of_a_cell_is_read(root: Path) -> None:
    taken_in(root, sent(root, '姓名,"销售额\n（万元）"\n林晓,5\n'))

    assert numbers(root, "support") == "E01,sales,50000,\n"


# Periods and headers of two rows


@pytest.mark.parametrize(
    ("said", "is_used"),
    [
        ("2026-10", True),
        ("2026年10月", True),
        ("２０２６／１０", True),
        ("2026.10", True),
        ("202610", True),
        ("10月", True),
        ("十月份", True),
        ("10", True),
        ("2026-10-01", True),
        ("2026年10月31日", True),
        ("2026-09", False),
        ("9月", False),
        ("十二月", False),
        ("2025年10月", False),
        ("2026-11-01", False),
        ("2026-Q4", False),
        ("第四季度", False),
        ("上半年", False),
        ("2026年", False),
    ],
)
def test_rows_of_other_periods_are_named_and_not_used(root: Path, said: str, is_used: bool) -> None:
    found = taken_in(root, sent(root, f"月份,姓名,销售额\n{said},林晓,5\n"))

    [tally] = found.tallies
    assert (tally.rows, tally.used, tally.rows_set_aside) == (1, int(is_used), 0)
    assert tally.ignored == ([] if is_used else [("other-period", 2)])
    assert numbers(root, "support") == ("E01,sales,5,\n" if is_used else "")


@pytest.mark.parametrize(
    ("said", "code"), [("4593", "period-unknown"), ("2026-02-30", "period-unknown"), ("", "cell-empty")]
)
def test_a_row_that_does_not_say_its_period_is_set_aside(root: Path, said: str, code: str) -> None:
    taken_in(root, sent(root, f"姓名,期间,销售额\n周然,10月,7\n林晓,{said},5\n合计,,12\n"))

    assert numbers(root, "support") == "E02,sales,7,\n"
    assert waits(root) == [("open", code, "3:4")]


def test_months_of_a_long_table_are_told_in_the_balance(root: Path) -> None:
    rows = "".join(f"2026-{month:02d},E01,sales,{month}\n" for month in range(1, 13))

    result = run(root, "import", str(sent(root, f"month,employee id,measure,value\n{rows}")))

    assert result.exit_code == 0
    assert numbers(root, "support") == "E01,sales,10,\n"
    assert (
        "  12 行 = 采用 1 + 搁置 0 + 忽略 11\n    忽略：别的周期，11 行（第 2, 3, 4, 5, 6, 7, 8, 9 …" in result.output
    )


def test_a_date_cell_of_a_workbook_tells_its_period(root: Path) -> None:
    september, october_first = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)
    file = book(root, 数据=[["年月", "姓名", "销售额"], [september, "林晓", 4], [october_first, "林晓", 5]])

    taken_in(root, file)

    assert numbers(root, "support") == "E01,sales,5,\n"


def test_sheets_that_are_named_for_other_months_are_left_out(root: Path) -> None:
    file = book(root, 九月=[["姓名", "销售额"], ["林晓", 4]], 十月=[["姓名", "销售额"], ["林晓", 5]])

    result = run(root, "import", str(file))

    assert result.exit_code == 0
    assert numbers(root, "support") == "E01,sales,5,\n"
    assert "sent.xlsx!九月：是别的周期的表，忽略 2 行" in result.output
    assert "sent.xlsx: warning: 表 九月 不是 2026-10 的，没有读取 [sheet-other-period]" in result.output
    assert "总共：3 行 = 采用 1 + 搁置 0 + 忽略 2" in result.output


def test_a_sheet_with_the_title_of_another_month_is_refused_unless_the_cycle_is_named(root: Path) -> None:
    file = sent(root, "小满茶铺2026年9月统计表,\n姓名,销售额\n林晓,5\n")

    refused = run(root, "import", str(file))
    before = numbers(root, "support")
    named = run(root, "import", str(file), "--cycle", "2026-10")

    assert (refused.exit_code, before) == (1, "")
    assert "sent.csv: error: sent.csv 的标题写的是 2026-09，不是 2026-10 [title-other-period]" in refused.output
    assert "no-header-found" not in refused.output
    assert named.exit_code == 0
    assert numbers(root, "support") == "E01,sales,5,\n"
    assert "warning: sent.csv 的标题写的是 2026-09" in named.output


@pytest.mark.parametrize("title", ["2026年10月（上期：2026年9月）", "制表日期：2026年11月5日", "统计表"])
def test_a_title_that_names_this_month_or_none_is_no_doubt(root: Path, title: str) -> None:
    found = taken_in(root, sent(root, f"{title},\n姓名,销售额\n林晓,5\n"))

    assert not found.problems
    assert numbers(root, "support") == "E01,sales,5,\n"


def test_a_header_of_two_rows_under_merged_cells_is_read(root: Path) -> None:
    rows: Cells = [
        ["小满茶铺统计表"],
        ["姓名", "部门", "销售额", None, "服务", None, "到店人数"],
        [None, None, "目标", "实际", "退货率", "投诉次数", "人"],
        ["林晓", "门店部", 50000, 55000, "12%", 1, 900],
        ["合计", None, 50000, 55000, None, 1, 900],
    ]
    merged = ["A1:G1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"]

    found = taken_in(root, book(root, merge=merged, 统计=rows))

    assert numbers(root, "support") == "E01,sales,55000,\nE01,visitors,900,\n"
    assert numbers(root, "shop") == "E01,complaints,1,\nE01,return_rate,12,\n"
    [tally] = found.tallies
    assert tally.header is not None
    assert (tally.header.heading.line, tally.header.titles) == (3, (1, 2))
    assert (tally.rows, tally.used, len(tally.ignored)) == (4, 1, 3)


def test_a_cell_below_a_header_of_two_rows_is_called_as_the_header_calls_it(root: Path) -> None:
    rows: Cells = [["姓名", "销售额", None], [None, "目标", "实际"], ["林晓", 5, "—"]]

    found = taken_in(root, book(root, merge=["A1:A2", "B1:C1"], 统计=rows))

    [row] = found.tallies[0].set_aside
    assert (row.code, row.values["column"]) == ("cell-missing-token", "销售额 / 实际")


def test_a_column_that_is_named_for_the_cycle_holds_its_numbers(root: Path) -> None:
    found = taken_in(root, sent(root, "姓名,数据项,8月,9月,2026年10月\n林晓,销售额,3,4,5\n周然,销售额,,,\n"))

    assert numbers(root, "support") == "E01,sales,5,\n"
    [tally] = found.tallies
    assert tally.header is not None
    assert [(each.label, each.sort) for each in tally.header.ignored] == [
        ("8月", "other-period"),
        ("9月", "other-period"),
    ]
    assert not found.problems


def test_columns_that_say_nothing_in_a_wide_table_are_named(root: Path) -> None:
    found = taken_in(root, sent(root, "姓名,实际,销售额,得分,目标,10月\n林晓,4,5,6,7,8\n"))

    assert numbers(root, "support") == "E01,sales,5,\n"
    assert [(problem.code, problem.values["name"]) for problem in found.problems] == [
        ("import-column-ignored", "实际"),
        ("import-column-ignored", "得分"),
        ("import-column-ignored", "10月"),
    ]


def test_a_second_row_of_units_belongs_to_the_header(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额,退货率,到店人数\n,（万元）,%,人\n林晓,5.5,3,900\n"))

    assert numbers(root, "support") == "E01,sales,55000,\nE01,visitors,900,\n"
    assert numbers(root, "shop") == "E01,return_rate,3,\n"


def test_a_first_row_of_words_is_no_second_row_of_a_header(root: Path) -> None:
    found = taken_in(root, sent(root, "姓名,销售额,备注\n林晓,,目标\n周然,5,\n"))

    [tally] = found.tallies
    assert (tally.rows, tally.used, tally.empty) == (2, 2, 1)
    assert numbers(root, "support") == "E02,sales,5,\n"


CELLS = st.sampled_from(
    ["林晓", "周然", "E03", "谁", "", "合计", "5", "-1.5", "12%", "abc", '"', '"a,b"', '"a\nb"', " 7 "]
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8))
def test_rows_in_are_rows_used_set_aside_and_ignored(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    root = tmp_path_factory.mktemp("balance")
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, root / folder)
    text = "".join(",".join(row) + "\n" for row in rows)

    found = plan(root, sent(root, f"标题\n姓名,销售额,到店人数\n{text}"), replace=True)

    [tally] = found.tallies
    places = {row.place.line for row in tally.set_aside}
    used = {taken.line for taken in tally.accepted}
    assert tally.rows == tally.used + tally.rows_set_aside + len(tally.ignored)
    assert min(tally.used, tally.rows_set_aside) >= 0
    assert tally.rows_set_aside <= len(places)
    assert len(used) <= tally.used
