"""The same file again, newer numbers, and what waited until it was mended."""

import datetime
import shutil
from pathlib import Path

import pytest
from gmpy2 import mpq

from imports_run import TODAY, WIDE, aside, book, everything, filled, numbers, plan, sent, taken_in, waits
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.content import read
from kpibook.exchange.importing import report_lines, write_plan
from kpibook.reading.cycle.arrivals import Arrival, read_arrivals
from sent_tables import october, run

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
    [header, came, line] = (october(root) / "import-log.csv").read_text(encoding="utf-8").splitlines()
    assert header == "on,file,sha256,action,table,subject,key,before,after,place"
    assert came.startswith("2026-11-06,sent.csv,")
    assert came.endswith(",received,actuals,support,sales,,1,")
    assert line.startswith("2026-11-06,newer.csv,")
    assert line.endswith(",replaced,actuals,E01,sales,5 (初报),6,2:4")


def test_the_log_keeps_the_day_of_new_numbers_once_for_each_file_owner_and_measure(root: Path) -> None:
    first = sent(root, WIDE)
    run(root, "import", str(first), "--today", "2026-11-04")
    run(root, "import", str(first), "--today", "2026-11-05")
    run(root, "import", str(sent(root, "姓名,退货率\n何小青,8%\n", "later.csv")), "--today", "2026-11-09")

    assert read_arrivals(october(root) / "import-log.csv").arrivals == (
        Arrival(datetime.date(2026, 11, 4), "support", "sales", 3),
        Arrival(datetime.date(2026, 11, 4), "support", "visitors", 1),
        Arrival(datetime.date(2026, 11, 4), "shop", "return_rate", 2),
        Arrival(datetime.date(2026, 11, 9), "shop", "return_rate", 1),
    )


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


@pytest.mark.parametrize("name", ["a\x1b[2J.csv", "\u202aa.csv", "a\nb.csv"])
def test_a_row_or_a_name_with_characters_that_steer_a_terminal_waits_and_is_closed(root: Path, name: str) -> None:
    run(root, "import", str(sent(root, "姓名,销售额\n林晓,5\n周然,6\x1b[31m\n", name)))
    written = {path.name: path.read_text("utf-8") for path in october(root).rglob("*.csv")}
    checked = run(root, "check").output

    run(root, "import", str(sent(root, "姓名,销售额\n林晓,5\n周然,6\n", name)))

    assert not any(sign in text for text in written.values() for sign in "\x1b\u202a")
    assert '"周然,6\\u001b[31m"' in written["set-aside.csv"]
    assert " 的 3:5 导入时被搁置，还没有改好：这一行里有不能出现的字符 U+001B" in checked
    assert "[bad-character]" not in checked
    assert numbers(root, "support") == "E01,sales,5,\nE02,sales,6,\n"
    assert [state for state, *_ in waits(root)] == ["open", "closed"]


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
    assert "1 row set aside earlier is mended and becomes closed in set-aside.csv: sent.csv 2:4" in report_lines(
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
