"""From an indicator HR finds each card that it is on, and no other; nobody else is led there, and no figure is told."""

import re
from pathlib import Path

from companies import a_company
from kpibook import pipeline
from kpibook.base.periods import Period
from kpibook.content import Content, read, score_cycle
from kpibook.pages.cycles.rendering import card_pages

CARD = re.compile(r"\[([^\]]*)\]\(\.\./(p/[0-9a-f]{32}|units/[a-z-]+)\.md\)")
OCTOBER = Period.parse("2026-10")
KEY = b"key"


def pages_of(content: Content) -> dict[str, str]:
    catalog = content.catalog_of(OCTOBER)
    return dict(card_pages(score_cycle(content, OCTOBER), catalog, content.say, key=KEY))


def test_every_card_stands_below_each_of_its_indicators_with_its_weight(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    content = read(root / "handbook", root / "scorecards")
    made = pages_of(content)

    told = {
        (path.split("/")[-1].removesuffix(".md"), name, line.split("，")[1])
        for path, page in made.items()
        if path.startswith("2026-10/indicators/") and not path.endswith("index.md")
        for line in page.splitlines()
        if line.startswith("- ")
        for name, _ in CARD.findall(line)
    }

    due = set()
    for card in score_cycle(content, OCTOBER).cards:
        for item in card.spans[0].items:
            due.add((item.indicator.id, card.name, f"权重 {item.weight}"))
        for extra in card.spans[0].extras:
            due.add((extra.indicator.id, card.name, "加减分"))
    assert told == due
    assert len(due) == 9


def test_each_link_leads_to_the_card_of_that_name(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    made = pages_of(read(root / "handbook", root / "scorecards"))

    links = [found for path, page in made.items() if "/indicators/" in path for found in CARD.findall(page)]

    assert links
    for name, page in links:
        assert f"# {name} · " in made[f"2026-10/{page}.md"]


def test_the_list_counts_cards_and_leads_to_each_indicator(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    made = pages_of(read(root / "handbook", root / "scorecards"))

    rows = [line for line in made["2026-10/indicators/index.md"].splitlines() if line.startswith("| [")]

    assert rows == [
        "| [个人销售额](sales_volume.md) | 店长，权重 40，1 张；茶艺师，权重 60，2 张；茶艺师，加减分，2 张 | 3 |",
        "| [成交率](conversion.md) | 店长，权重 30，1 张 | 1 |",
        "| [顾客投诉](complaint_count.md) | 店长，权重 30，1 张 | 1 |",
        "| [工作态度](attitude.md) | 茶艺师，权重 40，2 张 | 2 |",
    ]


def test_these_pages_are_hrs_alone(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    company = root / "handbook/company.yml"
    company.write_text(company.read_text("utf-8") + "access: {hr: [e01]}\n", encoding="utf-8")
    content = read(root / "handbook", root / "scorecards")

    pipeline.build(content, root, content.begun)

    assert (root / "site-cards/2026-10/indicators/sales_volume.html").is_file()
    assert "2026-10/indicators/index.html" in (root / "site-cards/index.html").read_text("utf-8")
    for folder in ("site", "site-viewers"):
        pages = [path for path in (root / folder).rglob("*.html") if "admin" not in path.parts]
        assert pages
        assert not [path for path in pages if re.search(r"2026-\d\d/indicators/", path.read_text("utf-8"))]
    assert not [path for path in (root / "site-viewers").rglob("*") if "indicators" in path.name]
