"""Agreements on targets: printed for each person, and void once what was signed is no longer what holds."""

import html
import io
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from kpibook.base.periods import Period
from kpibook.content import read, score_cycle
from kpibook.pages.cycles.rendering import agreement_sheet
from kpibook.pages.figures import Figures
from kpibook.records.agreements import agreement_number
from lives import Life

OCTOBER = Period.parse("2026-10")
HEAD = "person,on,by,catalog\n"


def numbers(life: Life) -> dict[str, str]:
    content = read(life.root / "handbook", life.root / "scorecards")
    catalog = content.catalog_of(OCTOBER)
    return {card.person: agreement_number(card, catalog) for card in score_cycle(content, OCTOBER).cards}


def edit(life: Life, name: str, old: str, new: str) -> None:
    file = life.root / "handbook" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [person for person in before if before[person] != after[person]]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("roles/barista.yml", "weight: 60", "weight: 60.0", []),
        ("roles/shop-manager.yml", "base_salary * 0.3", "base_salary * 0.2", ["E01"]),
        ("roles/shop-manager.yml", "name: 店长", "name: 店经理", []),
        ("grades.yml", "from: 60", "from: 65", ["E01", "E02", "E03"]),
        ("grades.yml", "带教新人", "外出培训", []),
        ("company.yml", "name: 小满茶铺", "name: 大满茶铺", []),
    ],
)
def test_only_who_is_bound_by_a_change_gets_another_number(
    life: Life, name: str, old: str, new: str, expected: list[str]
) -> None:
    before = numbers(life)

    edit(life, name, old, new)

    assert changed(before, numbers(life)) == expected


def test_money_of_a_streak_binds_those_who_can_get_it_and_its_name_nobody(life: Life) -> None:
    without = numbers(life)
    edit(
        life,
        "company.yml",
        "name: 小满茶铺\n",
        "name: 小满茶铺\nstreaks:\n  - {name: 连续优秀, when: total >= 80, cycles: 3, roles: [barista], amount: 200}\n"
        "  - {name: 连续不合格, when: failed, cycles: 3}\n",
    )
    before = numbers(life)
    edit(life, "company.yml", "连续优秀", "三连优")
    renamed = numbers(life)
    edit(life, "company.yml", "amount: 200", "amount: 100")

    assert changed(without, before) == ["E02", "E03"]
    assert renamed == before
    assert changed(before, numbers(life)) == ["E02", "E03"]


def test_a_target_of_ones_own_changes_ones_own_number_alone(life: Life) -> None:
    before = numbers(life)

    life.add("2026-10/targets.csv", "E02,sales_volume,25000,旺季,林晓\n")

    assert changed(before, numbers(life)) == ["E02"]


def test_numbers_do_not_depend_on_what_was_achieved(life: Life) -> None:
    before = numbers(life)

    life.change("2026-10/actuals/support.csv", 'E02,sales,"22,300",', "E02,sales,15000,")

    assert numbers(life) == before


def test_a_change_after_signing_is_told_to_hr_and_on_the_card(life: Life) -> None:
    signed = numbers(life)
    life.path("2026-10/agreements.csv").write_text(
        HEAD + f"E01,2026-10-02,林晓,{signed['E01']}\nE02,2026-10-03,周然,{signed['E02']}\n", encoding="utf-8"
    )
    sound = life.run("check").output
    edit(life, "roles/shop-manager.yml", "base_salary * 0.3", "base_salary * 0.2")

    told = life.run("check").output
    life.run("pages", code=None)

    records = (life.root / "build/cards/2026-10/records.md").read_text(encoding="utf-8")
    cards = [path.read_text(encoding="utf-8") for path in (life.root / "build/cards/2026-10/p").iterdir()]
    [manager] = [text for text in cards if "# 林晓 ·" in text]
    [barista] = [text for text in cards if "# 周然 ·" in text]
    assert "agreement-outdated" not in sound
    assert (
        "scorecards/2026-10/agreements.csv:2:1: warning: E01 2026-10-02签的责任书已经失效：之后手册或目标有改动"
        " [agreement-outdated]\n"
    ) in told
    assert told.count("agreement-outdated") == 1
    assert "2026年10月2日签订；之后手册或目标有改动，要重新签" in manager
    assert "2026年10月3日签订" in barista
    assert "要重新签" not in barista
    assert "- 有效 1 人，失效 1 人，未签 1 人\n" in records
    assert "- 林晓（E01）：2026年10月2日签订；之后手册或目标有改动，要重新签\n" in records


def test_signing_anew_settles_it(life: Life) -> None:
    life.path("2026-10/agreements.csv").write_text(HEAD + "E02,2026-10-02,周然,00000000\n", encoding="utf-8")
    before = life.run("check").output
    life.add("2026-10/agreements.csv", f"E02,2026-10-09,周然,{numbers(life)['E02']}0000\n")

    assert "agreement-outdated" in before
    assert "agreement-outdated" not in life.run("check").output


def test_an_agreement_is_printed_for_each_person(life: Life, tmp_path: Path) -> None:
    life.add("2026-10/targets.csv", "E02,sales_volume,25000,旺季,林晓\n")

    done = life.run("print", "2026-10", "--agreements", "--person", "E02", "--out", str(tmp_path / "paper"))

    [file] = (tmp_path / "paper").glob("*.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages)
    # Printers write some signs as the radicals that they look like.
    text = unicodedata.normalize("NFKC", text).replace("\n", "").replace(" ", "")
    assert done.output.endswith(
        "（另有目录 index.csv）。签字后，在 kpibook collect --records 写出的 agreements.xlsx 里写上签订日期，再导入。\n"
    )
    assert "E02" not in file.name
    for word in (
        "目标责任书：2026年10月",
        "周然（E02）",
        "2026年10月1日至2026年10月31日",
        "25,000",
        "直接上级",
        numbers(life)["E02"],
    ):
        assert unicodedata.normalize("NFKC", word) in text, word


def test_gates_pay_and_consequences_stand_in_the_agreement(life: Life) -> None:
    more = "gates:\n  - {when: complaints > 3, total_at_most: 50}\n"
    edit(life, "roles/shop-manager.yml", "gates:\n", more)
    content = read(life.root / "handbook", life.root / "scorecards")
    results, catalog = score_cycle(content, OCTOBER), content.catalog_of(OCTOBER)

    _, page = agreement_sheet(results.cards[0], Figures(results, catalog, content.say, b""))

    text = html.unescape(page)
    assert "- 投诉次数超过 3 次时，总分最高为 50\n- 投诉一票否决：投诉次数不低于 5 次时，等级最高为 C\n" in text
    assert "- 绩效工资 = 基本工资 × 0.3 × 总分 ÷ 100（总分不低于 60 时才有，否则为 0）\n" in text
    assert "带教新人；上调一档" in text


def test_headings_leave_no_gap_where_a_role_has_no_rights(life: Life) -> None:
    content = read(life.root / "handbook", life.root / "scorecards")
    results, catalog = score_cycle(content, OCTOBER), content.catalog_of(OCTOBER)

    _, page = agreement_sheet(results.cards[1], Figures(results, catalog, content.say, b""))

    found = [line.split(" ")[1] for line in page.splitlines() if line.startswith("## ")]
    assert found == ["职责", "目标", "奖励与结果", "约定"]
