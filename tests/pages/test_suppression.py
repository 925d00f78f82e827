"""What pages of cycles and departments tell of groups of fewer than five people: nothing, not even by subtraction."""

import dataclasses
import re
from collections.abc import Mapping, Sequence

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from cards_made import SAY, a_catalog, results, section
from crowds import SEPTEMBER, crowd, figures, moved, perspectives
from kpibook.pages.cycles.movers import movers
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.groups import mean, shown_means
from kpibook.pages.lookback import Lookback, past_cycle_of
from kpibook.pages.suppression import (
    LEAST,
    RankedCard,
    concealed,
    gives_others_away,
    graded,
    published_people,
    small_departments,
)
from kpibook.scoring.results import Card

CATALOG = perspectives(a_catalog(rank={"within": "company"}))


def company(sizes: Mapping[str, Sequence[str | None]]) -> list[Card]:
    """Departments with the totals of their people, who are called by department and number."""
    cards = []
    for department, totals in sizes.items():
        for number, card in enumerate(crowd(CATALOG, *totals)):
            own = dataclasses.replace(card, person=f"{department}{number}", name=f"{department}-{number}")
            cards.append(moved(own, department))
    return cards


def ranked(cards: Sequence[Card]) -> list[Card]:
    order = sorted((card for card in cards if card.total is not None), key=lambda card: -(card.total or mpq(0)))
    ranks = {card.person: rank for rank, card in enumerate(order, 1)}
    return [
        dataclasses.replace(card, rank=ranks.get(card.person), ranked=len(order) if card.person in ranks else 0)
        for card in cards
    ]


def lists(cards: Sequence[Card], earlier: Sequence[Card] = ()) -> dict[str, str]:
    """The pages of the cycle and of its departments, without the cards."""
    history = [past_cycle_of(results(*earlier, period=SEPTEMBER))] if earlier else []
    made = card_pages(results(*cards), CATALOG, SAY, Lookback(history=history), key=b"secret")
    return {path: page for path, page in made if "/p/" not in path}


def row(page: str, anchor: str, name: str) -> list[str]:
    [found] = [line for line in section(page, anchor) if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_a_figure_has_five_people_behind_it() -> None:
    found = published_people(company({"shop": ["80"] * 5, "support": ["80"] * 4 + [None]}))

    assert {identifier: len(group) for identifier, group in found.departments.items()} == {"shop": 5}
    assert len(found.whole) == 9
    assert published_people(company({"shop": ["80"] * 4})) == ({}, ())


def test_small_departments_that_are_fewer_than_five_together_are_left_out_of_the_whole() -> None:
    large = {"shop": ["80"] * 6}

    assert len(published_people(company({**large, "a": ["10"] * 4})).whole) == 6
    assert len(published_people(company({**large, "a": ["10"] * 3, "b": ["10"]})).whole) == 6
    assert len(published_people(company({**large, "a": ["10", "60", "60"], "b": ["10", "60"]})).whole) == 11
    assert len(published_people(company({**large, "a": ["10"] * 3, "b": ["10", None]})).whole) == 6
    assert published_people(company({"a": ["10", "60", "60"], "b": ["10", "60"]})).whole != ()


@pytest.mark.parametrize(
    ("totals", "is_told"),
    [
        (("10", "60", "60", "10", "60"), True),
        # All alike, all but one, and all but two as far as each of those two can see.
        (("60",) * 5, False),
        (("10", "60", "60", "60", "60"), False),
        (("10", "12", "60", "60", "60"), True),
        (("91", "100", "95", "99", "92"), False),
        (("0",) * 5, False),
    ],
)
def test_those_who_are_told_together_alone_differ_so_that_nobody_s_total_is_known(
    totals: tuple[str, ...], *, is_told: bool
) -> None:
    cards = company({"shop": ["80"] * 6, "a": totals[:3], "b": totals[3:]})

    assert len(published_people(cards).whole) == (11 if is_told else 6)


def test_departments_are_small_by_their_people_and_not_by_their_grades() -> None:
    cards = company({"shop": ["80", None, None, None, None], "support": ["80"] * 4})

    assert small_departments(cards) == {"support"}


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ({"a": "12345", "b": "1234567"}, set()),
        ({"a": "1234", "b": "1234567", "c": "123456"}, {"a", "c"}),
        ({"a": "1234", "b": "5", "c": "123456"}, {"a", "b"}),
        ({"a": "1", "b": "1", "c": "123456"}, {"a", "b", "c"}),
        ({"a": "1", "b": "12345", "c": "123456"}, {"a", "b"}),
        ({"a": "", "b": "12345"}, set()),
        ({"a": "1234"}, {"a"}),
    ],
)
def test_what_is_concealed_of_a_whole_has_five_people_behind_it(parts: dict[str, str], hidden: set[str]) -> None:
    assert concealed({part: frozenset(people) for part, people in parts.items()}) == hidden


@pytest.mark.parametrize(
    ("seen", "ranked", "is_known"),
    [
        ("", 3, False),
        ("1:90", 1, False),
        ("1:97", 2, False),
        ("2:96", 2, True),
        ("2:90", 2, True),
        ("2:89", 2, False),
        ("5:91", 5, True),
        ("4:91", 5, False),
        # The first and the third of three, and of four, where the last may be anything.
        ("1:90 3:82", 3, True),
        ("1:90 3:80", 3, False),
        ("1:90 3:82", 4, False),
        ("1:90 2:88 6:85 7:80", 7, True),
        ("1:90 2:88 6:70 7:60", 7, False),
        # Two share the first place: the third place is empty, or a hidden one shares it, too.
        ("1:90 1:90 3:85", 3, False),
        ("1:90 3:85", 3, True),
        ("1:90 1:90 4:85", 4, True),
        ("1:0", 3, True),
    ],
)
def test_ranks_on_cards_give_others_away_where_all_their_places_lie_within_a_tenth(
    seen: str, ranked: int, *, is_known: bool
) -> None:
    pairs = (each.split(":") for each in seen.split())
    cards = [RankedCard(int(rank), mpq(total)) for rank, total in pairs]

    assert gives_others_away(cards, ranked) is is_known


TOTALS = st.lists(st.one_of(st.none(), st.integers(40, 100).map(str)), min_size=1, max_size=8)


@given(st.dictionaries(st.sampled_from(["shop", "support", "a", "b", "c"]), TOTALS, min_size=1))
@settings(deadline=None, max_examples=200)
def test_nothing_that_is_told_leaves_fewer_than_five_people_over(sizes: dict[str, list[str | None]]) -> None:
    cards = company(sizes)
    small, found, means = small_departments(cards), published_people(cards), shown_means(cards)

    named = {card.person for card in cards if card.department not in small}
    in_whole = {card.person for card in found.whole}

    assert len(in_whole - named) not in range(1, LEAST)
    assert len(in_whole) not in range(1, LEAST)
    assert not small & set(found.departments)
    for identifier, average in means.items():
        group = found.departments[identifier] if identifier else found.whole
        assert (len(group) >= LEAST, average) == (True, mean(graded(group)))


def test_where_people_of_small_departments_share_a_ranking_lists_tell_no_rank_of_it() -> None:
    cards = ranked(company({"shop": ["90", "80", "70", "60", "50"], "support": ["85.5", "65.5"]}))

    page = lists(cards)["2026-10/index.md"]

    assert not [line for line in section(page, "ranking") if "support-" in line]
    assert row(page, "ranking", "shop-0")[3:6] == ["90.0", "A · Good", "—"]
    assert any("stand on each one's own card alone" in line for line in section(page, "ranking"))


def test_ranks_are_told_where_everybody_who_shares_them_is_listed() -> None:
    page = lists(ranked(company({"shop": ["90", "80", "70", "60", "50"]})))["2026-10/index.md"]

    assert row(page, "ranking", "shop-0")[3:6] == ["90.0", "A · Good", "1 / 5"]
    assert not any("own card alone" in line for line in section(page, "ranking"))


def test_a_company_of_small_departments_says_that_its_ranks_are_kept() -> None:
    page = lists(ranked(company({"a": ["90", "80", "70"], "b": ["60", "50"]})))["2026-10/index.md"]

    assert any("stand on each one's own card alone" in line for line in section(page, "ranking"))
    assert not any("Nobody is ranked" in line for line in section(page, "ranking"))


def test_no_page_tells_a_result_of_a_small_department() -> None:
    large, small = ["90", "80", "70", "60", "50"], ["85.5", "65.5"]
    before, now = company({"shop": ["70"] * 5, "support": ["41.5"] * 2}), company({"shop": large, "support": small})

    made = lists(ranked(now), before)

    for path, page in made.items():
        assert not re.search(r"85\.5|65\.5|41\.5|75\.5|\+44|\+24", page), path
        assert "support-0" not in "".join(line for line in page.splitlines() if "card-heat" in line)
    others = "Other departments (with a total / people): Support 2 / 2"
    assert others in section(made["2026-10/index.md"], "departments")
    assert row(made["2026-10/index.md"], "departments", "Whole company")[1:] == ["7 / 7", "70.0", "±0", "A 2 B 3"]
    assert any("leave them out" in line for line in section(made["2026-10/index.md"], "departments"))


def test_small_departments_that_are_five_people_together_count_in_the_whole() -> None:
    cards = company({"shop": ["90"] * 5, "support": ["60"] * 3, "office": ["50"] * 2})

    page = lists(cards)["2026-10/index.md"]

    assert row(page, "departments", "Whole company")[2] == "73.0"
    assert not any("leave them out" in line for line in section(page, "departments"))


def test_somebody_who_left_a_small_department_is_no_mover() -> None:
    before = past_cycle_of(results(*company({"shop": ["70"] * 5, "support": ["41.5"]}), period=SEPTEMBER))
    cards = company({"shop": ["80"] * 7})
    cards[5] = dataclasses.replace(cards[5], person="SUPPORT0")

    found = movers(cards, [before], figures(cards, CATALOG), "p")

    assert before.withheld == {"support0"}
    assert [move.before for move in found.up] == ["70.0"] * 5


def test_the_page_of_a_small_department_lists_people_without_results() -> None:
    page = lists(ranked(company({"shop": ["80"] * 6, "support": ["85.5"]})))["2026-10/departments/support.md"]

    assert section(page, "people")[:3] == [
        "| Name | ID | Role |",
        "| :-- | :-- | :-- |",
        "| support-0 | support0 | Seller |",
    ]
    assert "- **Status** scored" in page
    assert not [anchor for anchor in ("grades", "heat", "movers") if f"{{#{anchor}}}" in page]
