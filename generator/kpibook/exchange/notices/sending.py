"""Send what was not sent: each notice noted before it goes out and after."""

import datetime
from collections.abc import Callable, Iterable, Iterator

from kpibook.exchange.notices.notice import Carrier, Delivery, Fate, Notice
from kpibook.exchange.notices.outbox import Outbox


def deliver(
    notices: Iterable[Notice], outbox: Outbox, carrier: Callable[[Notice], Carrier], on: datetime.date
) -> Iterator[tuple[Notice, Delivery]]:
    """What became of each notice; after a carrier was down the rest of what it had to take is left for later."""
    down: dict[int, Delivery] = {}
    for notice in notices:
        taker = carrier(notice)
        if found := down.get(id(taker)):
            yield notice, found
            continue
        outbox.note(notice, Delivery(Fate.SENDING), on)
        found = taker.send(notice)
        outbox.note(notice, found, on)
        if found.is_down:
            down[id(taker)] = found
        yield notice, found
