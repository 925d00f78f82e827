"""Numbers of weeks come in by a column of their own, and go out as a row for each week."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from sent_tables import aside, make_company, october, plain_file, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny company with an October without numbers."""
    return make_company(tmp_path)


def weeks(root: Path, measure: str = "sales") -> dict[str, str]:
    """By subject and week what stands in the file of the supporting department."""
    path = october(root) / "actuals" / "support.csv"
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))) if path.exists() else ()
    return {f"{row['subject']} {row.get('week') or '-'}": row["actual"] for row in rows if row["measure"] == measure}


@pytest.mark.parametrize("said", ["2026-W41", "2026W41", "第41周", "W41", "41周", "2026年第41周"])
def test_a_week_goes_by_what_people_write(root: Path, said: str) -> None:
    result = run(root, "import", plain_file(root, f"姓名,周次,销售额\n林晓,{said},12000\n林晓,2026/10/13,1000\n"))

    assert result.exit_code == 0, result.output
    assert weeks(root) == {"E01 2026-W41": "12000", "E01 2026-10-13": "1000"}
    assert run(root, "check").exit_code in (0, 3)


def test_a_small_number_alone_may_be_a_week_of_the_month(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,周次,销售额\n林晓,第2周,12000\n"))

    assert weeks(root) == {}
    assert "sent.csv:2:4: warning: “第2周”不是一周，也不是一天 [week-unclear]" in result.output
    assert aside(root) == [("2", "week-unclear")]


def test_a_week_of_another_cycle_is_named_and_not_taken(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,周次,销售额\n林晓,2026-W39,5\n林晓,2026-W41,6\n"))

    assert result.exit_code == 0, result.output
    assert weeks(root) == {"E01 2026-W41": "6"}
    assert "忽略：别的周期，1 行（第 2 行）" in result.output


def test_the_same_sheet_twice_changes_nothing_and_a_changed_week_is_told(root: Path) -> None:
    table = "姓名,周次,销售额\n林晓,2026-W41,12000\n林晓,2026-W42,9000\n"
    run(root, "import", plain_file(root, table))

    again = run(root, "import", plain_file(root, table))
    held = run(root, "import", plain_file(root, table.replace("9000", "9500")))

    assert "新增 0，替换 0，原来就有 2，搁置 0" in again.output
    assert "E01 sales 2026-W42 在 scorecards/2026-10/actuals/support.csv 里是 9000，新文件写的是 9500" in held.output
    assert weeks(root) == {"E01 2026-W41": "12000", "E01 2026-W42": "9000"}

    run(root, "import", plain_file(root, table.replace("9000", "9500")), "--replace")

    assert weeks(root) == {"E01 2026-W41": "12000", "E01 2026-W42": "9500"}


@pytest.mark.parametrize("first", ["week", "whole"])
def test_weeks_and_a_number_of_the_whole_cycle_are_not_mixed(root: Path, first: str) -> None:
    tables = {"week": "姓名,周次,销售额\n林晓,2026-W41,12000\n", "whole": "姓名,销售额\n林晓,55000\n"}
    run(root, "import", plain_file(root, tables.pop(first)))
    [other] = tables.values()

    held = run(root, "import", plain_file(root, other, "other.csv"))

    assert "E01 sales 又有按周的数，又有全期的数，不知道该用哪个" in held.output
    assert weeks(root) == ({"E01 2026-W41": "12000"} if first == "week" else {"E01 -": "55000"})


def test_weeks_and_the_whole_in_one_import_are_both_refused(root: Path) -> None:
    held = run(root, "import", plain_file(root, "姓名,周次,销售额\n林晓,2026-W41,12000\n林晓,,55000\n"))

    assert held.output.count("[week-beside-whole]") == 2
    assert weeks(root) == {}


def test_what_is_left_of_the_weeks_is_no_number_while_one_waits(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,周次,销售额\n林晓,2026-W41,12000\n林晓,2026-W42,很多\n"))

    assert weeks(root) == {"E01 2026-W41": "12000"}
    assert "搁置" in run(root, "explain", "2026-10", "E01", "sales_volume").output


def test_a_company_that_collects_by_week_gets_a_row_for_each_and_they_come_back_once(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,周次,销售额\n林晓,2026-W41,12000\n林晓,2026-10-13,1000\n"))
    assert run(root, "collect", "2026-10", "--out", root / "out").exit_code == 0
    book = openpyxl.load_workbook(root / "out" / "support.xlsx")
    page = book.worksheets[1]
    at = {str(cell.value): cell.column or 0 for cell in page[5]}
    rows = {
        str(page.cell(row, at["周次"]).value): row
        for row in range(6, page.max_row + 1)
        if (page.cell(row, at["编号"]).value, page.cell(row, at["数据项编号"]).value) == ("E01", "sales")
    }

    assert [*rows] == ["2026-W40", "2026-W41", "2026-10-13", "2026-W43", "2026-W44"]
    assert page.cell(rows["2026-W41"], at["实际"]).value == 12000
    assert page.cell(rows["2026-10-13"], at["实际"]).value == 1000

    page.cell(rows["2026-W43"], at["实际"]).value = 8000
    book.save(root / "back.xlsx")
    done = run(root, "import", root / "back.xlsx")
    before = weeks(root)
    again = run(root, "import", root / "back.xlsx")

    assert (done.exit_code, again.exit_code) == (0, 0), done.output + again.output
    assert before == weeks(root) == {"E01 2026-10-13": "1000", "E01 2026-W41": "12000", "E01 2026-W43": "8000"}


def test_a_number_that_is_weekly_is_asked_for_by_week_from_the_first_sheet_on(root: Path) -> None:
    measures = root / "handbook" / "measures.yml"
    text = measures.read_text(encoding="utf-8").replace("sales: {", "sales: {weekly: true, ")
    measures.write_text(text, encoding="utf-8")

    run(root, "collect", "2026-10", "--out", root / "out", "--format", "csv")

    [table] = [path.read_text(encoding="utf-8-sig") for path in (root / "out").glob("support*.csv")]
    # The stamp and what to do stand above the header.
    lines = table.splitlines()
    head = next(number for number, line in enumerate(lines) if "周次" in line)
    rows = [row for row in csv.DictReader(lines[head:]) if row["编号"] == "E01"]
    asked = {key: [row["周次"] for row in rows if row["数据项编号"] == key] for key in ("sales", "buyers")}
    assert asked["sales"] == ["2026-W40", "2026-W41", "2026-W42", "2026-W43", "2026-W44"]
    assert asked["buyers"] == [""]


def test_a_number_that_came_as_a_whole_is_not_asked_for_by_week(root: Path) -> None:
    measures = root / "handbook" / "measures.yml"
    text = measures.read_text(encoding="utf-8").replace("sales: {", "sales: {weekly: true, ")
    measures.write_text(text, encoding="utf-8")
    run(root, "import", plain_file(root, "姓名,销售额\n林晓,55000\n"))

    run(root, "collect", "2026-10", "--out", root / "out", "--format", "csv")

    told = [line for path in (root / "out").glob("*.csv") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    [line] = [line for line in told if line.startswith("E01,") and ",sales," in line]
    assert "55000" in line
    assert "W4" not in line


def test_a_company_that_collects_by_month_gets_no_column_for_weeks(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,销售额\n林晓,55000\n"))
    run(root, "collect", "2026-10", "--out", root / "out", "--format", "csv")

    assert ",周次," not in "".join(path.read_text(encoding="utf-8-sig") for path in (root / "out").glob("*.csv"))


def test_the_least_of_a_number_holds_for_its_whole_and_not_for_a_week(root: Path) -> None:
    measures = root / "handbook" / "measures.yml"
    text = measures.read_text(encoding="utf-8").replace("sales: {", "sales: {minimum: 10000, ")
    measures.write_text(text, encoding="utf-8")

    result = run(root, "import", plain_file(root, "姓名,周次,销售额\n林晓,2026-W41,9000\n林晓,2026-W42,9000\n"))

    assert result.exit_code == 0, result.output
    assert weeks(root) == {"E01 2026-W41": "9000", "E01 2026-W42": "9000"}
