"""The rows of import-log.csv that say on which day numbers came in."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from kpibook.exchange.importing.accepted import ACTUALS
from kpibook.exchange.importing.changes import ChangeKind, NumberChange
from kpibook.reading.cycle.arrivals import RECEIVED


def arrival_rows(changes: Iterable[NumberChange], today: datetime.date) -> Iterator[tuple[str, ...]]:
    """A row for each file, owner and measure of which new numbers came in; what stood there already came before."""
    new = Counter(
        (change.accepted.place.file, change.tally.sha256, change.accepted.owner, change.accepted.key[1])
        for change in changes
        if change.did is ChangeKind.ADDED and change.accepted.table == ACTUALS
    )
    for (file, digest, owner, measure), count in new.items():
        yield today.isoformat(), file, digest, RECEIVED, ACTUALS, owner, measure, "", str(count), ""
