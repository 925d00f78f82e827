"""Link the pages of 10,000 viewers over 24 cycles; ask two real servers as everybody for every page of the sample."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kpibook.access.listing import listing
from kpibook.content import read
from kpibook.pipeline import build
from kpibook.publishing.leaks import Client
from kpibook.publishing.servers import SERVERS
from kpibook.publishing.site.viewers import ViewerSite, link_pages, place_of
from sources import ROOT
from web_servers import HEADER, running

VIEWERS, CYCLES = 10_000, 24
MOST_SECONDS = 30
TEAM = 10
"""A manager sees the cards of so many."""


def linked(root: Path) -> float:
    """The seconds that it takes to link everybody's pages once the cards are there."""
    cards = root / "site-cards"
    cycles = [f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(CYCLES)]
    for cycle in cycles:
        (cards / cycle / "p").mkdir(parents=True)
        for number in range(VIEWERS):
            (cards / cycle / "p" / f"{number:028x}{cycle[2:4]}{cycle[5:]}.html").write_bytes(b"a card")

    def pages(viewer: int) -> Iterator[str]:
        seen = range(viewer, viewer + TEAM) if viewer % TEAM == 0 else (viewer,)
        for cycle in cycles:
            yield from (f"{cycle}/p/{number:028x}{cycle[2:4]}{cycle[5:]}" for number in seen)

    (root / "site-viewers").mkdir()
    site = ViewerSite(root / "markdown", root / "site-viewers", ((f"u-e{n}", pages(n)) for n in range(VIEWERS)))
    begun = time.monotonic()
    made = sum(1 for _ in link_pages(cards, site))
    assert made == VIEWERS
    return time.monotonic() - begun


def asked(root: Path) -> Iterator[tuple[str, int, int]]:
    """By server: how many pairs of a viewer and an address were asked for, and how many were answered otherwise."""
    os.environ.setdefault("KPIBOOK_KEY", "of this bench")
    content = read(ROOT / "handbook", ROOT / "scorecards")
    build(content, root, content.cycles)
    access = content.catalog.company.access
    assert access
    everything = sorted(
        path.relative_to(root / "site-cards").as_posix().removesuffix(".html")
        for path in (root / "site-cards").rglob("*.html")
        if "/" in path.relative_to(root / "site-cards").as_posix() and "analysis" not in path.parts
    )
    for server in SERVERS:
        pairs = wrong = 0
        with running(server, root, content, root / server) as port:
            for seen in listing(access, content.cycles, content.catalog_of):
                folder = root / "site-viewers" / "viewers" / seen.viewer.folder
                with Client(f"http://127.0.0.1:{port}", seen.viewer.login, HEADER, "") as client:
                    for path in everything:
                        pairs += 2
                        own = (folder / f"{place_of(path)}.html").is_file()
                        wrong += client.get(f"/{path}.html").status != (200 if own else 404)
                        wrong += client.get(f"/pages/{path}.html").status != 404
        yield server, pairs, wrong


def main() -> None:
    """Print both, and end with 1 where one is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="kpibook-") as made:
        seconds = linked(Path(made))
    print(f"{VIEWERS} viewers of {CYCLES} cycles linked in {seconds:.1f} s")
    is_fine = seconds < MOST_SECONDS
    with tempfile.TemporaryDirectory(prefix="kpibook-") as made, suppress(pytest.skip.Exception):
        # Without servers (see .ci/run) the linking alone is measured.
        for server, pairs, wrong in asked(Path(made)):
            print(f"{server}: {pairs} pairs of a viewer and an address asked for, {wrong} answered otherwise")
            is_fine &= not wrong
    sys.exit(not is_fine)


if __name__ == "__main__":
    main()
