"""The pages of the cards: one per person, department, cycle and scorecard of a department; set one at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Protocol

from jinja2 import Environment
from markupsafe import Markup

from kpibook.base.words import Words
from kpibook.exchange.status import CycleState
from kpibook.model import Catalog, Cycle
from kpibook.pages.cards.agreement import agreement_view
from kpibook.pages.cards.units import unit_page
from kpibook.pages.cards.view import card_view
from kpibook.pages.cycles.cycle import cycle_view, index_view
from kpibook.pages.cycles.departments import department_views
from kpibook.pages.cycles.indicators import FOLDER as INDICATORS
from kpibook.pages.cycles.indicators import indicator_cards_views, indicators_view, uses_of
from kpibook.pages.cycles.records import NAME as RECORDS
from kpibook.pages.cycles.records import records_view
from kpibook.pages.cycles.status import status_view
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import Lookback, PastCycle, cycles_before
from kpibook.pages.text import environment, escape, escaped, front_matter, heading
from kpibook.pages.years.view import FOLDER as YEARS
from kpibook.pages.years.view import CardLinks, year_view
from kpibook.scoring.results import Card, Results
from kpibook.scoring.years import PersonYear

NamedPage = tuple[str, str]

NOTHING = Lookback()
MANY = 40
"""Of a role that so many people hold, most processes meet somebody."""


class PageView(Protocol):
    """What a page is set from."""

    @property
    def title(self) -> str:
        """The page's title, which names nobody."""


def card_pages(
    results: Results, catalog: Catalog, say: Words, earlier: Lookback = NOTHING, *, key: bytes = b""
) -> Iterator[NamedPage]:
    """The pages of one cycle as (path under build/cards, Markdown), made one at a time.

    `key` makes the names of people's pages unguessable.
    """
    figures = figures_of(results, catalog, say, earlier, key)
    yield from other_pages(figures, earlier)
    yield from people_pages(figures, earlier, results.cards)


def figures_of(results: Results, catalog: Catalog, say: Words, earlier: Lookback, key: bytes) -> Figures:
    """What all pages of a cycle show figures by."""
    figures = Figures(results, catalog, say, key)
    figures.sealed, figures.follow_up = earlier.sealed, earlier.follow_up
    return figures


def other_pages(figures: Figures, earlier: Lookback) -> Iterator[NamedPage]:
    """The pages of a cycle that are not of one person, but for its state."""
    for pages in (cycle_pages, indicator_pages, department_pages):
        yield from pages(figures, earlier)


def cycle_pages(figures: Figures, earlier: Lookback) -> Iterator[NamedPage]:
    """The page of a cycle, HR's of its records, and those of the scorecards of departments and of the company."""
    period, past = figures.results.cycle.period, cycles_before(earlier.history, figures.results.cycle.period)
    yield f"{period}/index.md", _Setter("cycle", figures.say).page(cycle_view(figures, past))
    setter = _Setter("records", figures.say, below=figures.results.cycle.name)
    yield f"{period}/{RECORDS}.md", setter.page(records_view(figures))
    for card, text in _set_cards(figures.units, figures, earlier.previous, past):
        yield f"{period}/{unit_page(card)}.md", text


def people_pages(figures: Figures, earlier: Lookback, cards: Iterable[Card]) -> Iterator[NamedPage]:
    """The pages of some people of a cycle."""
    past = cycles_before(earlier.history, figures.results.cycle.period)
    for card, text in _set_cards(cards, figures, earlier.previous, past):
        yield page_of(card, figures), text


def look_up(figures: Figures) -> None:
    """Work out what the pages of people ask for before processes are made that set them: none does it for itself.

    That is what cards ask of each other, their template, and the words of the rules that many of them tell.
    """
    figures.look_up()
    _Setter("card", figures.say)
    held = Counter(card.role.id for card in figures.results.cards)
    # The last one of each role stands for all of them: most go by the targets of the role.
    for card in {card.role.id: card for card in figures.results.cards if held[card.role.id] >= MANY}.values():
        for score in card.spans[-1].items:
            figures.rules.of(score)


def page_of(card: Card, figures: Figures) -> str:
    """The path of a person's page below `build/cards`."""
    return f"{figures.results.cycle.period}/p/{figures.page_ids[card.person]}.md"


def card_sheets(figures: Figures, earlier: Lookback, cards: Iterable[Card]) -> Iterator[tuple[str, str, Card]]:
    """Some cards of a cycle, to be printed: the page's name without its ending, its Markdown, the card."""
    past = cycles_before(earlier.history, figures.results.cycle.period)
    for card, text in _set_cards(cards, figures, earlier.previous, past):
        yield f"unit-{card.person}" if card.is_unit else figures.page_ids[card.person], text, card


def agreement_sheet(card: Card, figures: Figures) -> NamedPage:
    """An agreement to be printed: its file's name without the ending, and its Markdown."""
    text = _Setter("agreement", figures.say).page(agreement_view(card, figures))
    return f"agreement-{figures.page_ids[card.person]}", text


def index_page(cycles: Sequence[Cycle], say: Words, years: Sequence[int] = ()) -> NamedPage:
    """The first page of the card site: all cycles, newest first, and the years that have a page."""
    return "index.md", _Setter("index", say).page(index_view(cycles, say, years))


def year_page(year: int, people: Sequence[PersonYear], catalog: Catalog, say: Words, cards: CardLinks) -> NamedPage:
    """HR's page of a year."""
    return f"{YEARS}/{year}.md", _Setter("year", say).page(year_view(year, people, catalog, say, cards))


def no_analysis_page(say: Words) -> NamedPage:
    """What stands in the place of the analysis until it is made of the numbers as they are."""
    title = say("analysis.title.index")
    text = (front_matter(title=title), heading(1, title, "analysis"), "", escape(say("analysis.index.none")), "")
    return "analysis/index.md", "\n".join(text)


def status_page(state: CycleState, say: Words) -> NamedPage:
    """The page that says what of a cycle's numbers is there and what is missing."""
    return status_path(state.cycle), _Setter("status", say, below=state.cycle.name).page(status_view(state, say))


def status_path(cycle: Cycle) -> str:
    """The path of the page of a cycle's state below `build/cards`."""
    return f"{cycle.period}/status.md"


def indicator_pages(figures: Figures, _: Lookback) -> Iterator[NamedPage]:
    """The pages of indicators, and the list of them."""
    uses, folder = uses_of(figures), f"{figures.results.cycle.period}/{INDICATORS}"
    below = figures.results.cycle.name
    yield f"{folder}/index.md", _Setter("indicators", figures.say, below=below).page(indicators_view(figures, uses))
    setter = _Setter("indicator_cards", figures.say, below=below)
    for view in indicator_cards_views(figures, uses):
        yield f"{folder}/{view.id}.md", setter.page(view)


def department_pages(figures: Figures, earlier: Lookback) -> Iterator[NamedPage]:
    """The pages of departments."""
    setter = _Setter("department", figures.say, below=figures.results.cycle.name)
    period = figures.results.cycle.period
    for view in department_views(figures, cycles_before(earlier.history, period)):
        yield f"{period}/departments/{view.id}.md", setter.page(view)


def _set_cards(
    cards: Iterable[Card], figures: Figures, previous: Results | None, past: Sequence[PastCycle]
) -> Iterator[tuple[Card, str]]:
    setter = _Setter("card", figures.say, figures.told_in, figures.results.cycle.name)
    compared = cards_before(figures.results, previous)
    for card in cards:
        yield card, setter.page(card_view(card, figures, compared.get(holder(card)), past))


def cards_before(results: Results, previous: Results | None) -> Mapping[tuple[bool, str], Card]:
    """The cards of the cycle before that these are compared with, by whose they are; see `holder`."""
    if previous is None or previous.cycle.kind is not results.cycle.kind:
        return {}
    return {holder(card): card for card in (*previous.cards, *previous.units)}


def holder(card: Card) -> tuple[bool, str]:
    """Whose card it is; a person may have the id of a department."""
    return card.is_unit, card.person.casefold()


class _Setter:
    """Sets views with one template; the fixed words are looked up and escaped once and not once a page.

    `below` names the cycle that the pages are of.
    """

    def __init__(self, name: str, say: Words, told_in: str = "", below: str = "") -> None:
        self._told_in, self._below = told_in, below
        self._template = _environment(say, has_macros=name != "card").get_template(f"pages/cards/{name}.md.j2")
        self._words, self._headings = _labels(say), _headings(say)

    def page(self, view: PageView) -> str:
        """The Markdown of one page."""
        front = _front_matter(view.title, self._told_in, self._below)
        return self._template.render(view=view, front=front, w=self._words, h=self._headings)


@cache
def _environment(say: Words, *, has_macros: bool) -> Environment:
    """The common environment, or a faster one that escapes as strictly and remembers what it escaped.

    Without macros no text passes the escaping twice, so `finalize` alone does it, at a third of the cost.
    """
    common = environment(say)
    return common if has_macros else common.overlay(autoescape=False, finalize=escaped)


@cache
def _labels(say: Words) -> Mapping[str, str]:
    return {key: escape(text) for key, text in _under(say, "cards.label.")}


@cache
def _headings(say: Words) -> Mapping[str, str]:
    return {anchor: heading(2, text, anchor) for anchor, text in _under(say, "cards.heading.")}


@cache
def _front_matter(title: str, told_in: str, below: str) -> Markup:
    """The same for all cards of a cycle: titles name nobody."""
    further = {key: text for key, text in (("lang", told_in), ("below", below)) if text}
    return front_matter(title=title, **further)


def _under(say: Words, prefix: str) -> Iterator[tuple[str, str]]:
    """The words whose key begins with `prefix`, by the rest of the key."""
    keys = say.keys()
    return ((key.removeprefix(prefix), say(key)) for key in keys if key.startswith(prefix))
