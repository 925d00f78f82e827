"""Names of sites that are links: the folder that one leads to is wholly replaced, so it has to be a site itself."""

from collections.abc import Sequence
from pathlib import Path

from kpibook.base.problems import Place, Problem
from kpibook.publishing.site.settings import SiteError

OF_A_SITE = ("index.html", "viewers")
"""One of these stands in every folder that was published."""


def refuse_strange_targets(live: Sequence[Path]) -> None:
    """Publish through a link only into an empty folder, or into one that holds a site.

    Raises:
        SiteError: a link leads to something else, such as the catalog.
    """
    strange = [folder for folder in live if folder.is_symlink() and not _is_free(folder.resolve())]
    if strange:
        raise SiteError(
            [
                Problem("site-link-strange", Place(folder.name), {"target": str(folder.readlink())}, is_public=True)
                for folder in strange
            ]
        )


def _is_free(target: Path) -> bool:
    """Whether nothing would be lost but a site."""
    if not target.exists():
        return True
    # Names of files that are being replaced one by one go on behind their ends.
    return target.is_dir() and (
        not any(target.iterdir()) or any(each.name.startswith(OF_A_SITE) for each in target.iterdir())
    )
