"""From files to results: everything read and checked, what is told of it, and the results of each cycle."""

from kpibook.content.cycle_state import cycle_state, state_key
from kpibook.content.follow_up import follow_up_of, records_to_come
from kpibook.content.loading import Content, Memo, read
from kpibook.content.problems import (
    has_warnings_of_catalog,
    is_of_catalog,
    open_set_aside,
    quota_problems,
    reported_problems,
    strict_problems,
    unsealed_cycles,
)
from kpibook.content.results import look_back, lookback_of, past_results, score_cycle, score_with, scorer_for
from kpibook.content.years import year_cycles, years_of

__all__ = [
    "Content",
    "Memo",
    "cycle_state",
    "follow_up_of",
    "has_warnings_of_catalog",
    "is_of_catalog",
    "look_back",
    "lookback_of",
    "open_set_aside",
    "past_results",
    "quota_problems",
    "read",
    "records_to_come",
    "reported_problems",
    "score_cycle",
    "score_with",
    "scorer_for",
    "state_key",
    "strict_problems",
    "unsealed_cycles",
    "year_cycles",
    "years_of",
]
