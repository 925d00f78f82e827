"""What a card tells of its changes against the cycle before."""

import dataclasses
import re

import pytest
from gmpy2 import mpq

from cards_made import OCTOBER, a_card, a_catalog, results, section, seen, the_card
from kpibook.base.periods import Period, PeriodKind
from kpibook.pages.lookback import Lookback


def test_only_what_changed_is_listed() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, points="42"), period=OCTOBER.previous)

    page = the_card(results(a_card(catalog)), catalog, Lookback(before))

    assert seen(re.findall('<h2 id="changes">.*', page)[0]) == "Against Sep: +6.0 points"
    assert section(page, "changes")[:2] == ["Turnover 42.0 → 48.0 points +6.0", "Unchanged: Manners."]
    assert '<i class="card-up" style="width:50%"></i>' in page


def test_a_change_tells_the_actuals_where_both_are_known_and_what_else_moved() -> None:
    catalog = a_catalog()
    other = a_card(catalog, points="42")
    [piece] = other.spans
    first, second = piece.items
    was = dataclasses.replace(
        first,
        actual=mpq(700),
        weight=mpq(50),
        target=first.target and first.target._replace(value=mpq(900)),
    )
    other = dataclasses.replace(other, spans=(dataclasses.replace(piece, items=(was, second)),))

    found = section(
        the_card(results(a_card(catalog)), catalog, Lookback(results(other, period=OCTOBER.previous))), "changes"
    )

    assert found[0] == "Turnover €700 → €800, target €900 → €1,000, weight 50 → 60 +6.0"


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("47.96", "Hardly changed (by less than 0.05 points): Turnover."),
        ("48.04", "Hardly changed (by less than 0.05 points): Turnover."),
        ("47.9", "Turnover 47.9 → 48.0 points +0.1"),
    ],
)
def test_a_change_that_no_shown_point_tells_needs_no_row(then: str, told: str) -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, points=then), period=OCTOBER.previous)

    found = section(the_card(results(a_card(catalog)), catalog, Lookback(before)), "changes")

    assert found[0] == told


def test_a_target_that_moved_keeps_its_row_though_no_point_did() -> None:
    catalog = a_catalog()
    other = a_card(catalog, points="47.99")
    [piece] = other.spans
    first, second = piece.items
    was = dataclasses.replace(first, target=first.target and first.target._replace(value=mpq(999)))
    other = dataclasses.replace(other, spans=(dataclasses.replace(piece, items=(was, second)),))

    found = section(
        the_card(results(a_card(catalog)), catalog, Lookback(results(other, period=OCTOBER.previous))), "changes"
    )

    assert found[0] == "Turnover 48.0 → 48.0 points, target €999 → €1,000 ±0.0"


def test_a_card_like_the_last_one_says_so() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog), period=OCTOBER.previous)

    page = the_card(results(a_card(catalog)), catalog, Lookback(before))

    assert '<h2 id="changes">Against Sep: ±0 points</h2>' in page
    assert section(page, "changes")[0] == "Unchanged: Turnover, Manners."


def test_two_cards_without_totals_are_compared_by_their_items() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, total=None, grade=None), period=OCTOBER.previous)
    card = a_card(catalog, points="42", total=None, grade=None)

    page = the_card(results(card), catalog, Lookback(before))

    assert '<h2 id="changes">Against Sep</h2>' in page
    assert section(page, "changes")[0] == "Turnover 48.0 → 42.0 points −6.0"


def test_items_that_came_and_went_are_told() -> None:
    catalog = a_catalog()
    card, other = a_card(catalog), a_card(catalog)
    first, second = card.spans[0].items
    was = dataclasses.replace(other, total=None, spans=(dataclasses.replace(other.spans[0], items=(second,)),))
    now = dataclasses.replace(card, spans=(dataclasses.replace(card.spans[0], items=(first,)),))

    found = section(the_card(results(now), catalog, Lookback(results(was, period=OCTOBER.previous))), "changes")

    assert found[:2] == ["New items: Turnover.", "Items no longer there: Manners."]


def test_an_item_without_points_then_or_now_has_no_difference() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, points=None), period=OCTOBER.previous)

    found = section(the_card(results(a_card(catalog)), catalog, Lookback(before)), "changes")

    assert found[0] == "Turnover — → 48.0 points"


def test_what_rounding_leaves_between_rows_and_total_is_told_once() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, points="47.96", total=mpq(78)), period=OCTOBER.previous)
    card = a_card(catalog, points="48.04", total=mpq(78))

    found = section(the_card(results(card), catalog, Lookback(before)), "changes")

    assert "Turnover 48.0 → 48.0 points +0.1" in found
    assert "Rows are rounded; together they are 0.1 off." in found


def test_a_cycle_of_another_kind_is_not_compared_with() -> None:
    catalog = a_catalog()
    quarter = results(a_card(catalog, points="42"), period=Period(PeriodKind.QUARTER, 2026, 3))

    page = the_card(results(a_card(catalog)), catalog, Lookback(quarter))

    assert 'id="changes"' not in page
