"""Compute what was published once more: whose result would be another one today."""

from collections.abc import Iterator

from kpibook.base.periods import Period
from kpibook.base.problems import Place, Problem
from kpibook.content import Content, score_with
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.sealing.result_numbers import result_numbers, results_hash
from kpibook.sealing.seals import SEAL


def recompute(content: Content, period: Period) -> Iterator[Problem]:
    """The people whose results this program computes otherwise than they were sealed."""
    sealed = content.seals[period]
    place = Place(f"{sealed.name}/{REVISIONS}/{sealed.number}/{SEAL}")
    results = score_with(content, period, sealed.carried)
    numbers, expected = result_numbers(results, sealed.newest.salt), sealed.newest.people
    for person in dict.fromkeys((*expected, *numbers)):
        if numbers.get(person) != expected.get(person):
            values = {"cycle": str(period), "person": person, "version": sealed.newest.version}
            yield Problem("result-differs", place, values)
    if numbers == dict(expected) and results_hash(results) != sealed.newest.results:
        yield Problem("results-differ", place, {"cycle": str(period), "version": sealed.newest.version})
