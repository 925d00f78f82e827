"""Who looks at pages while they are made anew: they are shown theirs before all others are done."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol


class Audience(Protocol):
    """Those who have pages of sites open."""

    def looked_at(self, site: Path) -> Collection[str]:
        """The pages of a site that somebody has open, by their paths below its folder."""

    def show(self, site: Path, pages: Mapping[str, str]) -> None:
        """Show pages of a site as they are going to be, by their paths."""


def markdown_of(pages: Collection[str], folder: Path) -> Mapping[str, str]:
    """By each Markdown file that there is below a folder for one of these web pages: the page."""
    named = {f"{page.removesuffix(end)}.md": page for end in ("/index.html", ".html") for page in pages}
    return {name: page for name, page in named.items() if (folder / name).is_file()}
