"""HR's way from an indicator down to the cards that are scored by it: by post and weight, in one cycle; no figure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import show
from kpibook.pages.cards.units import unit_page
from kpibook.pages.figures import Figures
from kpibook.pages.text import escape, link
from kpibook.scoring.results import Card

FOLDER = "indicators"


class IndicatorUse(NamedTuple):
    """Who is scored alike by an indicator: of one post, by one weight; extras have none."""

    post: str
    weight: str


class IndicatorGroup(NamedTuple):
    """People who are scored alike by an indicator, each with the way to the card."""

    use: str
    people: Markup


class IndicatorCardsView(NamedTuple):
    """An indicator with all cards that it is on."""

    id: str
    title: str
    name: str
    groups: tuple[IndicatorGroup, ...]


class IndicatorsView(NamedTuple):
    """The indicators of a cycle: the way to each, its posts with their weights, and on how many cards it is."""

    title: str
    name: str
    rows: tuple[tuple[Markup, str, int], ...]


Uses = Mapping[str, Mapping[IndicatorUse, Sequence[Card]]]
"""By indicator: the cards that it is on, by how they are scored by it."""


def indicators_view(figures: Figures, uses: Uses) -> IndicatorsView:
    """The list of a cycle's indicators."""
    say, cycle = figures.say, figures.results.cycle
    semicolon = say("changes.semicolon")
    rows = (
        (
            link(figures.key(identifier), f"{identifier}.md"),
            semicolon.join(_use_text(use, len(cards), figures) for use, cards in found.items()),
            len({(card.is_unit, card.person) for cards in found.values() for card in cards}),
        )
        for identifier, found in uses.items()
    )
    title = say("cards.title.indicators", period=cycle.name)
    return IndicatorsView(title, say("cards.indicators_of", name=cycle.name), tuple(rows))


def indicator_cards_views(figures: Figures, uses: Uses) -> Iterator[IndicatorCardsView]:
    """A view for each indicator of a cycle."""
    say, cycle = figures.say, figures.results.cycle
    title, comma = say("cards.title.indicators", period=cycle.name), escape(say("cards.comma"))
    for identifier, found in uses.items():
        groups = (
            IndicatorGroup(
                _use_text(use, len(cards), figures), comma.join(link(card.name, _path(card, figures)) for card in cards)
            )
            for use, cards in found.items()
        )
        name = say("cards.indicator_of", name=figures.key(identifier), cycle=cycle.name)
        yield IndicatorCardsView(identifier, title, name, tuple(groups))


def uses_of(figures: Figures) -> Uses:
    """On which cards each indicator of a cycle is, in the order of the catalog."""
    found: dict[str, dict[IndicatorUse, list[Card]]] = {}
    for card in (*figures.units, *figures.results.cards):
        for span in card.spans:
            post = card.name if card.is_unit else span.title
            for score in (*span.items, *span.extras):
                use = IndicatorUse(post, "" if score.is_extra else show(score.counts))
                cards = found.setdefault(score.indicator.id, {}).setdefault(use, [])
                # Who comes back to a post within the cycle is listed once.
                if not cards or cards[-1] is not card:
                    cards.append(card)
    order = {identifier: at for at, identifier in enumerate(figures.catalog.indicators)}
    return {each: found[each] for each in sorted(found, key=lambda each: order.get(each, len(order)))}


def _use_text(use: IndicatorUse, count: int, figures: Figures) -> str:
    key = "indicator_use" if use.weight else "indicator_extra"
    return figures.say(f"cards.{key}", post=use.post, weight=use.weight, count=count)


def _path(card: Card, figures: Figures) -> str:
    """The way to a card from the page of an indicator."""
    return f"../{unit_page(card)}.md" if card.is_unit else f"../p/{figures.page_ids[card.person]}.md"
