"""What all tests of a cycle's life begin with, and who stands in for a bot and a post office."""

from bots import bot
from lives import life
from posts import office

__all__ = ["bot", "life", "office"]
