"""The commands that begin something: new, init."""

import datetime
from pathlib import Path

import click

from kpibook import __version__
from kpibook.authoring.adopting_roles import adopt_role
from kpibook.authoring.library import add_departments, check_beginning, found_templates, lacking_departments, library
from kpibook.authoring.library_lines import list_lines, template_lines
from kpibook.authoring.reused_entries import reused_lines
from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.authoring.skeletons import CannotMake, NewEntry, NewFile, new_indicator, new_role, write
from kpibook.authoring.wheel import make_wheel
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, Words, words
from kpibook.cli.base import (
    HELP,
    Folders,
    company_text,
    echo,
    refuse,
)
from kpibook.cli.publishing import open_folder
from kpibook.model import Catalog
from kpibook.reading.catalog import load_catalog


@click.command(help=HELP("skeletons.help.new"))
@click.argument("kind", type=click.Choice(["role", "indicator", "cycle"]))
@click.argument("identifier", metavar="ID")
@click.option("--name", default="", help=HELP("skeletons.help.name"))
@click.option("--department", default="", help=HELP("skeletons.help.department"))
@click.option("--group", default="", help=HELP("skeletons.help.group"))
@click.option("--like", default="", metavar="TEMPLATE", help=HELP("library.help.like"))
@click.option("--owner", default="", metavar="DEPARTMENT", help=HELP("library.help.owner"))
@click.pass_obj
def new(folders: Folders, /, kind: str, identifier: str, like: str, owner: str, **known: str) -> None:
    """Write the beginning of a file, unless there is one."""
    if not folders.handbook.is_dir():
        refuse(company_text("cli.usage.no_handbook", folder=folders.handbook))
    if (like or owner) and (kind != "role" or not like):
        refuse(company_text("library.only_roles"))
    if kind == "cycle":
        open_folder(folders, identifier, known["name"])
        return
    catalog, _ = load_catalog(folders.handbook)
    say = words(catalog.company.language)
    try:
        if like:
            _adopt(folders.handbook, catalog, NewEntry(identifier, **known), like, owner)
            return
        made = _new_files(folders, catalog, kind, NewEntry(identifier, **known))
        for beginning in made:
            write(beginning)
    except CannotMake as err:
        refuse(_refusal_text(say, err))
    _report_files(made, say)


def _adopt(handbook: Path, catalog: Catalog, asked: NewEntry, like: str, owner: str = "") -> None:
    """Write a role of the library with what it needs, and tell what was used and what is open."""
    say = words(catalog.company.language)
    adopted = adopt_role(handbook, catalog, asked, like, owner)
    for beginning in adopted.files:
        write(beginning)
        key = "added" if beginning.is_added else "made"
        echo(say(f"library.{key}", file=beginning.path.as_posix()))
    for line in reused_lines(adopted.reused, say):
        echo(line)
    for before, after in adopted.fresh.items():
        echo(say("library.fresh", before=before, after=after))
    if adopted.without_owner:
        echo(say("library.without_owner", names=say("skeletons.comma").join(adopted.without_owner)))
    if adopted.without_department:
        echo(say("library.without_department"))
    echo(say("library.next"))


def _new_files(folders: Folders, catalog: Catalog, kind: str, asked: NewEntry) -> tuple[NewFile, ...]:
    say = words(catalog.company.language)
    if kind == "role":
        return (new_role(folders.handbook, say, asked),)
    return (new_indicator(folders.handbook, catalog, say, asked),)


def _refusal_text(say: Words, err: CannotMake) -> str:
    part = "library" if f"library.{err.key}" in say else "skeletons"
    return say(f"{part}.{err.key}", **err.values)


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
@click.option("--like", default="", metavar="TEMPLATE,…", help=HELP("library.help.first"))
def init(folder: Path, language: str, name: str, month: str, like: str) -> None:
    """Write a new company's repository."""
    say = words(language)
    chosen = tuple(dict.fromkeys(part.strip() for part in like.split(",") if part.strip()))
    named = " ".join(name.split()) or folder.resolve().name
    try:
        period = Period.parse(month) if month else _this_month()
        if period.kind is not PeriodKind.MONTH:
            raise ValueError(month)
        check_beginning(language, chosen)
        made = create_company(folder, NewCompany(named, period, __version__, make_wheel()), say)
    except CannotMake as err:
        refuse(_refusal_text(say, err))
    except ValueError:
        refuse(say("skeletons.bad_month", month=month))
    if chosen:
        _adopt_first(folder / "handbook", chosen)
    echo(say("skeletons.founded", folder=folder.as_posix(), files=len(made), name=named))


def _adopt_first(handbook: Path, chosen: tuple[str, ...]) -> None:
    """The first roles of a new company, with the departments that hold them or supply their numbers."""
    catalog, _ = load_catalog(handbook)
    if lacking := lacking_departments(catalog, chosen):
        write(add_departments(handbook, catalog, lacking))
    for identifier in chosen:
        catalog, _ = load_catalog(handbook)
        _adopt(handbook, catalog, NewEntry(identifier), identifier)


@click.command(help=HELP("library.help.library"))
@click.argument("word", default="")
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help=HELP("library.help.language"))
@click.pass_obj
def show_library(folders: Folders, word: str, language: str | None) -> None:
    """List the roles that are packed with the program, or show the one that a word names."""
    if not language:
        own = load_catalog(folders.handbook)[0].company.language if folders.handbook.is_dir() else ""
        language = own or HELP.language
    say, catalog = words(language), library(language)
    found = found_templates(catalog, word.strip())
    if not found:
        refuse(say("library.nothing", word=word))
    for line in template_lines(catalog, found[0], say) if len(found) == 1 else list_lines(catalog, found, say):
        echo(line)


def _this_month() -> Period:
    today = datetime.date.today()
    return Period(PeriodKind.MONTH, today.year, today.month)
