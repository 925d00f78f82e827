"""The results of cycles: of published ones the sealed figures, of all others as they compute now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kpibook.base.periods import Period
from kpibook.content.follow_up import follow_up_of, has_whole_tables
from kpibook.content.loading import Content
from kpibook.model import Combine, Cycle
from kpibook.reading.cycle.folder import is_record
from kpibook.records.missed_items import missed_ids
from kpibook.scoring import Carried, Standings, finish_results, score, scorer_of, standings, totals_of, with_streaks
from kpibook.scoring.cards import CardScorer
from kpibook.scoring.month_totals import PublishedTotals
from kpibook.scoring.renamed_ids import Successors, with_successors
from kpibook.scoring.results import Card, Results
from kpibook.sealing.sealed_figures import as_sealed
from kpibook.sealing.sealed_results import sealed_results
from kpibook.sealing.seals import STREAKS_ARE_PAY

if TYPE_CHECKING:
    from kpibook.pages.lookback import Lookback


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


def past_results(content: Content, period: Period, *, has_items: bool = True) -> Results:
    """What later cycles look back at: of a published cycle its sealed tables, of any other the results of today.

    Sealed tables are read and not scored; they tell everything that later cycles ask for, and nothing else.
    """
    if period in content.memo.corrected:
        return content.memo.corrected[period]
    sealed = content.seals.get(period)
    if sealed is None or not has_whole_tables(content, sealed):
        return score_cycle(content, period)
    return sealed_results(sealed, content.cycles[period], content.catalog_of(period), has_items=has_items)


def lookback_of(content: Content, period: Period) -> "Lookback":
    """What the cards of a cycle look back at, from the cycles as they are now."""
    # Imported here: what only checks or scores need not wait for what sets pages, a sixth of its time to start.
    from kpibook.pages.lookback import CYCLES, Lookback, past_cycle_of

    lookback = Lookback()
    shown = [each for each in content.begun if each.kind is period.kind and each < period][1 - CYCLES :]
    for earlier in shown:
        results = past_results(content, earlier, has_items=earlier == shown[-1])
        lookback = Lookback(results, (*lookback.history, past_cycle_of(results)))
    return look_back(content, period, lookback)


def look_back(content: Content, period: Period, live: "Lookback") -> "Lookback":
    """What the cards of a cycle look back at, in the ids of its catalog and as it was sealed; and its records."""
    found, follow_up = _compared(content, period, live), follow_up_of(content, period)
    if live.previous and live.previous.cycle.period == period.previous and not follow_up.missed_before:
        missed = {card.person.casefold(): missed_ids(card) for card in live.previous.cards}
        follow_up = replace(follow_up, missed_before=missed)
    return found._replace(follow_up=follow_up)


def _compared(content: Content, period: Period, live: "Lookback") -> "Lookback":
    sealed, cycle = content.seals.get(period), content.cycles[period]
    if sealed:
        from kpibook.pages.lookback_rows import as_carried

        return as_carried(sealed.carried_rows, cycle)._replace(sealed=sealed)
    catalog, previous = content.catalog_of(period), live.previous
    history = tuple(past.renamed(content.successors(past.period, catalog)) for past in live.history)
    if previous is not None:
        ids = content.successors(previous.cycle.period, catalog)
        previous = previous if ids.is_empty else with_successors(previous, ids)
    return live._replace(previous=previous, history=history)


def score_with(
    content: Content,
    period: Period,
    carried: Carried | None,
    cards: Sequence[Card] | None = None,
    scorer: CardScorer | None = None,
) -> Results:
    """The results of one cycle with what was carried into it; without that everything is looked up anew.

    `cards` are those that `scorer_for` makes, where somebody else has made them, by this `scorer` if it is here.
    """
    catalog, cycle = content.catalog_of(period), content.cycles[period]
    if cards is None:
        published = _published_totals(content, cycle) if carried is None or carried.is_open else None
        results = score(catalog, cycle, content.cycles_under(catalog), carried, published)
    else:
        results = finish_results(cards, scorer or scorer_for(content, period))
    if not catalog.company.streaks:
        return results
    content.memo.standings[period] = standings(results)
    sealed = content.seals.get(period)
    is_pay = sealed is None or sealed.newest.format >= STREAKS_ARE_PAY
    if carried is None:
        return with_streaks(results, _earlier(content, period), catalog.company, is_pay=is_pay)
    live = _earlier(content, period) if carried.is_open else {}
    known = {each: {**live.get(each, {}), **carried.standings.get(each, {})} for each in (*live, *carried.standings)}
    return with_streaks(results, known, catalog.company, is_pay=is_pay)


def scorer_for(content: Content, period: Period) -> CardScorer:
    """What makes the cards of a cycle that was not published, each by itself."""
    catalog, cycle = content.catalog_of(period), content.cycles[period]
    return scorer_of(catalog, cycle, content.cycles_under(catalog), None, _published_totals(content, cycle))


def _published_totals(content: Content, cycle: Cycle) -> PublishedTotals | None:
    """For a cycle that is the mean of shorter ones: the total of everybody in each of those, as it was published."""
    if cycle.combine is not Combine.MEAN_OF_SCORES:
        return None
    catalog, found = content.catalog_of(cycle.period), {}
    scored = set(content.begun)
    for part in next((parts for parts in cycle.period.parts if scored.intersection(parts)), ()):
        if part in scored:
            results = past_results(content, part, has_items=False)
            found[part] = totals_of(with_successors(results, content.successors(part, catalog)))
    return found


def _earlier(content: Content, period: Period) -> Mapping[Period, Standings]:
    """How everybody stood in the cycles of the same kind before this one, each looked at once."""
    catalog = content.catalog_of(period)
    found = {}
    for earlier in content.cycles:
        if earlier.kind is period.kind and earlier < period:
            if earlier not in content.memo.standings:
                content.memo.standings[earlier] = standings(_without_streaks(content, earlier))
            found[earlier] = _renamed(content.memo.standings[earlier], content.successors(earlier, catalog))
    return found


def _without_streaks(content: Content, period: Period) -> Results:
    """The results of a cycle whose own streaks nobody asks for."""
    if period in content.seals:
        return past_results(content, period, has_items=False)
    catalog = content.catalog_of(period)
    return score(catalog, content.cycles[period], content.cycles_under(catalog))


def _renamed(found: Standings, ids: Successors) -> Standings:
    if not ids.roles:
        return found
    return {person: each._replace(role=ids.roles.get(each.role, each.role)) for person, each in found.items()}
