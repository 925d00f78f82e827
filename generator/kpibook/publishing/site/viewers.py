"""A folder for each viewer, with links to exactly the pages that this viewer may open: what a web server serves from.

`public/` holds what everybody may load, `pages/` each card and page once, `viewers/<folder>/` links to them. Names of
cards are unique over all cycles, so that they stand in one flat folder of a viewer.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kpibook.base.output import PRIVATE, link_file, make_folder
from kpibook.base.words import Words

START = "index.html"
POLICY = "csp.txt"
"""The Content-Security-Policy that the pages were made for; no server gives this file to anybody."""
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ViewerSite:
    """Where the viewers' site is made, and from what."""

    markdown: Path
    """The viewers' start pages, in a folder for each viewer."""
    folder: Path
    """An empty folder, such as one of `publication.replacing`."""
    grants: Iterable[tuple[str, Iterable[str]]]
    """Of each viewer the name of the folder, and the pages below the cards' site without their ending."""


def link_pages(cards: Path, site: ViewerSite) -> Iterator[str]:
    """Give every viewer the pages that are theirs, one viewer at a time; gives the names of their folders."""
    pages, viewers, known = site.folder / "pages", site.folder / "viewers", set[str]()
    make_folder(viewers, PRIVATE)
    make_folder(pages, PRIVATE)
    for name, paths in site.grants:
        own = viewers / name
        own.mkdir(PRIVATE.folder)
        made = {str(own)}
        for path in sorted(paths):
            if path not in known:
                known.add(path)
                _link(f"{cards}/{path}.html", f"{pages}/{path}.html", known)
            _link(f"{pages}/{path}.html", f"{own}/{place_of(path)}.html", made)
        yield name


def place_of(path: str) -> str:
    """Where a page stands in a viewer's folder: cards flat, any other below its cycle."""
    cycle, _, rest = path.partition("/")
    return rest if rest.startswith("p/") else f"{cycle}/{rest}"


def _link(source: str, target: str, known: set[str]) -> None:
    """A second name for a file, or a copy where the disk cannot."""
    _make_folders(target.rpartition("/")[0], known)
    link_file(source, target, PRIVATE.file)


def _make_folders(folder: str, known: set[str]) -> None:
    """Make a folder and those above it, as closed as the pages in it."""
    if folder not in known and not Path(folder).is_dir():
        _make_folders(folder.rpartition("/")[0], known)
        Path(folder).mkdir(mode=PRIVATE.folder)
    known.add(folder)


def content_policy(pages: Iterable[str]) -> str:
    """What a page may load and run: files of its own site, and the scripts that stand in these pages as they are."""
    scripts = sorted({found for page in pages for found in _INLINE.findall(page)})
    hashes = (base64.b64encode(hashlib.sha256(each.encode("utf-8")).digest()).decode("ascii") for each in scripts)
    allowed = " ".join(("'self'", *(f"'sha256-{each}'" for each in hashes)))
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def not_found_page(say: Words, language: str) -> str:
    """What is answered for a page that does not exist and for one that is another's: the same bytes.

    It loads nothing, for it is served under every address.
    """
    title, text, back = (html.escape(say(f"site.not_found.{key}")) for key in ("title", "text", "back"))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n</head>\n'
        f'<body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n<p><a href="/">{back}</a></p>\n</main>\n</body>\n</html>\n'
    )
