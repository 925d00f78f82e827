"""What all commands share: the two folders, the words, and how a run ends."""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from kpibook.base.atomic_folders import finish_publication
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Level, Problem, Said, has_errors
from kpibook.base.reporting import WITHHELD, as_text, is_log, without_values
from kpibook.base.system_errors import reason
from kpibook.base.transactions import Leftover
from kpibook.base.transactions import finish_pending as finish_changes
from kpibook.base.visible import visible_lines
from kpibook.base.words import Words, words

if TYPE_CHECKING:
    from kpibook.content import Content
    from kpibook.content.sharing import Shared


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


HELP = _terminal_words()
ROOT = Path()
"""Where the sites are made."""

Command = TypeVar("Command", bound=Callable[..., None])


class Folders:
    """The two folders that a company keeps, as named on the command line."""

    def __init__(self, handbook: Path, scorecards: Path) -> None:
        self.handbook = handbook
        self.scorecards = scorecards

    def read(self, shared: "Shared | None" = None) -> "Content":
        """Read and check everything, what `shared` knows not again; a folder that is not there is wrong usage."""
        if fault := self.fault():
            refuse(fault)
        # Imported here: `--help`, `--version` and a wrong option need not wait for what reads and checks.
        from kpibook.content import read

        return read(self.handbook, self.scorecards, shared)

    def fault(self) -> str:
        """Which folder is not there, in words; empty where both are."""
        if not self.handbook.is_dir():
            return company_text("cli.usage.no_handbook", folder=self.handbook)
        if not self.scorecards.is_dir():
            return company_text("cli.usage.no_scorecards", folder=self.scorecards)
        return ""


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text, nothing in which can steer a terminal: names and cells come from files of others.

    Raises:
        Unprintable: there is no room for it, or nobody takes it.
    """
    try:
        click.echo(visible_lines(text), err=err, nl=nl)
    except OSError as error:
        raise Unprintable(error) from error


def go_to_line_start() -> None:
    """Let the next text take the place of the line that stands on the terminal."""
    click.echo("\r", nl=False, err=True)


class Unprintable(Exception):
    """What was to be printed could not be; `error` says why."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def folder_option(name: str) -> Callable[[Command], Command]:
    """The option for a folder of the company, which is called by its name unless given."""
    return click.option(
        f"--{name}",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(name),
        show_default=True,
        help=HELP(f"cli.help.{name}"),
    )


def sound_content(content: "Content", *, quiet: bool = False, details: Path | None = None) -> "Content":
    """The content, unless it is faulty: then its problems are printed and the run ends."""
    if not report_problems(content, quiet=quiet, details=details):
        sys.exit(Exit.FAULTY)
    return content


def report_problems(content: "Content", *, quiet: bool = False, details: Path | None = None) -> bool:
    """Print the problems of the content, of sound ones none if `quiet`; tells whether it is sound."""
    from kpibook.content import reported_problems

    problems = reported_problems(content)
    is_faulty = has_errors(problems)
    if is_faulty or not quiet:
        tell_problems(problems, content.say)
    keep_details(details, as_text(problems, content.say))
    if is_faulty:
        echo(summary(problems, content.say), err=True)
        echo(content.say("cli.done.faulty"), err=True)
    return not is_faulty


def has_faultless_catalog(content: "Content") -> bool:
    """Print the errors of the handbook, of which cycles are no part; tells whether there are none."""
    faults = [
        problem
        for problem in content.problems
        if problem.level is Level.ERROR and problem.place.file.startswith(f"{content.catalog.folder}/")
    ]
    tell_problems(faults, content.say)
    return not faults


def tell_problems(problems: Iterable[Problem], say: Words) -> None:
    """Print problems: everything to who runs the command, and to a log only what names nobody."""
    told = for_log(problems) if is_log() else tuple(problems)
    for line in as_text(told, say):
        echo(line, err=True)
    if any(WITHHELD in problem.values.values() for problem in told):
        echo(say("cli.done.withheld"), err=True)


def for_log(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems as a log tells them."""
    return tuple(map(without_values, problems))


def details_option() -> Callable[[Command], Command]:
    """The option for the file into which the whole text goes."""
    return click.option(
        "--details", type=click.Path(path_type=Path, dir_okay=False), default=None, help=HELP("cli.help.details")
    )


def keep_details(file: Path | None, lines: Iterable[str]) -> None:
    """Write what a log leaves out into a file of HR's own, if they want one."""
    if file is None:
        return
    text = "".join(f"{visible_lines(line)}\n" for line in lines)
    try:
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as err:
        refuse(company_text("cli.usage.unwritable", file=file, reason=reason(err)))


def summary(problems: Collection[Problem], say: Words) -> str:
    """How many problems there are of each level, in a sentence."""
    if not problems:
        return say("cli.done.clean")
    count = {level: sum(problem.level is level for problem in problems) for level in Level}
    return say("cli.done.found", errors=count[Level.ERROR], warnings=count[Level.WARNING], notes=count[Level.NOTE])


def finish(say: Words, set_aside: int, done: str = "") -> NoReturn:
    """End the run; what was made stands last, where it is read first."""
    if set_aside:
        echo(say("cli.done.set_aside", count=set_aside))
    if done:
        echo(done)
    sys.exit(Exit.SET_ASIDE if set_aside else Exit.DONE)


def refuse(text: str) -> NoReturn:
    """End the run for wrong usage."""
    report_usage(text)
    sys.exit(Exit.USAGE)


def report_usage(text: str) -> None:
    """Print why a command cannot do what it is asked for, if anybody still reads it."""
    with suppress(Unprintable):
        echo(company_text("cli.error", text=text), err=True)


@contextmanager
def failures_reported(say: Words) -> Iterator[None]:
    """Print what went wrong while writing, and end the run; what was published before still stands."""
    try:
        yield
    except Failure as err:
        report_failure(err, say)
        sys.exit(Exit.FAULTY)


def report_failure(failure: Failure, say: Words) -> None:
    """Print what went wrong while writing."""
    tell_problems(failure.problems, say)
    echo(say("cli.done.faulty"), err=True)


def company_words(handbook: Path) -> Words:
    """The words of the company's language, before anything else is read; the terminal's where it says none."""
    from kpibook.reading.language import language_of

    language = language_of(handbook)
    return words(language) if language else HELP


def company_text(key: str, **values: object) -> str:
    """A text in the language of the company whose handbook the command was given; the terminal's where it has none."""
    context = click.get_current_context(silent=True)
    given = context.find_root().params.get("handbook") if context else None
    say = company_words(Path(given or "handbook"))
    said = {name: value.text(say) if isinstance(value, Said) else value for name, value in values.items()}
    return say(key, **said)


def finish_earlier(scorecards: Path, say: Words) -> None:
    """Make the changes that an interrupted command had decided on, and say so."""
    left = finish_changes(scorecards)
    if left is not Leftover.NOTHING:
        echo(say(f"lifecycle.left.{left}"), err=True)


def finish_sites(handbook: Path) -> None:
    """Have the sites changed that a killed build had decided to change, and say so; who may not leaves them."""
    with suppress(OSError):
        if finish_publication(ROOT / "site"):
            echo(company_words(handbook)("cli.done.finished"), err=True)


def tell_new_key(say: Words) -> bool:
    """Make the secret of the cards' addresses where there is none, and say so; tells whether it was made."""
    from kpibook.publishing.key import ensure_key

    is_new = ensure_key(ROOT)
    if is_new:
        echo(say("cli.done.key"))
    return is_new


def period_of(content: "Content", cycle: str) -> Period:
    """The period of a cycle that a command names; refuses one that is not there."""
    for period in content.cycles:
        if str(period) == cycle:
            return period
    refuse(content.say("cli.usage.unknown_cycle", cycle=cycle, cycles=joined_text(content.cycles, content.say)))


def begun_period_of(content: "Content", cycle: str) -> Period:
    """The period of a cycle that has results: of a planned one it is told how it is opened."""
    period = period_of(content, cycle)
    if period not in content.begun:
        refuse(content.say("cli.usage.planned_cycle", cycle=cycle))
    return period


def joined_text(values: Iterable[object], say: Words) -> str:
    """Values one after the other, or the word for none."""
    return ", ".join(str(value) for value in values) or say("cli.usage.none")
