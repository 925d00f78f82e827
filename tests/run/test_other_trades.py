"""The schemes of a driver, an engineer, a nurse and a production manager, written as their companies state them."""

from fractions import Fraction
from html import unescape
from pathlib import Path

import pytest
from gmpy2 import mpq

from kpibook.content.loading import read
from kpibook.pipeline import write_pages
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle
from kpibook.scoring import score
from sources import ROOT

TRADES = ROOT / "tests" / "trades"

# By hand, from the words of each scheme.
DRIVER = (40 - 10 - 5 - 3) + (20 + 2) + Fraction(20 * 16, 20) + Fraction(12 * 36, 30) + Fraction(8 * 90, 100)
"""15 for two accidents and 3 for a violation; two half litres saved; 96 % on the line; 30 − 2 + 9 marks, 36 at most."""
ENGINEER = Fraction(70 * (46 + 25 + 17), 100) + Fraction(30 * (48 + 40), 100)
"""92 % of 50, one half per cent too many defects, 85 of 100; 4 and 5 of 5."""
NURSE = Fraction(35 * (16 + 20 + 13 + 36), 95) + Fraction(50 * 88, 300) + Fraction(145 * 92, 300)
"""Two points short at 2 each; marks of 95; an examination of 100; a rating of 100."""
MANAGER = (33 + 18 + 15 * Fraction(7, 8) + 14) * Fraction(100, 80)
"""Half the way from target to stretch; one per cent late; a day above the range; one unsafe act and four proposals."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trades") / "build"
    content = read(TRADES / "handbook", TRADES / "scorecards")
    assert [str(problem) for problem in content.problems if str(problem).split()[1] == "error:"] == []
    write_pages(content, folder, content.cycles)
    return folder


def test_each_scheme_comes_to_what_its_paper_says() -> None:
    made, _ = load_catalog(TRADES / "handbook")
    month, _ = load_cycle(TRADES / "scorecards" / "2026-10", made)

    found = {card.person: card.exact for card in score(made, month, {}).cards}

    assert found == {"D1": mpq(DRIVER), "E1": mpq(ENGINEER), "N1": mpq(NURSE), "P1": mpq(MANAGER)}


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (
            "driver",
            (
                "每笔不低于 500 元的扣 10 分、其余每笔扣 5 分",
                "30（计 12 分）",
                "12 × 卷面分 ÷ 30",
                "低于目标 30 升的部分，每 0.5 升加 1 分",
            ),
        ),
        (
            "driver",
            ("不超过 90% 的一律得 0 分", "由评分人在 0 至 100 之间评分，得分 = 8 × 评分 ÷ 100", "等级 A 优秀：800"),
        ),
        ("engineer", ("工作业绩（70%）", "能力态度（30%）", "由评分人在 1 至 5 之间评分，得分 = 60 × 评分 ÷ 5")),
        ("nurse", ("护理质量（计入总分 35 分，各项卷面分合计 95 分）", "50/3", "由评分人在 0 至 40 分之间评分")),
        ("production-manager", ("达到 1,200 吨得 36 分", "达到 800 吨得 18 分", "总分再由满分 80 分换算成满分 100 分")),
    ],
)
def test_the_page_of_the_role_shows_the_companys_own_figures(pages: Path, role: str, said: tuple[str, ...]) -> None:
    page = (pages / "handbook" / "roles" / f"{role}.md").read_text(encoding="utf-8")

    assert [each for each in said if each not in page] == []


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (
            "方远",
            ("行车事故一笔 600（站台剐蹭）", "行车事故一笔 120（后视镜）", "37 分超过上限，按 36 分计", "12 × 36 ÷ 30"),
        ),
        ("辛澄", ("工作业绩：（46 + 25 + 17）× 70% = 61.6 分", "60 × 4 ÷ 5 = 48 分")),
        ("白芷", ("护理质量：35 ×（16 + 20 + 13 + 36）÷ 95 ≈ 31.3158 分", "/ 40")),
        ("石坚", ("30 +（36 − 30）×（1,100 − 1,000）÷（1,200 − 1,000）= 33 分", "换算成满分 100 分")),
    ],
)
def test_the_card_shows_them_too(pages: Path, person: str, said: tuple[str, ...]) -> None:
    cards = [path.read_text(encoding="utf-8") for path in (pages / "cards").rglob("*.md")]
    [page] = [unescape(text) for text in cards if "card-basis" in text and f"# {person}" in text]

    assert [each for each in said if each not in page] == []
