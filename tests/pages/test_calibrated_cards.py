"""The card of somebody whose total was calibrated: what was computed, what was decided, and what holds."""

import dataclasses

from gmpy2 import mpq

from cards_made import SAY, a_card, a_catalog, results
from kpibook.base.problems import Place
from kpibook.model import Calibration, Gate
from kpibook.pages.cards.next_grade import NO_NEXT
from kpibook.pages.cards.view import card_view
from kpibook.pages.figures import Figures
from kpibook.scoring.results import CalibrationOutcome, GateOutcome


def test_a_calibrated_card_begins_with_what_holds_and_tells_what_was_computed() -> None:
    catalog = a_catalog()
    row = Calibration(Place("scorecards/2026-10/calibration.csv", 2, 1), mpq(85), "", "panel", "E9")
    card = a_card(catalog)
    computed = CalibrationOutcome(row, mpq(78), catalog.grades[1], mpq(85))
    card = dataclasses.replace(card, total=mpq(85), grade=catalog.grades[0], calibration=computed)

    view = card_view(card, Figures(results(card), catalog, SAY), None)

    assert (view.result.total, view.result.grade) == ("85.0", "A Good")
    assert "computed 78.0 (B), calibrated to 85.0" in view.result.notes
    assert view.reasons[0] == "The result was calibrated; the data give 78.0 points."
    assert view.next_grade == NO_NEXT


def test_a_gate_over_a_calibrated_total_is_told_beside_it() -> None:
    catalog = a_catalog()
    row = Calibration(Place("scorecards/2026-10/calibration.csv", 2, 1), mpq(85), "", "panel", "E9")
    computed = CalibrationOutcome(row, mpq(78), catalog.grades[1], mpq(85))
    gates = tuple(GateOutcome(Gate.build(when="sales < 1", total_at_most="50"), holds, ()) for holds in (True, False))
    cards = [
        dataclasses.replace(
            a_card(catalog), total=mpq(50), grade=catalog.grades[1], calibration=computed, gates=(gate,)
        )
        for gate in gates
    ]

    capped, free = (card_view(card, Figures(results(card), catalog, SAY), None).result.notes for card in cards)

    assert "a gate holds after the calibration, too: 50.0 (B) in the end" in capped
    assert not [note for note in free if "after the calibration" in note]
