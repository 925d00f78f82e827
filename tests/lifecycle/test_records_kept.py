"""A manager's month, and any order of its steps: no record changes a score, and none is lost."""

import csv
import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lives import Life

HEADER = 5
DAY = datetime.datetime(2026, 11, 12)
KINDS = ("confirmations", "interviews", "plans", "appeals", "agreements")


@pytest.fixture
def published(life: Life) -> Life:
    life.publish()
    return life


def number(life: Life, person: str, revision: int = 1) -> str:
    return str(json.loads(life.read(f"2026-10/revisions/{revision}/seal.json"))["people"][person])


def rows(life: Life, kind: str) -> list[tuple[str, ...]]:
    path = life.path(f"2026-10/{kind}.csv")
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def fill(life: Life, book: str, sheet: str, line: int, cells: dict[str, object]) -> None:
    """Collect a workbook, write into one of its rows, and import it."""
    out = life.root / "out"
    life.run("collect", "2026-10", "--records", "--out", str(out))
    made = load_workbook(out / book)
    page = made[sheet]
    head = [cell.value for cell in page[HEADER]]
    for name, value in cells.items():
        page.cell(HEADER + 1 + line, head.index(name) + 1).value = value  # type: ignore[assignment]
    made.save(out / book)
    life.take_in(str(out / book))


def step(life: Life, line: int, **cells: object) -> None:
    head: dict[str, object] = {
        "申诉编号": "AP1",
        "申诉人工号": "E03",
        "结果编号": number(life, "E03"),
        "这一步的日期": DAY,
    }
    fill(life, "appeals.xlsx", "申诉", line, {**head, **cells})


def test_from_a_talk_to_a_corrected_result_that_is_confirmed(published: Life) -> None:
    life, team = published, "records-E01.xlsx"
    fill(
        life,
        team,
        "确认与面谈",
        0,
        {"送达日期": DAY, "回复": "已确认", "回复日期": DAY, "面谈日期": DAY, "上级意见（面谈要点）": "都好"},
    )
    fill(life, team, "确认与面谈", 1, {"送达日期": DAY, "回复": "有异议", "回复日期": DAY})
    fill(life, team, "改进计划", 0, {"改进措施": "跟班学习", "跟进人": "林晓"})
    step(life, 0, 指标编号="sales_volume", 申诉内容="少算了一单", 步骤="提出", 经办人="E03")
    step(life, 1, 步骤="决定", 经办人="老板", 结论="采纳", 理由="单据属实")

    waits = life.run("close", "2026-10", "--by", "HR", "--on", "2026-12-20", code=1)
    life.change("2026-10/actuals/support.csv", "E03,sales,14000,", "E03,sales,21000,")
    unknown = life.correct("2026-10", "--appeal", "AP9", code=1)
    life.correct("2026-10", "--appeal", "AP1")
    asks = life.run("status", "2026-10", "--today", "2026-11-21", code=3)
    later = datetime.datetime(2026, 11, 23)
    fill(life, team, "确认与面谈", 1, {"送达日期": later, "回复": "已确认", "回复日期": later})
    fill(life, "records-unassigned.xlsx", "确认与面谈", 0, {"送达日期": DAY, "回复": "已确认", "回复日期": DAY})
    life.run("close", "2026-10", "--by", "HR", "--on", "2026-12-20")

    assert "[close-appeal-granted]" in waits.stderr
    assert "[correct-appeal-open]" in unknown.stderr
    assert "已更正，待送达 1 人" in asks.output
    assert [row[2] for row in rows(life, "confirmations") if row[0] == "E03"] == [
        *("delivered", "disagrees"),
        *("delivered", "confirmed"),
    ]
    life.run("verify", "--recompute")


def test_no_result_gets_worse_by_an_appeal(published: Life) -> None:
    life = published
    step(life, 0, 申诉内容="少算了一单", 步骤="提出", 经办人="E03")
    step(life, 1, 步骤="决定", 经办人="老板", 结论="部分采纳", 理由="重新核对")
    life.change("2026-10/ratings.csv", "E03,attitude,manager,E01,30,", "E03,attitude,manager,E01,10,")

    refused = life.correct("2026-10", "--appeal", "AP1", code=1)
    apart = life.correct("2026-10")

    assert "[correct-appeal-worse]" in refused.stderr
    assert apart.exit_code == 0


def answer(life: Life, at: int) -> None:
    result = number(life, "E02", revision(life))
    row = f"E02,{result},{('confirmed', 'disagrees')[at % 2]},2026-11-2{at},E02,第{at}次\n"
    add(life, "confirmations", "person,result,answer,on,by,comment\n", row)


def talk(life: Life, at: int) -> None:
    row = f"E03,{number(life, 'E03', revision(life))},2026-11-2{at},E01,谈了{at}\n"
    add(life, "interviews", "person,result,on,by,summary\n", row)


def plan(life: Life, at: int) -> None:
    row = f"P{at % 2},E03,sales_volume,做{at},2026-11-30,open\n"
    add(life, "plans", "plan,person,indicator,action,due,state\n", row)


def appeal(life: Life, at: int) -> None:
    row = f"AP{at},E03,{number(life, 'E03', revision(life))},filed,2026-11-2{at},E03,不对\n"
    add(life, "appeals", "appeal,person,result,step,on,by,claim\n", row)


def correct(life: Life, at: int) -> None:
    text = life.read("2026-10/actuals/support.csv")
    before = next(line for line in text.splitlines() if line.startswith("E03,sales,"))
    life.change("2026-10/actuals/support.csv", before, f"E03,sales,{21_000 + 1_000 * at},")
    life.correct(code=None)


def send_again(life: Life, at: int) -> None:
    out = life.root / f"out{at}"
    life.run("collect", "2026-10", "--records", "--out", str(out))
    life.take_in(*sorted(map(str, out.glob("*.xlsx"))), code=None)


def send_old(life: Life, at: int) -> None:
    """What was collected first comes once more, filled in since."""
    old = life.root / "old"
    if not old.exists():
        life.run("collect", "2026-10", "--records", "--out", str(old))
    made = load_workbook(old / "records-E01.xlsx")
    made["确认与面谈"].cell(HEADER + 1, 6).value = datetime.datetime(2026, 11, 12 + at)
    made["改进计划"].cell(HEADER + 1, 8).value = f"第{at}次写的"
    made.save(old / "records-E01.xlsx")
    life.take_in(*sorted(map(str, old.glob("*.xlsx"))), code=None)


def sign(life: Life, at: int) -> None:
    out = life.root / f"agreed{at}"
    life.run("collect", "2026-10", "--records", "--out", str(out))
    made = load_workbook(out / "agreements.xlsx")
    made["责任书"].cell(HEADER + 1 + at % 3, 6).value = datetime.datetime(2026, 11, 20 + at)
    made.save(out / "agreements.xlsx")
    life.take_in(str(out / "agreements.xlsx"))


def close(life: Life, at: int) -> None:
    life.run("close", "2026-10", "--by", "HR", "--on", f"2027-02-0{at + 1}", code=None)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from((answer, talk, plan, appeal, correct, send_again, send_old, sign, close)),
        min_size=3,
        max_size=6,
    )
)
def test_in_any_order_no_record_is_lost_and_none_changes_a_score(
    steps: list[Callable[[Life, int], None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    life = Life(tmp_path_factory.mktemp("life"))
    life.publish()
    known: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in KINDS}
    for at, make in enumerate(steps):
        before = score(life)

        make(life, at)

        assert make is correct or score(life) == before
        for kind in KINDS:
            now = rows(life, kind)
            assert now[: len(known[kind])] == known[kind]
            known[kind] = now
    life.run("verify", "--recompute")


def revision(life: Life) -> int:
    return len(list(life.path("2026-10/revisions").iterdir()))


def score(life: Life) -> bytes:
    out = life.root / "scores"
    life.run("score", "2026-10", "--out", str(out))
    return (out / "items.csv").read_bytes() + (out / "totals.csv").read_bytes()


def add(life: Life, kind: str, head: str, row: str) -> None:
    path: Path = life.path(f"2026-10/{kind}.csv")
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else head) + row, encoding="utf-8")
