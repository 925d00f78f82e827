"""Publish a cycle: nothing may be open, or what was open stands in its seal."""

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.checking.checks.comments import check_comments
from kpibook.checking.checks.jumps import check_jumps
from kpibook.checking.checks.quotas import check_quotas
from kpibook.content import Content, score_with
from kpibook.exchange.status import state_of
from kpibook.lifecycle.carried_numbers import published_out_of_order
from kpibook.lifecycle.lookback import with_lookback
from kpibook.lifecycle.step_days import later_approvals
from kpibook.lifecycle.steps import CycleStep, log_entry, log_step, refuse_unless, set_status, take_catalog
from kpibook.model import CycleStatus
from kpibook.scoring.results import Results
from kpibook.sealing.input_hashes import input_hashes
from kpibook.sealing.open_points import open_points
from kpibook.sealing.revisions import Draft, Signed, make_revision
from kpibook.sealing.seals import Seal


def publish(content: Content, period: Period, signed: Signed, *, anyway: bool = False) -> CycleStep:
    """Revision 1 of a cycle, its status and its log.

    Raises:
        Failure: it is not open, or something of it is; all of that is told.
    """
    refuse_unless(content, period, CycleStatus.OPEN)
    say = content.say
    results, points = score_to_seal(content, period)
    points += tuple(later_approvals(content, period, signed.on))
    if points and not anyway:
        place = Place(results.cycle.folder)
        raise Failure((*points, Problem("publish-open", place, {"cycle": str(period), "count": len(points)})))
    step = CycleStep()
    seal = seal_first(content, results, points, signed, step)
    set_status(content, period, CycleStatus.PUBLISHED, step)
    log_step(content, period, step, log_entry(signed, "publish", seal.revision))
    with_total = sum(card.total is not None for card in results.cards)
    values = {"cycle": period, "people": len(results.cards), "with_total": with_total, "hash": seal.hash[:12]}
    step.lines.append(say("lifecycle.publish.done", **values))
    step.lines += [problem.message(say) for problem in check_quotas(content.catalog_of(period), results)]
    step.doubts += check_jumps(content.catalog_of(period), results.cycle, content.history_of(period))
    step.doubts += published_out_of_order(content, results)
    if points:
        step.lines.append(say("lifecycle.publish.anyway", count=len(points)))
    return step


def score_to_seal(content: Content, period: Period) -> tuple[Results, tuple[Problem, ...]]:
    """The results of a cycle that was never sealed, looked up anew, and everything that is open of it."""
    catalog = content.catalog_of(period)
    results = score_with(content, period, None)
    state = state_of(results, catalog, content.cycles_under(catalog))
    unsaid = check_comments(catalog, results)
    return results, open_points(results, state, (*content.problems, *unsaid))


def seal_first(
    content: Content, results: Results, points: tuple[Problem, ...], signed: Signed, step: CycleStep
) -> Seal:
    """Revision 1 of a cycle, with its own catalog where it has none yet; what was open stands in the seal."""
    say, period = content.say, results.cycle.period
    folder = content.scorecards / str(period)
    inputs = dict(input_hashes(folder))
    if period not in content.own:
        inputs |= take_catalog(content.handbook, folder, step)
        step.lines.append(say("lifecycle.publish.catalog", cycle=period))
    draft = Draft(
        signed=signed,
        inputs=inputs,
        revisions=newest_revisions(content),
        still_open=tuple(f"{point.place}: {point.message(say)} [{point.code}]" for point in points),
    )
    seal, files = make_revision(with_lookback(content, results), content.catalog_of(period), draft)
    step.changes.writes.update({f"{period}/{path}": data for path, data in files.items()})
    return seal


def newest_revisions(content: Content) -> dict[Period, int]:
    """The revision that counts of each published cycle."""
    return {period: sealed.number for period, sealed in content.seals.items()}
