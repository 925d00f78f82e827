"""The commands that begin something: new, init."""

import datetime
from pathlib import Path

import click

from kpibook import __version__
from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.authoring.skeletons import CannotMake, NewEntry, NewFile, new_indicator, new_role, write
from kpibook.authoring.wheel import pack
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, Words, words
from kpibook.cli.base import HELP, Folders, echo, refuse
from kpibook.cli.publishing import open_folder
from kpibook.model import Catalog
from kpibook.reading.catalog import load_catalog


@click.command(help=HELP("skeletons.help.new"))
@click.argument("kind", type=click.Choice(["role", "indicator", "cycle"]))
@click.argument("identifier", metavar="ID")
@click.option("--name", default="", help=HELP("skeletons.help.name"))
@click.option("--department", default="", help=HELP("skeletons.help.department"))
@click.option("--group", default="", help=HELP("skeletons.help.group"))
@click.pass_obj
def new(folders: Folders, /, kind: str, identifier: str, **known: str) -> None:
    """Write the beginning of a file, unless there is one."""
    if not folders.handbook.is_dir():
        refuse(HELP("cli.usage.no_handbook", folder=folders.handbook))
    if kind == "cycle":
        open_folder(folders, identifier, known["name"])
        return
    catalog, _ = load_catalog(folders.handbook)
    say = words(catalog.company.language)
    try:
        made = _begun(folders, catalog, kind, NewEntry(identifier, **known))
        for beginning in made:
            write(beginning)
    except CannotMake as err:
        refuse(say(f"skeletons.{err.key}", **err.values))
    _report_files(made, say)


def _begun(folders: Folders, catalog: Catalog, kind: str, asked: NewEntry) -> tuple[NewFile, ...]:
    say = words(catalog.company.language)
    if kind == "role":
        return (new_role(folders.handbook, say, asked),)
    return (new_indicator(folders.handbook, catalog, say, asked),)


def _report_files(made: tuple[NewFile, ...], say: Words) -> None:
    for beginning in made:
        file = beginning.path.as_posix()
        echo(say("skeletons.made", file=file))
    echo(say("skeletons.next"))


@click.command(help=HELP("skeletons.help.init"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default=HELP.language, help=HELP("skeletons.help.language"))
@click.option("--name", default="", help=HELP("skeletons.help.company"))
@click.option("--month", default="", help=HELP("skeletons.help.month"))
def init(folder: Path, language: str, name: str, month: str) -> None:
    """Write a new company's repository."""
    say = words(language)
    named = " ".join(name.split()) or folder.resolve().name
    try:
        period = Period.parse(month) if month else _this_month()
        if period.kind is not PeriodKind.MONTH:
            raise ValueError(month)
        made = create_company(folder, NewCompany(named, period, __version__, pack()), say)
    except CannotMake as err:
        refuse(say(f"skeletons.{err.key}", **err.values))
    except ValueError:
        refuse(say("skeletons.bad_month", month=month))
    echo(say("skeletons.founded", folder=folder.as_posix(), files=len(made), name=named))


def _this_month() -> Period:
    today = datetime.date.today()
    return Period(PeriodKind.MONTH, today.year, today.month)
