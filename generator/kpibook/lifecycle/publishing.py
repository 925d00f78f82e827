"""Publish a cycle: nothing may be open, or what was open stands in its seal."""

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.checking.checks.quotas import check_quotas
from kpibook.content import Content, score_with
from kpibook.exchange.status import state_of
from kpibook.lifecycle.looked_back import with_looks_back
from kpibook.lifecycle.steps import Step, log, log_entry, refuse_unless, set_status, take_catalog
from kpibook.model import CycleStatus
from kpibook.sealing.inputs import input_hashes
from kpibook.sealing.open_points import open_points
from kpibook.sealing.revisions import Draft, Signed, make_revision


def publish(content: Content, period: Period, signed: Signed, *, anyway: bool = False) -> Step:
    """Revision 1 of a cycle, its status and its log.

    Raises:
        Failure: it is not open, or something of it is; all of that is told.
    """
    refuse_unless(content, period, CycleStatus.OPEN)
    step, say = Step(), content.say
    folder, catalog = content.scorecards / str(period), content.catalog_of(period)
    history = content.cycles_under(catalog)
    results = score_with(content, period, None)
    points = open_points(results, state_of(results, catalog, history), content.problems)
    if points and not anyway:
        place = Place(results.cycle.folder)
        raise Failure((*points, Problem("publish-open", place, {"cycle": str(period), "count": len(points)})))
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
    seal, files = make_revision(with_looks_back(content, results), catalog, draft)
    step.changes.writes.update({f"{period}/{path}": data for path, data in files.items()})
    set_status(content, period, CycleStatus.PUBLISHED, step)
    log(content, period, step, log_entry(signed, "publish", seal.revision))
    with_total = sum(card.total is not None for card in results.cards)
    values = {"cycle": period, "people": len(results.cards), "with_total": with_total, "hash": seal.hash[:12]}
    step.lines.append(say("lifecycle.publish.done", **values))
    step.lines += [problem.message(say) for problem in check_quotas(catalog, results)]
    if points:
        step.lines.append(say("lifecycle.publish.anyway", count=len(points)))
    return step


def newest_revisions(content: Content) -> dict[Period, int]:
    """The revision that counts of each published cycle."""
    return {period: sealed.number for period, sealed in content.seals.items()}
