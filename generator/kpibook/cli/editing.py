"""The commands that help to write a catalog: schema."""

from pathlib import Path

import click

from kpibook.cli.base import HELP
from kpibook.schemas import write_schemas


@click.command(help=HELP("cli.help.schema"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=HELP("cli.help.out"))
def schema(out: Path) -> None:
    """Write the JSON Schemas of all YAML files."""
    click.echo(HELP("cli.done.schema", count=write_schemas(out), folder=out))
