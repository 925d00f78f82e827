"""The results of cycles: of published ones the sealed figures, of all others as they compute now."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpibook.base.periods import Period
from kpibook.content.gathering import Content
from kpibook.model import CycleStatus
from kpibook.reading.cycle.folder import is_record
from kpibook.scoring import Carried, Standings, score, standings, with_streaks
from kpibook.scoring.results import Results
from kpibook.scoring.succession import Successors, with_successors
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.sealed_figures import as_sealed

if TYPE_CHECKING:
    from kpibook.pages.past import Lookback


def score_cycle(content: Content, period: Period) -> Results:
    """The results of one cycle; earlier cycles give `previous.` and the like, and the runs of streaks.

    Of a published cycle only what it took from them when it was sealed counts, and the sealed figures do.
    """
    sealed = content.seals.get(period)
    if sealed is None:
        return score_with(content, period, None)
    results = score_with(content, period, sealed.carried)
    files = (each.place.file for each in content.problems)
    has_changed = any(file.startswith(f"{sealed.name}/") and not is_record(file, sealed.name) for file in files)
    return results if has_changed else as_sealed(results, sealed, content.catalog_of(period))


def lookback_of(content: Content, period: Period) -> "Lookback":
    """What the cards of a cycle look back at, from the cycles as they are now."""
    # Imported here: what only checks or scores need not wait for what sets pages, a sixth of its time to start.
    from kpibook.pages.past import CYCLES, Lookback, remember

    lookback = Lookback()
    known = sorted(each for each in content.cycles if each.kind is period.kind and each < period)
    for earlier in known[1 - CYCLES :]:
        if content.cycles[earlier].status is CycleStatus.PLANNED:
            continue
        results = score_cycle(content, earlier)
        lookback = Lookback(results, (*lookback.history, remember(results)))
    return look_back(content, period, lookback)


def look_back(content: Content, period: Period, live: "Lookback") -> "Lookback":
    """What the cards of a cycle look back at: in the ids of its catalog, and as it was sealed where it was."""
    sealed = content.seals.get(period)
    if sealed:
        from kpibook.pages.lookback_rows import as_carried

        found = as_carried(live, sealed.carried_rows, content.cycles[period])
        return found._replace(sealed=sealed)
    previous = live.previous
    if previous is None:
        return live
    ids = content.successors(previous.cycle.period, content.catalog_of(period))
    return live if ids.is_empty else live._replace(previous=with_successors(previous, ids))


def score_with(content: Content, period: Period, carried: Carried | None) -> Results:
    """The results of one cycle with what was carried into it; without that everything is looked up anew."""
    catalog = content.catalog_of(period)
    results = score(catalog, content.cycles[period], content.cycles_under(catalog), carried)
    streaks = catalog.company.streaks
    if not streaks:
        return results
    content.memo.standings[period] = standings(results)
    if carried is None:
        return with_streaks(results, _earlier(content, period), streaks)
    live = _earlier(content, period) if carried.is_open else {}
    known = {each: {**live.get(each, {}), **carried.standings.get(each, {})} for each in (*live, *carried.standings)}
    return with_streaks(results, known, streaks)


def _earlier(content: Content, period: Period) -> Mapping[Period, Standings]:
    """How everybody stood in the cycles of the same kind before this one, each scored once."""
    catalog = content.catalog_of(period)
    found = {}
    for earlier in content.cycles:
        if earlier.kind is period.kind and earlier < period:
            if earlier not in content.memo.standings:
                sealed = content.seals.get(earlier)
                content.memo.standings[earlier] = standings(_plainly_scored(content, earlier, sealed))
            found[earlier] = _renamed(content.memo.standings[earlier], content.successors(earlier, catalog))
    return found


def _plainly_scored(content: Content, period: Period, sealed: Sealed | None) -> Results:
    catalog = content.catalog_of(period)
    carried = sealed.carried if sealed else None
    return score(catalog, content.cycles[period], content.cycles_under(catalog), carried)


def _renamed(found: Standings, ids: Successors) -> Standings:
    if not ids.roles:
        return found
    return {person: each._replace(role=ids.roles.get(each.role, each.role)) for person, each in found.items()}
