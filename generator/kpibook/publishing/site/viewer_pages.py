"""The pages of each viewer's folder: links to the cards that the viewer may open, and a start page set into a shell."""

import shutil
from pathlib import Path

from kpibook.base.output import PRIVATE, new_file
from kpibook.base.problems import Problem, in_order
from kpibook.base.words import Words
from kpibook.publishing.site.settings import SiteError
from kpibook.publishing.site.shells import PageLinks, PageShells
from kpibook.publishing.site.viewers import (
    POLICY,
    START,
    ViewerSite,
    content_policy,
    link_pages,
    not_found_page,
    place_of,
)


def publish_viewers(viewers: ViewerSite, cards: Path, shells: PageShells, say: Words) -> None:
    """Link what each viewer may open, and set their start pages, whose links may lead nowhere else."""
    broken: list[Problem] = []
    for name in link_pages(cards, viewers):
        own = viewers.folder / "viewers" / name
        text = (viewers.markdown / name / "index.md").read_text(encoding="utf-8")
        links = PageLinks(_CardNames(own))
        start = shells.fill("index.md", text, links)
        broken += links.broken
        with new_file(own / START, PRIVATE.file) as stream:
            stream.write(start.encode("utf-8"))
    if broken:
        raise SiteError(in_order(broken))
    public = viewers.folder / "public"
    shutil.copytree(cards / "assets", public / "assets", copy_function=shutil.copyfile)
    spoken = (shells, *shells.others.values())
    policy = content_policy("".join(parts) for each in spoken for parts in each.parts.values())
    (viewers.folder / POLICY).write_text(f"{policy}\n", encoding="ascii")
    (public / "404.html").write_text(not_found_page(say, say.language), encoding="utf-8")


class _CardNames:
    """The pages in a viewer's folder, by the addresses under which the server knows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, page: object) -> bool:
        return (self._folder / f"{place_of(str(page).removesuffix('.md'))}.html").is_file()
