"""Where the catalog is edited on the web: the addresses of the repository, its editor and its folders."""

import re
from collections.abc import Mapping
from typing import NamedTuple, cast

_BRANCH = "main"
_EDITORS = (
    (r"(?:^|\.)gitlab\.", "-/edit/{branch}/"),
    (r"(?:^|\.)(?:gitea|forgejo)\.|^codeberg\.org$", "_edit/{branch}/"),
    (r"^github\.|^gitee\.com$", "edit/{branch}/"),
)
"""How the web editors of the usual hosts are addressed, by the host's name."""

_FOLDERS = (("/-/edit/", "/-/tree/"), ("/_edit/", "/src/branch/"), ("/edit/", "/tree/"))
"""Where a host shows a folder of which it edits the files."""


class Repository(NamedTuple):
    """Addresses on the web, empty where they are not known; a path is put after the second and the third."""

    home: str
    edit: str
    browse: str


def repository(settings: Mapping[str, object]) -> Repository:
    """What the settings say in `extra.repository`, `extra.edit` and `extra.browse`, or in MkDocs' own `repo_url`.

    The editor follows from the repository's address where the host is a usual one, the folders from the editor.
    """
    extra = cast("Mapping[str, object]", settings.get("extra") or {})
    home = str(extra.get("repository") or settings.get("repo_url") or "").rstrip("/")
    branch = str(extra.get("branch") or _BRANCH)
    edit = str(extra.get("edit") or _joined(home, settings.get("edit_uri")) or _editor(home, branch))
    return Repository(home, edit, str(extra.get("browse") or _browse(edit)))


def _joined(home: str, path: object) -> str:
    return f"{home}/{str(path).strip('/')}/" if home and path else ""


def _editor(home: str, branch: str) -> str:
    host = re.match(r"https?://(?:[^/@]*@)?([^/:]+)", home)
    known = (path for name, path in _EDITORS if host and re.search(name, host[1].lower()))
    return next((f"{home}/{path.format(branch=branch)}" for path in known), "")


def _browse(edit: str) -> str:
    found = next(((editor, folder) for editor, folder in _FOLDERS if editor in edit), None)
    return edit.replace(*found, 1) if found else ""
