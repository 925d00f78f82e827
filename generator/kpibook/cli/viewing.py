"""The commands about who sees what: access, serve-config, leak-test."""

import difflib
import os
import sys
from pathlib import Path

import click

from kpibook.access.formats import FORMATS
from kpibook.access.listing import listing, of_login
from kpibook.access.logins import folder_name, viewers
from kpibook.base.output import PRIVATE, write_tree
from kpibook.base.system_errors import reason
from kpibook.cli.base import (
    HELP,
    ROOT,
    Exit,
    Folders,
    company_text,
    echo,
    failures_reported,
    joined_text,
    refuse,
    sound_content,
)
from kpibook.publishing.leaks import SHOWN, Client, find_leaks
from kpibook.publishing.servers import PORT, SERVERS, Served, server_files


@click.command(help=HELP("access.help"))
@click.argument("login", required=False, default="")
@click.option("--format", "style", type=click.Choice(list(FORMATS)), default="text", help=HELP("cli.help.format"))
@click.pass_obj
def access(folders: Folders, login: str, style: str) -> None:
    """Print who may open which pages, and why."""
    content = sound_content(folders.read(), quiet=True)
    settings = content.catalog.company.access
    if settings is None:
        refuse(content.say("access.no_access"))
    found = tuple(listing(settings, content.cycles, content.catalog_of))
    if login:
        one = of_login(found, login)
        if one is None:
            near = difflib.get_close_matches(login, [each.viewer.login for each in found], n=5)
            key = "unknown_login" if near else "no_login"
            refuse(content.say(f"access.{key}", login=login, near=joined_text(near, content.say)))
        found = (one,)
    for line in FORMATS[style](found, content.say):
        echo(line)


@click.command("serve-config", help=HELP("servers.help.config"))
@click.argument("server", type=click.Choice(list(SERVERS)))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=HELP("cli.help.out"))
@click.option("--port", type=click.IntRange(1, 65534), default=PORT, show_default=True, help=HELP("servers.help.port"))
@click.pass_obj
def serve_config(folders: Folders, server: str, out: Path, port: int) -> None:
    """Write a complete configuration of a web server for the viewers' site."""
    content = sound_content(folders.read(), quiet=True)
    settings = content.catalog.company.access
    if settings is None:
        refuse(content.say("access.no_access"))
    known = viewers(settings, content.cycles.values())
    with failures_reported(content.say):
        files = tuple(server_files(server, known, Served(ROOT / "site-viewers", out, port), content.say))
        write_tree(files, out, PRIVATE)
    echo(content.say("servers.written", files=joined_text((name for name, _ in files), content.say), folder=out))


@click.command("leak-test", help=HELP("servers.help.leaks"))
@click.argument("url")
@click.option("--as", "login", required=True, metavar="LOGIN", help=HELP("servers.help.login"))
@click.option("--header", default="X-Remote-User", show_default=True, help=HELP("servers.help.header"))
@click.option("--most", type=click.IntRange(1), default=2000, show_default=True, help=HELP("servers.help.most"))
def leak_test(url: str, login: str, header: str, most: int) -> None:
    """Ask a running server for the pages of others; each has to be refused as one that does not exist."""
    site, folder = ROOT / "site-viewers", folder_name(login)
    if not (site / "viewers" / folder).is_dir():
        refuse(company_text("servers.no_folder", folder=folder))
    try:
        with Client(url, login, header, os.environ.get("KPIBOOK_PASSWORD", "")) as client:
            found = find_leaks(client, site, folder, most)
    except OSError as err:
        refuse(company_text("servers.no_answer", url=url, reason=reason(err)))
    for kind in ("leaked", "withheld", "told"):
        for path in getattr(found, kind)[:SHOWN]:
            echo(company_text(f"servers.{kind}", path=path))
    counts = {kind: len(getattr(found, kind)) for kind in ("leaked", "withheld", "told")}
    echo(company_text("servers.result", asked=found.asked, own=found.own, **counts))
    sys.exit(Exit.DONE if found.is_tight else Exit.FAULTY)
