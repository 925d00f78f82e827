"""The commands that help to write a catalog: schema, format."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kpibook.authoring.schemas import write_schemas
from kpibook.base.words import LANGUAGES, words
from kpibook.cli.base import (
    HELP,
    ROOT,
    Exit,
    Folders,
    company_text,
    echo,
)
from kpibook.reading.catalog import load_catalog
from kpibook.reading.formatting import lay_out_files, save


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
    echo(words(spoken)("cli.done.schema", count=count, folder=out))


@click.command("format", help=HELP("layout.help"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--check", "is_check", is_flag=True, help=HELP("layout.check"))
@click.pass_obj
def lay_out(folders: Folders, paths: tuple[Path, ...], *, is_check: bool) -> None:
    """Put the files into their one layout; a faulty file is told and left as it is."""
    files = sorted({file for path in paths for file in _yaml_files(path)} if paths else _own_files(folders))
    all_laid = list(lay_out_files((file, file.as_posix()) for file in files))
    changed = [laid for laid in all_laid if laid.is_changed]
    problems = [problem for laid in all_laid for problem in laid.problems]
    for laid in changed:
        echo(company_text("layout.would_change" if is_check else "layout.changed", file=laid.path.as_posix()))
        if not is_check:
            save(laid)
    for problem in problems:
        echo(problem.text(HELP), err=True)
    echo(company_text("layout.checked" if is_check else "layout.done", files=len(files), changed=len(changed)))
    sys.exit(Exit.FAULTY if problems or (is_check and changed) else Exit.DONE)


def _yaml_files(path: Path) -> Iterator[Path]:
    yield from path.rglob("*.yml") if path.is_dir() else (path,)


def _own_files(folders: Folders) -> set[Path]:
    """All files of the catalog, and what says of each cycle what it is."""
    return {*folders.handbook.rglob("*.yml"), *folders.scorecards.glob("*/cycle.yml")}
