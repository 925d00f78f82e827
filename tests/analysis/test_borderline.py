"""Who stands next to a grade line, and what single number or rating decides: by hand, and by scoring anew."""

from dataclasses import replace

from gmpy2 import mpq
from hypothesis import given, settings

from kpibook.analysis.borderline import Borderline, borderlines
from kpibook.analysis.regrading import Regrader
from kpibook.model import Catalog, Cycle, RatingRow, Relation
from kpibook.scoring import score
from making import catalog, cycle, indicator, item, measure, person, place, role
from oracle import World
from worlds import as_catalog, as_cycle, worlds


def found_in(made: Catalog, given: Cycle) -> dict[str, Borderline]:
    results = score(made, given, {})
    return {each.card.person: each for each in borderlines(Regrader(results, made, {}))}


def a_catalog() -> Catalog:
    items = [
        item("turnover", 50, {"rule": "proportional"}, target="100"),
        item("order", 20, {"rule": "deduction", "deduct": [{"measure": "mess", "points": "4"}]}),
        item("manners", 30, {"rule": "rating"}, raters={"manager": "0.5", "peer": "0.5"}),
    ]
    indicators = [indicator("turnover", formula="sales"), indicator("order"), indicator("manners")]
    return catalog([role("clerk", items)], indicators, [measure("sales"), measure("mess")])


def a_rating(points: str, relation: str, rater: str) -> RatingRow:
    return RatingRow(Relation(relation), rater, place(2, "ratings.csv"), points, mpq(points))


def october(*people: tuple[str, str, str, str, str]) -> Cycle:
    """People with sales, messes, and the ratings of their manager and of a peer."""
    numbers = {
        (who, key): value for who, sales, mess, _, _ in people for key, value in (("sales", sales), ("mess", mess))
    }
    ratings = {
        (who, "manners"): (a_rating(first, "manager", "M"), a_rating(second, "peer", "P"))
        for who, _, _, first, second in people
    }
    return cycle([person(each[0]) for each in people], numbers, ratings=ratings)


def test_each_kind_of_number_that_decides_is_named_with_how_much() -> None:
    # E1: 42 + 12 + 25.5 = 79.5, half a point below B; by the peer alone it would be 42 + 12 + 27 = 81.
    made = a_catalog()

    found = found_in(made, october(("E1", "84", "2", "24", "27"), ("E2", "70", "0", "20", "20")))

    assert list(found) == ["E1"]
    near = found["E1"]
    assert (near.line.id, near.distance) == ("B", mpq(-1, 2))
    assert [(each.kind, each.name, str(each.size)) for each in near.deciders] == [
        ("count", "mess", "-1"),
        ("rating", "manners", "1/2"),
        ("percent", "turnover", "2"),
    ]
    assert near.by_raters


def test_raters_who_agree_decide_nothing() -> None:
    found = found_in(a_catalog(), october(("E1", "84", "2", "25.5", "25.5")))

    assert not found["E1"].by_raters


def test_a_point_and_a_tenth_from_a_line_is_not_next_to_it() -> None:
    # 42 + 12 + 24.9 = 78.9, and 25.0 makes 79.0.
    found = found_in(a_catalog(), october(("E1", "84", "2", "24.9", "24.9"), ("E2", "84", "2", "25", "25")))

    assert list(found) == ["E2"]


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_everybody_next_to_a_line_is_told_and_every_decider_decides(world: World) -> None:
    made, given = as_catalog(world), as_cycle(world)
    results = score(made, given, {})

    found = {each.card.person: each for each in borderlines(Regrader(results, made, {}))}

    lines = [grade.threshold for grade in made.grades[:-1]]
    near = {
        card.person
        for card in results.cards
        if card.total is not None and min(abs(card.total - line) for line in lines) <= 1
    }
    assert set(found) == near
    for each in found.values():
        for decider in each.deciders:
            if decider.kind == "count":
                changed = with_actual(given, each.card.person, decider.name, decider.size)
                assert graded(made, changed)[each.card.person] != grade_id(each)


def grade_id(each: Borderline) -> str:
    return each.card.grade.id if each.card.grade else ""


def with_actual(given: Cycle, who: str, measure: str, size: mpq) -> Cycle:
    reading = given.actuals[who, measure]
    return replace(given, actuals={**given.actuals, (who, measure): reading._replace(value=reading.value + size)})


def graded(made: Catalog, given: Cycle) -> dict[str, str]:
    return {card.person: card.grade.id if card.grade else "" for card in score(made, given, {}).cards}
