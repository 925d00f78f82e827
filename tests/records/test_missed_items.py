"""What a plan for improvement begins with: the missed items, by what they cost the total."""

from gmpy2 import mpq

from kpibook.records.missed_items import missed_items
from making import catalog, cycle, indicator, item, person, role
from scored import cards

STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}
BONUS = {"rule": "shortfall", "per": "1", "points": "5", "bonus": {"per": "1", "points": "2"}}


def test_items_of_a_section_with_marks_stand_by_what_their_marks_bring_to_the_total() -> None:
    # a loses 18 of its 30 marks, which are 18 x 30 / 90 = 6 points of the total; b loses 8 of its 70 points.
    marked = [{"indicator": each, "marks": marks, "standard": STRAIGHT} for each, marks in (("a", "30"), ("c", "60"))]
    sections = [
        {"section": "Marked", "weight": "30", "items": marked},
        {"section": "Plain", "items": [item("b", "70", {"rule": "all_or_nothing", "otherwise": "62"}, target="1")]},
    ]
    made = catalog([role("clerk", [], scorecard=sections)], [indicator(each) for each in "abc"])
    numbers = {("E1", "a"): "40", ("E1", "b"): "0", ("E1", "c"): "100"}

    found = missed_items(cards(made, cycle((person("E1"),), numbers))["E1"])

    assert [(each.indicator.id, each.lost, each.of_total) for each in found] == [
        ("b", mpq(8), mpq(8)),
        ("a", mpq(18), mpq(6)),
    ]


def test_what_an_item_may_have_above_its_weight_is_not_lost() -> None:
    made = catalog(
        [role("clerk", [item("a", "40", BONUS, target="10", max="60"), item("b", "60", STRAIGHT)])],
        [indicator("a"), indicator("b")],
    )

    found = missed_items(cards(made, cycle((person("E1"),), {("E1", "a"): "8", ("E1", "b"): "100"}))["E1"])

    assert [(each.indicator.id, each.lost) for each in found] == [("a", mpq(10))]
