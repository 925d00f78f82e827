"""The cards of departments and of the company, and the forms that end every card."""

import dataclasses
from typing import Any

from gmpy2 import mpq

from cards_made import OCTOBER, SAY, a_card, a_catalog, pages, results, section
from kpibook.base.periods import Period
from kpibook.model import Catalog, Department, RatingRow, Relation
from kpibook.pages.cards.form import MOST_ITEMS, card_form
from kpibook.pages.cycles.rendering import card_sheets
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import Lookback, past_cycle_of, trend
from kpibook.scoring.results import Card, Results, Status

UNIT, PAGE = "shop", "2026-10/units/shop.md"


def a_unit(catalog: Catalog, subject: str = UNIT, **changes: Any) -> Card:
    """A card like the seller's, of a department or of the company."""
    given = a_card(catalog, subject, name=catalog.company.name if subject == "company" else "Shop", **changes)
    [piece] = given.spans
    assignment = dataclasses.replace(piece.assignment, role=subject, department=subject)
    role = piece.role.model_copy(update={"id": subject, "name": given.name})
    piece = dataclasses.replace(piece, assignment=assignment, role=role)
    return dataclasses.replace(given, spans=(piece,), rank=None, ranked=0, is_unit=True)


def with_units(*units: Card, cards: tuple[Card, ...] = (), period: Period = OCTOBER) -> Results:
    return dataclasses.replace(results(*cards, period=period), units=units)


def led(catalog: Catalog) -> Catalog:
    """The shop is led by a seller and belongs to the support."""
    shop = Department.build(id="shop", name="Shop", head="seller", parent="support")
    return dataclasses.replace(catalog, departments={**catalog.departments, "shop": shop})


# Cards of departments and of the company


def test_a_department_with_a_scorecard_has_a_card_of_its_own() -> None:
    catalog = led(a_catalog())

    made = pages(with_units(a_unit(catalog), cards=(a_card(catalog),)), catalog)

    lines = made[PAGE].splitlines()
    assert "# Shop · scorecard, October {#card}" in lines
    assert lines[lines.index("- **Scorecard of** Department") :][:4] == [
        "- **Scorecard of** Department",
        "- **Belongs to** Support",
        "- **Head** Ann (E1&#41;",
        "- **People** [1](../departments/shop.md)",
    ]
    assert '<p class="card-total"><b>78.0</b> <span class="kpi-grade kpi-grade-4">B</span></p>' in lines
    assert "rank" not in made[PAGE]
    assert section(made[PAGE], "signing")[-5:-2] == ["Head Date", "Superior Date", "General manager Date"]


def test_a_leading_role_that_nobody_holds_is_named_itself() -> None:
    catalog = led(a_catalog())

    made = pages(with_units(a_unit(catalog)), catalog)

    assert "- **Head** Seller" in made[PAGE]
    assert "People" not in made[PAGE].partition("card-result")[0]


def test_the_company_has_a_card_too() -> None:
    catalog = a_catalog()

    made = pages(with_units(a_unit(catalog, "company")), catalog)

    assert "- **Scorecard of** Whole company" in made["2026-10/units/company.md"]


def test_the_pages_of_cycle_and_department_lead_to_them() -> None:
    catalog = a_catalog()

    made = pages(with_units(a_unit(catalog), cards=(a_card(catalog),)), catalog)

    assert "[Shop](units/shop.md)" in made["2026-10/index.md"]
    assert section(made["2026-10/index.md"], "units")[2:] == ["| Shop | 78.0 | B | 100% | scored |"]
    assert "[78.0 points, grade B](../units/shop.md)" in made["2026-10/departments/shop.md"]


def test_what_a_department_waits_for_is_told_where_its_people_wait() -> None:
    catalog = a_catalog()

    made = pages(with_units(a_unit(catalog, points=None), cards=(a_card(catalog),)), catalog)

    assert section(made["2026-10/index.md"], "late")[2:] == [
        "| Support 1 number | Sales | 1 card: Shop |",
        "Support: figures missing for October: 1. No day is set by which it has to be there. "
        "1 card waits for them: Shop.",
        "1. Sales: Shop",
        "Please fill in your sheet and send it back; if there is no such number, please say so.",
    ]
    assert section(made["2026-10/departments/shop.md"], "gaps")[2:] == ["| Support | Sales | 1 | Shop |"]


def test_somebody_with_the_id_of_a_department_is_not_taken_for_it() -> None:
    catalog = a_catalog()
    september = with_units(a_unit(catalog, points="20"), cards=(a_card(catalog, "shop"),), period=OCTOBER.previous)
    unit, person = a_unit(catalog), a_card(catalog, "shop")
    figures = Figures(with_units(unit, cards=(person,)), catalog, SAY)
    past = [past_cycle_of(september)]

    made = pages(figures.results, catalog, Lookback(september, past))

    assert "**50.0**" in trend(unit, past, figures).points
    assert "**78.0**" in trend(person, past, figures).points.splitlines()[0]
    assert section(made[PAGE], "changes")[0] == "Turnover 20.0 → 48.0 points +28.0"


def test_a_card_of_a_department_goes_to_paper_under_its_own_name() -> None:
    catalog = a_catalog()
    unit = a_unit(catalog)

    [(name, text, card)] = card_sheets(Figures(with_units(unit), catalog, SAY, b"secret"), Lookback(), [unit])

    assert name == "unit-shop"
    assert "# Shop · scorecard" in text
    assert card is unit


# The form


def test_the_improvement_plan_begins_with_what_was_missed() -> None:
    catalog = a_catalog()
    card = a_card(catalog)

    found = card_form(card, Figures(results(card), catalog, SAY))

    assert found.plan == (
        ("Turnover", "12.0 points lost (€800 / €1,000, 80% done)"),
        *[("", "")] * MOST_ITEMS,
    )


def test_a_plan_has_rows_for_three_names_the_others_and_neither_full_nor_open_items() -> None:
    catalog = a_catalog()
    [piece] = a_card(catalog).spans
    full = dataclasses.replace(piece.items[0], points=mpq(60))
    gone = dataclasses.replace(piece.items[0], points=None, status=Status.MISSING)
    names = ("First", "Second", "Third", "Fourth", "Fifth")
    indicators = [piece.items[1].indicator.model_copy(update={"id": name, "name": name}) for name in names]
    missed = [dataclasses.replace(piece.items[1], indicator=each, points=mpq(5)) for each in indicators]
    many = dataclasses.replace(piece, items=(full, gone, *missed))
    card = dataclasses.replace(a_card(catalog), spans=(many,))

    found = card_form(card, Figures(results(card), catalog, SAY))
    page = pages(results(card), catalog)

    assert [row.name for row in found.plan] == ["First", "Second", "Third", ""]
    assert found.more == "2 more were missed: Fourth, Fifth. Each has a row on the sheet Plans of the workbook."
    assert sum("2 more were missed" in text for text in page.values()) == 1
    assert card_form(dataclasses.replace(card, is_unit=True), Figures(results(card), catalog, SAY)).more == (
        "2 more were missed: Fourth, Fifth."
    )
    assert not card_form(a_card(catalog), Figures(results(card), catalog, SAY)).more

    others = [each.indicator.model_copy(update={"id": f"{number}"}) for number in range(12) for each in missed[:1]]
    many = dataclasses.replace(piece, items=tuple(dataclasses.replace(missed[0], indicator=each) for each in others))
    assert card_form(dataclasses.replace(card, spans=(many,)), Figures(results(card), catalog, SAY)).more == (
        "9 more were missed, with the points lost beside each above. Each has a row on the sheet Plans of the workbook."
    )


def test_what_somebody_wrote_of_oneself_stands_apart_from_what_others_wrote() -> None:
    catalog = a_catalog()
    [piece] = a_card(catalog).spans
    [other] = piece.items[1].ratings
    own = RatingRow(Relation.SELF, "E1", other.place, "30", mpq(30), "", "I tried")
    item = dataclasses.replace(piece.items[1], ratings=(own, other))
    card = dataclasses.replace(a_card(catalog), spans=(dataclasses.replace(piece, items=(item,)),))

    found = card_form(card, Figures(results(card), catalog, SAY))

    assert (found.self_review, found.comments) == (("Manners (self-review): I tried",), ("Manners (E9): kind",))
    assert (found.self_label, found.signatures) == (
        "Opinion of the employee",
        ("Employee", "Manager", "General manager"),
    )
