"""Under which name the web server knows somebody, and the folder of that name."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpibook.access.newest_cycle import as_of, deciding_cycle, rows_on
from kpibook.model import Access, Assignment, Cycle

PLAIN = r"[a-z0-9](?:[a-z0-9_-]|[.@](?=[a-z0-9])){0,63}"
"""A login that may be the name of a folder as it is; servers match the same pattern."""
_PLAIN = re.compile(PLAIN, re.ASCII)
RESERVED = "default"
"""A word of its own in the maps of servers, even in quotes."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who may log in."""

    login: str
    person: str
    """The id; empty for somebody of HR who is not on the roster."""
    name: str
    is_hr: bool = False

    @property
    def folder(self) -> str:
        """The name of the viewer's folder."""
        return folder_name(self.login)


def login_of(row: Assignment) -> str:
    """The login of a person: what the row says, else the id in small letters."""
    return unicodedata.normalize("NFC", row.login) if row.login else row.person.lower()


def login_key(login: str) -> str:
    """The login as it is compared: neither case nor the way letters are composed makes a difference."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", login).casefold())


def folder_name(login: str) -> str:
    """`u-` and the login where that is a plain name, else `h-` and 32 digits of its hash."""
    if is_plain(login):
        return f"u-{login}"
    composed = unicodedata.normalize("NFC", login)
    return f"h-{hashlib.sha256(composed.encode('utf-8')).hexdigest()[:32]}"


def is_plain(login: str) -> bool:
    """Whether a login names its folder as it is; any other stands in a map of the server."""
    return _PLAIN.fullmatch(login) is not None


def viewers(access: Access, cycles: Iterable[Cycle]) -> tuple[Viewer, ...]:
    """Everybody who has a folder: who is there on the last day of the newest roster, and HR."""
    return tuple(sorted(_viewers(access, deciding_cycle(cycles)), key=lambda viewer: viewer.login))


def _viewers(access: Access, cycle: Cycle | None) -> Iterator[Viewer]:
    hr = {login_key(login): unicodedata.normalize("NFC", login) for login in access.hr}
    rows = rows_on(cycle, as_of(cycle)).values() if cycle else ()
    for row in rows:
        login = login_of(row)
        yield Viewer(login, row.person, row.name, hr.pop(login_key(login), None) is not None)
    for login in hr.values():
        yield Viewer(login, "", login, is_hr=True)
