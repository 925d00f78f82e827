"""The commands for analysts and for HR's analysis: table."""

from pathlib import Path

import click

from kpibook.cli.base import HELP, Folders, echo, listed, period_of, refuse, sound

TABLES = ("people", "items", "ratings", "actuals")


@click.command(help=HELP("analysis.help.table"))
@click.argument("kind", type=click.Choice(TABLES))
@click.argument("cycles", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=HELP("analysis.help.out"))
@click.pass_obj
def table(folders: Folders, kind: str, cycles: tuple[str, ...], out: Path) -> None:
    """Write people, items, ratings or actuals of some cycles, or of all, as one table."""
    # Imported here: no other command waits for pandas.
    from kpibook import frames
    from kpibook.analysis.writing import ENDINGS, UnwritableTable, write_table

    content = sound(folders.read(), quiet=True)
    periods = {period_of(content, cycle) for cycle in cycles} or set(content.cycles)
    frame = getattr(frames, kind)(frames.ScoredCycles(content, periods))
    try:
        write_table(frame, out)
    except UnwritableTable as err:
        refuse(content.say(f"analysis.table.{err.key}", file=out, endings=listed(ENDINGS, content.say)))
    echo(content.say("analysis.table.done", file=out, rows=len(frame)))
