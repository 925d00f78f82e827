"""What suppliers send back: every row is used, set aside or named as ignored, and nothing is guessed."""

import csv
import datetime
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.content import read
from kpibook.exchange.importing import ImportPlan, Settings, plan_import, report_lines, write_plan

COMPANY = Path(__file__).parents[1] / "company"
TODAY = datetime.date(2026, 11, 6)
MORE = """\
return_rate: {name: 退货率, unit: "%", owner: shop, minimum: 0, maximum: 100, aliases: [退货比例, returns]}
balance: {name: 结余, unit: 元, owner: support}
"""
WIDE = """\
小满茶铺十月统计表,,,,,
制表：周然,,,,,
序号,姓名,销售额,退货率,成交率,到店人数
1,林晓,"5.5万",12%,30%,900
2,周然,22300,3.5%,,
3,何小青,16000,abc,,

,合计,93300,,,900
"""

Cells = Sequence[Sequence[object]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny company with two measures more and an October without numbers."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    with (tmp_path / "handbook" / "measures.yml").open("a", encoding="utf-8") as file:
        file.write(MORE)
    shutil.rmtree(october(tmp_path) / "actuals")
    (october(tmp_path) / "ratings.csv").unlink()
    return tmp_path


def october(root: Path) -> Path:
    return root / "scorecards" / "2026-10"


def plan(root: Path, *files: Path, **chosen: object) -> ImportPlan:
    content = read(root / "handbook", root / "scorecards")
    cycle = content.cycles[Period.parse("2026-10")]
    supplier, delimiter = str(chosen.get("supplier", "")), str(chosen.get("delimiter", ""))
    how = Settings(supplier, replace=bool(chosen.get("replace")), delimiter=delimiter)
    return plan_import(files, content.catalog, cycle, october(root), how)


def taken_in(root: Path, *files: Path, **chosen: object) -> ImportPlan:
    """Import the files."""
    made = plan(root, *files, **chosen)
    write_plan(made, words("en"), TODAY)
    return made


def sent(root: Path, text: str | bytes, name: str = "sent.csv") -> Path:
    path = root / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def book(root: Path, name: str = "sent.xlsx", merge: Sequence[str] = (), **sheets: Cells) -> Path:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for cells in merge:
            sheet.merge_cells(cells)
    made.save(root / name)
    return root / name


def numbers(root: Path, name: str) -> str:
    """A file of actuals without its header."""
    path = october(root) / "actuals" / f"{name}.csv"
    return path.read_text(encoding="utf-8").partition("\n")[2] if path.exists() else ""


def aside(root: Path) -> list[Mapping[str, str]]:
    path = october(root) / "set-aside.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []


def waits(root: Path) -> list[tuple[str, str, str]]:
    """State, code and place of each line of set-aside.csv."""
    return [(row["state"], row["code"], row["cell"] or f"{row['line']}:{row['column']}") for row in aside(root)]


def everything(root: Path) -> Mapping[str, bytes]:
    files = sorted(path for path in october(root).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def run(root: Path, *arguments: str) -> Result:
    folders = ("--handbook", str(root / "handbook"), "--scorecards", str(root / "scorecards"))
    return CliRunner().invoke(main, [*folders, *arguments])


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


def test_a_column_that_is_named_for_the_cycle_holds_its_numbers(root: Path) -> None:
    found = taken_in(root, sent(root, "姓名,数据项,8月,9月,2026年10月\n林晓,销售额,3,4,5\n周然,销售额,,,\n"))

    assert numbers(root, "support") == "E01,sales,5,\n"
    assert [problem.values["name"] for problem in found.problems] == ["8月", "9月"]


def test_columns_that_say_nothing_in_a_wide_table_are_named(root: Path) -> None:
    found = taken_in(root, sent(root, "姓名,实际,销售额,得分,目标,10月\n林晓,4,5,6,7,8\n"))

    assert numbers(root, "support") == "E01,sales,5,\n"
    assert [(problem.code, problem.values["name"]) for problem in found.problems] == [
        ("import-column-ignored", "实际_(2)"),
        ("import-column-ignored", "得分_(4)"),
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


# What is not guessed


def test_one_unclosed_quote_loses_one_row(root: Path) -> None:
    found = taken_in(root, sent(root, '姓名,销售额,备注\n林晓,1,"见\n周然,2,\n何小青,3,"a ""b"""\n'))

    assert numbers(root, "support") == 'E02,sales,2,\nE03,sales,3,"a ""b"""\n'
    assert waits(root) == [("open", "quote-unclosed", "2:6")]
    assert [(each.rows, each.used, each.rows_set_aside) for each in found.tallies] == [(3, 2, 1)]


def test_a_lone_number_is_no_footnote(root: Path) -> None:
    rows: Cells = [
        ["序号", "姓名", "销售额"],
        [1, "林晓", 5],
        [None, None, 7],
        [3, None, None],
        ["注：含税", None, None],
    ]

    text = taken_in(root, sent(root, "序号,姓名,销售额\n1,林晓,5\n,,7\n3,,\n注：含税,,\n"))
    workbook = plan(root, book(root, s=rows))

    for found in (text, workbook):
        [tally] = found.tallies
        assert (tally.rows, tally.used, tally.rows_set_aside) == (4, 1, 1)
        assert tally.ignored == [("footnote-row", 4), ("footnote-row", 5)]
    assert [(row["code"], row["raw"]) for row in aside(root)] == [("cell-empty", ",,7")]


def test_a_name_that_two_people_have_is_set_aside_with_both(root: Path) -> None:
    with (october(root) / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E04,林晓,barista,shop,E01,,,1\n")

    taken_in(root, sent(root, "姓名,销售额\n林晓,5\nE04,6\n"))

    assert numbers(root, "support") == "E04,sales,6,\n"
    [row] = aside(root)
    assert row["reason"] == "林晓 may mean E01, E04"


@pytest.mark.parametrize(("said", "near"), [("E09", "E01, E02, E03"), ("何小清", "何小青"), ("谁", "-")])
def test_an_unknown_subject_is_told_what_looks_like_it(root: Path, said: str, near: str) -> None:
    found = plan(root, sent(root, f"姓名,销售额\n{said},5\n"))

    [row] = found.tallies[0].set_aside
    assert (row.code, row.values["near"]) == ("unknown-subject", near)


def test_an_id_and_a_name_that_do_not_belong_together_are_set_aside(root: Path) -> None:
    taken_in(root, sent(root, "工号,姓名,销售额\nE01,周然,5\ne02, 周然 ,6\n"))

    assert numbers(root, "support") == "E02,sales,6,\n"
    assert [row["reason"] for row in aside(root)] == ["E01 is 林晓, but the row says 周然"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("E09,sales,1", "unknown-subject"),
        ("E01,sails,1", "unknown-measure"),
        ("E01,conversion,1", "computed-not-collected"),
        ("E01,sales,abc", "cell-not-a-number"),
        ("E01,sales,无", "cell-missing-token"),
        ("E01,return_rate,101", "over-maximum"),
        ("E01,return_rate,-1", "under-minimum"),
        (",sales,1", "cell-empty"),
        ("E01,,1", "cell-empty"),
        ("E01,sales", "short-row"),
        ("E01,sales,1,2", "long-row"),
        ("1.1e17,sales,1", "id-damaged"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_with_its_reason(root: Path, row: str, code: str) -> None:
    found = taken_in(root, sent(root, f"subject,measure,actual\nE02,sales,7\n{row}\n"))

    assert numbers(root, "support") == "E02,sales,7,\n"
    [waiting] = aside(root)
    assert (waiting["state"], waiting["code"], waiting["raw"], waiting["line"]) == ("open", code, row, "3")
    assert waiting["todo"]
    assert (found.tallies[0].used, found.tallies[0].rows_set_aside) == (1, 1)


def test_a_reason_names_the_column_as_its_sheet_does(root: Path) -> None:
    rows: Cells = [["姓名", "项目", "完成值"], ["林晓", "销售额", "约5"], ["周然", "销售额", "=1+1"]]

    taken_in(root, sent(root, "姓名,项目,完成值\n林晓,销售额,约5\n"), book(root, s=rows))

    assert [row["reason"].partition(" ")[0] for row in aside(root)] == ["完成值"] * 3


def test_two_different_numbers_for_the_same_decide_nothing(root: Path) -> None:
    one = sent(root, "姓名,销售额\n林晓,5\n周然,6\n", "one.csv")
    two = sent(root, "姓名,销售额\n林晓,7\n周然,6.0\n", "two.csv")

    taken_in(root, one, two)

    assert numbers(root, "support") == "E02,sales,6,\n"
    assert [(row["file"], row["code"], row["reason"]) for row in aside(root)] == [
        ("one.csv", "conflicting-values", "E01 sales is given differently elsewhere: two.csv:2:4"),
        ("two.csv", "conflicting-values", "E01 sales is given differently elsewhere: one.csv:2:4"),
    ]


def test_two_suppliers_who_differ_decide_nothing(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n"), supplier="support")
    taken_in(root, sent(root, "姓名,销售额\n林晓,7\n"), supplier="shop")

    content = read(root / "handbook", root / "scorecards")

    cycle = content.cycles[Period.parse("2026-10")]
    assert not cycle.actuals
    assert [row.code for row in cycle.set_aside] == ["conflicting-values", "conflicting-values"]


def test_merged_cells_cost_their_rows_where_they_hide_what_is_read(root: Path) -> None:
    rows: Cells = [
        ["姓名", "部门", "销售额"],
        ["林晓", "门店部", 1],
        ["周然", None, 2],
        [None, None, 3],
        ["何小青", "门店部", 4],
    ]
    file = book(root, merge=["B2:B3", "A3:A4"], s=rows)

    taken_in(root, file)

    assert numbers(root, "support") == "E01,sales,1,\nE03,sales,4,\n"
    assert [code for _, code, _ in waits(root)] == ["merged-row", "merged-row"]


def test_errors_dates_and_formulas_without_a_value_cost_their_cells(root: Path) -> None:
    rows: Cells = [
        ["姓名", "销售额", "退货率"],
        ["林晓", "#DIV/0!", 5],
        ["周然", datetime.date(2026, 10, 1), 6],
        ["何小青", "=1+1", 7],
    ]

    found = taken_in(root, book(root, s=rows))

    assert numbers(root, "shop") == "E01,return_rate,5,\nE02,return_rate,6,\nE03,return_rate,7,\n"
    assert waits(root) == [
        ("open", "cell-formula-error", "B2"),
        ("open", "cell-is-date", "B3"),
        ("open", "cell-not-calculated", "B4"),
    ]
    assert (found.tallies[0].used, found.tallies[0].rows_set_aside) == (3, 0)
    assert not found.problems


def test_errors_of_a_long_sheet_say_what_they_are_about(root: Path) -> None:
    rows: Cells = [
        ["姓名", "数据项", "实际", "备注"],
        ["林晓", "销售额", "#DIV/0!", None],
        ["周然", "销售额", "=1+1", None],
        ["何小青", "销售额", 7, "=1+1"],
        ["林晓", "到店人数", None, None],
    ]

    found = taken_in(root, book(root, s=rows))

    assert [(row["subject"], row["key"], row["code"], row["cell"]) for row in aside(root)] == [
        ("E01", "sales", "cell-formula-error", "C2"),
        ("E02", "sales", "cell-not-calculated", "C3"),
        ("E03", "sales", "cell-not-calculated", "D4"),
    ]
    [tally] = found.tallies
    assert (tally.rows, tally.used, tally.rows_set_aside, tally.empty) == (4, 1, 3, 1)


def test_an_ambiguous_header_is_set_aside_cell_by_cell(root: Path) -> None:
    with (root / "handbook" / "measures.yml").open("a", encoding="utf-8") as file:
        file.write("sales_two: {name: 销售额, unit: 元, owner: support}\n")

    taken_in(root, sent(root, "姓名,销售额,退货率\n林晓,5,6\n周然,,7\n"))

    assert numbers(root, "shop") == "E01,return_rate,6,\nE02,return_rate,7,\n"
    assert [(row["code"], row["reason"]) for row in aside(root)] == [
        ("ambiguous-measure", "5 may mean sales, sales_two")
    ]


def test_another_unit_than_the_measure_s_is_not_taken(root: Path) -> None:
    taken_in(root, sent(root, "subject,measure,actual,unit\nE01,sales,5,千元\nE02,sales,5,元\n"))

    assert numbers(root, "support") == "E02,sales,5,\n"
    assert [code for _, code, _ in waits(root)] == ["sheet-other-unit"]


# Files that are not taken


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0", "import-other-kind"),
        ("macro.xlsm", b"PK", "import-other-kind"),
        ("none.csv", b"a,b\n1,2\n", "no-header-found"),
        ("twice.csv", "姓名,销售额,销售额\n林晓,1,2\n".encode(), "duplicate-column"),
        ("semicolon.csv", "姓名;销售额\n林晓;1,5\n".encode(), "import-other-delimiter"),
        ("empty.csv", b"", "file-empty"),
        ("page.csv", b"<html>", "file-not-csv"),
        ("odd.csv", b"sep=|\n1|2\n", "separator-unknown"),
        ("broken.xlsx", b"PK\x03\x04", "workbook-damaged"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_and_the_others_go_on(
    root: Path, name: str, data: bytes, code: str
) -> None:
    good = sent(root, "姓名,销售额\n林晓,5\n", "good.csv")

    result = run(root, "import", str(sent(root, data, name)), str(good))

    assert result.exit_code == 1
    assert f"[{code}]" in result.output
    assert numbers(root, "support") == "E01,sales,5,\n"


@pytest.mark.parametrize(("sign", "named"), [(";", ";"), ("\t", "Tab"), ("；", "；"), ("|", "|")])
def test_a_separator_that_nobody_declared_is_told_with_how_to_declare_it(root: Path, sign: str, named: str) -> None:
    result = run(root, "import", str(sent(root, "统计表\n姓名,销售额\n林晓,5\n".replace(",", sign))))

    assert result.exit_code == 1
    assert f"sent.csv: error: 各列看来是用“{named}”隔开的 [import-other-delimiter]" in result.output
    assert "--delimiter" in result.output
    assert not numbers(root, "support")


def test_sheets_without_a_header_are_named_and_counted(root: Path) -> None:
    file = book(root, data=[["姓名", "销售额"], ["林晓", 5]], notes=[["something"], ["else"]])

    found = taken_in(root, file)

    assert [problem.code for problem in found.problems] == ["sheet-ignored"]
    assert [(each.sheet, each.rows, each.used, len(each.ignored)) for each in found.tallies] == [
        ("data", 1, 1, 0),
        ("notes", 2, 0, 2),
    ]


@pytest.mark.parametrize(
    "first", ["小满茶铺2026年9月\n姓名,销售额\n", "甲,乙\n丙,丁\n"], ids=["another month", "no header"]
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "gb18030"])
def test_every_row_of_a_long_file_that_is_not_read_is_in_the_balance(root: Path, first: str, codec: str) -> None:
    result = run(root, "import", str(sent(root, (first + "林晓,5\n\n,\n" * 100).encode(codec))))

    assert result.exit_code == 1
    assert "总共：102 行 = 采用 0 + 搁置 0 + 忽略 102\n" in result.output


def test_a_file_that_the_manifest_says_is_longer_is_caught(root: Path) -> None:
    (october(root) / "manifest.csv").write_text("file,rows,column,sum\nsent.csv,2,销售额,13\n", encoding="utf-8")

    result = run(root, "import", str(sent(root, "姓名,销售额\n林晓,5\n谁,x\n合计,7\n")), str(sent(root, WIDE, "b.csv")))

    assert result.exit_code == 1
    assert "[manifest-rows]" in result.output
    assert "[manifest-sum]" in result.output
    assert "sent.csv：和 manifest.csv 对不上，3 行都没有采用\n" in result.output
    assert "总共：10 行 = 采用 3 + 搁置 0 + 忽略 7\n" in result.output
    assert "E01,sales,55000," in numbers(root, "support")
    assert [row["file"] for row in aside(root)] == ["b.csv"]


# Sheets that went out


@pytest.mark.parametrize("style", ["xlsx", "csv"])
def test_a_sheet_that_comes_back_unchanged_changes_nothing(tmp_path: Path, style: str) -> None:
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    assert run(tmp_path, "collect", "2026-10", "--out", str(tmp_path / "out"), "--format", style).exit_code == 0
    before = everything(tmp_path)

    result = run(tmp_path, "import", *map(str, sorted((tmp_path / "out").iterdir())))

    assert result.exit_code == 0, result.output
    assert everything(tmp_path) == before
    assert "总共：" in result.output


def filled(root: Path, cell: str, value: int) -> Path:
    """The sheet of the supporting department with one cell filled in."""
    assert run(root, "collect", "2026-10", "--out", str(root / "out")).exit_code == 0
    made = openpyxl.load_workbook(root / "out" / "support.xlsx")
    made.worksheets[1][cell] = value
    made.save(root / "out" / "support.xlsx")
    return root / "out" / "support.xlsx"


def test_a_sheet_knows_its_cycle(root: Path) -> None:
    file = filled(root, "H6", 5)

    result = run(root, "import", str(file), "--cycle", "2026-09")

    assert result.exit_code == 1
    assert "[sheet-other-cycle]" in result.output


def test_a_closed_cycle_takes_numbers_only_where_it_is_named(root: Path) -> None:
    file = october(root) / "cycle.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("open", "closed"), encoding="utf-8")
    late = str(sent(root, "姓名,销售额\n林晓,5\n"))

    refused = run(root, "import", late)
    before = numbers(root, "support")
    named = run(root, "import", late, "--cycle", "2026-10")

    assert (refused.exit_code, before) == (2, "")
    assert "请用 --cycle 写明导入到哪个周期：2026-09（已结束）, 2026-10（已结束）。" in refused.output
    assert named.exit_code == 0
    assert "warning: 2026-10 已经结束" in named.output
    assert numbers(root, "support") == "E01,sales,5,\n"


def test_a_sheet_knows_its_supplier(root: Path) -> None:
    file = filled(root, "H6", 5)

    assert run(root, "import", str(file), "--supplier", "shop").exit_code == 1
    assert run(root, "import", str(file)).exit_code == 0
    assert numbers(root, "support") == "E01,sales,5,\n"


def test_a_sheet_of_another_catalog_is_compared_row_by_row(root: Path) -> None:
    file = filled(root, "H6", 5)
    measures = root / "handbook" / "measures.yml"
    text = measures.read_text(encoding="utf-8").replace("销售额, unit: 元", "销售额, unit: 千元")
    measures.write_text(text.replace("E02", "E02"), encoding="utf-8")

    found = taken_in(root, file)

    assert {problem.code for problem in found.problems} == {"sheet-other-catalog"}
    assert [code for _, code, _ in waits(root)] == ["sheet-other-unit"]
    assert not numbers(root, "support")


def test_a_sheet_cut_short_is_told(root: Path) -> None:
    file = filled(root, "H6", 5)
    made = openpyxl.load_workbook(file)
    made.worksheets[1].delete_rows(8, 2)
    made.save(file)

    found = plan(root, file)

    assert [(problem.code, problem.values) for problem in found.problems] == [
        ("sheet-rows-missing", {"expected": 5, "found": 3})
    ]


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        ("上级", "manager"),
        ("直接上级", "manager"),
        ("同级", "peer"),
        ("下属", "report"),
        ("Client", "customer"),
        ("PEER", "peer"),
    ],
)
def test_relations_go_by_what_people_call_them(root: Path, said: str, relation: str) -> None:
    taken_in(root, sent(root, f"姓名,指标,关系,评分人,评分\n周然,工作态度,{said},E01,20\n"))

    assert (october(root) / "ratings.csv").read_text(encoding="utf-8").splitlines()[
        1
    ] == f"E02,attitude,{relation},E01,20,"


def test_ratings_come_in_as_points_and_as_levels(root: Path) -> None:
    role = root / "handbook" / "roles" / "barista.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("好, from: 30,", "好, from: 40,"), encoding="utf-8")
    file = sent(
        root, "姓名,指标,关系,评分人,评分,评语\n周然,工作态度,manager,E01,好,很好\n何小青,attitude,manager,E01,20.0,\n"
    )

    taken_in(root, file)

    assert (october(root) / "ratings.csv").read_text(encoding="utf-8") == (
        "person,indicator,relation,rater,score,comment\nE02,attitude,manager,E01,好,很好\nE03,attitude,manager,E01,20,\n"
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("周然,attitude,boss,E01,5", "unknown-relation"),
        ("周然,attitude,peer,,5", "rater-missing"),
        ("周然,attitude,manager,E01,棒", "unknown-level"),
        ("周然,attitude,manager,E01,好", "rating-level-open"),
        ("周然,attitude,manager,E01,41", "rating-beyond-weight"),
        ("周然,attitude,manager,E01,29.5", "rating-between-levels"),
        ("周然,altitude,manager,E01,5", "unknown-indicator"),
        ("shop,attitude,manager,E01,5", "unknown-person"),
    ],
)
def test_a_rating_that_cannot_be_taken_is_set_aside(root: Path, row: str, code: str) -> None:
    taken_in(root, sent(root, f"person,indicator,relation,rater,score\n{row}\n"))

    assert [code for _, code, _ in waits(root)] == [code]
    assert not (october(root) / "ratings.csv").exists()


# Again, newer, mended


def test_what_was_read_is_written_though_the_file_changes_meanwhile(root: Path) -> None:
    file = sent(root, "姓名,销售额\n林晓,5\n周然,abc\n")
    made = plan(root, file)
    digest = made.tallies[0].sha256

    file.write_text("姓名,销售额\n林晓,9\n", encoding="utf-8")
    write_plan(made, words("en"), TODAY)

    assert numbers(root, "support") == "E01,sales,5,\n"
    assert [(row["raw"], row["sha256"]) for row in aside(root)] == [("周然,abc", digest)]


def test_a_file_of_which_much_is_set_aside_is_doubted_as_a_whole(root: Path) -> None:
    result = run(root, "import", str(sent(root, "姓名,销售额\n林晓,5\n谁,6\n,7\n合计,18\n")))

    assert "sent.csv: warning: 4 行里有 2 行被搁置 [many-rows-set-aside]" in result.output


def test_a_file_as_long_as_an_old_sheet_may_have_lost_its_end(root: Path) -> None:
    found = plan(root, sent(root, "姓名,销售额\n" + "林晓,\n" * 65_535))

    assert [(problem.code, problem.values) for problem in found.problems] == [("maybe-cut-at-limit", {"rows": 65_535})]


def test_the_same_file_twice_changes_nothing(root: Path) -> None:
    file = sent(root, WIDE)
    taken_in(root, file)
    before = everything(root)

    taken_in(root, file)

    assert everything(root) == before


def test_a_newer_number_replaces_only_on_demand_and_is_logged(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额,备注\n林晓,5,初报\n"))
    newer = sent(root, "姓名,销售额\n林晓,6\n", "newer.csv")

    taken_in(root, newer)

    assert numbers(root, "support") == "E01,sales,5,初报\n"
    assert [(row["state"], row["reason"]) for row in aside(root)] == [
        ("open", "E01 sales is 5 (初报) in scorecards/2026-10/actuals/support.csv, the new file says 6")
    ]
    taken_in(root, newer, replace=True)
    assert numbers(root, "support") == "E01,sales,6,\n"
    assert [(row["state"], row["code"]) for row in aside(root)] == [
        ("open", "value-differs"),
        ("closed", "value-differs"),
    ]
    [header, line] = (october(root) / "import-log.csv").read_text(encoding="utf-8").splitlines()
    assert header == "on,file,sha256,action,table,subject,key,before,after,place"
    assert line.startswith("2026-11-06,newer.csv,")
    assert line.endswith(",replaced,actuals,E01,sales,5 (初报),6,2:4")


def test_a_newer_number_is_compared_with_that_in_a_file_of_any_name(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    (october(root) / "actuals" / "all.csv").write_text("subject,measure,actual\ne01,sales,5\n", encoding="utf-8")
    newer, same = sent(root, "姓名,销售额\n林晓,6\n", "newer.csv"), sent(root, "姓名,销售额\n林晓,5.0\n", "same.csv")

    again = taken_in(root, same, supplier="support")
    held = taken_in(root, newer)
    before = numbers(root, "all")
    taken_in(root, newer, replace=True)

    assert not again.targets
    assert [code for _, code, _ in waits(root)] == ["value-differs", "value-differs"]
    assert (held.set_aside, before) == (1, "e01,sales,5\n")
    assert (numbers(root, "all"), numbers(root, "support")) == ("E01,sales,6,\n", "")
    cycle = read(root / "handbook", root / "scorecards").cycles[Period.parse("2026-10")]
    assert cycle.actuals["E01", "sales"].value == mpq(6)


@pytest.mark.parametrize("replace", [False, True])
def test_a_workbook_of_the_cycle_is_compared_with_and_never_written(root: Path, replace: bool) -> None:
    (october(root) / "actuals").mkdir()
    kept = book(root, s=[["subject", "measure", "actual"], ["E01", "sales", 5], ["E02", "sales", 7]])
    kept.rename(october(root) / "actuals" / "kept.xlsx")

    taken_in(root, sent(root, "姓名,销售额\n林晓,6\n周然,7\n何小青,8\n"), replace=replace)

    assert numbers(root, "support") == "E03,sales,8,\n"
    assert [row["reason"] for row in aside(root)] == [
        "scorecards/2026-10/actuals/kept.xlsx is a workbook, which import does not write"
    ]


def test_ratings_in_a_workbook_of_the_cycle_get_no_second_file(root: Path) -> None:
    kept = book(
        root, s=[["person", "indicator", "relation", "rater", "score"], ["E02", "attitude", "manager", "E01", 35]]
    )
    kept.rename(october(root) / "ratings.xlsx")
    header = "person,indicator,relation,rater,score\n"

    taken_in(root, sent(root, header + "E02,attitude,manager,E01,35\nE03,attitude,manager,E01,30\n"))

    assert not (october(root) / "ratings.csv").exists()
    assert [(row["subject"], row["code"]) for row in aside(root)] == [("E03", "import-target-workbook")]


def test_what_cannot_be_used_is_mended_without_asking(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    (october(root) / "actuals" / "support.csv").write_text(
        "subject,measure,actual\nE01,sales,many\nE02,sales,\n", encoding="utf-8"
    )

    taken_in(root, sent(root, "姓名,销售额\n林晓,6\n周然,7\n"))

    assert numbers(root, "support") == "E01,sales,6,\nE02,sales,7,\n"


def test_a_note_is_added_to_a_number_that_stands_there(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n"))

    taken_in(root, sent(root, "姓名,销售额,备注\n林晓,5.00,已核对\n"))

    assert numbers(root, "support") == "E01,sales,5,已核对\n"


def test_rows_that_stand_there_are_kept(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    (october(root) / "actuals" / "support.csv").write_bytes(
        "note,actual,measure,subject\n手写,118万元,sales,e02\n,,buyers,E01\n".encode("gb18030")
    )

    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n"))

    assert numbers(root, "support") == "E01,buyers,,\nE01,sales,5,\ne02,sales,118万元,手写\n"


def test_a_file_that_would_lose_something_is_not_written_anew(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    path = october(root) / "actuals" / "support.csv"
    path.write_text("subject,measure,actual,extra\nE02,sales,1,x\nE03,sales\n", encoding="utf-8")
    before = path.read_bytes()

    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n周然,1\n"))

    assert path.read_bytes() == before
    [row] = aside(root)
    assert row["code"] == "import-target-unread"
    assert "support.csv:3:1" in row["reason"]


def test_mending_and_importing_again_closes_what_waits(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n张三,5\n周然,abc\n林晓,3\n"))
    assert waits(root) == [("open", "unknown-subject", "2:1"), ("open", "cell-not-a-number", "3:4")]

    taken_in(root, sent(root, "姓名,销售额\n何小青,5\n周然,abc\n林晓,3\n"))

    assert numbers(root, "support") == "E01,sales,3,\nE03,sales,5,\n"
    assert waits(root)[2:] == [
        ("closed", "unknown-subject", "2:1"),
        ("closed", "cell-not-a-number", "3:4"),
        ("open", "cell-not-a-number", "3:4"),
    ]
    taken_in(root, sent(root, "姓名,销售额\n周然,4\n", "周然.csv"))
    assert waits(root)[5:] == [("closed", "cell-not-a-number", "3:4")]
    cycle = read(root / "handbook", root / "scorecards").cycles[Period.parse("2026-10")]
    assert not cycle.set_aside


def write_actuals(root: Path, rows: str) -> None:
    path = october(root) / "actuals" / "support.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"subject,measure,actual\n{rows}", encoding="utf-8")


def test_a_file_of_another_department_by_the_same_name_closes_nothing(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n张三,5\n林晓,4\n,7\n"))

    taken_in(
        root, sent(root, "编号,数据项编号,实际,备注\nE02,complaints,1,已核实\nE01,complaints,0,\nE03,complaints,2,\n")
    )

    assert [state for state, _, _ in waits(root)] == ["open", "open"]


def test_a_row_that_nobody_could_tell_is_closed_by_its_own_file_alone(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n张三,5\n"))

    taken_in(root, sent(root, "姓名,销售额\n何小青,5\n", "other.csv"))
    before = [state for state, _, _ in waits(root)]
    shutil.rmtree(october(root) / "actuals")
    taken_in(root, sent(root, "姓名,销售额\n李四,5\n"))

    assert before == ["open"]
    assert [state for state, _, _ in waits(root)] == ["open", "closed", "open"]


def test_a_rating_of_one_rater_does_not_close_that_of_another(root: Path) -> None:
    header = "person,indicator,relation,rater,score\n"
    taken_in(root, sent(root, header + "E02,attitude,peer,E03,99\n", "one.csv"))

    taken_in(root, sent(root, header + "E02,attitude,manager,E01,30\n", "two.csv"))
    before = [state for state, _, _ in waits(root)]
    taken_in(root, sent(root, header + "E02,attitude,同事,e03,30\n", "three.csv"))

    assert (before, [state for state, _, _ in waits(root)]) == (["open"], ["open", "closed"])


@pytest.mark.parametrize(
    ("text", "manifest"),
    [("统计表\n", ""), ("小满茶铺2026年9月\n姓名,销售额\n林晓,5\n", ""), ("姓名,销售额\n林晓,5\n", "sent.csv,2,,")],
    ids=["no table", "another month", "cut short"],
)
def test_a_file_that_is_not_read_closes_nothing(root: Path, text: str, manifest: str) -> None:
    taken_in(root, sent(root, "姓名,销售额\n周然,abc\n"))
    (october(root) / "manifest.csv").write_text(f"file,rows,column,sum\n{manifest}\n", encoding="utf-8")

    run(root, "import", str(sent(root, text)))

    assert [state for state, _, _ in waits(root)] == ["open"]


def test_a_number_written_by_hand_closes_what_waits_for_it(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,abc\n周然,x\n"))
    write_actuals(root, "E01,sales,7\n")

    content = read(root / "handbook", root / "scorecards")
    state = run(root, "status", "2026-10", "--today", "2026-10-02")

    cycle = content.cycles[Period.parse("2026-10")]
    assert [row.subject for row in cycle.set_aside] == ["E02"]
    notes = [problem for problem in content.problems if problem.code == "waiting-row-supplied"]
    assert [(note.level, note.values["at"], note.values["by"]) for note in notes] == [
        ("note", "2:4", "scorecards/2026-10/actuals/support.csv:2:11")
    ]
    assert "sent.csv 的 2:4 导入时被搁置，后来在 scorecards/2026-10/actuals/support.csv:2:11 写上了 7" in state.output
    assert "waiting-row-supplied" in state.output
    found = plan(root, sent(root, "姓名,访客数\n林晓,5\n", "other.csv"))
    assert "1 rows set aside earlier are mended and become closed in set-aside.csv: sent.csv 2:4" in report_lines(
        found, words("en")
    )
    taken_in(root, sent(root, "姓名,访客数\n林晓,5\n", "other.csv"))
    [closed] = [row for row in aside(root) if row["state"] == "closed"]
    assert (closed["subject"], closed["by"]) == ("E01", "scorecards/2026-10/actuals/support.csv:2:11")


def test_a_rating_written_by_hand_closes_what_waits_for_it(root: Path) -> None:
    header = "person,indicator,relation,rater,score\n"
    ratings = october(root) / "ratings.csv"
    ratings.write_text(header + "E03,attitude,manager,E01,20\n", encoding="utf-8")
    rows = "E02,attitude,上级,e01,99\nE02,attitude,同事,E03,98\nE03,attitude,上级,E01,25\n"
    taken_in(root, sent(root, header + rows))

    ratings.write_text(ratings.read_text(encoding="utf-8") + "E02,attitude,manager,E01,30\n", encoding="utf-8")
    loaded = read(root / "handbook", root / "scorecards")
    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n", "later.csv"))

    assert [problem.code for problem in loaded.problems].count("waiting-row-supplied") == 1
    assert [(row["state"], row["raw"]) for row in aside(root)] == [
        ("open", "E02,attitude,上级,e01,99"),
        ("open", "E02,attitude,同事,E03,98"),
        ("open", "E03,attitude,上级,E01,25"),
        ("closed", "E02,attitude,上级,e01,99"),
    ]


def test_a_number_that_stood_there_already_closes_nothing(root: Path) -> None:
    write_actuals(root, "E01,sales,7\nE02,sales,8\n")
    taken_in(root, sent(root, "姓名,销售额\n林晓,abc\n周然,9\n"))
    assert [row["standing"] for row in aside(root)] == ["7", "8"]

    before = read(root / "handbook", root / "scorecards").cycles[Period.parse("2026-10")]
    write_actuals(root, "E01,sales,7\nE02,sales,9\n")
    after = read(root / "handbook", root / "scorecards").cycles[Period.parse("2026-10")]

    assert [row.subject for row in before.set_aside] == ["E01", "E02"]
    assert [row.subject for row in after.set_aside] == ["E01"]


def test_a_number_that_waits_is_set_aside_on_the_card_and_not_missing(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,abc\n"))

    result = run(root, "explain", "2026-10", "E01", "sales_volume")

    assert "搁置" in result.output
    assert "sent.csv 的 2:4 导入时被搁置" in result.output


def test_a_dry_run_writes_nothing(root: Path) -> None:
    before = everything(root)

    result = run(root, "import", str(sent(root, WIDE)), "--dry-run")

    assert everything(root) == before
    assert "+ E01 sales = 55000（sent.csv:4:6 -> scorecards/2026-10/actuals/support.csv）" in result.output
    assert "这只是预演" in result.output


def test_formulas_in_notes_are_guarded_and_the_guard_comes_off_again(root: Path) -> None:
    file = sent(root, "姓名,销售额,备注\n林晓,-5,'=1+1\n周然,6,=2+2\n", "one.csv")

    taken_in(root, file)

    assert numbers(root, "support") == "E01,sales,-5,'=1+1\nE02,sales,6,'=2+2\n"
    before = everything(root)
    taken_in(root, october(root) / "actuals" / "support.csv")
    assert everything(root) == before


def test_a_number_without_an_owner_goes_to_a_file_of_its_own(root: Path) -> None:
    (root / "handbook" / "indicators" / "more.yml").write_text(
        "mood: {name: 心情, unit: 分, direction: higher}\n", encoding="utf-8"
    )

    taken_in(root, sent(root, "姓名,心情\n林晓,5\n"))

    assert numbers(root, "unassigned") == "E01,mood,5,\n"


def test_an_unknown_supplier_is_refused(root: Path) -> None:
    result = run(root, "import", str(sent(root, WIDE)), "--supplier", "sales")

    assert result.exit_code == 2
    assert "没有部门 sales；现有：shop, support" in result.output


def test_many_changes_are_told_by_their_number(root: Path) -> None:
    people = "".join(f"P{number},名{number},barista,shop,,,,1\n" for number in range(30))
    with (october(root) / "people.csv").open("a", encoding="utf-8") as file:
        file.write(people)
    rows = "".join(f"P{number},{number}\n" for number in range(30))

    found = plan(root, sent(root, f"工号,销售额\n{rows}"))

    lines = list(report_lines(found, words("en")))
    assert sum(line.startswith("+ ") for line in lines) == 20
    assert "  … and 10 more" in lines
    assert lines[-1] == "All together: 30 rows = 30 used + 0 set aside + 0 ignored"


def test_a_target_that_cannot_be_read_at_all_is_left_alone(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    path = october(root) / "actuals" / "support.csv"
    path.write_bytes(b"PK\x03\x04")

    found = taken_in(root, sent(root, "姓名,销售额\n林晓,5\n"))

    assert path.read_bytes() == b"PK\x03\x04"
    assert [problem.code for problem in found.problems] == ["file-not-csv"]
    assert [code for _, code, _ in waits(root)] == ["import-target-unread"]


def test_a_line_of_set_aside_csv_that_says_neither_open_nor_closed_is_told(root: Path) -> None:
    taken_in(root, sent(root, "姓名,销售额\n林晓,abc\n"))
    path = october(root) / "set-aside.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("open,", "perhaps,"), encoding="utf-8")

    content = read(root / "handbook", root / "scorecards")

    assert "waiting-state" in {problem.code for problem in content.problems}


def test_an_empty_row_between_blank_columns_is_blank(root: Path) -> None:
    (october(root) / "actuals").mkdir()
    (october(root) / "actuals" / "support.csv").write_text(
        "subject,measure,actual\n,,\nE02,sales,1\n", encoding="utf-8"
    )

    taken_in(root, sent(root, "姓名,销售额\n林晓,5\n"))

    assert numbers(root, "support") == "E01,sales,5,\nE02,sales,1,\n"


def test_sheets_of_two_cycles_are_not_imported_at_once(root: Path) -> None:
    file = filled(root, "H6", 5)
    other = root / "out" / "other.csv"
    other.write_text("kpibook cycle=2026-09 catalog=0123456789ab sheet=shop/1 rows=0\n姓名,销售额\n", encoding="utf-8")

    result = run(root, "import", str(file), str(other))

    assert result.exit_code == 2
    assert "2026-10, 2026-09" in result.output


def test_a_rated_indicator_that_two_share_a_name_with_is_ambiguous(root: Path) -> None:
    (root / "handbook" / "indicators" / "more.yml").write_text(
        "manner: {name: 工作态度, unit: 分, direction: higher, owner: shop}\n", encoding="utf-8"
    )

    taken_in(root, sent(root, "姓名,指标,关系,评分人,评分\n周然,工作态度,manager,E01,5\n"))

    assert [row["reason"] for row in aside(root)] == ["工作态度 may mean manner, attitude"]


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


# How far it has come


def long_table(root: Path) -> Path:
    """25,000 rows, all but one of them empty."""
    return sent(root, "工号,销售额\nE01,5\n" + "E02,\n" * 24_999, "long.csv")


def test_a_long_file_tells_how_far_it_has_come(root: Path) -> None:
    told_of: list[tuple[str, int, int]] = []
    content = read(root / "handbook", root / "scorecards")
    cycle = content.cycles[Period.parse("2026-10")]

    settings = Settings(progress=lambda file, done, rows: told_of.append((file, done, rows)))
    plan_import([long_table(root)], content.catalog, cycle, october(root), settings)

    assert told_of == [
        *(("long.csv", done, 25_001) for done in (0, 10_000, 20_000, 25_001)),
        *(("", done, 1) for done in (0, 1)),
    ]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminal to look like")
def test_only_people_at_a_terminal_see_how_far_a_long_file_has_come(root: Path) -> None:
    command = [sys.executable, "-m", "kpibook", "import", str(long_table(root)), "--cycle", "2026-10", "--dry-run"]
    ours, theirs = os.openpty()

    seen = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    piped = subprocess.run(command, cwd=root, capture_output=True, check=True)

    text = os.read(ours, 10_000).decode("utf-8")
    os.close(ours)
    assert "\r读取 long.csv：39%（10,000 / 25,001 行）\r读取 long.csv：79%（20,000 / 25,001 行）\r" in text
    assert "100%（25,001 / 25,001 行）\r\n" in text
    assert seen.stdout == piped.stdout
    assert not piped.stderr
