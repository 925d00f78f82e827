"""Make the cards' site from the Markdown that is there, by us or by MkDocs alone, and print how long the making took.

Starting Python and importing are left out of it: in `kpibook build` they are paid before.
"""

import sys
import time
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from kpibook.model import Company
from kpibook.publishing.site import CardPages, build_card_site


def by_kpibook() -> None:
    """As `kpibook build` does."""
    build_card_site(
        CardPages(Path("build/cards")), Path("only-cards"), company=Company.build(name="合成公司", language="zh")
    )


def by_mkdocs() -> None:
    """As a plain `mkdocs build` of the same pages."""
    build(load_config("build/cards.yml"))


if __name__ == "__main__":
    begin = time.process_time()
    {"kpibook": by_kpibook, "mkdocs": by_mkdocs}[sys.argv[1]]()
    print(time.process_time() - begin)
