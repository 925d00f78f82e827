"""Who rated, and what few of a relation gave, is told nowhere but on HR's page; nor can it be worked out."""

import itertools
from collections.abc import Mapping, Sequence

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.model import Catalog, RatingRow, Relation
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, told_ratings
from kpibook.scoring.results import Card
from making import catalog, cycle, indicator, item, person, place, role

EN = words("en")
NUMBERS = itertools.count(2)


def row(relation: str, points: int, rater: str = "", comment: str = "") -> RatingRow:
    line = next(NUMBERS)
    return RatingRow(
        Relation(relation), rater or f"R{line}", place(line, "ratings.csv"), str(points), mpq(points), "", comment
    )


def a_company(raters: Mapping[str, object]) -> Catalog:
    return catalog(
        [role("clerk", [item("care", 20, {"rule": "rating"})])],
        [indicator("care", name="Care")],
        raters=raters,
    )


def a_card(whole: Catalog, rows: Sequence[RatingRow]) -> Card:
    return score(whole, cycle([person("E1")], ratings={("E1", "care"): tuple(rows)}), {}).cards[0]


MIXED = {"manager": "0.7", "peer": "0.3"}
MANAGER = row("manager", 12, "M1", "steady")
PEERS = [
    row("peer", points, rater, word) for points, rater, word in ((9, "P1", "zeal"), (18, "P2", "calm"), (3, "P3", ""))
]


def test_of_three_peers_stands_their_mean_and_none_of_their_names() -> None:
    whole = a_company(MIXED)
    card = a_card(whole, [MANAGER, *PEERS])

    told = told_ratings(card.spans[0].items[0], whole)

    assert told.named == (MANAGER,)
    assert [(each.relation, each.raters, each.mean) for each in told.means] == [(Relation.PEER, 3, mpq(10))]
    assert not told.is_veiled
    text = explain_card(card, whole, EN)
    assert "(manager 12 × 0.7 + peers 10 × 0.3) ÷ 1 = 11.4 points" in text
    assert not [name for name in ("P1", "P2", "P3") if name in text]


@pytest.mark.parametrize("count", [1, 2])
def test_of_fewer_than_three_nothing_stands_nor_what_would_give_it_by_subtraction(count: int) -> None:
    whole = a_company(MIXED)
    card = a_card(whole, [MANAGER, *PEERS[:count]])

    text = explain_card(card, whole, EN)

    assert "fewer than 3 of the peers rated: no side" in text
    for secret in ("P1", "P2", "zeal", "calm", "manager 12", "“12”", "× 0.7 +"):
        assert secret not in text
    assert "steady" in text


def test_a_relation_that_only_is_shown_veils_no_other() -> None:
    whole = a_company({"manager": 1, "customer": 0})
    card = a_card(whole, [MANAGER, row("customer", 4, "C7", "slow")])

    told = told_ratings(card.spans[0].items[0], whole)

    assert (told.named, told.withheld, told.is_veiled) == ((MANAGER,), (Relation.CUSTOMER,), False)
    assert told.comments == (MANAGER,)


def test_too_few_of_a_relation_do_not_count() -> None:
    whole = a_company({"manager": "0.7", "peer": {"weight": "0.3", "at_least": 3}})

    two, three = a_card(whole, [MANAGER, *PEERS[:2]]), a_card(whole, [MANAGER, *PEERS])

    assert [each.spans[0].items[0].points for each in (two, three)] == [12, mpq("11.4")]
    assert "fewer than 3 of the peers rated, which does not count" in explain_card(two, whole, EN)
    assert told_ratings(two.spans[0].items[0], whole).named == (MANAGER,)


def test_where_too_few_rated_and_nobody_else_did_the_item_waits() -> None:
    whole = a_company({"peer": {"weight": 1, "at_least": 3}})

    [item_score] = a_card(whole, PEERS[:2]).spans[0].items

    assert item_score.points is None


def test_the_comments_of_peers_do_not_stand_in_the_order_of_the_file() -> None:
    whole = a_company(MIXED)

    for rows in itertools.permutations(PEERS):
        told = told_ratings(a_card(whole, [MANAGER, *rows]).spans[0].items[0], whole)
        assert [each.comment for each in told.comments] == ["steady", "", "calm", "zeal"]


def test_a_company_may_name_its_peers() -> None:
    whole = a_company({"manager": "0.7", "peer": {"weight": "0.3", "named": True}})

    text = explain_card(a_card(whole, [MANAGER, PEERS[0]]), whole, EN)

    assert "P1" in text
    assert "zeal" in text
