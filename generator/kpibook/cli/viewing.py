"""The commands about who sees what: access."""

import difflib

import click

from kpibook.access.listing import listing, of_login
from kpibook.access.telling import FORMATS
from kpibook.cli.base import HELP, Folders, listed, refuse, sound


@click.command(help=HELP("access.help"))
@click.argument("login", required=False, default="")
@click.option("--format", "style", type=click.Choice(list(FORMATS)), default="text", help=HELP("cli.help.format"))
@click.pass_obj
def access(folders: Folders, login: str, style: str) -> None:
    """Print who may open which pages, and why."""
    content = sound(folders.read(), quiet=True)
    settings = content.catalog.company.access
    if settings is None:
        refuse(content.say("access.no_access"))
    found = tuple(listing(settings, content.cycles, content.catalog_of))
    if login:
        one = of_login(found, login)
        if one is None:
            near = difflib.get_close_matches(login, [each.viewer.login for each in found], n=5)
            refuse(content.say("access.unknown_login", login=login, near=listed(near, content.say)))
        found = (one,)
    for line in FORMATS[style](found, content.say):
        click.echo(line)
