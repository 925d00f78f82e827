"""The command line: the only place that prints and exits."""

import gc
from pathlib import Path

import click

from kpibook.cli.base import HELP, Exit, Folders, folder_option
from kpibook.cli.editing import lay_out, schema
from kpibook.cli.making import build, pages, serve
from kpibook.cli.reading import check, explain, score

__all__ = ["Exit", "main"]


@click.group(help=HELP("cli.help.main"), context_settings={"help_option_names": ["-h", "--help"]})
@folder_option("handbook")
@folder_option("scorecards")
@click.version_option(package_name="kpibook")
@click.pass_context
def main(context: click.Context, handbook: Path, scorecards: Path) -> None:
    """Read the two folders when a command needs them."""
    if context.invoked_subcommand != "serve":
        # A command ends before its garbage matters; looking for it takes a third of the time of 10,000 cards.
        gc.disable()
        context.call_on_close(gc.enable)
    context.obj = Folders(handbook, scorecards)


for command in (check, score, explain, pages, build, serve, schema, lay_out):
    main.add_command(command)
