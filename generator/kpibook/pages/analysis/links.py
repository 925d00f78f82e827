"""Where the names on pages of analysis lead."""

from kpibook.pages.analysis.tables import Cell
from kpibook.pages.figures import Figures
from kpibook.pages.text import link
from kpibook.scoring.results import Card


def card_link(card: Card, figures: Figures) -> Cell:
    """A name that leads to the card."""
    return link(card.name, f"../{figures.results.cycle.period}/p/{figures.page_ids[card.person]}.md")
