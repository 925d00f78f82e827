"""What the key of a card's page goes by beside the card itself."""

from attack import a_scale
from crowds import crowd, figures
from kpibook.pages.cards.keys import CardKeys
from kpibook.pages.cards.view import card_view
from kpibook.scoring.ranks import rank


def test_a_rank_that_others_silence_makes_another_page() -> None:
    catalog = a_scale()
    keys, told = list[str](), list[bool]()
    for other in ("80", "96", "81"):
        cards = list(rank(crowd(catalog, "97", other), catalog.company.rank))
        found = figures(cards, catalog)
        told.append(found.tells_rank(cards[0]))
        made = CardKeys(found, (), "")
        keys.append(made.of(cards[0], made.alone(cards[0]), None))

    assert told == [True, False, True]
    assert keys[0] == keys[2] != keys[1]


def test_the_derivation_tells_a_rank_where_it_stands_beside_the_total() -> None:
    catalog = a_scale()
    lines = list[bool]()
    for others in (("80",), ("96",), ()):
        cards = rank(crowd(catalog, "97", *others), catalog.company.rank)
        [total] = (card_view(card, figures(cards, catalog), None).total for card in cards[:1])
        lines.append(any("rank" in line for line in total))

    assert lines == [True, False, False]
