"""Points of an item: whose target holds, extras, ratings."""

from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.model import Catalog, Cycle
from kpibook.scoring.results import ItemScore, Status
from kpibook.scoring.sources import TargetOrigin
from making import (
    aside,
    catalog,
    cycle,
    indicator,
    item,
    rating,
    role,
    target,
)
from scored import E1, EXCESS, PROPORTIONAL, SHORTFALL, cards, gaps, one_item, only, total

# Targets


@pytest.mark.parametrize(
    ("subjects", "value", "origin"),
    [
        (("E1", "shop"), 10, TargetOrigin.PERSON),
        (("shop",), 20, TargetOrigin.DEPARTMENT),
        (("store",), 50, TargetOrigin.ROLE),
    ],
)
def test_a_target_is_the_person_s_else_the_department_s_else_the_role_s(
    subjects: tuple[str, ...], value: int, origin: TargetOrigin
) -> None:
    rows = {"E1": target(10, 3, "first month", "E9"), "shop": target(20), "store": target(30)}
    month = cycle(E1, {("E1", "x"): 5}, targets={(subject, "x"): rows[subject] for subject in subjects})

    found = only(one_item(PROPORTIONAL, target=50), month)

    assert found.target is not None
    assert (found.target.value, found.target.origin) == (mpq(value), origin)
    assert found.points == mpq(500, value)


def test_a_person_s_target_keeps_its_reason_and_approver() -> None:
    month = cycle(E1, {("E1", "x"): 5}, targets={("E1", "x"): target(10, 3, "first month", "E9")})

    found = only(one_item(PROPORTIONAL, target=50), month).target

    assert found is not None
    assert (found.reason, found.approved_by, str(found.place)) == (
        "first month",
        "E9",
        "scorecards/2026-10/targets.csv:3:1",
    )


def test_a_role_s_target_leads_to_its_line() -> None:
    found = only(one_item(PROPORTIONAL, target=50), cycle(E1, {("E1", "x"): 5})).target

    assert found is not None
    assert str(found.place) == "handbook/roles/clerk.yml:10:5"


def test_a_target_set_aside_does_not_fall_back() -> None:
    month = cycle(E1, {("E1", "x"): 5}, set_aside=(aside("E1", "x", "targets.csv"),))

    found = only(one_item(PROPORTIONAL, target=50), month)

    assert found.status is Status.SET_ASIDE
    assert gaps(found) == [("E1", "x", "", "2026-10", "set_aside")]


def test_an_item_without_any_target_says_so() -> None:
    found = only(one_item(PROPORTIONAL), cycle(E1, {("E1", "x"): 5}))

    assert gaps(found) == [("E1", "x", "", "2026-10", "no_target")]


def test_a_target_that_allows_no_ratio_withholds_the_total() -> None:
    card = cards(one_item(PROPORTIONAL, target=0, missing="zero"), cycle(E1, {("E1", "x"): 5}))["E1"]

    assert card.status is Status.SET_ASIDE
    assert card.total is None
    assert card.spans[0].items[0].actual == mpq(5)


# Extras


def with_bonus(extra: Mapping[str, Any], **values: Any) -> Catalog:
    return one_item(SHORTFALL, target=50000, extras=[{"indicator": "x", "standard": EXCESS, **extra}], **values)


def bonus(catalog: Catalog, cycle: Cycle) -> ItemScore:
    return cards(catalog, cycle)["E1"].spans[0].extras[0]


def test_a_bonus_goes_by_the_target_of_its_item() -> None:
    found = bonus(with_bonus({}), cycle(E1, {("E1", "x"): 62000}))

    assert found.points == mpq(6)
    assert total(with_bonus({}), cycle(E1, {("E1", "x"): 62000})) == mpq(106)


def test_a_bonus_goes_by_a_person_s_target_too() -> None:
    month = cycle(E1, {("E1", "x"): 62000}, targets={("E1", "x"): target(40000)})

    assert bonus(with_bonus({}), month).points == mpq(12)


def test_a_bonus_with_its_own_target_keeps_it() -> None:
    month = cycle(E1, {("E1", "x"): 62000}, targets={("E1", "x"): target(40000)})

    assert bonus(with_bonus({"target": 55000}), month).points == mpq(3)


def test_a_bonus_on_its_own_indicator_takes_a_person_s_target() -> None:
    company = one_item(SHORTFALL, target=50000, extras=[{"indicator": "y", "standard": EXCESS, "target": 10000}])
    company = catalog(company.roles.values(), [indicator("x"), indicator("y")])
    month = cycle(E1, {("E1", "x"): 0, ("E1", "y"): 62000}, targets={("E1", "y"): target(60000)})

    assert bonus(company, month).points == mpq(0)


@pytest.mark.parametrize(("limits", "expected"), [({"max": 5}, 5), ({"max": 20}, 6), ({"min": 8}, 8)])
def test_a_bonus_keeps_its_limits(limits: dict[str, int], expected: int) -> None:
    assert bonus(with_bonus(limits), cycle(E1, {("E1", "x"): 62000})).points == mpq(expected)


def test_a_missing_bonus_withholds_the_total() -> None:
    company = one_item(PROPORTIONAL, target=5, extras=[{"indicator": "y", "standard": EXCESS, "target": 1}])
    company = catalog(company.roles.values(), [indicator("x"), indicator("y")])

    card = cards(company, cycle(E1, {("E1", "x"): 5}))["E1"]

    assert (card.total, card.status) == (None, Status.MISSING)
    assert card.coverage == mpq(100)


# Ratings


RATED = {"rule": "rating"}


def rated(*rows: Any, raters: Mapping[str, str] | None = None, standard: Mapping[str, Any] = RATED) -> ItemScore:
    company = one_item(standard, raters=dict(raters or {"manager": "0.7", "peer": "0.3"}))
    return only(company, cycle(E1, ratings={("E1", "x"): rows}))


def test_several_of_one_relation_count_by_their_mean() -> None:
    found = rated(rating(90), rating(80, relation="peer"), rating(60, relation="peer"))

    assert found.points == mpq(84)
    assert found.actual == mpq(84)


def test_a_relation_that_nobody_rated_leaves_the_rest_in_proportion() -> None:
    assert rated(rating(90)).points == mpq(90)
    assert rated(rating(70, relation="peer")).points == mpq(70)


def test_a_relation_without_weight_is_kept_and_does_not_count() -> None:
    found = rated(rating(90), rating(1000, relation="self"))

    assert found.points == mpq(90)
    assert [row.relation for row in found.ratings] == ["manager", "self"]


def test_without_a_rating_that_counts_the_item_is_missing() -> None:
    assert gaps(rated(rating(90, relation="self"))) == [("E1", "x", "", "2026-10", "not_rated")]
    assert gaps(rated()) == [("E1", "x", "", "2026-10", "not_rated")]


def test_a_rating_beyond_the_weight_is_set_aside_with_its_row() -> None:
    found = rated(rating(101, line=4))

    [gap] = found.missing
    assert found.status is Status.SET_ASIDE
    assert gap.set_aside is not None
    assert (gap.set_aside.code, gap.set_aside.raw, gap.set_aside.place.line) == ("rating-beyond-weight", "101", 4)


def test_a_bare_level_with_several_points_is_set_aside() -> None:
    levels = [{"level": "A", "from": "90", "to": "100"}, {"level": "B", "from": "50", "to": "50"}]
    standard = {**RATED, "levels": levels}

    assert rated(rating(level="A"), standard=standard).status is Status.SET_ASIDE
    assert rated(rating(level="B"), standard=standard).points == mpq(50)
    assert rated(rating(95, level="A"), standard=standard).points == mpq(95)


def test_a_rating_row_set_aside_withholds_the_others() -> None:
    month = cycle(E1, ratings={("E1", "x"): (rating(90),)}, set_aside=(aside("E1", "x", "ratings.csv"),))

    found = only(one_item(RATED), month)

    assert found.status is Status.SET_ASIDE


def test_an_item_s_own_raters_come_before_the_company_s() -> None:
    company = one_item(RATED, raters={"manager": "1"})
    [clerk] = company.roles.values()
    own = role("clerk", [item("x", 100, RATED, raters={"peer": "1"})])
    month = cycle(E1, ratings={("E1", "x"): (rating(90), rating(50, relation="peer"))})

    assert only(catalog([clerk], [indicator("x")]), month).points == mpq(90)
    assert only(catalog([own], [indicator("x")]), month).points == mpq(50)
