"""The command line: the only place that prints and exits."""

import difflib
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from kpibook import pipeline, site
from kpibook.explain import explain_card
from kpibook.output import OutputError
from kpibook.periods import Period
from kpibook.pipeline import Content
from kpibook.problems import Level, Problem, has_errors
from kpibook.results import Card
from kpibook.schemas import write_schemas
from kpibook.site import SiteError
from kpibook.telling import FORMATS
from kpibook.words import Words, words


class Exit(IntEnum):
    """What the exit code says to a scheduler."""

    DONE = 0
    FAULTY = 1
    USAGE = 2
    SET_ASIDE = 3


def _terminal_words() -> Words:
    """The words of the terminal's language: for help, and while no catalog was read."""
    setting = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return words("zh" if setting.startswith("zh") else "en")


_HELP = _terminal_words()
Command = TypeVar("Command", bound=Callable[..., None])
_ROOT = Path()


class Folders:
    """The two folders that a company keeps, as named on the command line."""

    def __init__(self, handbook: Path, scorecards: Path) -> None:
        self.handbook = handbook
        self.scorecards = scorecards

    def read(self) -> Content:
        """Read and check everything; a folder that is not there is wrong usage."""
        if not self.handbook.is_dir():
            _refuse(_HELP("cli.usage.no_handbook", folder=self.handbook))
        if not self.scorecards.is_dir():
            _refuse(_HELP("cli.usage.no_scorecards", folder=self.scorecards))
        return pipeline.read(self.handbook, self.scorecards)


def _folder_option(name: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{name}",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(name),
        show_default=True,
        help=_HELP(f"cli.help.{name}"),
    )


@click.group(help=_HELP("cli.help.main"), context_settings={"help_option_names": ["-h", "--help"]})
@_folder_option("handbook")
@_folder_option("scorecards")
@click.version_option(package_name="kpibook")
@click.pass_context
def main(context: click.Context, handbook: Path, scorecards: Path) -> None:
    """Read the two folders when a command needs them."""
    context.obj = Folders(handbook, scorecards)


@main.command(help=_HELP("cli.help.check"))
@click.option("--format", "style", type=click.Choice(list(FORMATS)), default="text", help=_HELP("cli.help.format"))
@click.pass_obj
def check(folders: Folders, style: str) -> None:
    """Print every problem; nothing is written."""
    content = folders.read()
    problems = pipeline.problems_to_tell(content)
    for line in FORMATS[style](problems, content.say):
        click.echo(line)
    if style == "text":
        click.echo(_summary(problems, content.say), err=True)
    if has_errors(problems):
        sys.exit(Exit.FAULTY)
    sys.exit(Exit.SET_ASIDE if pipeline.open_set_aside(content) else Exit.DONE)


@main.command(help=_HELP("cli.help.score"))
@click.argument("cycle")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=_HELP("cli.help.out"))
@click.pass_obj
def score(folders: Folders, cycle: str, out: Path) -> None:
    """Write the points and totals of one cycle."""
    content = _sound(folders.read())
    results = pipeline.score_cycle(content, _period(content, cycle))
    pipeline.write_scores(results, content, out)
    scored = sum(card.total is not None for card in results.cards)
    click.echo(content.say("cli.done.score", folder=out, people=len(results.cards), scored=scored))
    _finish(content.say, len(results.cycle.set_aside))


@main.command(help=_HELP("cli.help.explain"))
@click.argument("cycle")
@click.argument("person")
@click.argument("indicator", required=False, default="")
@click.pass_obj
def explain(folders: Folders, cycle: str, person: str, indicator: str) -> None:
    """Print how each point of a person came about."""
    content = _sound(folders.read(), quiet=True)
    results = pipeline.score_cycle(content, _period(content, cycle))
    card = _card(results.cards, cycle, person, content.say)
    _check_indicator(card, indicator, content.say)
    click.echo(explain_card(card, content.catalog, content.say, indicator))


@main.command(help=_HELP("cli.help.pages"))
@click.pass_obj
def pages(folders: Folders) -> None:
    """Write the Markdown of both sites into `build/`."""
    content, folder = _sound(folders.read()), _ROOT / "build"
    with _failures_told(content.say):
        made = pipeline.write_pages(content, folder, content.cycles)
    click.echo(content.say("cli.done.pages", handbook=made.handbook_pages, cards=made.card_pages, folder=folder))
    _finish(content.say, made.set_aside)


@main.command(help=_HELP("cli.help.build"))
@click.argument("cycles", nargs=-1)
@click.pass_obj
def build(folders: Folders, cycles: tuple[str, ...]) -> None:
    """Make the pages and both sites."""
    content = _sound(folders.read())
    periods = {_period(content, cycle) for cycle in cycles} or set(content.cycles)
    with _failures_told(content.say):
        made = pipeline.build(content, _ROOT, periods)
    click.echo(content.say("cli.done.build", handbook=made.handbook_pages, cards=made.card_pages))
    _finish(content.say, made.set_aside)


@main.command(help=_HELP("cli.help.serve"))
@click.option("--port", type=click.IntRange(1, 65534), default=8000, show_default=True, help=_HELP("cli.help.port"))
@click.pass_obj
def serve(folders: Folders, port: int) -> None:
    """Serve both sites on this machine and rebuild them when a file changes."""
    if not _rebuilt(folders) and not (_ROOT / "site").is_dir():
        sys.exit(Exit.FAULTY)
    click.echo(_HELP("cli.done.serve", handbook=f"http://127.0.0.1:{port}/", cards=f"http://127.0.0.1:{port + 1}/"))
    try:
        site.serve(
            [(_ROOT / "site", port), (_ROOT / "site-cards", port + 1)],
            [folders.handbook, folders.scorecards, _ROOT / "mkdocs.yml"],
            lambda: _rebuilt(folders),
        )
    except OSError as err:
        _refuse(_HELP("cli.usage.port_taken", port=port, reason=err.strerror))


@main.command(help=_HELP("cli.help.schema"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=_HELP("cli.help.out"))
def schema(out: Path) -> None:
    """Write the JSON Schemas of all YAML files."""
    click.echo(_HELP("cli.done.schema", count=write_schemas(out), folder=out))


def _rebuilt(folders: Folders) -> bool:
    """Make both sites anew and tell how it went; what is faulty leaves them as they are."""
    try:
        content = _sound(folders.read())
        with _failures_told(content.say):
            made = pipeline.build(content, _ROOT, content.cycles)
    except SystemExit:
        return False
    click.echo(content.say("cli.done.rebuilt", handbook=made.handbook_pages, cards=made.card_pages))
    return True


@contextmanager
def _failures_told(say: Words) -> Iterator[None]:
    """Tell what went wrong while writing, and end the run; what was published before still stands."""
    try:
        yield
    except (OutputError, SiteError) as err:
        for problem in err.problems:
            click.echo(problem.text(say), err=True)
        click.echo(say("cli.done.faulty"), err=True)
        sys.exit(Exit.FAULTY)


def _sound(content: Content, *, quiet: bool = False) -> Content:
    """The content, unless it is faulty: then its problems are told and the run ends."""
    problems = pipeline.problems_to_tell(content)
    faulty = has_errors(problems)
    if faulty or not quiet:
        for problem in problems:
            click.echo(problem.text(content.say), err=True)
    if faulty:
        click.echo(_summary(problems, content.say), err=True)
        click.echo(content.say("cli.done.faulty"), err=True)
        sys.exit(Exit.FAULTY)
    return content


def _summary(problems: Collection[Problem], say: Words) -> str:
    if not problems:
        return say("cli.done.clean")
    count = {level: sum(problem.level is level for problem in problems) for level in Level}
    return say("cli.done.found", errors=count[Level.ERROR], warnings=count[Level.WARNING], notes=count[Level.NOTE])


def _finish(say: Words, set_aside: int) -> NoReturn:
    if set_aside:
        click.echo(say("cli.done.set_aside", count=set_aside))
        sys.exit(Exit.SET_ASIDE)
    sys.exit(Exit.DONE)


def _refuse(text: str) -> NoReturn:
    click.echo(_HELP("cli.error", text=text), err=True)
    sys.exit(Exit.USAGE)


def _period(content: Content, cycle: str) -> Period:
    for period in content.cycles:
        if str(period) == cycle:
            return period
    _refuse(content.say("cli.usage.unknown_cycle", cycle=cycle, cycles=_listed(content.cycles, content.say)))


def _card(cards: Collection[Card], cycle: str, person: str, say: Words) -> Card:
    for card in cards:
        if card.person.casefold() == person.casefold():
            return card
    near = difflib.get_close_matches(person, [card.person for card in cards], n=5)
    _refuse(say("cli.usage.unknown_person", cycle=cycle, person=person, near=_listed(near, say)))


def _check_indicator(card: Card, indicator: str, say: Words) -> None:
    known = dict.fromkeys(s.item.indicator for part in card.slices for s in (*part.items, *part.extras))
    if indicator and indicator not in known:
        listed = _listed(known, say)
        _refuse(say("cli.usage.unknown_indicator", person=card.person, indicator=indicator, indicators=listed))


def _listed(values: Iterable[object], say: Words) -> str:
    return ", ".join(str(value) for value in values) or say("cli.usage.none")
