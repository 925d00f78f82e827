"""The command that tells a reviewer what a change does: diff."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypedDict, Unpack

import click

from kpibook.base.git import GitFault
from kpibook.base.problems import Level, Place, Problem
from kpibook.base.system_errors import reason
from kpibook.cli.base import (
    HELP,
    Exit,
    Folders,
    company_text,
    echo,
    refuse,
    summary,
    tell_problems,
)
from kpibook.content import Content, read
from kpibook.content.sharing import Shared
from kpibook.lifecycle.comparing import SEAL_LOST, Versions, changed_cycles, has_unsealed_cycle
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.reading.revisions import ahead, resolved, unpack, why_unknown
from kpibook.reviewing.differences.actual_effects import ActualChange, CycleSides
from kpibook.reviewing.differences.comparing import Version, compare
from kpibook.reviewing.differences.people import people_csv
from kpibook.reviewing.differences.report import CatalogComparison, as_json, comment
from kpibook.sealing.revisions import FILE_ADDED, FILE_CHANGED, FILE_MISSING, TABLE

STYLES = ("markdown", "text", "json")
SHORT = 12
"""Letters of a commit that name it well enough."""


COMPUTABLE = ("example-wrong", "section-weight", TABLE, FILE_CHANGED, FILE_ADDED, FILE_MISSING)
"""Errors that keep a handbook from being published, and nothing from being scored: who tries weights out sees first
what they do, and mends the worked examples and the weights of sections then; who changes a published number sees whom
that moves before it is corrected."""


class VersionFolder(NamedTuple):
    """Where one version lies, and what it is called."""

    name: str
    folders: Folders


class DiffOptions(TypedDict):
    """The options of the command."""

    cycles: int
    people: Path | None
    style: str | None


@click.command(help=HELP("cli.help.diff"))
@click.argument("base")
@click.argument("head", required=False, default="")
@click.option("--cycles", type=click.IntRange(0), default=3, show_default=True, help=HELP("cli.help.diff_cycles"))
@click.option("--people", type=click.Path(path_type=Path, dir_okay=False), help=HELP("cli.help.people"))
@click.option("--format", "style", type=click.Choice(STYLES), help=HELP("cli.help.diff_format"))
@click.pass_obj
def diff(folders: Folders, base: str, head: str, **asked: Unpack[DiffOptions]) -> None:
    """Print what changed between two versions of the handbook, and what that does to the closed cycles."""
    if not base.strip():
        refuse(company_text("cli.usage.no_base"))
    if not head and not Path(base).is_dir():
        _report_what_is_ahead(folders, base)
    with _place(folders, base) as before, _place(folders, head) as after:
        shared = Shared()
        content = _sound(after.folders.read(shared))
        earlier = read(before.folders.handbook, before.folders.scorecards, shared)
        is_faulty = any(map(_prevents_scoring, earlier.of_catalog))
        older = Version(before.name, earlier.catalog, is_faulty)
        newer = Version(after.name, content.catalog)
        sides = tuple(changed_cycles(Versions(earlier, content, is_faulty)))
        in_fact = ActualChange(sides, tuple(_not_comparable(before.folders, content, after.folders)))
        found = compare(older, newer, after.folders.scorecards, cycles=asked["cycles"], in_fact=in_fact)
    echo(_in_style(found.comparison, asked["style"], content), nl=False)
    if asked["people"]:
        table = "".join(people_csv(found.in_fact, found.tried, content.catalog, content.say))
        try:
            asked["people"].write_text(table, encoding="utf-8", newline="\n")
        except OSError as err:
            refuse(company_text("cli.usage.unwritable", file=asked["people"], reason=reason(err)))
    lost = tuple(_lost_seals(sides))
    tell_problems(lost, content.say)
    sys.exit(Exit.FAULTY if lost else Exit.DONE)


def _lost_seals(sides: Iterable[CycleSides]) -> Iterator[Problem]:
    """The published cycles whose seal is not there any more: of all that a change does, this alone is refused."""
    for each in sides:
        if SEAL_LOST in each.notes:
            yield Problem("seal-lost", Place(f"{each.cycle.folder}/{REVISIONS}"), {"cycle": str(each.cycle.period)})


def _not_comparable(before: Folders, content: Content, after: Folders) -> Iterator[str]:
    """What cannot be told of the cycles: data that the older version does not hold, results that nothing seals."""
    if before.scorecards == after.scorecards:
        yield "same_data"
    if has_unsealed_cycle(content):
        yield "unsealed"


def _report_what_is_ahead(folders: Folders, base: str) -> None:
    """A branch that lies behind lacks changes of the base, and the comparison tells them the wrong way round."""
    count = ahead(folders.handbook, base) if folders.handbook.is_dir() else 0
    if count:
        echo(company_text("cli.done.ahead", base=base, count=count), err=True)


def _in_style(comparison: CatalogComparison, style: str | None, content: Content) -> str:
    """The comparison in the style asked for; people at a terminal read it without the signs that guard Markdown."""
    if style == "json":
        return as_json(comparison)
    told = comment(comparison, content.say)
    return unescape(told) if style == "text" or (style is None and sys.stdout.isatty()) else told


def _sound(content: Content) -> Content:
    """The newer content; its errors are told, and the run ends if it cannot be scored for them."""
    errors = [problem for problem in content.problems if problem.level is Level.ERROR]
    tell_problems(errors, content.say)
    if errors:
        echo(summary(errors, content.say), err=True)
    if any(map(_prevents_scoring, errors)):
        sys.exit(Exit.FAULTY)
    return content


def _prevents_scoring(problem: Problem) -> bool:
    """Whether a catalog with this problem cannot be scored."""
    return problem.level is Level.ERROR and problem.code not in COMPUTABLE


@contextmanager
def _place(folders: Folders, version: str) -> Iterator[VersionFolder]:
    """The files as they lie there, a folder, or a revision unpacked for as long as it is needed."""
    if not version:
        yield VersionFolder("", folders)
    elif Path(version).is_dir():
        yield VersionFolder(version, _inside(Path(version), folders))
    else:
        with TemporaryDirectory(prefix="kpibook-") as temporary:
            yield _revision(folders, version, Path(temporary))


def _inside(root: Path, folders: Folders) -> Folders:
    """The folders of a company's files in another place; a handbook alone goes with the scorecards at hand."""
    handbook, scorecards = root / folders.handbook.name, root / folders.scorecards.name
    if not handbook.is_dir():
        if not (root / "company.yml").is_file():
            refuse(company_text("cli.usage.not_a_handbook", folder=root))
        return Folders(root, folders.scorecards)
    return Folders(handbook, scorecards if scorecards.is_dir() else folders.scorecards)


def _revision(folders: Folders, revision: str, temporary: Path) -> VersionFolder:
    if not folders.handbook.is_dir():
        refuse(company_text("cli.usage.no_handbook", folder=folders.handbook))
    try:
        commit = resolved(folders.handbook, revision)
    except GitFault as fault:
        why = why_unknown(folders.handbook)
        refuse(company_text(f"cli.usage.revision.{why}", revision=revision, folder=folders.handbook, reason=fault))
    try:
        handbook = unpack(folders.handbook, commit, temporary)
    except GitFault as fault:
        refuse(company_text("cli.usage.not_in_revision", revision=revision, folder=folders.handbook, reason=fault))
    try:
        scorecards = unpack(folders.scorecards, commit, temporary)
    except GitFault:
        scorecards = folders.scorecards
    name = revision[:SHORT] if commit.startswith(revision) else f"{revision} ({commit[:SHORT]})"
    return VersionFolder(name, Folders(handbook, scorecards))
