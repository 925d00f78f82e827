"""Numbers that are written as one of two words or as a day: in data, sheets, imports, rules and cards."""

import datetime
import io
import pickle
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from gmpy2 import mpq

from kpibook.base.fingerprints import Fingerprints
from kpibook.base.word_units import DaysLate, TwoAnswers
from kpibook.base.words import words
from kpibook.checking.checks.answers import check_answers
from kpibook.model import Catalog, Cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines, rule_sentence, source_text
from kpibook.scoring.results import ItemScore
from lives import Life

MEASURES = """
audit: {name: 内审, unit: 通过/未通过, owner: support, kind: yes_no}
report: {name: 月报上交, unit: 天, owner: support, kind: date, due_after: 5}
"""
INDICATORS = """
audit_passed: {name: 内审结果, formula: audit, unit: 通过/未通过, direction: higher}
report_late: {name: 月报及时, formula: report, unit: 天, direction: lower}
"""
ITEMS = """\
scorecard:
  - section: 制度
    items:
      - {indicator: audit_passed, weight: 60, target: 1, standard: {rule: all_or_nothing}}
      - {indicator: report_late, weight: 40, target: 0, standard: {rule: shortfall, per: 1, points: 8}}
"""


@pytest.fixture
def life(tmp_path: Path) -> Life:
    found = Life(tmp_path)
    handbook = tmp_path / "handbook"
    (handbook / "measures.yml").write_text((handbook / "measures.yml").read_text(encoding="utf-8") + MEASURES)
    (handbook / "indicators" / "kinds.yml").write_text(INDICATORS, encoding="utf-8")
    role = handbook / "roles" / "barista.yml"
    before = role.read_text(encoding="utf-8").partition("scorecard:")[0]
    role.write_text(before + ITEMS, encoding="utf-8")
    found.path("2026-10/ratings.csv").unlink()
    found.path("2026-10/targets.csv").unlink()
    return found


def put(life: Life, audit: str, report: str) -> tuple[Catalog, Cycle]:
    """October with what E02 and E03 were and did."""
    rows = "".join(f"{who},audit,{audit},内部审核记录\n{who},report,{report},\n" for who in ("E02", "E03"))
    life.path("2026-10/actuals/kinds.csv").write_text(f"subject,measure,actual,note\n{rows}", encoding="utf-8")
    handbook, problems = load_catalog(life.root / "handbook")
    assert problems == ()
    october, _ = load_cycle(life.root / "scorecards" / "2026-10", handbook)
    return handbook, october


def items(life: Life, audit: str, report: str) -> tuple[Catalog, tuple[ItemScore, ...]]:
    handbook, october = put(life, audit, report)
    return handbook, next(card for card in score(handbook, october, {}).cards if card.person == "E02").spans[0].items


YES = ("通过", "是", "√", "✓", "yes", "Y", "1", "TRUE", "对")
NO = ("未通过", "否", "×", "✗", "no", "N", "0", "没有")


@pytest.mark.parametrize(("text", "value"), [*((text, 1) for text in YES), *((text, 0) for text in NO)])
def test_words_and_signs_for_yes_and_no(life: Life, text: str, value: int) -> None:
    _, (audit, _) = items(life, text, "2026-11-05")

    assert (audit.actual, audit.points) == (mpq(value), mpq(60 * value))


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("2026-11-05", 0),
        ("2026-11-07", 2),
        ("2026/11/7", 2),
        ("2026年11月10日", 5),
        ("2026-11-01", -4),
        ("2026-11-30", 25),
    ],
)
def test_a_day_counts_the_days_after_it_was_due(life: Life, text: str, late: int) -> None:
    _, (_, report) = items(life, "是", text)

    lost = 8 * max(late, 0)
    assert (report.actual, report.points) == (mpq(late), mpq(max(40 - lost, 0)))


def test_what_is_no_word_and_no_day_is_set_aside_and_says_what_to_write(life: Life) -> None:
    _, october = put(life, "2", "10")

    say = words("zh")
    texts = [say(f"problems.{row.code}.message", **row.values) for row in october.set_aside]
    assert texts[:2] == ["actual 写的“2”不是“通过”，也不是“未通过”", "actual 写的“10”不是日期"]


@pytest.mark.parametrize(
    ("day", "late"), [(datetime.date(2026, 11, 7), 2), (datetime.datetime(2026, 11, 7, 15, 30), 2), ("2026/11/7", 2)]
)
def test_a_day_may_be_one_of_a_workbook_that_the_company_keeps(life: Life, day: object, late: int) -> None:
    put(life, "是", "2026-11-05")
    life.path("2026-10/actuals/kinds.csv").unlink()
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in (
        ("subject", "measure", "actual"),
        ("E02", "report", day),
        ("E03", "audit", "是"),
        ("E03", "sales", day),
    ):
        page.append(list(row))
    book.save(life.path("2026-10/actuals/kinds.xlsx"))
    handbook, _ = load_catalog(life.root / "handbook")

    october, problems = load_cycle(life.root / "scorecards" / "2026-10", handbook)

    assert october.actuals["E02", "report"].value == mpq(late)
    assert october.actuals["E02", "report"].raw.startswith("2026")
    # Elsewhere a date is what a spreadsheet made of a number.
    assert ("E03", "sales") not in october.actuals
    code = "cell-not-a-number" if isinstance(day, str) else "cell-is-date"
    assert [each.place.cell for each in problems if each.code == code] == ["Sheet!C4"]


def test_pages_and_derivations_speak_in_words(life: Life) -> None:
    handbook, (audit, report) = items(life, "否", "2026-11-07")

    say = words("zh")
    assert item_lines(audit, handbook, say)[2:5] == (
        "实际值：未通过",
        "目标：通过（岗位目标，handbook/roles/barista.yml:12）",
        "未通过，未达到目标",
    )
    assert item_lines(report, handbook, say)[2] == "实际值：晚 2 天"
    [source] = report.sources
    assert source_text(source, handbook, say) == (
        "月报上交 晚 2 天（scorecards/2026-10/actuals/kinds.csv:3，原文“2026-11-07”）"
    )
    first, second = handbook.roles["barista"].items
    assert rule_sentence(first, handbook, say) == "达到目标 “通过” 得 60 分，未达到不得分。"
    assert rule_sentence(second, handbook, say).endswith("填的是日期，按晚于周期结束后第 5 天的天数计，早于它的为负。")


def test_cards_and_pages_speak_in_words(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    put(life, "否", "2026-11-07")
    monkeypatch.chdir(life.root)

    life.run("pages")

    cards = [path.read_text(encoding="utf-8") for path in (life.root / "build/cards/2026-10/p").glob("*.md")]
    [card] = [text for text in cards if "周然" in text and "茶艺师" in text]
    assert "未通过 &#47; 通过" in card
    assert "晚 2 天 &#47; 不超过 0 天" in card
    assert "原文“2026-11-07”" in card
    page = (life.root / "build/handbook/roles/barista.md").read_text(encoding="utf-8")
    assert "达到目标 “通过” 得 60 分，未达到不得分。" in page


def test_units_in_words_are_told_apart_and_survive_a_process() -> None:
    days, english = DaysLate.of("天", "zh"), DaysLate.of("天", "en")

    assert Fingerprints().of(days) != Fingerprints().of(english)
    assert Fingerprints().of(TwoAnswers("是/否")) == Fingerprints().of(pickle.loads(pickle.dumps(TwoAnswers("是/否"))))
    assert pickle.loads(pickle.dumps(english)).told(mpq(2)) == "2 天 late"
    assert TwoAnswers("是/否").told(mpq(3)) == "是 × 3"


def test_the_sheet_offers_words_and_days_and_import_takes_them(life: Life) -> None:
    put(life, "", "")
    life.run("collect", "2026-10", "--out", str(life.root / "out"))
    path = life.root / "out" / "support.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.worksheets[1]
    names = [cell.value for cell in sheet[5]]
    at = {name: names.index(name) + 1 for name in ("编号", "数据项编号", "实际")}
    choices = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    for row in range(6, sheet.max_row + 1):
        cell = sheet.cell(row, at["实际"])
        match sheet.cell(row, at["数据项编号"]).value:
            case "audit":
                assert choices[cell.coordinate] == ("list", '"通过,未通过"')
                cell.value = "未通过"
            case "report":
                assert choices[cell.coordinate][0] == "date"
                cell.value = datetime.date(2026, 11, 6)
                cell.number_format = "yyyy-mm-dd"
    book.save(path)

    life.take_in(str(path))
    again = life.take_in(str(path))

    stored = life.read("2026-10/actuals/support.csv")
    assert "E02,audit,未通过," in stored
    assert "E02,report,2026-11-06," in stored
    assert "新增 0，替换 0，原来就有 7" in again.output
    handbook, _ = load_catalog(life.root / "handbook")
    october, _ = load_cycle(life.root / "scorecards" / "2026-10", handbook)
    found = {key: october.actuals["E02", key].value for key in ("audit", "report")}
    assert found == {"audit": mpq(0), "report": mpq(1)}


def test_what_is_wrong_in_the_catalog_is_told(life: Life) -> None:
    path = life.root / "handbook" / "measures.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("unit: 通过/未通过", "unit: 次").replace(", due_after: 5", ""), encoding="utf-8")

    handbook, _ = load_catalog(life.root / "handbook")

    assert [problem.code for problem in check_answers(handbook)] == ["answers-not-two", "date-without-due"]


def book(path: Path, rows: Sequence[Sequence[object]]) -> str:
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    made.save(path)
    return str(path)


@pytest.mark.parametrize(
    "rows",
    [
        [("姓名", "内审"), ("周然", True), ("何小青", False)],
        [("编号", "数据项编号", "实际"), ("E02", "audit", True), ("E03", "audit", False)],
    ],
)
def test_import_takes_flags_as_the_words_of_the_unit(life: Life, rows: Sequence[Sequence[object]]) -> None:
    result = life.take_in(book(life.root / "sent.xlsx", rows))

    assert "搁置 0" in result.output, result.output
    stored = life.read("2026-10/actuals/support.csv")
    told = [line.split(",")[:3] for line in stored.splitlines() if "audit" in line]
    assert told == [["E02", "audit", "通过"], ["E03", "audit", "未通过"]]


def test_a_workbook_that_the_company_keeps_may_hold_flags(life: Life) -> None:
    rows = (("subject", "measure", "actual"), ("E02", "audit", True), ("E03", "audit", False), ("E03", "sales", True))
    book(life.path("2026-10/actuals/kinds.xlsx"), rows)
    handbook, _ = load_catalog(life.root / "handbook")

    october, problems = load_cycle(life.root / "scorecards" / "2026-10", handbook)

    found = {who: october.actuals[who, "audit"].value for who in ("E02", "E03")}
    assert found == {"E02": mpq(1), "E03": mpq(0)}
    # Elsewhere a flag is no number.
    assert [each.place.cell for each in problems if each.code == "cell-not-a-number"] == ["Sheet!C4"]
