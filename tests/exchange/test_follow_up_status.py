"""Status and HR's page of a published cycle: who was told and answered, what is due, and what to write to whom."""

import csv
import io
import json
from pathlib import Path

import pytest

from kpibook.base.periods import Period
from kpibook.content import lookback_of, read, score_cycle
from kpibook.pages.cycles.rendering import card_pages
from lives import Life


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """October is published; E02 was told and is silent, E03 appeals, a plan of E03 is due, E01 was told nothing."""
    monkeypatch.chdir(tmp_path)
    life = Life(tmp_path)
    life.publish()
    people = json.loads(life.read("2026-10/revisions/1/seal.json"))["people"]
    files = {
        "confirmations": f"person,result,answer,on,by\nE02,{people['E02']},delivered,2026-11-12,E01\n",
        "appeals": f"appeal,person,result,step,on,by,claim\nAP1,E03,{people['E03']},filed,2026-11-12,E03,数不对\n",
        "plans": "plan,person,indicator,action,due,state\nP1,E03,sales_volume,跟班,2026-11-20,open\n",
    }
    for name, text in files.items():
        life.path(f"2026-10/{name}.csv").write_text(text, encoding="utf-8")
    return life


def test_the_terminal_tells_states_clocks_and_messages(life: Life) -> None:
    lines = life.run("status", "2026-10", "--today", "2026-11-18", code=3).output.splitlines()

    assert "结果的送达与确认（3 人）：未送达 1 人，逾期未回复 1 人，申诉中 1 人" in lines
    assert "  申诉 AP1（何小青）待决定，11月26日（周四）前" in lines
    assert "  改进计划 何小青 个人销售额（2026年10月）：跟班，11月20日（周五）前" in lines
    assert "一周内（11月25日（周三）前）要检查或已逾期的改进计划 1 个：" in lines
    message = lines[lines.index("林晓：2026年10月的结果还有 2 件事要办。") :][:3]
    assert message[1:] == [
        "1. 请 周然 回复，11月17日（周二）到期，已过 1 天",
        "2. 检查 何小青（个人销售额） 的改进计划，11月20日（周五）前",
    ]


def test_hr_is_told_where_to_note_what(life: Life) -> None:
    def asked() -> list[str]:
        lines = life.run("status", "2026-10", "--today", "2026-11-18", code=3).output.splitlines()
        at = next(at for at, line in enumerate(lines) if line.startswith("人事："))
        return [line for line in lines[at + 1 :] if line and not line[0].isdigit()]

    unassigned = "还没有指定上级的人，请记在“尚未指定上级”的“结果确认、面谈与改进计划”表（records-unassigned.xlsx）里。"
    assert asked() == [unassigned, "申诉请记在申诉表里；更正用 kpibook correct。"]
    life.path("2026-10/appeals.csv").unlink()
    assert asked() == [unassigned]


def test_a_line_that_leaves_names_out_says_where_all_of_them_are(life: Life) -> None:
    rows = "".join(f"P{at},E03,sales_volume,做{at},2026-11-20,open\n" for at in range(11))
    life.path("2026-10/plans.csv").write_text(f"plan,person,indicator,action,due,state\n{rows}", encoding="utf-8")

    told = life.run("status", "2026-10", "--today", "2026-11-18", code=3).output
    short = life.run("status", "2026-10", "--today", "2026-11-01", code=3).output

    assert "等 11 项 的改进计划" in told
    assert "每行最多列 10 个名字；全部名单：kpibook status 2026-10 --format csv" in told
    assert "每行最多列" not in short


def test_json_and_csv_tell_the_same(life: Life) -> None:
    told = json.loads(life.run("status", "2026-10", "--today", "2026-11-18", "--format", "json", code=3).stdout)
    text = life.run("status", "2026-10", "--today", "2026-11-18", "--format", "csv", code=3).stdout

    found = told["follow_up"]
    assert (found["states"]["overdue"], found["states"]["appealed"], found["done"]) == (1, 1, False)
    assert [(each["person"], each["confirm_until"]) for each in found["results"] if each["person"] == "E02"] == [
        ("E02", "2026-11-17")
    ]
    rows = [row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))) if row["kind"] != "number"]
    assert [(row["supplier"], row["kind"], row["subject"], row["due"], row["days_late"]) for row in rows] == [
        ("E01", "answer", "E02", "2026-11-17", "1"),
        ("hr", "deliver", "E01", "", "0"),
        ("hr", "decide", "E03", "2026-11-26", "0"),
        ("E01", "check", "E03", "2026-11-20", "0"),
    ]


def test_hr_s_page_has_it_without_reading_the_clock(life: Life) -> None:
    content, period = read(life.root / "handbook", life.root / "scorecards"), Period.parse("2026-10")
    lookback, catalog = lookback_of(content, period), content.catalog_of(period)
    pages = dict(card_pages(score_cycle(content, period), catalog, content.say, lookback, key=b"k"))

    page = pages["2026-10/records.md"]

    assert "- **已送达** 1" in page
    assert "逾期" not in page.partition("{#to_answer}")[0]
    assert '<time datetime="2026-11-17">11月17日（周二）</time>' in page
    assert "| AP1 | [何小青]" in page
    assert "| 林晓 | 2 | 0 | 1 | 0 | 0 | 0 | 1 |" in page
