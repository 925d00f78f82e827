"""HR's page of a year, and the same as CSV."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.cli import main
from kpibook.content import read, year_cycles, years_of
from kpibook.exchange.years import year_csv
from kpibook.pages.cycles.rendering import year_page
from kpibook.pages.years import view
from kpibook.pages.years.view import CardLinks
from kpibook.scoring.years import PersonYear, year_of
from lives import Life

ZH = words("zh")
GRADES = """\
- id: A
  name: 优秀
  from: 90
  factor: 1.2
  consequences: {training: 带教新人, pay: {text: 上调一档, list: true, cycles: 2}}
- {id: B, name: 称职, from: 60, factor: 1, consequences: {level: {list: true}}}
- {id: C, name: 不合格, from: 0, factor: 0, fail: true, consequences: {training: {text: <补课>, list: true}}}
"""
COMPANY = """\
streaks:
  - {name: 两月达标, when: total >= 60, cycles: 2, amount: 100}
year_bonus:
  - {name: 年终奖, formula: base_salary * mean_factor, when: cycles >= 2}
"""


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """The tiny company with lists, a streak that pays and a bonus; October is published, and so was September."""
    monkeypatch.chdir(tmp_path)
    life = Life(tmp_path)
    (life.root / "handbook/grades.yml").write_text(GRADES, encoding="utf-8")
    with (life.root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write(COMPANY)
    life.publish()
    return life


def people_of(life: Life) -> tuple[PersonYear, ...]:
    content = read(life.root / "handbook", life.root / "scorecards")
    assert years_of(content) == (2026,)
    return year_of(2026, year_cycles(content, 2026), content.catalog)


def page_of(life: Life) -> str:
    content = read(life.root / "handbook", life.root / "scorecards")
    path, text = year_page(2026, people_of(life), content.catalog, ZH, CardLinks(b"", [max(content.cycles)]))
    assert path == "years/2026.md"
    return text


def test_the_page_tells_lists_with_their_rule_money_and_everybody(life: Life) -> None:
    text = page_of(life)

    rows = [line for line in text.splitlines() if line.startswith("|") and "：--" not in line]
    assert any("周然" in row and "提名：连续 2 期得 A 等（已连续 2 期）。上调一档" in row for row in rows)
    assert any("连续奖励：两月达标" in row and "¥100.00" in row and "2026-10" in row for row in rows)
    assert "<补课>" not in text
    assert "提名，不是决定" in text


def test_rewards_are_those_of_the_seal(life: Life) -> None:
    found = {person.last.person: [(str(r.period), r.amount) for r in person.rewards] for person in people_of(life)}
    table = list(csv.DictReader(io.StringIO(life.read("2026-10/revisions/1/totals.csv").lstrip("\ufeff"))))
    sealed = {row["person"]: row["pay: 两月达标"] for row in table if row["role"]}

    assert {person for person, rewards in found.items() if rewards} == {p for p, text in sealed.items() if text}
    assert all(rewards == [("2026-10", mpq(100))] for rewards in found.values() if rewards)
    assert any(found.values())


def test_the_csv_says_the_same(life: Life) -> None:
    done = CliRunner().invoke(main, ["year", "2026", "--out", "year.csv"], catch_exceptions=False)
    rows = list(csv.DictReader(io.StringIO((life.root / "year.csv").read_text(encoding="utf-8-sig"))))

    content = read(life.root / "handbook", life.root / "scorecards")
    assert done.output == f"已写入 year.csv：{len(rows)} 人。\n"
    assert (life.root / "year.csv").read_text(encoding="utf-8") == year_csv(people_of(life), content.catalog, ZH)
    figures = ("2026-09 总分", "2026-10 等级", "平均总分", "平均系数", "调薪提名", "连续奖励", "年终奖")
    rule = "A 2026-09..2026-10（提名：连续 2 期得 A 等（已连续 2 期）。上调一档）"
    assert [[row["工号"], *(row[key] for key in figures)] for row in rows] == [
        ["E01", "82.4", "A", "93.2", "1.10", "", "100.00", "8800.00"],
        [
            "E02",
            "96.0",
            "A",
            "100.0",
            "1.20",
            rule,
            "100.00",
            "6000.00",
        ],
        ["E03", "25.0", "B", "47.5", "0.50", "", "", "2500.00"],
    ]


def test_a_year_without_published_cycles_is_refused(life: Life) -> None:
    done = CliRunner().invoke(main, ["year", "2025", "--out", "year.csv"], catch_exceptions=False)

    assert done.exit_code == 2
    assert "2025 年没有已公布的周期；有的年份：2026" in done.output


def test_of_very_many_people_the_page_names_the_way_to_all_of_them(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MOST_PEOPLE", 1)

    text = page_of(life)

    assert "人太多，网页上列不下" in text
    assert text.count("何小青") <= 2


def test_the_page_is_hrs_alone(life: Life) -> None:
    with (life.root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("access: {hr: [office]}\n")

    done = CliRunner().invoke(main, ["build"], catch_exceptions=False)

    assert done.exit_code in (0, 3), done.output
    assert (life.root / "site-cards/years/2026.html").is_file()
    assert not list((life.root / "site-viewers").rglob("*years*"))
    own = list((life.root / "site-viewers").rglob("*.html"))
    assert own
    assert not [path for path in own if "years/2026" in path.read_text(encoding="utf-8")]
    assert not [path for path in (life.root / "site").rglob("*.html") if "years/2026" in path.read_text("utf-8")]
