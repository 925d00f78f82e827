"""Everybody's own start page on this machine: HR chooses whose, and sees what that person would be shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kpibook.access import Viewer
from kpibook.access.logins import login_key
from kpibook.base.words import Words
from kpibook.publishing.site.reloading import reloading
from kpibook.publishing.site.serving import PageHandler

TEMPLATES = Path(__file__).parents[2] / "templates" / "publishing" / "serving"
MOST_LISTED = 200
"""So many people are listed to choose from; of more, those whose name, id or login holds what was asked for."""


@dataclass(slots=True)
class Lobby:
    """Who may be chosen; read anew with each rebuild."""

    say: Words
    viewers: Sequence[Viewer] = ()

    def named(self, asked: str) -> list[Viewer]:
        """Those of exactly this name, id or login, in whatever case; nobody of a blank, though HR may have no id."""
        wanted = login_key(asked.strip())
        return [
            each for each in self.viewers if wanted and wanted in map(login_key, (each.name, each.person, each.login))
        ]

    def is_folder(self, asked: str) -> bool:
        """Whether this is a viewer's folder, which comes before anybody's name."""
        return any(each.folder == asked for each in self.viewers)

    def page(self, asked: str) -> str:
        """The page to choose on, with those whom a part of a name, id or login fits; empty fits all."""
        wanted = login_key(asked.strip())
        fitting = [each for each in self.viewers if wanted in login_key(f"{each.name} {each.person} {each.login}")]
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=True,
        )
        return environment.get_template("lobby.html.j2").render(
            say=self.say,
            language=self.say.language,
            asked=asked.strip(),
            listed=fitting[:MOST_LISTED],
            more=len(fitting) - MOST_LISTED,
        )


class StartPageHandler(PageHandler):
    """Serves the viewers' site: `/` to choose, and below each viewer's folder what that viewer may see.

    A link of a page stays in the folder of its viewer, as behind a web server that knows who has logged in.
    """

    def __init__(self, *args: Any, lobby: Lobby, **how: Any) -> None:
        # First, as the handler that it extends answers the request while it is made.
        self.lobby = lobby
        super().__init__(*args, **how)

    def answer(self, give_file: Callable[[], None]) -> None:
        """Answer with the page to choose on, the way from a name to a folder, or a page."""
        path, _, query = self.path.partition("?")
        is_choice = path == "/"
        asked = parse_qs(query).get("who", [""])[0] if is_choice else unquote(path.strip("/"))
        is_name = self.is_meant() and (is_choice or not self.lobby.is_folder(asked))
        found = self.lobby.named(asked) if is_name else []
        if len(found) == 1:
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", f"/{found[0].folder}/")
            self.end_headers()
        elif is_name and (is_choice or found):
            self.send_page(reloading(self.lobby.page(asked).encode("utf-8"), ""))
        else:
            super().answer(give_file)

    def translate_path(self, path: str) -> str:
        """Where an address below a viewer's folder stands on the disk: what all may load apart, cards flat."""
        parts = Path(super().translate_path(path)).relative_to(self.directory).parts
        match parts:
            case (_, "assets", *rest):
                place = ("public", "assets", *rest)
            case (viewer, _, "p", card):
                place = ("viewers", viewer, "p", card)
            case _:
                place = ("viewers", *parts)
        return str(Path(self.directory, *place))
