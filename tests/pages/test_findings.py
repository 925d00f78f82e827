"""What stands beside the map of a cycle: items and perspectives that stand out, and nobody who is kept apart."""

import dataclasses
from collections.abc import Sequence

from cards_made import a_catalog
from crowds import crowd, figures, moved, perspectives
from kpibook.pages.cycles.findings import Finding, findings
from kpibook.pages.cycles.heat import MOST_NAMED
from kpibook.scoring.results import Card

SEEN = perspectives(a_catalog())
OWNED = {key: each.model_copy(update={"owner": "support"}) for key, each in SEEN.indicators.items()}
CATALOG = dataclasses.replace(SEEN, indicators=OWNED)


def named(cards: Sequence[Card], name: str) -> list[Card]:
    return [dataclasses.replace(card, person=f"{name}{at}", name=f"{name}{at}") for at, card in enumerate(cards)]


def test_an_item_that_three_people_fall_short_of_is_told_with_their_names_and_who_knows_more() -> None:
    cards = crowd(CATALOG, "65", "62", "60", "90", "90")

    [item, *_] = findings(figures(cards, CATALOG))

    assert item == Finding("Turnover", "less than 60% of the points: N0, N1, N2", "Figures from Support")
    assert [each.name for each in findings(figures(crowd(CATALOG, "65", "62", "90", "90", "90"), CATALOG))] == [
        "Finance"
    ]


def test_a_perspective_is_told_with_those_who_got_least_of_it() -> None:
    cards = crowd(CATALOG, "72", "66", "60", "63", "90")

    found = findings(figures(cards, CATALOG))[-1]

    assert found == Finding("Finance", "N2 50%, N3 55%, N1 60%", "4 people are under 75%")


def test_nothing_is_told_where_nothing_stands_out() -> None:
    assert findings(figures(crowd(CATALOG, "90", "90", "90", "90", "90"), CATALOG)) == ()


def test_nobody_of_a_small_department_is_told_of() -> None:
    few = [moved(card, "support") for card in named(crowd(CATALOG, "40", "40", "40", "40"), "F")]
    cards = [*crowd(CATALOG, "60", "60", "60", "90", "90"), *few]

    told = str(findings(figures(cards, CATALOG)))

    assert "N0" in told
    assert "F0" not in told


def test_a_large_company_is_told_by_numbers_and_departments() -> None:
    low = [moved(card, "support") for card in named(crowd(CATALOG, *["60"] * 50), "L")]
    cards = [*crowd(CATALOG, *["90"] * MOST_NAMED), *low]

    item, perspective = findings(figures(cards, CATALOG))

    assert item.text == f"50 of {MOST_NAMED + 50} people got less than 60% of the points"
    assert perspective == Finding("Finance", "lowest Support 50%, highest Shop 100%", "")


def test_departments_that_are_not_told_are_not_compared() -> None:
    few = [moved(card, "support") for card in named(crowd(CATALOG, "40", "40", "40", "40"), "F")]
    cards = [*crowd(CATALOG, *["90"] * MOST_NAMED), *few]

    assert findings(figures(cards, CATALOG)) == ()
