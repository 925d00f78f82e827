"""Bring a repository of before to sealed cycles: what is marked as over is sealed as it computes today."""

from collections.abc import Iterator

from kpibook.base.periods import Period
from kpibook.content import Content
from kpibook.lifecycle.publishing import score_to_seal, seal_first
from kpibook.lifecycle.steps import CycleStep, log_entry, log_step
from kpibook.sealing.revisions import Signed


def unsealed_cycles(content: Content) -> Iterator[Period]:
    """The cycles that are marked as published or closed and were never sealed, oldest first."""
    return (
        period for period, cycle in content.cycles.items() if cycle.status.is_settled and period not in content.seals
    )


def seal_as_computed(content: Content, period: Period, signed: Signed) -> CycleStep:
    """Revision 1 of a cycle that is over; its seal says that nobody sealed it when it was published."""
    step = CycleStep()
    results, points = score_to_seal(content, period)
    seal = seal_first(content, results, points, signed, step)
    log_step(content, period, step, log_entry(signed, "upgrade", seal.revision))
    values = {"cycle": period, "people": len(results.cards), "open": len(points), "hash": seal.hash[:12]}
    step.lines.append(content.say("lifecycle.upgrade.sealed", **values))
    return step
