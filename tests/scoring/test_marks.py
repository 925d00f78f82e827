"""Marks of an item's own: sections that share their weight, other totals, ratings on a scale, against fractions."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from kpibook.base.words import words
from kpibook.model import Catalog, Role
from kpibook.scoring.explain import explain_card, item_lines, rule_sentence, total_lines
from kpibook.scoring.results import Status
from making import catalog, cycle, indicator, person, rating
from scored import cards

EN = words("en")
STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}
E1 = (person("E1"),)
HALF = Fraction(1, 2)


def a_role(*sections: dict[str, Any], **values: Any) -> Role:
    return Role.build(id="clerk", name="Clerk", department="shop", scorecard=list(sections), **values)


def company(*sections: dict[str, Any], total: dict[str, Any] | None = None, **values: Any) -> Catalog:
    ids = [item["indicator"] for section in sections for item in section["items"]]
    extras = values.pop("extras", [])
    ids += [extra["indicator"] for extra in extras]
    return catalog([a_role(*sections, total=total, extras=extras)], [indicator(each) for each in ids], **values)


def marked(name: str, marks: object, **values: Any) -> dict[str, Any]:
    return {"indicator": name, "marks": marks, "standard": STRAIGHT, **values}


def weighed(name: str, weight: object, **values: Any) -> dict[str, Any]:
    return {"indicator": name, "weight": weight, "standard": STRAIGHT, **values}


PAPER = (
    {"section": "Work", "weight": "35", "items": [marked("a", 20), marked("b", 20), marked("c", 15), marked("d", 40)]},
    {"section": "Manner", "items": [weighed("e", 65)]},
)


def test_a_section_gives_its_weight_times_the_marks_reached_of_all_its_marks() -> None:
    numbers = {("E1", key): value for key, value in {"a": 100, "b": 50, "c": 80, "d": 75, "e": 90}.items()}

    card = cards(company(*PAPER), cycle(E1, numbers))["E1"]

    assert [score.points for score in card.spans[0].items] == [20, 10, 12, 30, mpq("58.5")]
    assert card.computed == mpq(35 * 72, 95) + mpq("58.5")
    assert total_lines(card, company(*PAPER), EN)[:2] == (
        "Work: 35 × (20 + 10 + 12 + 30) ÷ 95 ≈ 26.5263 points",
        "items: 26.5263 + 58.5 ≈ 85.0263",
    )


def test_what_is_left_out_of_a_section_is_left_out_of_its_own_marks() -> None:
    numbers = {("E1", key): value for key, value in {"a": 100, "b": 50, "c": 80, "e": 90}.items()}

    card = cards(company(*PAPER, missing="exclude"), cycle(E1, numbers))["E1"]

    assert card.computed == mpq(35 * 42, 55) + mpq("58.5")
    assert card.coverage == 100 - mpq(35 * 40 * 100, 95 * 100)


def test_a_section_without_any_number_leaves_the_hundred_to_the_others() -> None:
    card = cards(company(*PAPER, missing="exclude"), cycle(E1, {("E1", "e"): 90}))["E1"]

    assert card.computed == mpq(90)
    assert "by the weight that was measured: 58.5 × 100 ÷ 65 = 90" in total_lines(card, company(*PAPER), EN)


def test_thirty_marks_on_a_weight_of_twelve_cost_what_the_paper_says() -> None:
    rule = {"rule": "deduction", "deduct": [{"measure": "late", "points": 2}]}
    work = {"section": "Work", "items": [weighed("a", 12, marks=30) | {"standard": rule}, weighed("b", 88)]}
    made = catalog([a_role(work)], [indicator(each) for each in ("a", "b", "late")])

    card = cards(made, cycle(E1, {("E1", "late"): 1, ("E1", "b"): 0}))["E1"]

    [first, _] = card.spans[0].items
    assert (first.points, card.computed) == (mpq(28), mpq("11.2"))
    assert rule_sentence(first.item, made, EN).endswith(
        "These are marks out of 30; points in the total = 12 × marks ÷ 30."
    )
    assert total_lines(card, made, EN)[0] == "a: 12 × 28 ÷ 30 = 11.2 points"


def test_an_item_with_marks_and_no_weight_of_any_effect_is_on_trial() -> None:
    made = company({"section": "Work", "items": [weighed("a", 0, marks=30), weighed("b", 100)]})

    card = cards(made, cycle(E1, {("E1", "a"): 50, ("E1", "b"): 70}))["E1"]

    assert (card.spans[0].items[0].status, card.computed) == (Status.TRIAL, mpq(70))


@pytest.mark.parametrize(("whole", "told", "expected"), [(80, None, 60), (80, 100, 75), (115, None, mpq("86.25"))])
def test_a_total_may_be_out_of_something_else_than_a_hundred(whole: int, told: int | None, expected: mpq) -> None:
    made = company({"section": "Work", "items": [weighed("a", whole)]}, total={"of": whole, "to": told})

    assert cards(made, cycle(E1, {("E1", "a"): 75}))["E1"].computed == expected


def test_what_is_missing_is_weighed_anew_up_to_the_companys_own_whole() -> None:
    made = company(
        {"section": "Work", "items": [weighed("a", 30), weighed("b", 50)]}, total={"of": 80}, missing="exclude"
    )

    card = cards(made, cycle(E1, {("E1", "a"): 50}))["E1"]

    assert card.computed == mpq(40)
    assert "by the weight that was measured: 15 × 80 ÷ 30 = 40" in total_lines(card, made, EN)


def test_extras_are_points_of_the_paper_and_turned_with_it() -> None:
    made = company(
        {"section": "Work", "items": [weighed("a", 80)]},
        total={"of": 80, "to": 100},
        extras=[{"indicator": "x", "standard": STRAIGHT, "max": 4}],
    )

    card = cards(made, cycle(E1, {("E1", "a"): 75, ("E1", "x"): 100}))["E1"]

    assert card.computed == mpq(80)
    assert "out of 100: 64 × 100 ÷ 80 = 80" in total_lines(card, made, EN)


def test_a_total_of_weighted_sections_takes_each_as_a_hundred_of_its_own() -> None:
    made = company(
        {"section": "Results", "weight": 60, "items": [weighed("a", 70), weighed("b", 30)]},
        {"section": "Conduct", "weight": 40, "items": [weighed("c", 100)]},
        total={"by": "sections"},
    )

    card = cards(made, cycle(E1, {("E1", "a"): 90, ("E1", "b"): 80, ("E1", "c"): 95}))["E1"]

    assert card.computed == mpq("90.2")
    assert total_lines(card, made, EN)[:3] == (
        "Results: (63 + 24) × 60% = 52.2 points",
        "Conduct: (95) × 40% = 38 points",
        "items: 52.2 + 38 = 90.2",
    )


def test_a_weight_may_be_a_fraction_and_is_told_as_one() -> None:
    thirds = company({"section": "Work", "items": [weighed(key, "50/3") for key in "abcdef"]})
    full = {("E1", key): 50 for key in "abcdef"}

    card = cards(thirds, cycle(E1, full))["E1"]

    assert card.computed == mpq(50)
    lines = item_lines(card.spans[0].items[0], thirds, EN)
    assert "50/3 × (50 − 0) ÷ (100 − 0) ≈ 8.3333 points" in lines
    assert "50/3 points" in lines[0]


def test_an_item_may_rise_to_a_fraction_and_is_told_so() -> None:
    rule = {"rule": "deduction", "deduct": [{"measure": "a", "points": 1}], "add": [{"measure": "b", "points": 30}]}
    work = [weighed("a", "76/3", max="76/3") | {"standard": rule}, weighed("b", "224/3")]
    made = company({"section": "Work", "items": work})

    card = cards(made, cycle(E1, {("E1", "a"): 0, ("E1", "b"): 100}))["E1"]

    assert card.computed == mpq(100)
    assert item_lines(card.spans[0].items[0], made, EN)[0].endswith("At most 76/3 points.")
    assert "1. a: 25.3333 of 76/3 points" in explain_card(card, made, EN)


def rated(scale: object, value: int) -> tuple[Catalog, mpq | None, tuple[str, ...]]:
    rule = {"rule": "rating", "scale": scale}
    made = company({"section": "Work", "items": [weighed("a", 20) | {"standard": rule}, weighed("b", 80)]})
    month = cycle(E1, {("E1", "b"): 0}, ratings={("E1", "a"): (rating(value),)})
    card = cards(made, month)["E1"]
    return made, card.computed, item_lines(card.spans[0].items[0], made, EN)


def test_a_rating_out_of_a_hundred_is_turned_into_points() -> None:
    _, points, lines = rated("100", 85)

    assert points == mpq(17)
    assert "20 × 85 ÷ 100 = 17 points" in lines
    assert "Raters give 0 to 100; points = 20 × rating ÷ 100" in lines[0]


def test_a_rating_from_one_to_five_may_be_worth_nothing_at_one() -> None:
    _, of_zero, _ = rated({"to": 5, "from": 1}, 4)
    _, of_one, lines = rated({"to": 5, "from": 1, "zero": 1}, 4)

    assert (of_zero, of_one) == (mpq(16), mpq(15))
    assert "20 × (4 − 1) ÷ (5 − 1) = 15 points" in lines


def test_a_rating_outside_its_scale_is_set_aside_and_says_the_scale() -> None:
    rule = {"rule": "rating", "scale": {"to": 5, "from": 1}}
    made = company({"section": "Work", "items": [weighed("a", 100) | {"standard": rule}]})

    card = cards(made, cycle(E1, {}, ratings={("E1", "a"): (rating("0.5"),)}))["E1"]

    [gap] = card.missing
    assert card.total is None
    assert gap.set_aside is not None
    assert gap.set_aside.code == "rating-beyond-scale"
    assert gap.set_aside.values == {"points": "0.5", "least": "1", "most": "5"}


class Paper(NamedTuple):
    """A section: its weight, and the marks of its items with what each reached, None for what is missing."""

    weight: int
    items: Sequence[tuple[int, Fraction | None]]


SHARES = st.none() | st.integers(0, 8).map(lambda part: Fraction(part, 8))
ITEMS = st.lists(st.tuples(st.integers(1, 40), SHARES), min_size=1, max_size=4)


@st.composite
def papers(draw: st.DrawFn) -> Sequence[Paper]:
    weights = draw(st.sampled_from([(100,), (35, 65), (20, 30, 50), (12, 48, 40)]))
    return [Paper(weight, draw(ITEMS)) for weight in weights]


def reckon(paper: Sequence[Paper]) -> Fraction | None:
    """The total in fractions, by the words of the rule."""
    reached, present = Fraction(0), 0
    for section in paper:
        there = [(full, share) for full, share in section.items if share is not None]
        if there:
            present += section.weight
            marks = sum(full for full, _ in there)
            reached += Fraction(sum(full * share for full, share in there)) * section.weight / marks
    return reached * 100 / present if present else None


@settings(max_examples=150, deadline=None)
@given(papers())
def test_every_paper_equals_the_second_reckoning(paper: Sequence[Paper]) -> None:
    sections, numbers = [], dict[tuple[str, str], Any]()
    for at, section in enumerate(paper):
        items = []
        for place, (marks, share) in enumerate(section.items):
            items.append(marked(f"i{at}_{place}", marks))
            if share is not None:
                numbers["E1", f"i{at}_{place}"] = mpq(share * 100)
        sections.append({"section": f"S{at}", "weight": section.weight, "items": items})

    card = cards(company(*sections, missing="exclude"), cycle(E1, numbers))["E1"]

    expected = reckon(paper)
    assert card.computed == (None if expected is None else mpq(expected))
    if expected is not None:
        tenths = expected * 10 + HALF
        assert card.total == mpq(tenths.numerator // tenths.denominator, 10)
