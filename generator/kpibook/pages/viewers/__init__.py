"""What each viewer gets: a start page of one's own, and the pages that one may open."""

from kpibook.pages.viewers.viewing import Viewing

__all__ = ["Viewing"]
