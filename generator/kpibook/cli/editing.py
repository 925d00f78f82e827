"""The commands that help to write a catalog: schema."""

from pathlib import Path

import click

from kpibook.catalog import load_catalog
from kpibook.cli.base import HELP, ROOT, Folders
from kpibook.schemas import write_schemas
from kpibook.words import LANGUAGES, words


@click.command(help=HELP("cli.help.schema"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "build" / "schemas",
    show_default=True,
    help=HELP("cli.help.out"),
)
@click.option("--language", type=click.Choice(LANGUAGES), help=HELP("cli.help.schema_language"))
@click.option("--ids/--no-ids", default=True, help=HELP("cli.help.ids"))
@click.pass_obj
def schema(folders: Folders, out: Path, language: str | None, *, ids: bool) -> None:
    """Write the JSON Schemas of all YAML files; a faulty catalog serves as far as it can be read."""
    catalog = load_catalog(folders.handbook)[0] if folders.handbook.is_dir() else None
    spoken = language or (catalog.company.language if catalog else HELP.language)
    count = write_schemas(out, words(spoken), catalog if ids else None)
    click.echo(words(spoken)("cli.done.schema", count=count, folder=out))
