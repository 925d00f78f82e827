"""The commands that collect the numbers: collect, import, status."""

import datetime
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click

from kpibook.base.periods import Period
from kpibook.base.problems import has_errors
from kpibook.base.reporting import is_log
from kpibook.base.words import Words
from kpibook.cli.analysing import import_calibration
from kpibook.cli.base import (
    HELP,
    Exit,
    Folders,
    details_option,
    echo,
    go_to_line_start,
    has_faultless_catalog,
    joined_text,
    keep_details,
    period_of,
    refuse,
    tell_problems,
)
from kpibook.cli.recording import collect_records, import_records
from kpibook.content import Content, follow_up_of, score_cycle
from kpibook.exchange import importing
from kpibook.exchange.calibrating import is_calibration
from kpibook.exchange.collect import Request, collect_files
from kpibook.exchange.needs import needs_of
from kpibook.exchange.record_sheets import overview_of, record_cycles
from kpibook.exchange.status import FORMATS, LOGGED, state_of
from kpibook.model import CycleStatus
from kpibook.reading.tables import DELIMITERS

_DELIMITERS = {"comma": DELIMITERS[0], "semicolon": DELIMITERS[1], "tab": DELIMITERS[2]}

LONG = 20_000
"""A file of so many rows is worth saying how far it has come."""


def with_sound_catalog(content: Content) -> Content:
    """The content, unless its catalog is faulty: what is wrong with a cycle is no reason not to collect for it."""
    if not has_faultless_catalog(content):
        sys.exit(Exit.FAULTY)
    return content


def open_cycle(content: Content) -> Period:
    """The one cycle that is open, or the newest where none is; refused where there is no telling."""
    found = [period for period, cycle in content.cycles.items() if cycle.status is CycleStatus.OPEN]
    found = found or list(content.cycles)[-1:]
    if len(found) != 1:
        refuse(content.say("cli.usage.which_cycle", cycles=joined_text(content.cycles, content.say)))
    return found[0]


class CollectOptions(TypedDict):
    """The options of collect."""

    style: Literal["xlsx", "csv"]
    missing: bool
    records: bool


@click.command(help=HELP("cli.help.collect"))
@click.argument("cycle")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=HELP("cli.help.out"))
@click.option("--format", "style", type=click.Choice(["xlsx", "csv"]), default="xlsx", help=HELP("cli.help.sheets"))
@click.option("--missing", is_flag=True, help=HELP("cli.help.missing"))
@click.option("--records", is_flag=True, help=HELP("cli.help.records"))
@click.pass_obj
def collect(folders: Folders, cycle: str, out: Path, **chosen: Unpack[CollectOptions]) -> None:
    """Write the sheets that suppliers and raters fill in, or those for what follows a result."""
    content = with_sound_catalog(folders.read())
    period, say, style = period_of(content, cycle), content.say, chosen["style"]
    if chosen["records"]:
        collect_records(content, period, out, style)
        return
    results = score_cycle(content, period)
    catalog, history = content.catalog_of(period), content.history_of(period)
    needs = needs_of(results, catalog, history)
    request = Request(needs, results, catalog, history, say, only_missing=chosen["missing"])
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, data, rows in collect_files(request, style):
        (out / name).write_bytes(data)
        echo(say("cli.done.sheet", file=out / name, rows=rows))
        count += 1
    echo(say("cli.done.collect" if count else "cli.done.collect_none", count=count, folder=out))


@click.command(help=HELP("cli.help.status"))
@click.argument("cycle", required=False, default="")
@click.option("--format", "style", type=click.Choice(list(FORMATS)), default="text", help=HELP("cli.help.format"))
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help=HELP("cli.help.as_of"))
@details_option()
@click.pass_obj
def status(folders: Folders, cycle: str, style: str, today: datetime.datetime | None, details: Path | None) -> None:
    """Print what is there, what is missing, and who owes it."""
    content = with_sound_catalog(folders.read())
    period = period_of(content, cycle) if cycle else open_cycle(content)
    results, catalog = score_cycle(content, period), content.catalog_of(period)
    state = state_of(results, catalog, content.history_of(period), content.carried_of(period))
    day = today.date() if today else datetime.date.today()
    if period in content.seals:
        state = replace(state, follow_up=overview_of(follow_up_of(content, period, day), results, catalog))
    supplied = [
        problem
        for problem in content.problems
        if problem.code == "waiting-row-supplied" and problem.place.file.startswith(f"{state.cycle.folder}/")
    ]
    tell_problems(supplied, content.say)
    for line in (LOGGED if is_log() else FORMATS)[style](state, content.say, day):
        echo(line)
    keep_details(details, FORMATS[style](state, content.say, day))
    is_done = state.follow_up.is_done if state.follow_up else state.is_complete
    sys.exit(Exit.DONE if is_done else Exit.SET_ASIDE)


class ImportOptions(TypedDict):
    """The options of import."""

    cycle: str
    dry_run: bool
    replace: bool
    supplier: str
    delimiter: str | None
    rater: str
    targets: bool
    today: datetime.datetime | None


@click.command("import", help=HELP("cli.help.import"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--cycle", default="", help=HELP("cli.help.cycle"))
@click.option("--dry-run", is_flag=True, help=HELP("cli.help.dry_run"))
@click.option("--replace", is_flag=True, help=HELP("cli.help.replace"))
@click.option("--supplier", default="", help=HELP("cli.help.supplier"))
@click.option("--delimiter", type=click.Choice(list(_DELIMITERS)), default=None, help=HELP("cli.help.delimiter"))
@click.option("--rater", default="", help=HELP("cli.help.rater"))
@click.option("--targets", is_flag=True, help=HELP("cli.help.targets"))
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help=HELP("cli.help.as_of"))
@click.pass_obj
def import_files(folders: Folders, files: tuple[Path, ...], **chosen: Unpack[ImportOptions]) -> None:
    """Take in what suppliers sent, and say what became of each row."""
    records = {file: cycles for file in files if (cycles := record_cycles(file))}
    lists = tuple(file for file in files if file not in records and is_calibration(file))
    others = tuple(file for file in files if file not in (*records, *lists))
    ends = [import_calibration(folders, lists, chosen["cycle"], dry_run=chosen["dry_run"])] if lists else []
    day = (chosen["today"] or datetime.datetime.now()).date()
    ends += [import_records(folders, records, chosen["cycle"], day, dry_run=chosen["dry_run"])] if records else []
    ends += [_import_numbers(folders, others, chosen, day)] if others else []
    sys.exit(Exit.FAULTY if Exit.FAULTY in ends else max(ends))


def _import_numbers(folders: Folders, files: tuple[Path, ...], chosen: ImportOptions, day: datetime.date) -> Exit:
    content = with_sound_catalog(folders.read())
    supplier, delimiter = chosen["supplier"], _DELIMITERS.get(chosen["delimiter"] or "", "")
    if supplier and supplier not in content.catalog.departments:
        departments = joined_text(content.catalog.departments, content.say)
        refuse(content.say("cli.usage.unknown_supplier", supplier=supplier, departments=departments))
    period = _cycle_of(content, chosen["cycle"], files)
    settings = importing.Settings(
        supplier=supplier,
        replace=chosen["replace"],
        delimiter=delimiter,
        is_named=bool(chosen["cycle"]),
        progress=_progress(content.say),
        rater=chosen["rater"],
        targets=chosen["targets"],
    )
    folder = folders.scorecards / str(period)
    plan = importing.plan_import(files, content.catalog_of(period), content.cycles[period], folder, settings)
    _report_plan(plan, content, is_preview=chosen["dry_run"])
    if chosen["dry_run"]:
        echo(content.say("cli.done.dry_run"))
    else:
        written = importing.write_plan(plan, content.say, day)
        names = joined_text((path.relative_to(folders.scorecards).as_posix() for path in written), content.say)
        echo(content.say("cli.done.import", files=names))
    if has_errors(plan.problems):
        return Exit.FAULTY
    if plan.set_aside:
        echo(content.say("cli.done.cells_aside", count=plan.set_aside))
        return Exit.SET_ASIDE
    return Exit.DONE


def _cycle_of(content: Content, cycle: str, files: Sequence[Path]) -> Period:
    """The cycle that is named, else that of the sheets' stamps, else the one that is open."""
    if cycle:
        return period_of(content, cycle)
    stamped = importing.cycles_named(files)
    if len(stamped) > 1:
        refuse(content.say("cli.usage.several_cycles", cycles=joined_text(stamped, content.say)))
    return period_of(content, stamped[0]) if stamped else _only_open(content)


def _only_open(content: Content) -> Period:
    """The one cycle that is open: where none is, or several are, nobody knows which one is meant."""
    found = [period for period, cycle in content.cycles.items() if cycle.status is CycleStatus.OPEN]
    if len(found) != 1:
        refuse(content.say("cli.usage.import_cycle", cycles=_with_status(content)))
    return found[0]


def _with_status(content: Content) -> str:
    """All cycles, each with where it stands."""
    say = content.say
    told = (
        say("cli.usage.cycle_status", cycle=period, status=say(f"cli.usage.status.{cycle.status}"))
        for period, cycle in content.cycles.items()
    )
    return joined_text(told, say)


def _progress(say: Words) -> importing.Progress:
    """Say how far long files have come; only to people, and on one line for each file."""
    if not sys.stderr.isatty():
        return importing.no_progress

    def tell_file(file: str, done: int, rows: int) -> None:
        if rows >= LONG:
            values = {"file": file, "percent": 100 * done // rows, "done": f"{done:,}", "rows": f"{rows:,}"}
            go_to_line_start()
            echo(say(f"importing.progress.{'read' if file else 'compare'}", **values), nl=False, err=True)
            if done == rows:
                echo(err=True)

    return tell_file


def _report_plan(plan: importing.ImportPlan, content: Content, *, is_preview: bool) -> None:
    for line in importing.report_lines(plan, content.say, is_preview=is_preview):
        echo(line)
    tell_problems((*plan.problems, *importing.aside_problems(plan)), content.say)
