"""What published cycles took from others, and whether the others still say so."""

from collections.abc import Collection, Iterator, Mapping

from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem
from kpibook.content import Content, score_with
from kpibook.lifecycle.steps import differences_from_seals
from kpibook.scoring import Carried
from kpibook.scoring.results import Results
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.tables import LOOKED_AT


def is_compared(key: str) -> bool:
    """Whether a row of carried.csv only tells what a card was compared with."""
    return key.startswith(LOOKED_AT)


def without_cycles(carried: Carried, cycles: Collection[str]) -> Carried:
    """The carried numbers without those of some cycles, which are looked up anew."""
    return Carried(
        {key: each for key, each in carried.numbers.items() if str(key[0]) not in cycles},
        {key: each for key, each in carried.gaps.items() if str(key[0]) not in cycles},
        {period: each for period, each in carried.standings.items() if str(period) not in cycles},
        is_open=True,
    )


def takes_other_numbers(results: Results, rows: Collection[Mapping[str, str]], cycles: Collection[str]) -> bool:
    """Whether results take other numbers from some cycles than the rows of carried.csv say."""
    before = {(row["cycle"], row["subject"], row["key"]): row["value"] for row in rows if not is_compared(row["key"])}
    return before != {(str(key[0]), *key[1:]): text for key, text in results.taken.items() if str(key[0]) in cycles}


def carried_too_early(content: Content, sealed: Sealed) -> set[str]:
    """The published cycles from which one took numbers before they were published, and that nobody corrected since."""
    published = {str(period) for period, other in content.seals.items() if other.number == 1}
    rows = (row for row in sealed.carried_rows if not row["revision"] and not is_compared(row["key"]))
    return {row["cycle"] for row in rows} & published


def published_out_of_order(content: Content, results: Results) -> Iterator[Problem]:
    """Cycles that are published before those from which they take: told with both of them."""
    period, place = results.cycle.period, Place(results.cycle.folder)
    if earlier := sorted({key[0] for key in results.taken if not is_compared(key[2]) and _is_open(content, key[0])}):
        values = {"cycle": str(period), "earlier": ", ".join(map(str, earlier))}
        yield Problem("publish-takes-open", place, values, Level.WARNING)
    for later, sealed in content.seals.items():
        if not differences_from_seals(content, later) and _took_otherwise(content, later, sealed, period):
            values = {"cycle": str(period), "later": str(later)}
            yield Problem("publish-taken-before", Place(content.cycles[later].folder), values, Level.WARNING)


def _is_open(content: Content, period: Period) -> bool:
    return period in content.cycles and not content.cycles[period].status.is_settled


def _took_otherwise(content: Content, later: Period, sealed: Sealed, period: Period) -> bool:
    taken = {str(period)}
    rows = [row for row in sealed.carried_rows if row["cycle"] in taken]
    return bool(rows) and takes_other_numbers(
        score_with(content, later, without_cycles(sealed.carried, taken)), rows, taken
    )
