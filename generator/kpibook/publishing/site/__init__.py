"""The two sites: the handbook by MkDocs and Material, the cards through one shell, and both on localhost."""

from kpibook.publishing.site.cards import CardPages, LiveSite, PageSetter, PagesSet, Renderer, build_card_site
from kpibook.publishing.site.handbook import HandbookPages, build_handbook_site
from kpibook.publishing.site.reloading import Revision
from kpibook.publishing.site.serving import ServedSite, serve
from kpibook.publishing.site.settings import SiteError, tells_history
from kpibook.publishing.site.start_pages import Lobby, StartPageHandler
from kpibook.publishing.site.viewers import ViewerSite

__all__ = [
    "CardPages",
    "HandbookPages",
    "LiveSite",
    "Lobby",
    "PageSetter",
    "PagesSet",
    "Renderer",
    "Revision",
    "ServedSite",
    "SiteError",
    "StartPageHandler",
    "ViewerSite",
    "build_card_site",
    "build_handbook_site",
    "serve",
    "tells_history",
]
