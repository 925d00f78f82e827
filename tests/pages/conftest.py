"""What the tests of pages share."""

from cards_made import company

__all__ = ["company"]
