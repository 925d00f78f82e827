"""Take today's handbook over into an open cycle, and say first what that changes for whom."""

from collections.abc import Iterator
from dataclasses import replace

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.checking.moved_on import moved_on
from kpibook.content import Content, Memo, score_with
from kpibook.lifecycle.steps import Step, log, log_entry, refuse_unless, take_catalog
from kpibook.model import CycleStatus
from kpibook.reading.cycle import load_cycle
from kpibook.reading.own_catalogs import catalog_digest
from kpibook.scoring.results import Results
from kpibook.sealing.revisions import Signed


def agree(content: Content, period: Period, signed: Signed) -> Step:
    """Today's catalog in the folder of an open cycle.

    Raises:
        Failure: the cycle is not open, or has today's catalog.
    """
    refuse_unless(content, period, CycleStatus.OPEN)
    cycle, step = content.cycles[period], Step()
    own = content.own.get(period)
    if own and own.digest == catalog_digest(content.handbook):
        raise Failure([Problem("agree-same", Place(cycle.folder), {"cycle": str(period)})])
    if own:
        step.lines += _told(content, period)
    take_catalog(content.handbook, content.scorecards / str(period), step)
    log(content, period, step, log_entry(signed, "agree"))
    step.lines.append(content.say("lifecycle.agree.done", cycle=period))
    return step


def _told(content: Content, period: Period) -> Iterator[str]:
    """What differs for which role, and how many results move by it."""
    say, cycle = content.say, content.cycles[period]
    for note in moved_on(content.catalog_of(period), content.catalog, cycle, say):
        yield say("lifecycle.agree.role", **note.values)
    before = score_with(content, period, None)
    found, _ = load_cycle(content.scorecards / str(period), content.catalog)
    own = {key: each for key, each in content.own.items() if key != period}
    anew = replace(content, own=own, cycles={**content.cycles, period: found}, memo=Memo())
    after = score_with(anew, period, None)
    yield say("lifecycle.agree.moves", count=_moved(before, after), people=len(after.cards))


def _moved(before: Results, after: Results) -> int:
    was = {card.person: (card.total, card.grade and card.grade.id, _pay(card.pay)) for card in before.cards}
    now = {card.person: (card.total, card.grade and card.grade.id, _pay(card.pay)) for card in after.cards}
    return sum(was.get(person) != now.get(person) for person in {*was, *now})


def _pay(outcomes: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(getattr(outcome, "amount", None) for outcome in outcomes)
