"""Cards as the tests of pages make them: a small catalog, a card, and its page."""

import dataclasses
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyromark
import pytest
from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.base.words import words
from kpibook.model import (
    Assignment,
    Catalog,
    Company,
    Cycle,
    CycleStatus,
    Department,
    Grade,
    Indicator,
    Measure,
    RatingRow,
    Reading,
    Relation,
    Role,
    Schedule,
)
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.figures import page_id
from kpibook.pages.lookback import Lookback
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.scoring import score
from kpibook.scoring.results import Card, ItemScore, Results, RoleSpan, Status
from kpibook.scoring.sources import Missing, Source, Target, TargetOrigin

COMPANY = Path(__file__).parents[1] / "golden" / "cards" / "company"


OCTOBER = Period.parse("2026-10")


SAY = words("en")


class Reader(HTMLParser):
    """What a reader sees, and which tags and attributes make it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name in ("href", "src"))
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


def body(page: str) -> str:
    return page[4:].partition("\n---\n")[2]


def by_rust(page: str) -> Reader:
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    return Reader(pyromark.html(body(page), options=options))


def seen(part: str) -> str:
    """What a reader sees of a part of a page."""
    return by_rust(f"---\ntitle:\n---\n{part}").text


def a_catalog(**company: object) -> Catalog:
    """Two departments, one role with two items, an extra, a gate and a pay line."""
    departments = [
        Department.build(id="shop", name="Shop"),
        Department.build(id="support", name="Support"),
    ]
    measures = [Measure.build(id="sales", name="Sales", unit="EUR", owner="support")]
    indicators = [
        Indicator.build(id="turnover", name="Turnover", unit="EUR", direction="higher", formula="sales"),
        Indicator.build(id="manners", name="Manners", unit="points", direction="higher"),
    ]
    items = [
        {"indicator": "turnover", "weight": "60", "target": "1000", "standard": {"rule": "proportional"}},
        {"indicator": "manners", "weight": "40", "standard": {"rule": "rating"}},
    ]
    role = Role.build(
        id="seller",
        name="Seller",
        department="shop",
        scorecard=[{"section": "Work", "items": items}],
        gates=[{"when": "sales < 1", "grade_at_most": "B", "total_at_most": 50, "name": "No sales"}],
        pay=[{"name": "Bonus", "formula": "total * 10"}],
    )
    grades = (
        Grade.build(id="A", name="Good", from_=80, meaning="Well done"),
        Grade.build(id="B", name="B", from_=0),
    )
    return Catalog(
        Company.build(**{"name": "Tea House", "language": "en", **company}),
        {department.id: department for department in departments},
        grades,
        {measure.id: measure for measure in measures},
        {indicator.id: indicator for indicator in indicators},
        {role.id: role},
    )


def a_card(
    catalog: Catalog, person: str = "E1", *, name: str = "Ann", points: str | None = "48", **changes: Any
) -> Card:
    """A card of the seller: turnover as given, manners 30 of 40; without points turnover is missing."""
    role = catalog.roles["seller"]
    row = Place("scorecards/2026-10/people.csv", 2, 1)
    first, second = role.items
    gained = None if points is None else mpq(points)
    gaps = () if gained is not None else (Missing(person, "sales", "support", OCTOBER),)
    reading = Reading(mpq(800), Place("scorecards/2026-10/actuals/support.csv", 7, 3), "800", "till roll")
    rating = RatingRow(Relation.MANAGER, "E9", Place("scorecards/2026-10/ratings.csv", 4, 5), "30", mpq(30), "", "kind")
    turnover = ItemScore(
        first,
        catalog.indicators["turnover"],
        "Work",
        mpq(60),
        Status.MISSING if gained is None else Status.SCORED,
        Target(mpq(1000), TargetOrigin.ROLE, Place("handbook/roles/seller.yml", 9, 5)),
        None if gained is None else mpq(800),
        None if gained is None else mpq(4, 5),
        gained,
        sources=() if gained is None else (Source(person, "", "sales", mpq(800), (reading,)),),
        missing=gaps,
    )
    manners = ItemScore(
        second, catalog.indicators["manners"], "Work", mpq(40), Status.SCORED, points=mpq(30), ratings=(rating,)
    )
    total = None if gained is None else gained + 30
    assignment = Assignment(person, name, "seller", "shop", row, manager="E9")
    card = Card(
        person,
        name,
        (RoleSpan(assignment, role, 31, (turnover, manners), (), total, mpq(100)),),
        total,
        mpq(100) if total is not None else mpq(40),
        Status.MISSING if total is None else Status.SCORED,
        grade=None if total is None else next(grade for grade in catalog.grades if grade.threshold <= total),
        rank=None if total is None else 1,
        ranked=1,
    )
    return dataclasses.replace(card, **changes)


def results(*cards: Card, period: Period = OCTOBER, status: CycleStatus = CycleStatus.CLOSED, **more: Any) -> Results:
    people = tuple(part.assignment for card in cards for part in card.spans)
    cycle = Cycle(period, "October", period.kind, status, Schedule(), f"scorecards/{period}", people)
    return Results(dataclasses.replace(cycle, **more), cards)


def pages(found: Results, catalog: Catalog, earlier: Lookback | None = None) -> dict[str, str]:
    return dict(card_pages(found, catalog, SAY, earlier or Lookback(), key=b"secret"))


def the_card(found: Results, catalog: Catalog, earlier: Lookback | None = None) -> str:
    """The page of the first person."""
    made = pages(found, catalog, earlier)
    return made[f"{found.cycle.period}/p/{page_id(b'secret', found.cycle.period, found.cards[0].person)}.md"]


def section(page: str, anchor: str) -> list[str]:
    """What a reader sees below a heading, block by block; or within the part of that id."""
    found = re.search(
        rf'\n(?:## [^\n]* \{{#{anchor}\}}|<h2 id="{anchor}">[^\n]*</h2>)\n(.*?)(?=\n## |\n<h2 |\Z)', page, re.DOTALL
    ) or re.search(rf'\n<div id="{anchor}"[^\n]*\n(.*?)\n</div>', page, re.DOTALL)
    assert found, f"no {anchor}"
    told = (by_rust(f"---\ntitle:\n---\n{line}").text for line in found[1].splitlines())
    return [text for text in told if text]


@pytest.fixture(scope="module")
def company() -> tuple[Catalog, Sequence[Results]]:
    """A company whose cards have every status, with two cycles."""
    catalog, catalog_problems = load_catalog(COMPANY / "handbook")
    cycles, _ = load_cycles(COMPANY / "scorecards", catalog)
    assert not catalog_problems
    history = {cycle.period: cycle for cycle in cycles}
    return catalog, [score(catalog, cycle, history) for cycle in cycles]
