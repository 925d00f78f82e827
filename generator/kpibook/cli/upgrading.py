"""The command that brings a repository of before to this version: upgrade."""

import datetime
import sys
from pathlib import Path

import click

from kpibook import __version__
from kpibook.authoring.upgrading import RepositoryChange, repository_changes
from kpibook.authoring.wheel import make_wheel
from kpibook.base.problems import has_errors
from kpibook.base.system_errors import reason_in
from kpibook.base.transactions import apply, locked_folder
from kpibook.base.words import Words
from kpibook.cli.base import HELP, ROOT, Exit, Folders, echo, refuse, tell_problems
from kpibook.cli.publishing import read_finished
from kpibook.lifecycle.upgrading import seal_as_computed, unsealed_cycles
from kpibook.publishing.key import ensure_key
from kpibook.sealing.revisions import Signed


@click.command(help=HELP("lifecycle.help.upgrade"))
@click.option("--by", required=True, help=HELP("lifecycle.help.by"))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help=HELP("lifecycle.help.on"))
@click.option("--dry-run", is_flag=True, help=HELP("lifecycle.help.dry_run"))
@click.pass_obj
def upgrade(folders: Folders, by: str, on: datetime.datetime | None, *, dry_run: bool) -> None:
    """Bring the repository's own files to this version, and seal what is marked as over."""
    content = read_finished(folders)
    say = content.say
    if has_errors(content.problems):
        tell_problems(content.problems, say)
        echo(say("lifecycle.refused"), err=True)
        sys.exit(Exit.FAULTY)
    if dry_run:
        echo(say("lifecycle.dry_run"))
    changes = tuple(repository_changes(ROOT, __version__, make_wheel()))
    for change in changes:
        echo(say(f"lifecycle.upgrade.{change.what}", path=change.path.as_posix()))
    periods = tuple(unsealed_cycles(content))
    if not changes and not periods:
        echo(say("lifecycle.upgrade.nothing"))
    signed = Signed((on or datetime.datetime.today()).date(), by.strip(), "", say("lifecycle.upgrade.reason"))
    if dry_run:
        for period in periods:
            echo(say("lifecycle.upgrade.would_seal", cycle=period))
        return
    try:
        _write(changes)
        if ensure_key(ROOT):
            echo(say("lifecycle.upgrade.key"))
        with locked_folder(content.scorecards) as is_ours:
            if not is_ours:
                refuse(say("lifecycle.busy"))
            _seal(folders, signed, say)
    except OSError as err:
        refuse(say("lifecycle.unwritable", reason=reason_in(err, say)))


def _write(changes: tuple[RepositoryChange, ...]) -> None:
    for change in changes:
        path = ROOT / change.path
        if change.content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.kpibook-new")
        fresh.write_bytes(change.content)
        fresh.replace(path)


def _seal(folders: Folders, signed: Signed, say: Words) -> None:
    """One cycle after the other, oldest first: a later one takes its numbers from what was sealed before it."""
    while True:
        content = folders.read()
        period = next(unsealed_cycles(content), None)
        if period is None:
            return
        step = seal_as_computed(content, period, signed)
        apply(step.changes, Path(content.scorecards))
        for line in step.lines:
            echo(line)
