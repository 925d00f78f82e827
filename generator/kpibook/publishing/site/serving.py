"""Both sites on this machine, made anew when a file changes."""

import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from kpibook.publishing.site.reloading import ANSWERS, RELOAD_PATH, Look, Revision, reloading

HOST = "127.0.0.1"
NAMES = re.compile(r"(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?", re.IGNORECASE)
"""By what names this machine's own browser asks for it."""
QUIET_SECONDS = 0.1
"""A change is acted upon when nothing more has happened for this long: an editor saves in several steps."""
WAIT_SECONDS = 25
IDLE_SECONDS = 60
"""Who asks for nothing for so long is hung up on."""
_CHANGES = frozenset({"created", "modified", "moved", "deleted"})


class PageHandler(SimpleHTTPRequestHandler):
    """Serves a folder; pages reload themselves when the sites were made anew."""

    timeout = IDLE_SECONDS

    def __init__(self, *args: object, revision: Revision, directory: str) -> None:
        self.revision = revision
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """A file, or the answer whether something has changed."""
        self.answer(super().do_GET)

    def do_HEAD(self) -> None:
        """As for GET, without the body."""
        self.answer(super().do_HEAD)

    def answer(self, give_file: Callable[[], None]) -> None:
        """Answer with a page, with whether something has changed, or with any other file."""
        if not self.is_meant():
            self.send_error(HTTPStatus.NOT_FOUND)
        elif self.path.partition("?")[0] == RELOAD_PATH:
            look = Look.of_query(str(self.directory), self.path.partition("?")[2])
            self.send_response(ANSWERS[self.revision.wait(WAIT_SECONDS, look)])
            self.end_headers()
        elif (page := self._page()) is not None:
            self.send_page(page)
        else:
            give_file()

    def is_meant(self) -> bool:
        """Whether this machine is asked by its own name, and for a file of the site.

        A page from elsewhere whose name leads here names itself as the host. Hidden files are no part of a site, and
        a link out of its folder is not followed.
        """
        if not NAMES.fullmatch(self.headers.get("Host", HOST)):
            return False
        folder, asked = Path(self.directory), Path(self.translate_path(self.path))
        if "\0" in str(asked) or any(part.startswith(".") for part in asked.relative_to(folder).parts):
            return False
        try:
            return asked.resolve().is_relative_to(folder.resolve())
        except UnicodeEncodeError:
            return False

    def _page(self) -> bytes | None:
        """The page that is asked for; None where it is none, is not there or has a name too long for the disk."""
        path = Path(self.translate_path(self.path))
        with suppress(OSError):
            page = path / "index.html" if self.path.endswith("/") and path.is_dir() else path
            if page.suffix == ".html":
                name = page.relative_to(self.directory).as_posix()
                return reloading(self.revision.ahead(str(self.directory), name) or page.read_bytes(), name)
        return None

    def send_page(self, page: bytes) -> None:
        """Answer with a page that reloads itself."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def list_directory(self, path: object) -> None:
        """No folder is listed."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Nothing is kept by the browser while people edit, and no page from elsewhere embeds anything.

        By what loads within it and what does not, it would learn whether there is somebody of a name.
        """
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "SAMEORIGIN")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Requests name people's pages: none is logged."""


class ServedSite(NamedTuple):
    """A folder, the port that it is served on, and what answers there."""

    folder: Path
    port: int
    handler: Callable[..., PageHandler] = PageHandler


class _Server(ThreadingHTTPServer):
    """A thread for each connection; none is waited for at the end."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell a fault; a browser that hangs up in the middle of an answer is none."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Changes(FileSystemEventHandler):
    """Notes that one of the watched files changed."""

    def __init__(self, files: frozenset[str], happened: threading.Event) -> None:
        self.files = files
        self.happened = happened

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Reading is no change; of a folder watched for single files only those count."""
        paths = {str(event.src_path), str(event.dest_path)}
        if event.event_type in _CHANGES and not event.is_directory and (not self.files or paths & self.files):
            self.happened.set()


def serve(
    sites: Sequence[ServedSite],
    watched: Sequence[Path],
    rebuild: Callable[[], bool],
    *,
    stop: threading.Event | None = None,
    revision: Revision | None = None,
) -> None:
    """Serve each folder on its port of 127.0.0.1 until Ctrl-C (or `stop`), and rebuild when a watched file changes.

    Args:
        sites: the folders may be exchanged at any time.
        watched: folders (with all below them) and single files, which may come later.
        rebuild: makes the sites and tells whether it did; it tells its own problems, and the old sites stay.
        stop: ends the serving from another thread.
        revision: knows which pages are open; `rebuild` may show some of them ahead.

    Raises:
        OSError: a port is taken.
    """
    ended = stop or threading.Event()
    revision = revision or Revision()
    # The second Ctrl-C of somebody in a hurry comes while all is being closed: it ends as quietly as the first.
    with suppress(KeyboardInterrupt), ExitStack() as running:
        # Watched before anybody can connect: whoever sees the site may change a file at once.
        happened = running.enter_context(_watching(watched))
        for site in sites:
            running.enter_context(_serving(site, revision))
        while not ended.is_set():
            if happened.wait(0.2):
                _settle(happened, ended)
                if rebuild():
                    revision.advance()
                else:
                    revision.take_back()


def _settle(happened: threading.Event, ended: threading.Event) -> None:
    while happened.is_set() and not ended.is_set():
        happened.clear()
        happened.wait(QUIET_SECONDS)


@contextmanager
def _serving(site: ServedSite, revision: Revision) -> Iterator[None]:
    server = _Server((HOST, site.port), partial(site.handler, revision=revision, directory=str(site.folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _watching(watched: Sequence[Path]) -> Iterator[threading.Event]:
    """An event that is set when something watched changes."""
    happened = threading.Event()
    observer = Observer()
    folders = [path for path in watched if path.is_dir()]
    files = [path.absolute() for path in watched if not path.is_dir()]
    for folder in folders:
        observer.schedule(_Changes(frozenset(), happened), str(folder.absolute()), recursive=True)
    for parent in sorted({path.parent for path in files if path.parent.is_dir()}):
        names = frozenset(str(path) for path in files if path.parent == parent)
        observer.schedule(_Changes(names, happened), str(parent), recursive=False)
    observer.start()
    try:
        yield happened
    finally:
        observer.stop()
        observer.join()
