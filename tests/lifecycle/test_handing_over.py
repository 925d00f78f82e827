"""Handing over to payroll: from sealed figures alone, never twice, never a file without its record."""

import csv
import datetime
import random
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from faulty_disk import Fault, FaultyDisk, Killed
from kpibook.base.periods import Period
from kpibook.base.transactions import apply, finish_pending
from kpibook.content import read
from kpibook.lifecycle.handing_over import hand_over
from kpibook.sealing.revisions import Signed
from lives import Life

BATCH = "2026-10/payroll/2026-10-B{}.csv"
VISITS = "2026-10/actuals/support.csv"
PAID = "- {name: 绩效工资, formula: base_salary * 0.3 * total / 100, when: total >= 60}\n"


@pytest.fixture
def paid(life: Life) -> Life:
    """The tiny company, in which everybody is paid by the total, and October is published."""
    role = life.root / "handbook/roles/barista.yml"
    with role.open("a", encoding="utf-8") as file:
        file.write(f"pay:\n  {PAID}")
    life.publish()
    return life


def result(life: Life, person: str) -> str:
    seal = max(life.path("2026-10/revisions").iterdir(), key=lambda path: int(path.name)) / "seal.json"
    line = next(
        line for line in seal.read_text(encoding="utf-8").splitlines() if line.strip().startswith(f'"{person}":')
    )
    return line.split('"')[3]


def answer(life: Life, person: str, said: str) -> None:
    file = life.path("2026-10/confirmations.csv")
    if not file.exists():
        file.write_text("person,result,answer,on,by,comment\n", encoding="utf-8")
    life.add("2026-10/confirmations.csv", f"{person},{result(life, person)},{said},2026-11-12,HR,\n")


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def newest(life: Life) -> dict[str, Fraction]:
    """What everybody's pay comes to by the newest revision, as its table says."""
    last = max(life.path("2026-10/revisions").iterdir(), key=lambda path: int(path.name))
    with (last / "totals.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    return {row["person"]: Fraction(row["pay: 绩效工资"]) for row in table if row["pay: 绩效工资"]}


def handed_over(life: Life) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for file in life.path("2026-10/payroll").glob("*.csv"):
        for row in rows(file)[1:-1]:
            found[row[1]] = found.get(row[1], Fraction(0)) + Fraction(row[6])
    return found


def test_the_first_batch_holds_everybody_and_is_recorded(paid: Life) -> None:
    done = paid.run("payroll", "2026-10", "--out", "pay.csv", "--by", "HR", "--on", "2026-11-12")

    assert done.stdout == (
        "2026-10-B1：3 人，3 行，合计 ¥5106.00。\n2026-10 至今共 1 批，合计 ¥5106.00。\n已写入 pay.csv\n"
    )
    assert rows(paid.root / "pay.csv") == [
        ["批次", "工号", "姓名", "工资项", "类别", "系数", "金额", "结果编号", "第几版", "本人回复"],
        ["2026-10-B1", "E01", "林晓", "绩效工资", "正常", "1.2", "2496.00", result(paid, "E01"), "1", "未送达"],
        ["2026-10-B1", "E02", "周然", "绩效工资", "正常", "1.2", "1560.00", result(paid, "E02"), "1", "未送达"],
        ["2026-10-B1", "E03", "何小青", "绩效工资", "正常", "1", "1050.00", result(paid, "E03"), "1", "未送达"],
    ]
    assert paid.read("2026-10/log.csv").splitlines()[-1] == "2026-11-12,payroll,1,HR,2026-10-B1"
    assert paid.run("verify").exit_code == 0
    assert "payroll" not in paid.run("check").stdout


def test_a_second_run_hands_nothing_over_and_records_nothing(paid: Life) -> None:
    paid.run("payroll", "2026-10", "--out", "pay.csv")
    before = paid.tree()

    done = paid.run("payroll", "2026-10", "--out", "more.csv")

    assert "2026-10 第 1 版这次没有要交的" in done.stdout
    assert [len(rows(paid.root / "more.csv"))] == [1]
    (paid.root / "more.csv").unlink()
    assert paid.tree() == before


def test_a_correction_gives_one_row_of_difference(paid: Life) -> None:
    paid.run("payroll", "2026-10", "--out", "pay.csv")
    paid.change(VISITS, 'E02,sales,"22,300",', "E02,sales,15000,")
    paid.correct()

    paid.run("payroll", "2026-10", "--out", "more.xlsx")

    [_, row] = load_workbook(paid.root / "more.xlsx")["移交"].iter_rows(values_only=True)
    assert row[:9] == ("2026-10-B2", "E02", "周然", "绩效工资", "补扣", 0, -1560, result(paid, "E02"), 2)
    assert handed_over(paid) == {**newest(paid), "E02": 0}


def test_only_who_confirmed_is_handed_over_and_the_rest_comes_later(paid: Life) -> None:
    answer(paid, "E01", "delivered")
    answer(paid, "E02", "disagrees")
    answer(paid, "E03", "confirmed")
    answer(paid, "E03", "delivered")

    first = paid.run("payroll", "2026-10", "--out", "first.csv", "--confirmed")
    rest = paid.run("payroll", "2026-10", "--out", "rest.csv")

    assert "2 人还没有确认" in first.stdout
    assert [(row[1], row[9]) for row in rows(paid.root / "first.csv")[1:]] == [("E03", "已确认")]
    assert [(row[1], row[9]) for row in rows(paid.root / "rest.csv")[1:]] == [("E01", "已送达"), ("E02", "有异议")]
    assert "2026-10 至今共 2 批，合计 ¥5106.00。" in rest.stdout


def appeal(paid: Life, *steps: str) -> None:
    head = "appeal,person,result,step,on,by,claim,outcome,reason\n"
    told = {"filed": ",不对,,", "decided": ",,granted,属实"}
    lines = (f"AP1,E02,{result(paid, 'E02')},{step},2026-11-12,老板{told[step]}\n" for step in steps)
    paid.path("2026-10/appeals.csv").write_text(head + "".join(lines), encoding="utf-8")


def test_an_appeal_is_told_and_held_until_it_is_corrected_where_that_is_asked_for(paid: Life) -> None:
    appeal(paid, "filed")
    told = paid.run("payroll", "2026-10", "--out", "told.csv", "--dry-run")
    held = paid.run("payroll", "2026-10", "--out", "held.csv", "--hold-appeals")
    appeal(paid, "filed", "decided")
    granted = paid.run("payroll", "2026-10", "--out", "granted.csv", "--hold-appeals")
    paid.change(VISITS, 'E02,sales,"22,300",', "E02,sales,23000,")
    paid.correct("2026-10", "--appeal", "AP1")
    paid.run("payroll", "2026-10", "--out", "rest.csv", "--hold-appeals")

    assert "有 1 人的申诉还没有结论或还没有更正：E02；要先留着的，加 --hold-appeals" in told.stdout
    assert "1 人的申诉还没有结论或还没有更正，这一批没有交他们的：E02" in held.stdout
    assert [row[1] for row in rows(paid.root / "held.csv")[1:]] == ["E01", "E03"]
    assert "没有要交的" in granted.stdout
    assert [row[1] for row in rows(paid.root / "rest.csv")[1:]] == ["E02"]
    assert handed_over(paid) == newest(paid)


def test_a_confirmation_of_an_older_result_is_none(paid: Life) -> None:
    answer(paid, "E02", "confirmed")
    answer(paid, "E03", "confirmed")
    paid.change(VISITS, 'E02,sales,"22,300",', "E02,sales,15000,")
    paid.correct()

    paid.run("payroll", "2026-10", "--out", "pay.csv", "--confirmed")

    assert [row[1] for row in rows(paid.root / "pay.csv")[1:]] == ["E03"]


def test_whoever_leaves_the_cycle_by_a_correction_gives_everything_back(paid: Life) -> None:
    paid.run("payroll", "2026-10", "--out", "pay.csv")
    paid.change("2026-10/people.csv", "E03,何小青,barista,shop,E01,,,5000\n", "")
    paid.change(VISITS, "E03,sales,14000,\n", "")
    paid.change("2026-10/ratings.csv", "E03,attitude,manager,E01,30,\n", "")
    paid.correct()

    paid.run("payroll", "2026-10", "--out", "more.csv")

    back = next(row for row in rows(paid.root / "more.csv") if row[1] == "E03")
    assert back[4:8] == ["补扣", "", "-1050.00", ""]


def test_an_amount_that_waits_is_named_and_comes_later(life: Life) -> None:
    role = life.root / "handbook/roles/barista.yml"
    role.write_text(role.read_text(encoding="utf-8") + f"pay:\n  {PAID}", encoding="utf-8")
    life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11", "--anyway", "--reason", "E03 is late")
    first = life.run("payroll", "2026-10", "--out", "first.csv")
    life.complete_october()
    life.correct()

    life.run("payroll", "2026-10", "--out", "more.csv")

    assert "1 人的金额还没有出来，等出来再交：E03\n" in first.stdout
    assert [row[1:7] for row in rows(life.root / "more.csv")[1:]][-1] == [
        *("E03", "何小青", "绩效工资", "正常", "1", "1050.00")
    ]
    assert handed_over(life) == newest(life)


def test_who_moved_to_a_role_without_pay_waits_for_none(life: Life) -> None:
    life.complete_october()
    life.change(
        "2026-10/people.csv",
        "E03,何小青,barista,shop,E01,,,5000\n",
        "E03,何小青,shop-manager,shop,E01,,2026-10-10,5000\nE03,何小青,barista,shop,E01,2026-10-11,,5000\n",
    )
    life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11", "--anyway", "--reason", "moved")

    told = life.run("payroll", "2026-10", "--out", "first.csv").stdout

    assert "E03" not in {row[1] for row in rows(life.root / "first.csv")}
    assert "等出来再交" not in told


def test_a_batch_is_written_once_more_as_it_was(paid: Life) -> None:
    paid.run("payroll", "2026-10", "--out", "pay.csv")
    paid.change(VISITS, 'E02,sales,"22,300",', "E02,sales,15000,")
    paid.correct()
    before = paid.tree()

    paid.run("payroll", "2026-10", "--out", "again.csv", "--again", "2026-10-b1")

    assert (paid.root / "again.csv").read_bytes() == before["pay.csv"]
    assert {name: data for name, data in paid.tree().items() if name != "again.csv"} == before


def test_the_columns_are_those_of_todays_company_file(paid: Life) -> None:
    company = paid.root / "handbook/company.yml"
    own = "payroll:\n  headers: {person: 人员编码, amount: 应发}\n"
    company.write_text(company.read_text(encoding="utf-8") + own, encoding="utf-8")

    paid.run("payroll", "2026-10", "--out", "pay.csv")

    assert rows(paid.root / "pay.csv")[:2] == [["人员编码", "应发"], ["E01", "2496.00"]]


def test_a_dry_run_only_tells(paid: Life) -> None:
    before = paid.tree()

    done = paid.run("payroll", "2026-10", "--out", "pay.csv", "--dry-run")

    assert "2026-10-B1：3 人" in done.stdout
    assert paid.tree() == before


@pytest.mark.parametrize(
    ("cycle", "code"), [("2026-10", "step-open"), ("2026-09", "step-unsealed"), ("2026-11", "step-planned")]
)
def test_what_is_not_published_is_not_handed_over(life: Life, cycle: str, code: str) -> None:
    if cycle == "2026-11":
        life.path("2026-11").mkdir()
        life.path("2026-11/cycle.yml").write_text("name: 十一月\nkind: month\nstatus: planned\n", encoding="utf-8")
    before = life.tree()

    refused = life.run("payroll", cycle, "--out", "pay.csv", code=1)

    assert f"[{code}]\n" in refused.stderr
    assert life.tree() == before


def test_what_differs_from_its_seal_is_not_handed_over(paid: Life) -> None:
    paid.change("2026-10/revisions/1/totals.csv", ",2496", ",9496")

    refused = paid.run("payroll", "2026-10", "--out", "pay.csv", code=1)

    assert (
        "scorecards/2026-10: error: 2026-10 的文件与公布时不同，所以不交 [payroll-differs]\n"
        "    hint: 改对了的，先运行 kpibook correct 2026-10；误改的，恢复原来的文件\n"
    ) in refused.stderr
    assert "[seal-table]" in refused.stderr
    assert not (paid.root / "pay.csv").exists()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "gone",
            "scorecards/2026-10/payroll/2026-10-B1.csv: error: 2026-10-B1 这一批交过，记录却不见了",
        ),
        ("changed", "2026-10-B1.csv:2:1: error: 2026-10-B1 这一批的记录被改动过 [payroll-batch-changed]"),
        ("seal", "2026-10-B1.csv: error: 2026-10-B1 这一批的记录被改动过 [payroll-batch-changed]"),
        ("added", "payroll/2026-10-B7.csv: error: 2026-10-B7 这一批的记录不是本程序留下的"),
        ("log", "payroll/2026-10-B1.csv: error: 2026-10-B1 这一批的记录不是本程序留下的"),
    ],
)
def test_a_damaged_record_holds_everything(paid: Life, damage: str, told: str) -> None:
    paid.run("payroll", "2026-10", "--out", "pay.csv")
    file = paid.path(BATCH.format(1))
    text = file.read_text(encoding="utf-8")
    if damage == "gone":
        file.unlink()
    elif damage == "changed":
        file.write_text(text.replace(",regular,", ",Regular,", 1), encoding="utf-8")
    elif damage == "seal":
        file.write_text(text.rstrip("\n")[:-1] + "-\n", encoding="utf-8")
    elif damage == "added":
        paid.path(BATCH.format(7)).write_text(text, encoding="utf-8")
    else:
        paid.change("2026-10/log.csv", ",payroll,", ",other,")

    refused = paid.run("payroll", "2026-10", "--out", "more.csv", code=1)

    assert told in refused.stderr
    assert not (paid.root / "more.csv").exists()


def test_an_unknown_batch_and_another_kind_of_file_are_refused(paid: Life) -> None:
    unknown = paid.run("payroll", "2026-10", "--out", "pay.csv", "--again", "2026-10-B9", code=1)
    other = paid.run("payroll", "2026-10", "--out", "pay.xls", code=2)

    assert "没有 2026-10-B9 这一批；有的是：- [payroll-no-batch]" in unknown.stderr
    assert "pay.xls" in other.stderr


@pytest.mark.parametrize("fault", list(Fault))
def test_a_batch_is_recorded_with_its_log_or_not_at_all(paid: Life, fault: Fault) -> None:
    content = read(paid.root / "handbook", paid.root / "scorecards")
    signed = Signed(datetime.date(2026, 11, 12), "HR")
    changes = hand_over(content, Period.parse("2026-10"), signed).changes
    scorecards, before = paid.root / "scorecards", paid.tree()

    for at in range(1, 100):
        disk = FaultyDisk(at, fault)
        with suppress(OSError, Killed):
            apply(changes, scorecards, disk)
        finish_pending(scorecards)
        recorded, logged = paid.path(BATCH.format(1)).exists(), ",payroll,1," in paid.read("2026-10/log.csv")
        assert recorded == logged
        if not disk.has_failed:
            break
        for name in set(paid.tree()) - set(before):
            (paid.root / name).unlink()
        paid.path("2026-10/log.csv").write_bytes(before["scorecards/2026-10/log.csv"])
    else:
        pytest.fail("it never came to its end")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_order_of_steps_all_batches_add_up_to_the_newest_revision(paid: Life, seed: int) -> None:
    chance = random.Random(seed)
    sales = 22300
    for turn in range(10):
        match chance.choice(("correct", "confirm", "appeal", "partly", "held", "all")):
            case "correct":
                text, sales = str(sales), chance.randrange(9000, 30000)
                paid.path(VISITS).write_text(
                    paid.read(VISITS).replace('"22,300"', text).replace(f"E02,sales,{text},", f"E02,sales,{sales},"),
                    encoding="utf-8",
                )
                paid.correct(code=None)
            case "confirm":
                answer(paid, chance.choice(("E01", "E02", "E03")), chance.choice(("confirmed", "disagrees")))
            case "appeal":
                appeal(paid, *("filed", "decided")[: chance.randrange(1, 3)])
            case "held":
                paid.run("payroll", "2026-10", "--out", f"{turn}.csv", "--hold-appeals")
            case "partly":
                paid.run("payroll", "2026-10", "--out", f"{turn}.csv", "--confirmed")
            case _:
                paid.run("payroll", "2026-10", "--out", f"{turn}.csv")
                assert handed_over(paid) == newest(paid)
    paid.run("payroll", "2026-10", "--out", "last.csv")

    assert handed_over(paid) == newest(paid)


def test_an_amount_that_no_workbook_holds_is_refused_before_anything_is_recorded(life: Life) -> None:
    role = life.root / "handbook/roles/barista.yml"
    role.write_text(role.read_text(encoding="utf-8") + f"pay:\n  {PAID}", encoding="utf-8")
    life.change(
        "2026-10/people.csv", "E02,周然,barista,shop,E01,,,5000", "E02,周然,barista,shop,E01,,,99999999999999.27"
    )
    life.publish()

    refused = life.run("payroll", "2026-10", "--out", "pay.xlsx", code=1)
    life.run("payroll", "2026-10", "--out", "pay.csv")

    assert "[payroll-amount-long]\n    hint: 改用 --out 写成 .csv\n" in refused.stderr
    assert not (life.root / "pay.xlsx").exists()
    assert [row[6] for row in rows(life.root / "pay.csv")[1:]][1] == "31199999999999.77"


def test_the_money_of_a_streak_is_handed_over_as_a_line_of_its_own(life: Life) -> None:
    with (life.root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("streaks:\n  - {name: 两月达标, when: total >= 60, cycles: 2, amount: 100}\n")
    life.publish()

    life.run("payroll", "2026-10", "--out", "pay.csv")

    streaks = [row for row in rows(life.root / "pay.csv") if row[3] == "两月达标"]
    assert [(row[1], row[4], row[6]) for row in streaks] == [("E01", "正常", "100.00"), ("E02", "正常", "100.00")]


def test_another_ending_is_refused_in_the_language_of_the_company(life: Life) -> None:
    told = life.run("payroll", "2026-10", "--out", "batch.txt", code=2).stderr

    assert told == "错误：batch.txt 要以 .csv 或 .xlsx 结尾\n"
