"""Everybody's own start page on this machine: HR chooses whose, and sees what that person would be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kpibook.access import Viewer
from kpibook.access.logins import same
from kpibook.base.words import Words
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
        """Those of exactly this name, id or login, in whatever case."""
        wanted = same(asked.strip())
        return [each for each in self.viewers if wanted in map(same, (each.name, each.person, each.login))]

    def page(self, asked: str) -> str:
        """The page to choose on, with those whom a part of a name, id or login fits; empty fits all."""
        wanted = same(asked.strip())
        fitting = [each for each in self.viewers if wanted in same(f"{each.name} {each.person} {each.login}")]
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

    def __init__(self, *args: object, lobby: Lobby, **how: object) -> None:
        self.lobby = lobby
        super().__init__(*args, **how)  # type: ignore[arg-type]

    def do_GET(self) -> None:  # noqa: N802 -- the library's name
        """The page to choose on, the way from a name to a folder, or a page."""
        address = urlsplit(self.path)
        asked = parse_qs(address.query).get("who", [""])[0] if address.path == "/" else unquote(address.path.strip("/"))
        found = self.lobby.named(asked) if self._is_meant() else []
        if len(found) == 1:
            self.send_response(303)
            self.send_header("Location", f"/{found[0].folder}/")
            self.end_headers()
        elif self._is_meant() and (address.path == "/" or found):
            self.send_page(self.lobby.page(asked).encode("utf-8"))
        else:
            super().do_GET()

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
