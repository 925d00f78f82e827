"""The command that tells whether everything that was published is as it was sealed."""

import sys
from collections.abc import Iterator

import click

from kpibook.base.periods import Period
from kpibook.base.problems import Problem
from kpibook.base.reporting import WITHHELD, is_log
from kpibook.base.words import Words
from kpibook.cli.base import HELP, Exit, Folders, company_words, echo, finish_earlier, for_log, joined_text, refuse
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.verifying import sealed_cycles
from kpibook.sealing.verifying import verify as verify_cycles


@click.command(help=HELP("lifecycle.help.verify"))
@click.argument("cycles", nargs=-1)
@click.option("--recompute", "is_recomputed", is_flag=True, help=HELP("lifecycle.help.recompute"))
@click.pass_obj
def verify(folders: Folders, cycles: tuple[str, ...], *, is_recomputed: bool) -> None:
    """Tell whether published cycles are as they were sealed."""
    say = company_words(folders.handbook)
    if not folders.scorecards.is_dir():
        refuse(say("cli.usage.no_scorecards", folder=folders.scorecards))
    finish_earlier(folders.scorecards, say)
    known = sealed_cycles(folders.scorecards)
    unknown = [cycle for cycle in cycles if cycle not in map(str, known)]
    if unknown:
        refuse(say("lifecycle.verify.unknown", cycle=unknown[0], cycles=joined_text(known, say)))
    if not known:
        echo(say("lifecycle.verify.nothing"))
        return
    periods = [period for period in known if not cycles or str(period) in cycles]
    is_sound = True
    for period, sealed, problems in _verified(folders, periods, is_recomputed=is_recomputed):
        for problem in for_log(problems) if is_log() else problems:
            echo(problem.text(say))
        is_sound &= not problems
        if sealed and not problems:
            _report_sound(period, sealed, say)
    echo(say("lifecycle.verify.done" if is_sound else "lifecycle.verify.broken", count=len(periods)))
    sys.exit(Exit.DONE if is_sound else Exit.FAULTY)


def _verified(
    folders: Folders, periods: list[Period], *, is_recomputed: bool
) -> Iterator[tuple[Period, Sealed | None, list[Problem]]]:
    """Each cycle with all that differs; one whose files differ is not computed."""
    content = folders.read() if is_recomputed else None
    for period, sealed, problems in verify_cycles(folders.scorecards, periods):
        found = [*problems]
        if content and sealed and not found:
            # Imported here: hashes alone are compared without all that reads and scores.
            from kpibook.lifecycle.recomputing import recompute

            found += recompute(content, period)
        yield period, sealed, found


def _report_sound(period: Period, sealed: Sealed, say: Words) -> None:
    values = {"cycle": period, "revision": sealed.number, "on": sealed.newest.on, "by": sealed.newest.by}
    echo(say("lifecycle.verify.sound", **values, hash=sealed.newest.hash[:12]))
    for each in sealed.erasures:
        told = {"person": WITHHELD if is_log() else each.person, "on": each.on, "by": each.by}
        echo(say("lifecycle.verify.erased", cycle=period, **told, files=len(each.files)))
