"""The command that hands a cycle over to payroll."""

from pathlib import Path
from typing import Unpack

import click

from kpibook.base.output import PRIVATE, TEMPORARY, new_file
from kpibook.cli.base import HELP, Folders, company_words, echo, period_of, refuse
from kpibook.cli.publishing import StepOptions, make, read_finished, signed_of, step_options
from kpibook.exchange.payroll import ENDINGS
from kpibook.lifecycle.handing_over import HandOver, Whom, hand_over, hand_over_again


class PayrollOptions(StepOptions):
    """The options of payroll."""

    again: str
    only_confirmed: bool
    hold_appeals: bool


@click.command(help=HELP("payroll.help.payroll"))
@click.argument("cycle")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=HELP("payroll.help.out"))
@click.option("--confirmed", "only_confirmed", is_flag=True, help=HELP("payroll.help.confirmed"))
@click.option("--hold-appeals", is_flag=True, help=HELP("payroll.help.hold_appeals"))
@click.option("--again", default="", metavar="BATCH", help=HELP("payroll.help.again"))
@step_options(by=False)
@click.pass_obj
def payroll(folders: Folders, cycle: str, out: Path, **given: Unpack[PayrollOptions]) -> None:
    """Write what payroll has not got yet of a published cycle, and keep a record of it."""
    style = out.suffix.lower()
    if style not in ENDINGS:
        refuse(company_words(folders.handbook)("payroll.other_ending", file=out))
    # Who appeals has not confirmed: the narrower of the two holds.
    whom = Whom.CONFIRMED if given["only_confirmed"] else Whom.NO_APPEAL if given["hold_appeals"] else Whom.ALL
    content = read_finished(folders)
    period = period_of(content, cycle)
    aside = out.with_name(f"{out.name}{TEMPORARY}")

    def work_out() -> HandOver:
        if given["again"]:
            step = hand_over_again(content, period, given["again"], style)
        else:
            signed = signed_of(given)
            step = hand_over(content, period, signed, style, whom)
        if not given.get("dry_run"):
            aside.unlink(missing_ok=True)
            with new_file(aside, PRIVATE.file) as file:
                file.write(step.sheet)
        return step

    # Written before anything is recorded and put in place after it: a crash between leaves a batch that is recorded
    # and has no file, which --again makes, and never a file that would be handed over a second time.
    try:
        make(content, work_out, given)
        if not given.get("dry_run"):
            aside.replace(out)
            echo(content.say("payroll.written", file=out))
    finally:
        aside.unlink(missing_ok=True)
