"""The handbook's Markdown on other engines: the same pages, links and figures as MkDocs makes, nothing from outside."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from companies import a_company
from kpibook import pipeline
from kpibook.content import read

ENGINES = ("zensical", "properdocs")
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "video": "src"}


class Found(HTMLParser):
    """What a page shows in its article, where it leads, what it loads, and which anchors it has."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self._inside = 0
        self._quiet = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        if (address := given.get(LOADING.get(tag, ""))) and given.get("rel") != "canonical":
            self.loaded.append(address)
        if tag == "article":
            self._inside += 1
        elif tag in ("script", "style", "svg") and self._inside:
            self._quiet = self._quiet or tag
        elif tag == "a" and self._inside and given.get("href"):
            self.links.append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "article"
        if tag == self._quiet:
            self._quiet = ""

    def handle_data(self, data: str) -> None:
        if self._inside and not self._quiet:
            self.words += data.replace("#", " ").split()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = a_company(tmp_path_factory.mktemp("engines"))
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles))
    return root


def made_by(engine: str, company: Path) -> dict[str, Found]:
    """All pages that an engine makes of the settings which lie beside the Markdown."""
    command = [sys.executable, "-m", engine, "build", "--config-file", "handbook.yml"]
    done = subprocess.run(command, cwd=company / "build", capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    site = company / "build/plain/handbook"
    found = {path.relative_to(site).as_posix(): Found(path) for path in site.rglob("*.html") if path.name != "404.html"}
    (company / "build/plain").rename(company / "build" / engine)
    return found


@pytest.fixture(scope="module")
def by_mkdocs(company: Path) -> dict[str, Found]:
    return made_by("mkdocs", company)


@pytest.mark.parametrize("engine", ENGINES)
def test_another_engine_makes_the_same_handbook(company: Path, by_mkdocs: dict[str, Found], engine: str) -> None:
    made = made_by(engine, company)

    assert set(made) == set(by_mkdocs)
    assert {page: figures(found) for page, found in made.items()} == {
        page: figures(found) for page, found in by_mkdocs.items()
    }
    assert broken(made) == []
    assert [address for found in made.values() for address in found.loaded if urlsplit(address).netloc] == []
    assert sum(len(found.links) for found in made.values()) > 300
    assert sum(len(figures(found)) for found in made.values()) > 500


def figures(found: Found) -> list[str]:
    """The numbers of a page in their order, whatever stands around them."""
    return [number for word in found.words for number in re.findall(r"\d[\d,.]*", word)]


def broken(made: dict[str, Found]) -> list[str]:
    lost = []
    for page, found in made.items():
        for link in found.links:
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            target = joined(page, unquote(address.path)) if address.path else page
            if target not in made or (address.fragment and unquote(address.fragment) not in made[target].anchors):
                lost.append(f"{page}: {link}")
    return lost


def joined(page: str, path: str) -> str:
    parts = page.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
