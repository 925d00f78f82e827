"""A notice, and what became of it."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from kpibook.model import NoticeEvent


class Channel(StrEnum):
    """How somebody is reached."""

    MAIL = "mail"
    GROUP = "group"


class Notice(NamedTuple):
    """What somebody is told."""

    event: NoticeEvent
    channel: Channel
    to: str
    """A person's id, or the name of a group."""
    subject: str
    text: str
    result: str = ""
    """The number of the result that it is about, or of the revision."""
    about: str = ""
    """What else tells it from others: an appeal, a plan, a part of a long message, the day of a reminder."""

    @property
    def key(self) -> tuple[str, ...]:
        """Two notices with the same are the same, and only one of them is sent."""
        return self.event, self.channel, self.to.casefold(), self.result, self.about


class Fate(StrEnum):
    """What became of a notice."""

    SENDING = "sending"
    """It was about to go out. Without a later row nobody knows whether it did."""
    SENT = "sent"
    FAILED = "failed"
    """It certainly did not go out."""
    UNKNOWN = "unknown"
    """The line broke while it went out."""


class Delivery(NamedTuple):
    """What the other side said."""

    fate: Fate
    detail: str = ""
    is_down: bool = False
    """Whether it is of no use to go on with others now."""


class Carrier(Protocol):
    """Takes notices out."""

    def send(self, notice: Notice) -> Delivery:
        """Send a notice and say what became of it; never raises for what the other side does."""
