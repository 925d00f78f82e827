"""The command that takes a person out of cycles that need not be kept any more."""

import sys
from typing import Unpack

import click

from kpibook.base.problems import Failure
from kpibook.cli.base import HELP, Exit, Folders, echo, tell_problems
from kpibook.cli.publishing import StepOptions, make, read_finished, signed_of, step_options
from kpibook.lifecycle.erasing import erase as erase_person


class EraseOptions(StepOptions):
    """The options of erase."""

    is_meant: bool


@click.command(help=HELP("erasing.help.erase"))
@click.argument("person")
@click.option("--yes", "is_meant", is_flag=True, help=HELP("erasing.help.yes"))
@step_options(reason=True)
@click.pass_obj
def erase(folders: Folders, person: str, **given: Unpack[EraseOptions]) -> None:
    """Tell what would be taken out, or take it out."""
    content = read_finished(folders)
    is_trial = bool(given.get("dry_run")) or not given["is_meant"]
    if not is_trial:
        make(content, lambda: erase_person(content, person, signed_of(given)), given)
        echo(content.say("erasing.done"))
        return
    try:
        step = erase_person(content, person, signed_of(given))
    except Failure as err:
        tell_problems(err.problems, content.say)
        echo(content.say("lifecycle.refused"), err=True)
        sys.exit(Exit.FAULTY)
    for line in step.lines:
        echo(line)
    echo(content.say("erasing.plan"))
