"""Notices that go out: to people by mail, to groups by a bot, and an outbox by which none goes twice."""

from kpibook.exchange.notices.bot import Bot, split_text
from kpibook.exchange.notices.mail import Account, Post
from kpibook.exchange.notices.notice import Channel, Delivery, Fate, Notice
from kpibook.exchange.notices.outbox import OUTBOX, Outbox, OutboxFault
from kpibook.exchange.notices.sending import deliver

__all__ = [
    "OUTBOX",
    "Account",
    "Bot",
    "Channel",
    "Delivery",
    "Fate",
    "Notice",
    "Outbox",
    "OutboxFault",
    "Post",
    "deliver",
    "split_text",
]
