"""The commands in the life of a cycle: open, agree, publish, correct, close, verify."""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import click

from kpibook.authoring.skeletons import CannotMake, NewEntry
from kpibook.base.periods import Period
from kpibook.base.problems import Failure
from kpibook.base.system_errors import reason, reason_in
from kpibook.base.transactions import apply, locked_folder
from kpibook.base.words import Words
from kpibook.cli.base import (
    HELP,
    Exit,
    Folders,
    company_text,
    company_words,
    echo,
    finish_earlier,
    has_faultless_catalog,
    period_of,
    refuse,
    tell_problems,
)
from kpibook.content import Content
from kpibook.lifecycle.agreeing import agree as agree_cycle
from kpibook.lifecycle.closing import close as close_cycle
from kpibook.lifecycle.correcting import ALSO, LEAVE, Correction
from kpibook.lifecycle.correcting import correct as correct_cycle
from kpibook.lifecycle.opening import open_cycle
from kpibook.lifecycle.publishing import publish as publish_cycle
from kpibook.lifecycle.result_changes import ResultChange, changes_csv
from kpibook.lifecycle.steps import CycleStep
from kpibook.sealing.revisions import Signed

Command = TypeVar("Command", bound=Callable[..., None])


class StepOptions(TypedDict, total=False):
    """The options of the steps; each command has those that it needs."""

    on: datetime.datetime | None
    dry_run: bool
    by: str
    reason: str


class PublishOptions(StepOptions):
    """The options of publish and close."""

    anyway: bool


class AgreeOptions(StepOptions):
    """The options of agree."""

    people: Path | None


class CorrectOptions(StepOptions):
    """The options of correct."""

    approved_by: str
    appeal: str
    later: str | None
    reopen: str
    people: Path | None


def step_options(*, by: bool = True, reason: bool = False) -> Callable[[Command], Command]:
    """The options of every step: who, why, on which day, and whether it is only tried."""

    def decorated(command: Command) -> Command:
        for option in (
            click.option("--dry-run", is_flag=True, help=HELP("lifecycle.help.dry_run")),
            click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help=HELP("lifecycle.help.on")),
            _text_option("reason", is_required=reason),
            _text_option("by", is_required=by),
        ):
            command = option(command)
        return command

    return decorated


def people_option() -> Callable[[Command], Command]:
    """The file of HR's own with the names of those whose results move."""
    file = click.Path(path_type=Path, dir_okay=False)
    return click.option("--people", type=file, help=HELP("lifecycle.help.people"))


def _text_option(name: str, *, is_required: bool) -> Callable[[Command], Command]:
    """A text that has to say something, or may be left out; a default would count as given."""
    text = HELP(f"lifecycle.help.{name}")
    if is_required:
        return click.option(f"--{name.replace('_', '-')}", required=True, callback=_stripped_text, help=text)
    return click.option(f"--{name.replace('_', '-')}", default="", help=text)


def _stripped_text(context: click.Context, option: click.Parameter, value: str | None) -> str:
    """The text, of which blanks alone are as good as none."""
    if value is None or not value.strip():
        raise click.MissingParameter(ctx=context, param=option)
    return value


@click.command("open", help=HELP("lifecycle.help.open"))
@click.argument("cycle")
@click.option("--from", "source", default="", metavar="CYCLE", help=HELP("lifecycle.help.from"))
@click.option("--name", default="", help=HELP("skeletons.help.name"))
@step_options(by=False)
@click.pass_obj
def open_(folders: Folders, cycle: str, source: str, name: str, **given: Unpack[StepOptions]) -> None:
    """Make a cycle's folder, or begin a planned one."""
    open_folder(folders, cycle, name, source, **given)


def open_folder(folders: Folders, cycle: str, name: str, source: str = "", **given: Unpack[StepOptions]) -> None:
    """Open a cycle, whose folder may not be there yet."""
    folders.scorecards.mkdir(parents=True, exist_ok=True)
    content = read_finished(folders)
    try:
        period = Period.parse(cycle)
    except ValueError:
        refuse(content.say("skeletons.bad_period", id=cycle))
    base = period_of(content, source) if source else None
    asked = NewEntry(cycle, name=name)
    try:
        make(content, lambda: open_cycle(content, asked, signed_of(given), period=period, source=base), given)
    except CannotMake as err:
        refuse(content.say(f"skeletons.{err.key}", **err.values))


@click.command(help=HELP("lifecycle.help.agree"))
@click.argument("cycle")
@people_option()
@step_options(reason=True)
@click.pass_obj
def agree(folders: Folders, cycle: str, **given: Unpack[AgreeOptions]) -> None:
    """Take today's handbook over into an open cycle."""
    content = read_finished(folders)
    _refuse_faulty(content)
    period = period_of(content, cycle)

    def work_out() -> CycleStep:
        step = agree_cycle(content, period, signed_of(given))
        _write_people(step.moved, given["people"])
        return step

    make(content, work_out, given)


@click.command(help=HELP("lifecycle.help.publish"))
@click.argument("cycle")
@click.option("--anyway", is_flag=True, help=HELP("lifecycle.help.anyway"))
@step_options()
@click.pass_obj
def publish(folders: Folders, cycle: str, **given: Unpack[PublishOptions]) -> None:
    """Seal a cycle's results as what people are shown."""
    content = read_finished(folders)
    _refuse_unexplained(given, content.say)
    period = period_of(content, cycle)
    if period not in content.own:
        _refuse_faulty(content)
    make(content, lambda: publish_cycle(content, period, signed_of(given), anyway=given.get("anyway", False)), given)


@click.command(help=HELP("lifecycle.help.correct"))
@click.argument("cycle")
@_text_option("approved_by", is_required=True)
@click.option("--appeal", default="", metavar="ID", help=HELP("lifecycle.help.appeal"))
@click.option("--later", type=click.Choice([ALSO, LEAVE]), default=None, help=HELP("lifecycle.help.later"))
@click.option("--reopen", default="", metavar="REASON", help=HELP("lifecycle.help.reopen"))
@people_option()
@step_options(reason=True)
@click.pass_obj
def correct(folders: Folders, cycle: str, **given: Unpack[CorrectOptions]) -> None:
    """Seal the next revision of a published cycle."""
    content = read_finished(folders)
    period = period_of(content, cycle)
    signed = signed_of(given, approved_by=given["approved_by"], appeal=given["appeal"])
    asked = Correction(signed, given["later"] or "", given["reopen"])

    def work_out() -> CycleStep:
        step = correct_cycle(content, period, asked)
        _write_people(step.moved, given["people"])
        return step

    make(content, work_out, given)


def _write_people(moved: tuple[ResultChange, ...], file: Path | None) -> None:
    """The names go into a file of HR's own, never to the terminal."""
    if file:
        try:
            file.write_text(changes_csv(moved), encoding="utf-8", newline="\n")
        except OSError as err:
            refuse(company_text("cli.usage.unwritable", file=file, reason=reason(err)))


@click.command(help=HELP("lifecycle.help.close"))
@click.argument("cycle")
@click.option("--anyway", is_flag=True, help=HELP("lifecycle.help.close_anyway"))
@step_options()
@click.pass_obj
def close(folders: Folders, cycle: str, **given: Unpack[PublishOptions]) -> None:
    """End a published cycle."""
    content = read_finished(folders)
    _refuse_unexplained(given, content.say)
    period = period_of(content, cycle)
    make(content, lambda: close_cycle(content, period, signed_of(given), anyway=given.get("anyway", False)), given)


def read_finished(folders: Folders) -> Content:
    """The content, after what an interrupted command had decided was finished."""
    if folders.scorecards.is_dir():
        finish_earlier(folders.scorecards, company_words(folders.handbook))
    return folders.read()


def _refuse_faulty(content: Content) -> None:
    """A faulty handbook cannot be taken over."""
    if not has_faultless_catalog(content):
        echo(content.say("lifecycle.refused"), err=True)
        sys.exit(Exit.FAULTY)


def _refuse_unexplained(given: PublishOptions, say: Words) -> None:
    if given.get("anyway", False) and not given["reason"].strip():
        refuse(say("lifecycle.anyway_reason"))


def signed_of(given: StepOptions, *, approved_by: str = "", appeal: str = "") -> Signed:
    """By whom, when and why a step is taken, as the options say; the day is today unless given."""
    on = given.get("on")
    day = on.date() if on else datetime.date.today()
    by, reason = given.get("by", "").strip(), given.get("reason", "").strip()
    return Signed(day, by, approved_by.strip(), reason, appeal.strip())


def make(content: Content, work_out: Callable[[], CycleStep], given: StepOptions) -> None:
    """Work a step out and make it, or only tell what it would do."""
    say, root = content.say, content.scorecards
    with locked_folder(root) as is_ours:
        if not is_ours:
            refuse(say("lifecycle.busy"))
        try:
            step = work_out()
        except Failure as err:
            tell_problems(err.problems, say)
            echo(say("lifecycle.refused"), err=True)
            sys.exit(Exit.FAULTY)
        if given.get("dry_run"):
            echo(say("lifecycle.dry_run"))
        for line in step.lines:
            echo(line)
        tell_problems(step.doubts, say)
        if given.get("dry_run"):
            return
        try:
            apply(step.changes, root)
        except OSError as err:
            echo(company_text("cli.error", text=say("lifecycle.unwritable", reason=reason_in(err, say))), err=True)
            sys.exit(Exit.FAULTY)
