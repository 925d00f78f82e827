"""The scorecard of a cycle that still runs, as its owner may know it before there is a result: what is asked, whether
its numbers are there, and whom it waits for; no actual and no points.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from kpibook.base.numbers import share_text
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.pages.dates import whole_day
from kpibook.pages.figures import Figures
from kpibook.pages.full_points import goal_text
from kpibook.records.agreements import signed_state
from kpibook.records.follow_up import FollowUp
from kpibook.scoring.results import Card, ItemScore, Results
from kpibook.scoring.sources import Gap


class RunningItem(NamedTuple):
    """An item of the scorecard."""

    name: str
    worth: str
    target: str
    """What gives full points, in short; empty where no number says so."""
    lacks_target: bool
    waits_for: tuple[str, ...]
    """Who owes its numbers; empty where all are there."""


class RunningCard(NamedTuple):
    """Somebody's scorecard of a cycle that still runs."""

    role: str
    items: tuple[RunningItem, ...]
    signed: str
    """When the targets were agreed, and whether they still are the same; empty where nothing was signed."""
    is_outdated: bool
    """Whether something changed after that."""


def running_cards(
    results: Results, catalog: Catalog, say: Words, follow_up: FollowUp | None, people: Collection[str]
) -> Mapping[str, RunningCard]:
    """The scorecards of `people`, whose ids are in small letters; of who has no items there is none."""
    figures = Figures(results, catalog, say)
    figures.follow_up = follow_up
    found = ((card.person.casefold(), card) for card in results.cards)
    return {person: _running(card, figures) for person, card in found if person in people and card.spans[-1].items}


def _running(card: Card, figures: Figures) -> RunningCard:
    """The scorecard of the role that is held last."""
    say, last = figures.say, card.spans[-1]
    signed = signed_state(card, figures.catalog, figures.agreements)
    text = ""
    if signed:
        key = "agreements.signed" if signed.is_current else "agreements.outdated"
        text = say(key, on=whole_day(signed.agreement.on, say))
    items = tuple(_item(score, figures) for score in last.items)
    return RunningCard(last.title, items, text, bool(signed and not signed.is_current))


def _item(score: ItemScore, figures: Figures) -> RunningItem:
    lacks_target = any(each.gap is Gap.NO_TARGET for each in score.missing)
    worth = "" if score.is_on_trial else share_text(score.weight)
    target = "" if lacks_target else goal_text(score, figures.say)
    return RunningItem(score.indicator.name, worth, target, lacks_target, tuple(_owners(score, figures)))


def _owners(score: ItemScore, figures: Figures) -> Iterator[str]:
    """Who owes numbers of an item, each once; who rates stays unnamed."""
    owed = (each for each in score.missing if each.gap is not Gap.NO_TARGET)
    yield from dict.fromkeys(figures.who_owes(each.owner, each.gap) for each in owed)
