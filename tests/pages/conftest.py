"""What the tests of pages share."""

from cards_made import company
from handbook_made import shop

__all__ = ["company", "shop"]
