"""What each viewer gets: a start page of one's own, and the pages that one may open."""

from kpibook.pages.viewers.viewer_facts import ViewerFacts

__all__ = ["ViewerFacts"]
