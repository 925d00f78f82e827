"""Rows of ratings that were set aside: one of a relation that counts holds the item, any other decides nothing."""

from dataclasses import replace

import pytest
from gmpy2 import mpq

from kpibook.model import Catalog
from kpibook.scoring import score
from kpibook.scoring.results import Status
from making import aside, catalog, cycle, indicator, item, person, rating, role


def company() -> Catalog:
    raters = {"manager": "1", "self": "0"}
    return catalog([role("clerk", [item("x", 100, {"rule": "rating"})])], [indicator("x")], raters=raters)


@pytest.mark.parametrize(
    ("whose", "status", "total"),
    [
        (("manager/e8",), Status.SET_ASIDE, None),
        (("self/e1",), Status.SCORED, mpq(80)),
        (("customer/c1",), Status.SCORED, mpq(80)),
        (("",), Status.SET_ASIDE, None),
        (("customer/c1", "manager/e8", "self/e1"), Status.SET_ASIDE, None),
    ],
)
def test_only_a_rating_that_may_count_holds_the_item(whose: tuple[str, ...], status: Status, total: mpq | None) -> None:
    rows = tuple(replace(aside("E1", "x", "ratings.csv"), whose=each) for each in whose)

    month = cycle([person("E1")], ratings={("E1", "x"): (rating(80),)}, set_aside=rows)

    [card] = score(company(), month, {}).cards
    assert (card.status, card.total) == (status, total)
