"""How far the numbers of a cycle have come, and what decides that: where all of it is as it was, nobody counts again.

Counting asks who owes what, for which everybody is scored once more without numbers. What that takes is known by the
files themselves; of the supplied numbers, which change most, it takes which of them there are and not how large.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpibook.base.fingerprints import Fingerprints, of_plain
from kpibook.content.loading import Content
from kpibook.model import COMPANY, Catalog, Cycle
from kpibook.reading.cycle.folder import ACTUALS
from kpibook.scoring.progress import ProgressReader
from kpibook.scoring.results import Card, Results, Status

if TYPE_CHECKING:
    from kpibook.exchange.status import CycleState


def cycle_state(content: Content, results: Results) -> "CycleState":
    """How far the numbers of a scored cycle have come."""
    # It brings the writer of workbooks along, for which a check or a score need not wait.
    from kpibook.exchange.status import state_of

    period = results.cycle.period
    return state_of(results, content.catalog_of(period), content.history_of(period), content.carried_of(period))


def state_key(content: Content, results: Results) -> str:
    """What decides the state of a cycle that was not published, in the words of its company; empty if unknown."""
    if content.sums is None:
        return ""
    cycle, catalog = results.cycle, content.catalog_of(results.cycle.period)
    supplied = f"{cycle.period}/{ACTUALS}/"
    files = [each for each in content.sums.scorecards.items() if not each[0].startswith(supplied)]
    wholes = {COMPANY, *catalog.departments}
    cards = (*results.units, *results.cards)
    supplied_for = list(cycle.actuals)
    made = Fingerprints().of(
        list(content.sums.handbook.items()),
        files,
        str(cycle.period),
        of_plain(supplied_for),
        [cycle.actuals[each] for each in supplied_for if each[0] in wholes],
        cycle.set_aside,
        list(map(_waits_for, cards)),
        list(_progress(cards, catalog, cycle)),
    )
    return made.hex()


def _waits_for(card: Card) -> list[object]:
    """What the state takes from a card."""
    scores = [score for part in card.spans for score in (*part.items, *part.extras)]
    waiting = [
        (at, score.missing, score.counts, score.status)
        for at, score in enumerate(scores)
        if score.missing or score.status is Status.NOT_APPLICABLE
    ]
    of_pay = [pay.missing for pay in card.pay if pay.missing]
    return [card.person, card.is_unit, card.status, card.coverage, card.missing, waiting, of_pay]


def _progress(cards: tuple[Card, ...], catalog: Catalog, cycle: Cycle) -> Iterator[object]:
    """How far numbers are that come week by week, which goes by how large they are."""
    if cycle.weekly:
        reader = ProgressReader(catalog, cycle)
        for card in cards:
            yield [reader.of(span, score) for span in card.spans for score in span.items]
