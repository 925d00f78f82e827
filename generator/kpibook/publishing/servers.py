"""Complete configurations of web servers that give each viewer the pages of their own folder and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kpibook.access import Viewer
from kpibook.access.logins import PLAIN, is_plain
from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.words import Words
from kpibook.publishing.site.viewers import POLICY

TEMPLATES = Path(__file__).parents[1] / "templates" / "publishing" / "servers"
PERIOD = r"[12]\d{3}(?:-(?:[01]\d|Q[1-4]|H[12]))?"
PORT = 8080
SERVERS: Mapping[str, tuple[str, str]] = {"nginx": ("nginx.conf", "map"), "caddy": ("Caddyfile", "caddy")}
"""The name of each server's configuration, and the ending of its lists of logins."""


class ServerError(Failure):
    """A configuration cannot be made."""


class Served(NamedTuple):
    """What is served, and where."""

    site: Path
    """The viewers' site."""
    out: Path
    """Where the configuration will stand."""
    port: int = PORT


def server_files(server: str, viewers: Sequence[Viewer], served: Served, say: Words) -> Iterator[tuple[str, str]]:
    """The files of a configuration by their names below `out`.

    Raises:
        ServerError: the viewers' site was not made yet.
    """
    site, out, port = served
    policy = site / POLICY
    if not policy.is_file():
        raise ServerError([Problem("no-viewers-site", Place(site.name))])
    name, ending = SERVERS[server]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    values = {"root": site.resolve(), "parent": site.resolve().parent, "out": out.resolve(), "plain": PLAIN}
    values |= {"period": PERIOD, "port": port, "hr_port": port + 1, "csp": policy.read_text("ascii").strip()}
    yield name, environment.get_template(f"{name}.j2").render(say=say, **values)
    # Never empty: Caddy refuses to include a file without a line.
    head = f"# {say('servers.made')}\n"
    yield f"viewers.{ending}", head + "".join(_viewer_lines(server, viewers))
    cards = site.resolve().with_name("site-cards")
    yield f"hr.{ending}", head + "".join(_hr_lines(server, viewers, cards))


def _viewer_lines(server: str, viewers: Sequence[Viewer]) -> Iterator[str]:
    """The logins that are no plain names, each with its folder."""
    for viewer in viewers:
        if not is_plain(viewer.login) and (key := _key(server, viewer.login)):
            yield _line(server, key, viewer.folder)


def _hr_lines(server: str, viewers: Sequence[Viewer], cards: Path) -> Iterator[str]:
    """The logins of HR, each with the site that holds everything."""
    for viewer in viewers:
        if viewer.is_hr and (key := _key(server, viewer.login)):
            yield _line(server, key, str(cards))


def _line(server: str, key: str, value: str) -> str:
    return f'{key} "{value}";\n' if server == "nginx" else f'{key} "{value}"\n'


def _key(server: str, login: str) -> str:
    """A login as the key of a map; empty for one that the server cannot tell from its own signs: it sees nothing."""
    if not login.isprintable():
        return ""
    if server == "nginx":
        # A leading backslash: `default`, `hostnames` and `~` are words of the map's own, in quotes too.
        quoted = login.replace("\\", "\\\\").replace('"', '\\"')
        return f'"\\\\{quoted}"'
    return "" if set(login) & set('{}"`') or login.startswith("~") or login.endswith("\\") else f'"{login}"'
