"""The commands for analysts and for HR's analysis: table, analysis."""

from pathlib import Path

import click

from kpibook.cli.base import HELP, ROOT, Folders, begun_period_of, echo, failures_reported, listed, refuse, sound
from kpibook.publishing.kept_analysis import analysis_key, keep_pages, kept_pages

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
    periods = {begun_period_of(content, cycle) for cycle in cycles} or set(content.begun)
    frame = getattr(frames, kind)(frames.ScoredCycles(content, periods))
    try:
        write_table(frame, out)
    except UnwritableTable as err:
        refuse(content.say(f"analysis.table.{err.key}", file=out, endings=listed(ENDINGS, content.say)))
    echo(content.say("analysis.table.done", file=out, rows=len(frame)))


@click.command(help=HELP("analysis.help.analysis"))
@click.argument("cycles", nargs=-1)
@click.option("--fresh", is_flag=True, help=HELP("analysis.help.fresh"))
@click.pass_obj
def analysis(folders: Folders, cycles: tuple[str, ...], *, fresh: bool) -> None:
    """Write HR's pages of analysis into the cards' site, unless they say already what they would."""
    if fault := folders.fault():
        refuse(fault)
    key = analysis_key(folders.handbook, folders.scorecards, ROOT / "mkdocs.yml")
    if not fresh and (count := kept_pages(ROOT, key, cycles)):
        echo(HELP("analysis.unchanged", pages=count))
        return
    if not (ROOT / "site-cards").is_dir():
        refuse(HELP("analysis.no_site"))
    content = sound(folders.read(), quiet=True)
    periods = {begun_period_of(content, cycle) for cycle in cycles} or set(content.begun)
    # Imported here: where nothing has changed, nobody waits for pandas.
    from kpibook.analysing import analyse

    with failures_reported(content.say):
        count = analyse(content, ROOT, periods)
    keep_pages(ROOT, key, cycles)
    echo(content.say("analysis.done", folder=ROOT / "site-cards" / "analysis", pages=count))
