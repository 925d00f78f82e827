"""Events come in one by one: none is counted twice, none is lost, and a changed one is for people to decide."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sent_tables import aside, make_company, october, plain_file, run

ACCIDENTS = "accidents: {name: 事故损失, unit: 元, owner: shop, each: true}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny company, whose shop manager loses points for every accident."""
    made = make_company(tmp_path, ACCIDENTS)
    role = made / "handbook" / "roles" / "shop-manager.yml"
    rule = "deduct: [{measure: accidents, each: {500: 10, 0: 5}}]"
    text = role.read_text(encoding="utf-8")
    role.write_text(text.replace("deduct: [{measure: complaints, points: 10}]", rule), encoding="utf-8")
    return made


def events(root: Path, name: str = "shop") -> list[tuple[str, str]]:
    """Amount and note of every event of E01, in the order of the file."""
    path = october(root) / "actuals" / f"{name}.csv"
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))) if path.exists() else ()
    return [(row["actual"], row["note"]) for row in rows if row["measure"] == "accidents"]


def points(root: Path) -> str:
    """What is said of the item of the accidents."""
    return run(root, "explain", "2026-10", "E01", "complaint_count").output


def test_every_row_is_an_event_and_the_day_goes_into_its_note(root: Path) -> None:
    table = "姓名,事故损失,发生日期,备注\n林晓,600,2026-10-03,追尾\n林晓,600,2026/10/9,\n林晓,80,2026-10-09,剐蹭\n"

    result = run(root, "import", plain_file(root, table))

    assert result.exit_code == 0, result.output
    assert events(root) == [("600", "2026-10-03 追尾"), ("600", "2026-10-09"), ("80", "2026-10-09 剐蹭")]
    assert "事故损失一笔 80（2026-10-09 剐蹭）：达到“0 及以上”一档，扣 5 分\n    30 − 25 = 5 分" in points(root)


def test_the_same_sheet_twice_adds_nothing_though_its_rows_say_the_same(root: Path) -> None:
    file = plain_file(root, "姓名,事故损失,备注\n林晓,600,\n林晓,600,\n林晓,80,剐蹭\n")
    run(root, "import", file)
    before = events(root)

    result = run(root, "import", file)

    assert result.exit_code == 0, result.output
    assert events(root) == before == [("600", ""), ("600", ""), ("80", "剐蹭")]
    assert "新增 0，替换 0，原来就有 3，搁置 0" in result.output


def test_a_row_more_in_the_midst_of_the_same_sheet_is_a_new_event(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n林晓,80,剐蹭\n"))

    run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n林晓,30,倒车\n林晓,80,剐蹭\n"))

    assert sorted(events(root)) == [("30", "倒车"), ("600", "追尾"), ("80", "剐蹭")]


def test_an_event_of_the_same_note_and_another_amount_is_told_with_both(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n林晓,80,剐蹭\n"))
    changed = plain_file(root, "姓名,事故损失,备注\n林晓,900,追尾\n林晓,80,剐蹭\n", "again.csv")

    held = run(root, "import", changed)

    assert held.exit_code == 3
    assert events(root) == [("600", "追尾"), ("80", "剐蹭")]
    assert (
        "again.csv:2:4: warning: E01 accidents 在 scorecards/2026-10/actuals/shop.csv 里有 600 (追尾)，"
        "新文件写的是 900 (追尾)，可能是同一件 [event-differs]" in held.output
    )
    assert aside(root) == [("2", "event-differs")]
    assert "搁置" in points(root)

    done = run(root, "import", changed, "--replace")

    assert done.exit_code == 0, done.output
    assert events(root) == [("900", "追尾"), ("80", "剐蹭")]
    assert "~ E01 accidents：600 (追尾) -> 900" in done.output


def test_a_changed_cell_of_the_same_file_is_the_same_event(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失\n林晓,600\n"))

    held = run(root, "import", plain_file(root, "姓名,事故损失\n林晓,900\n"))

    assert "[event-differs]" in held.output
    assert events(root) == [("600", "")]


def test_without_a_note_nobody_knows_whether_another_file_tells_of_the_same_event(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失\n林晓,600\n"))
    other = plain_file(root, "姓名,事故损失\n林晓,600\n", "other.csv")

    held = run(root, "import", other)

    assert "E01 accidents 在 scorecards/2026-10/actuals/shop.csv 里已有 600，也没有备注" in held.output
    assert "[event-unclear]" in held.output
    assert events(root) == [("600", "")]

    done = run(root, "import", other, "--replace")

    assert done.exit_code == 0, done.output
    assert events(root) == [("600", "")]


def test_two_files_at_once_tell_of_one_event_where_amount_and_note_agree(root: Path) -> None:
    files = [
        plain_file(root, f"姓名,事故损失,备注\n林晓,600,追尾\n{more}", f"{n}.csv")
        for n, more in enumerate(("", "林晓,5,划痕\n"))
    ]

    result = run(root, "import", *files)

    assert result.exit_code == 0, result.output
    assert events(root) == [("600", "追尾"), ("5", "划痕")]


def test_two_different_notes_are_two_events_of_two_files(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,10-03 追尾\n"))

    result = run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,10-20 追尾\n", "other.csv"))

    assert result.exit_code == 0, result.output
    assert events(root) == [("600", "10-03 追尾"), ("600", "10-20 追尾")]


def test_an_event_that_stands_in_a_file_written_by_hand_is_the_same(root: Path) -> None:
    folder = october(root) / "actuals"
    folder.mkdir()
    (folder / "aaa.csv").write_text("subject,measure,actual,note\nE01,accidents,600,追尾\n", encoding="utf-8")

    result = run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n林晓,80,剐蹭\n"))

    assert result.exit_code == 0, result.output
    assert [*events(root, "aaa"), *events(root)] == [("600", "追尾"), ("80", "剐蹭")]


def test_an_event_against_a_row_that_says_there_was_none(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失\n林晓,0\n"))

    held = run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n", "other.csv"))

    assert "里有 0，新文件写的是 600 (追尾)" in held.output
    assert events(root) == [("0", "")]


def test_a_row_that_cannot_be_used_leaves_no_sum_of_the_others(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n林晓,很多,剐蹭\n"))

    assert events(root) == [("600", "追尾")]
    assert "搁置" in points(root)

    run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n林晓,80,剐蹭\n"))

    assert events(root) == [("600", "追尾"), ("80", "剐蹭")]
    assert "搁置" not in points(root)


def sheet_of(root: Path, name: str = "shop.xlsx") -> tuple[openpyxl.Workbook, Worksheet]:
    assert run(root, "collect", "2026-10", "--out", root / "out").exit_code == 0
    book = openpyxl.load_workbook(root / "out" / name)
    return book, book.worksheets[1]


def rows_of(page: Worksheet) -> list[int]:
    return [row[0].row or 0 for row in page.iter_rows(min_row=6) if row[2].value == "accidents"]


def test_a_sheet_offers_rows_for_several_events_and_takes_them_back_once(root: Path) -> None:
    book, page = sheet_of(root)
    at = {str(cell.value): cell.column or 0 for cell in page[5]}
    first, second, _ = rows_of(page)
    for row, value, note in ((first, 600, "追尾"), (second, 80, "剐蹭")):
        page.cell(row, at["实际"]).value = value
        page.cell(row, at["备注"]).value = note
    book.save(root / "back.xlsx")

    done = run(root, "import", root / "back.xlsx")
    again = run(root, "import", root / "back.xlsx")

    assert (done.exit_code, again.exit_code) == (0, 0), done.output + again.output
    assert events(root) == [("600", "追尾"), ("80", "剐蹭")]
    assert "一行写一件事" in " ".join(str(cell.value) for (cell,) in book.worksheets[0].iter_rows(max_col=1))

    book, page = sheet_of(root)
    given = [(page.cell(row, at["实际"]).value, page.cell(row, at["备注"]).value or None) for row in rows_of(page)]

    assert given == [(600, "追尾"), (80, "剐蹭"), (None, None), (None, None), (None, None)]

    page.cell(rows_of(page)[1], at["实际"]).value = 90
    book.save(root / "changed.xlsx")
    held = run(root, "import", root / "changed.xlsx")

    assert "里有 80 (剐蹭)，新文件写的是 90 (剐蹭)" in held.output
    assert events(root) == [("600", "追尾"), ("80", "剐蹭")]


def test_a_file_that_cannot_be_written_anew_takes_no_event(root: Path) -> None:
    folder = october(root) / "actuals"
    folder.mkdir()
    (folder / "shop.csv").write_text("subject,measure,actual\nE01,accidents,1,2,3\n", encoding="utf-8")

    result = run(root, "import", plain_file(root, "姓名,事故损失,备注\n林晓,600,追尾\n"))

    assert "[import-target-unread]" in result.output
    assert "追尾" not in (folder / "shop.csv").read_text(encoding="utf-8")
