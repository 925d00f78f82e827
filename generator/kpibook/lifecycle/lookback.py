"""What cards of a cycle are compared with: written down with its results, so that they stay as they were."""

from dataclasses import replace

from kpibook.content import Content, lookback_of
from kpibook.pages.lookback_rows import lookback_rows
from kpibook.scoring.results import Results


def with_lookback(content: Content, results: Results) -> Results:
    """The results with what their cards tell of earlier cycles."""
    rows = lookback_rows(lookback_of(content, results.cycle.period))
    return replace(results, taken={**results.taken, **rows})
