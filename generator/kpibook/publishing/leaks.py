"""Asks a running server, as one of its viewers, for the pages of others."""

import base64
import http.client
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from kpibook.publishing.site.viewers import START, place_of

SHOWN = 20
NOWHERE = "/2026-10/p/00000000000000000000000000000000.html"


class ServerAnswer(NamedTuple):
    """What the server said to one request."""

    status: int
    body: bytes


class Leaks(NamedTuple):
    """How a test of a server ended."""

    asked: int
    own: int
    leaked: tuple[str, ...]
    """Pages of others that were given."""
    withheld: tuple[str, ...]
    """Pages of one's own that were not."""
    told: tuple[str, ...]
    """Pages of others whose refusal differs from that of a page that does not exist."""

    @property
    def is_tight(self) -> bool:
        """Whether each page went where it belongs."""
        return not (self.leaked or self.withheld or self.told)


class Client:
    """Asks one server as one viewer, on one connection."""

    def __init__(self, url: str, login: str, header: str, password: str = "") -> None:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.netloc, timeout=20)
        self._headers = {header: login.encode("utf-8").decode("latin-1")} if header else {}
        if password:
            told = base64.b64encode(f"{login}:{password}".encode()).decode("ascii")
            self._headers = {"Authorization": f"Basic {told}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def get(self, path: str) -> ServerAnswer:
        """The answer to a request for a path.

        Raises:
            OSError: nobody answers.
        """
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        return ServerAnswer(answer.status, answer.read())


def find_leaks(client: Client, site: Path, folder: str, most: int) -> Leaks:
    """Ask for everything in the viewer's folder, and for up to `most` pages that are not in it."""
    pages = sorted(path.relative_to(site / "pages").as_posix() for path in (site / "pages").rglob("*.html"))
    own_folder = site / "viewers" / folder
    own = [page for page in pages if (own_folder / place_of(page)).is_file()]
    others = [page for page in pages if not (own_folder / place_of(page)).is_file()]
    if len(others) > most:
        # Which of them is no secret; the same each time, so that a finding can be looked at again.
        others = sorted(random.Random(folder).sample(others, most))
    missing = client.get(NOWHERE)
    withheld = [page for page in (START, *own) if client.get(f"/{page}").status != http.client.OK]
    leaked, told = list[str](), list[str]()
    for path in _addresses_of_others(others):
        answer = client.get(path)
        if answer.status == http.client.OK:
            leaked.append(path)
        elif answer != missing:
            told.append(path)
    return Leaks(len(others), len(own), tuple(leaked), tuple(withheld), tuple(told))


def _addresses_of_others(pages: Sequence[str]) -> Iterator[str]:
    """Each page under its own address and under those that a careless server would know it by."""
    for page in pages:
        yield f"/{page}"
        yield f"/pages/{page}"
        yield f"/{place_of(page)}" if "/p/" in page else f"/./{page}"
