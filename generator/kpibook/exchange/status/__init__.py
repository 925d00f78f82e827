"""How far a cycle's numbers have come, as figures, as messages to suppliers, and as text, JSON and CSV."""

from kpibook.exchange.status.messages import message_to, messages, some_of, supplier_text, what_text, why
from kpibook.exchange.status.reports import FORMATS, LOGGED, refused_text, shown_share
from kpibook.exchange.status.state import RATERS, Count, CycleState, OwedNumber, state_of

__all__ = [
    "FORMATS",
    "LOGGED",
    "RATERS",
    "Count",
    "CycleState",
    "OwedNumber",
    "message_to",
    "messages",
    "refused_text",
    "shown_share",
    "some_of",
    "state_of",
    "supplier_text",
    "what_text",
    "why",
]
