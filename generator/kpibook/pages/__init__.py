"""Pages: the catalog and the results of a cycle as plain Markdown; only `read_prose` looks at the disk."""

from kpibook.pages.cards import card_pages, card_sheets, index_page, status_page
from kpibook.pages.figures import Figures
from kpibook.pages.handbook import Known, handbook_pages
from kpibook.pages.nav import handbook_nav
from kpibook.pages.past import CYCLES, Earlier, Past, remember
from kpibook.pages.prose import check_prose, read_prose

__all__ = [
    "CYCLES",
    "Earlier",
    "Figures",
    "Known",
    "Past",
    "card_pages",
    "card_sheets",
    "check_prose",
    "handbook_nav",
    "handbook_pages",
    "index_page",
    "read_prose",
    "remember",
    "status_page",
]
