"""Totals that are out of another number than a hundred, and the grades that everybody shares."""

from typing import Any

import pytest

from kpibook.base.words import words
from kpibook.checking.lint import Review, review_catalog
from kpibook.model import Catalog
from linted import TODAY, clerk, sales
from making import catalog, indicator, item

CODES = ("lint-grade-out-of-reach", "lint-total-of-its-own")
EXTRA = {"indicator": "bonus", "target": 1, "max": 15, "standard": {"rule": "excess", "per": 1, "points": 1}}


def company(total: dict[str, Any] | None, weight: int = 80, **values: Any) -> Catalog:
    own = {key: values.pop(key) for key in ("extras", "levels") if key in values}
    made = clerk(sales(weight), **own, **({"total": total} if total else {}))
    return catalog([made], [indicator("sales_1"), indicator("bonus")], **values)


def told(made: Catalog, language: str = "en") -> list[str]:
    found = review_catalog(Review(made), (), TODAY)
    return [problem.message(words(language)) for problem in found if problem.code in CODES]


@pytest.mark.parametrize(
    ("total", "weight", "says"),
    [
        ({"of": 80}, 80, ["Clerk comes to 80 at most, and A begins at 90"]),
        ({"of": 80, "to": 100}, 80, []),
        ({"of": 100}, 100, []),
        (None, 100, []),
        (
            {"of": 115},
            115,
            ["the total of Clerk is out of 115, where others are out of 100: A begins at 90, which is 78.3 % of it"],
        ),
        ({"of": 115, "to": 100}, 115, []),
    ],
)
def test_bounds_of_grades_fit_what_a_total_is_out_of(total: dict[str, Any], weight: int, says: list[str]) -> None:
    assert told(company(total, weight)) == says


def test_what_can_be_added_may_reach_the_grade() -> None:
    assert told(company({"of": 80}, extras=[EXTRA])) == [
        "the total of Clerk is out of 80, where others are out of 100: A begins at 90, which is 112.5 % of it"
    ]
    assert told(company(None, 100, grades=(("S", 110), ("A", 0)), extras=[EXTRA])) == []
    assert told(company(None, 100, grades=(("S", 120), ("A", 0)), extras=[EXTRA])) == [
        "Clerk comes to 115 at most, and S begins at 120"
    ]


def test_a_company_whose_totals_are_all_out_of_eighty_has_bounds_to_fit() -> None:
    made = catalog([clerk(sales(80))], [indicator("sales_1")], total={"of": 80}, grades=(("A", 72), ("B", 0)))

    assert told(made) == []


def test_the_best_of_the_job_levels_decides() -> None:
    levels = [{"id": "P1", "items": [{"indicator": "sales_1", "weight": 80}]}, {"id": "P2"}]
    reached = company(None, 100, levels=levels)
    short = company({"of": 80}, 80, levels=[{"id": "P1"}, {"id": "P2"}])

    assert told(reached) == []
    assert told(short) == ["Clerk comes to 80 at most, and A begins at 90"]


def test_it_is_told_in_chinese_too() -> None:
    assert told(company({"of": 80}), "zh") == ["Clerk最高只有 80 分，而 A 从 90 分起"]
    assert told(company({"of": 115}, 115), "zh") == ["Clerk满分 115 分，别的满分 100 分：A 从 90 分起，只是它的 78.3%"]


def test_a_scorecard_that_computes_nothing_reaches_no_grade_and_is_not_judged() -> None:
    made = catalog([clerk(item("sales_1", None, {"rule": "rating"}))], [indicator("sales_1")])

    assert told(made) == []
