"""Open pages that are told when they are others: each asks with what it shows, and waits for the answer."""

import hashlib
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, quote

MOST_WAITING = 100
"""So many pages are told at once that something changed; others ask again later. Each holds a thread while it waits."""
RELOAD_PATH = "/-/changed"
# A browser has six connections to a server: pages that nobody sees let go of theirs, or the seventh would not open.
_SCRIPT = (
    "(function ask(){var d=document,seen='visibilitychange',once={once:true},c=new AbortController();"
    "if(d.hidden)return d.addEventListener(seen,ask,once);d.addEventListener(seen,function(){c.abort()},once);"
    "fetch('" + RELOAD_PATH + "?%s',{cache:'no-store',signal:c.signal}).then(function(r){"
    "r.status===205?location.reload():r.status===204?ask():setTimeout(ask,2000)}).catch(function(){setTimeout(ask,c.signal.aborted?0:2000)})})()"
)
_STRICT = b"default-src 'none'; script-src "
_RELOADING = b"default-src 'none'; connect-src 'self'; script-src 'sha256-%s' "
"""The same policy, which lets the script run and ask."""
ANSWERS = {
    True: HTTPStatus.RESET_CONTENT,
    False: HTTPStatus.NO_CONTENT,
    None: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Whether a page is another by now, or too many pages wait to be told."""


class Look(NamedTuple):
    """A page that somebody has open."""

    folder: str
    """Of the site."""
    page: str
    """Below it."""
    sum: str
    """Of the bytes that are shown; empty where nobody says."""

    @classmethod
    def of_query(cls, folder: str, query: str) -> "Look":
        """What a page tells of itself when it asks."""
        told = parse_qs(query)
        return cls(folder, told.get("page", [""])[0], told.get("sum", [""])[0])


def reloading(page: bytes, path: str) -> bytes:
    """A page of a site that asks whether it is another, and is loaded again then."""
    script = (_SCRIPT % f"page={quote(path)}&sum={_sum(page)}").encode("ascii")
    policy = _RELOADING % b64encode(hashlib.sha256(script).digest())
    return page.replace(_STRICT, policy, 1) + b"<script>%s</script>" % script


def _sum(page: bytes) -> str:
    return hashlib.blake2b(page, digest_size=8).hexdigest()


@dataclass(slots=True)
class Revision:
    """Counts how often the sites were made; pages wait for the next time, or for what is set ahead of it."""

    number: int = 0
    _ahead: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """By the folder of the site and the page: those that are shown already, while all others are being made."""
    _same: dict[tuple[str, str], str] = field(default_factory=dict)
    """The sums of those that came out just so in the end: whoever sees them has seen what there is."""
    _looks: Counter[Look] = field(default_factory=Counter)
    _places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_WAITING))
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def advance(self) -> None:
        """The sites are made: tell everybody who waits, but for those who see it all ahead."""
        with self._changed:
            self._same = {page: _sum(made) for page, made in self._ahead.items() if _bytes_of(*page) == made}
            self._ahead = {}
            self.number += 1
            self._changed.notify_all()

    def take_back(self) -> None:
        """The sites stay as they were: so do the pages that were shown ahead."""
        with self._changed:
            if self._ahead:
                self._ahead, self._same = {}, {}
                self.number += 1
                self._changed.notify_all()

    def looked_at(self, site: Path) -> Collection[str]:
        """The pages of a site that somebody has open; whoever asks about what is no page of it looks at none."""
        with self._changed:
            asked = {look.page for look in self._looks if look.folder == str(site)}
        return {page for page in asked if _bytes_of(str(site), page) is not None}

    def show(self, site: Path, pages: Mapping[str, str]) -> None:
        """Show pages of a site as they are going to be."""
        with self._changed:
            self._ahead |= {(str(site), page): text.encode("utf-8") for page, text in pages.items()}
            self._changed.notify_all()

    def ahead(self, folder: str, page: str) -> bytes | None:
        """A page that is shown while it is being made; None for any other."""
        return self._ahead.get((folder, page))

    def wait(self, seconds: float, look: Look) -> bool | None:
        """Whether a page is another within these seconds; None at once where too many wait already."""
        if not self._places.acquire(blocking=False):
            return None
        try:
            with self._changed:
                if self._is_stale(look):
                    return True
                before = self.number
                self._looks[look] += 1
                try:
                    return self._changed.wait_for(lambda: self._is_another(look, before), seconds)
                finally:
                    self._looks[look] -= 1
                    self._looks += Counter()
        finally:
            self._places.release()

    def _is_stale(self, look: Look) -> bool:
        """Whether the sites were made anew between the page's being loaded and its question."""
        page = look.folder, look.page
        now = None if page in self._ahead else _bytes_of(*page)
        return now is not None and bool(look.sum) and _sum(now) != look.sum

    def _is_another(self, look: Look, before: int) -> bool:
        page = look.folder, look.page
        if page in self._ahead:
            return _sum(self._ahead[page]) != look.sum
        return self.number != before and self._same.get(page) != look.sum


def _bytes_of(folder: str, page: str) -> bytes | None:
    """The bytes of a page; None of what is none, whatever a browser may ask about."""
    if not page.endswith(".html") or page.startswith("/") or ".." in page.split("/"):
        return None
    try:
        return Path(folder, page).read_bytes()
    except (OSError, ValueError):
        return None
