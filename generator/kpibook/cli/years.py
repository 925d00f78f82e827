"""The command that writes a year."""

from pathlib import Path

import click

from kpibook.base.output import PRIVATE, TEMPORARY, new_file
from kpibook.cli.base import HELP, Folders, echo, joined_text, refuse
from kpibook.cli.collecting import with_sound_catalog
from kpibook.content import year_cycles, years_of
from kpibook.exchange.years import year_csv
from kpibook.scoring.years import year_of


@click.command(help=HELP("years.help.year"))
@click.argument("year", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=HELP("years.help.out"))
@click.pass_obj
def year(folders: Folders, year: int, out: Path) -> None:
    """Write a year of everybody as CSV."""
    content = with_sound_catalog(folders.read())
    say, known = content.say, years_of(content)
    if year not in known:
        refuse(say("years.unknown", year=year, years=joined_text(known, say)))
    people = year_of(year, year_cycles(content, year), content.catalog)
    aside = out.with_name(f"{out.name}{TEMPORARY}")
    aside.unlink(missing_ok=True)
    with new_file(aside, PRIVATE.file) as file:
        file.write(year_csv(people, content.catalog, say).encode("utf-8"))
    aside.replace(out)
    echo(say("years.done", file=out, people=len(people)))
