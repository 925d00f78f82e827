"""Examples of rules: computed by the rules themselves, and shown in words."""

from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.checking.checks import check_catalog
from kpibook.checking.checks.examples import equals_rounded
from kpibook.model import Catalog
from kpibook.scoring.explain import example_texts
from making import catalog, indicator, item, measure, role

SEVERAL = {"manager": "0.5", "peer": "0.3", "self": "0.2"}


def with_example(standard: Mapping[str, Any], example: Mapping[str, Any], **values: Any) -> Catalog:
    given = {"weight": 15, "target": 35, **values}
    one = item("conversion", given.pop("weight"), {**standard, "examples": [example]}, **given)
    rest = item("rest", 85, {"rule": "rating"})
    ratio = indicator("conversion", unit="%", formula="orders / visitors * 100")
    counted = [measure(name) for name in ("orders", "visitors", "late")]
    return catalog([role("clerk", [one, rest])], [ratio, indicator("rest")], counted)


def told(made: Catalog) -> list[str]:
    return [problem.code for problem in check_catalog(made) if problem.code.startswith(("example-", "rating-"))]


@pytest.mark.parametrize(
    ("standard", "example"),
    [
        ({"rule": "proportional"}, {"actual": 28, "points": 12}),
        ({"rule": "proportional"}, {"actual": 40, "points": 15}),
        ({"rule": "proportional"}, {"values": {"orders": 700, "visitors": 2500}, "points": 12}),
        ({"rule": "proportional", "by": "difference"}, {"actual": 28, "points": "13.95"}),
        ({"rule": "proportional"}, {"actual": "33.3", "target": 50, "points": "9.99"}),
        ({"rule": "proportional"}, {"actual": 2, "target": 3, "points": 10}),
        ({"rule": "all_or_nothing", "otherwise": 1}, {"actual": 34, "points": 1}),
        (
            {"rule": "all_or_nothing", "require": [{"measure": "orders", "at_least": 3}]},
            {"values": {"orders": 2}, "points": 0},
        ),
        ({"rule": "deduction", "deduct": [{"measure": "late", "points": 2}]}, {"values": {"late": 9}, "points": 0}),
        ({"rule": "shortfall", "per": 5, "points": 3}, {"actual": 27, "points": 12}),
        ({"rule": "formula", "points": "actual * orders / company.orders"}, {}),
        ({"rule": "rating"}, {"value": "7.5", "points": "7.5"}),
        ({"rule": "rating", "levels": [{"level": "A", "from": 15, "to": 15}]}, {"level": "A", "points": 15}),
    ],
)
def test_an_example_that_the_rule_bears_out_is_no_problem(
    standard: Mapping[str, Any], example: Mapping[str, Any]
) -> None:
    share = {"actual": 10, "values": {"orders": 30, "company.orders": 40}, "points": "7.5"}

    made = with_example(standard, example or share)

    assert told(made) == []


@pytest.mark.parametrize("points", ["11.9", "12.01", "-12", "0"])
def test_an_example_that_the_rule_does_not_bear_out_is_told(points: str) -> None:
    made = with_example({"rule": "proportional"}, {"actual": 28, "points": points})

    [problem] = [problem for problem in check_catalog(made) if problem.code == "example-wrong"]

    assert dict(problem.values) == {"expected": points, "computed": "12"}


def test_ratings_of_several_count_by_the_weights_of_those_who_rated() -> None:
    standard = {"rule": "rating"}
    votes = {"manager": 10, "peer": 6, "customer": 0}

    made = with_example(standard, {"votes": votes, "points": "8.5"}, raters=SEVERAL)

    assert told(made) == []


def test_an_example_of_a_rating_that_cannot_be_given_says_why() -> None:
    made = with_example({"rule": "rating"}, {"value": 16, "points": 15})

    assert told(made) == ["rating-beyond-weight"]


def test_votes_without_any_that_count_lack_a_value() -> None:
    made = with_example({"rule": "rating"}, {"votes": {"customer": 3}, "points": 3}, raters=SEVERAL)

    assert told(made) == ["example-incomplete"]


def test_a_rule_that_needs_a_target_from_targets_csv_needs_one_in_its_example() -> None:
    made = with_example({"rule": "proportional"}, {"actual": 28, "points": 12}, target=None)

    assert told(made) == ["example-incomplete"]


EXEMPT = {"when": "late == 0", "then": "full"}


@pytest.mark.parametrize(
    ("exempt", "example", "codes"),
    [
        (EXEMPT, {"values": {"late": 0}, "points": 15}, []),
        (EXEMPT, {"values": {"late": 0}, "points": 14}, ["example-wrong"]),
        (EXEMPT, {"values": {"late": 1}, "actual": 28, "points": 12}, []),
        (EXEMPT, {"values": {"late": 1}, "points": 12}, ["example-incomplete"]),
        (EXEMPT, {"actual": 28, "points": 12}, []),
        ({**EXEMPT, "then": "leave_out"}, {"values": {"late": 0}, "points": 0}, ["example-undecided"]),
        ({"when": "1 / late > 1"}, {"values": {"late": 0}, "points": 0}, ["example-undecided"]),
    ],
)
def test_an_example_may_show_when_an_item_does_not_apply(
    exempt: Mapping[str, Any], example: Mapping[str, Any], codes: list[str]
) -> None:
    made = with_example({"rule": "proportional"}, example, exempt=exempt)

    assert told(made) == codes


def test_an_item_that_is_described_only_proves_nothing() -> None:
    made = with_example({"rule": "proportional"}, {"actual": 28, "points": 99}, weight=None)

    assert told(made) == []


@pytest.mark.parametrize(("actual", "points"), [("62000", 6), ("90000", 20), ("50000", 0)])
def test_an_example_of_an_extra_keeps_within_its_limits(actual: str, points: int) -> None:
    standard = {"rule": "excess", "per": 5000, "points": 3, "examples": [{"actual": actual, "points": points}]}
    extra = {"indicator": "sales", "target": 50000, "standard": standard, "max": 20}
    made = catalog([role("clerk", [], extras=[extra])], [indicator("sales")])

    assert told(made) == []


@pytest.mark.parametrize(
    ("value", "expected", "places", "result"),
    [
        (mpq(20, 3), "6.7", 1, True),
        (mpq(20, 3), "6.67", 1, True),
        (mpq(20, 3), "6.66", 1, False),
        (mpq(124, 10), "12", 1, False),
        (mpq(124, 10), "12", 0, True),
        (mpq(25, 4), "6.3", 1, True),
    ],
)
def test_points_are_compared_at_the_decimals_written_or_published(
    value: mpq, expected: str, places: int, *, result: bool
) -> None:
    assert equals_rounded(value, mpq(expected), places) is result


def test_examples_are_told_in_the_words_of_the_catalog() -> None:
    example = {"values": {"orders": 700, "visitors": 2500}, "target": 30, "points": 14, "note": "promotion"}
    made = with_example({"rule": "proportional"}, example)
    [first, _] = made.roles["clerk"].items

    assert example_texts(first, made, words("en")) == ("target 30%, orders 700, visitors 2,500: 14 points (promotion)",)
    assert example_texts(first, made, words("zh")) == ("目标值 30%，orders 700，visitors 2,500，得 14 分（promotion）",)


def test_examples_of_ratings_are_told_by_who_gave_what() -> None:
    votes = {"manager": 10, "boss": 6}
    made = with_example({"rule": "rating"}, {"level": "A", "value": 5, "votes": votes, "points": 10})
    [first, _] = made.roles["clerk"].items

    assert example_texts(first, made, words("zh")) == ("评为“A”，评 5 分，上级 10 分，boss 6 分，得 10 分",)
