"""What collect and import do with records: workbooks for managers and HR go out, and come back."""

import datetime
import gc
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, has_errors
from kpibook.base.transactions import Transaction, apply, finish_pending, locked_folder
from kpibook.base.words import Words
from kpibook.cli.base import Exit, Folders, echo, has_faultless_catalog, joined_text, period_of, refuse, tell_problems
from kpibook.content import Content, follow_up_of, score_cycle
from kpibook.exchange.record_sheets import (
    FollowUpRequest,
    RecordsCycle,
    RecordsImport,
    agreement_book,
    changed_files,
    follow_up_books,
    take_in,
    workbook,
)
from kpibook.model import Records
from kpibook.records.agreements import agreement_numbers
from kpibook.records.result_states import windows_of
from kpibook.sealing.published import published_results


def collect_records(content: Content, period: Period, out: Path, style: str) -> None:
    """A workbook for each manager and HR's with the appeals, once results are published; at any time the agreements."""
    say = content.say
    if style != "xlsx":
        refuse(say("cli.usage.records_xlsx"))
    catalog = content.catalog_of(period)
    request = FollowUpRequest(score_cycle(content, period), catalog, follow_up_of(content, period), say)
    out.mkdir(parents=True, exist_ok=True)
    _collect_garbage()
    count, is_published = 0, period in content.seals
    for book in chain(follow_up_books(request) if is_published else (), [agreement_book(request)]):
        file = out / f"{book.name}.xlsx"
        file.write_bytes(workbook(book, say))
        echo(say("cli.done.sheet", file=file, rows=book.rows))
        count += 1
    if not is_published:
        echo(say("cli.done.records_unpublished", cycle=period))
    echo(say("cli.done.collect_records", count=count, folder=out))


def _collect_garbage() -> None:
    """Let each workbook go once it is done with: they refer to themselves, and five hundred would stay to the end.

    What was read stays, and is not looked at.
    """
    gc.freeze()
    gc.enable()


def import_records(
    folders: Folders,
    files: Mapping[Path, Sequence[str]],
    cycle: str,
    today: datetime.date,
    *,
    dry_run: bool,
) -> Exit:
    """Take in workbooks of records; how the command is to end."""
    finish_pending(folders.scorecards)
    content = folders.read()
    if other := [path.name for path in files if path.suffix.lower() != ".xlsx"]:
        refuse(content.say("cli.usage.records_saved", files=joined_text(other, content.say)))
    if not has_faultless_catalog(content):
        return Exit.FAULTY
    say, period = content.say, _cycle_of(content, cycle, files)
    _collect_garbage()
    found = take_in(files, _target(content, period, today))
    for line in _report(found, say):
        echo(line)
    aside = [problem for sheet in found.sheets for problem in sheet.aside]
    tell_problems((*found.problems, *aside), say)
    if dry_run:
        echo(say("cli.done.dry_run"))
    elif found.new and not _write(content, period, found):
        return Exit.FAULTY
    if has_errors(found.problems):
        return Exit.FAULTY
    if aside:
        echo(say("cli.done.cells_aside", count=len(aside)))
    return Exit.SET_ASIDE if aside else Exit.DONE


def _target(content: Content, period: Period, today: datetime.date) -> RecordsCycle:
    sealed, cycle = content.seals.get(period), content.cycles[period]
    return RecordsCycle(
        cycle,
        content.catalog_of(period),
        content.records.get(period, Records()),
        published_results(sealed) if sealed else None,
        windows_of(content.catalog.company, cycle.schedule, content.working_days),
        today,
        lambda: agreement_numbers(score_cycle(content, period).cards, content.catalog_of(period)),
    )


def _cycle_of(content: Content, cycle: str, files: Mapping[Path, Sequence[str]]) -> Period:
    if cycle:
        return period_of(content, cycle)
    stamped = tuple(dict.fromkeys(cycle for cycles in files.values() for cycle in cycles))
    if len(stamped) > 1:
        refuse(content.say("cli.usage.several_cycles", cycles=joined_text(stamped, content.say)))
    return period_of(content, stamped[0])


def _report(found: RecordsImport, say: Words) -> Iterator[str]:
    for sheet in found.sheets:
        counts = {"rows": sheet.rows, "new": len(sheet.records), "known": sheet.known, "empty": sheet.empty}
        yield say("following.report.sheet", file=sheet.file, sheet=sheet.sheet, **counts, aside=len(sheet.aside))
    kinds = [say(f"following.report.kind.{kind}", count=count) for kind, count in found.counts.items()]
    key = "kinds" if kinds else "nothing"
    yield say(f"following.report.{key}", kinds=say("following.report.comma").join(kinds))


def _write(content: Content, period: Period, found: RecordsImport) -> bool:
    """Add the records to the files of the cycle: to all of them, or to none; tells whether that was done."""
    say, root = content.say, content.scorecards
    with locked_folder(root) as is_ours:
        if not is_ours:
            refuse(say("lifecycle.busy"))
        try:
            files = changed_files(root / str(period), content.cycles[period].folder, found.new)
        except Failure as err:
            tell_problems(err.problems, say)
            echo(say("lifecycle.refused"), err=True)
            return False
        apply(Transaction(writes={f"{period}/{name}": data for name, data in files.items()}), root)
    echo(say("cli.done.import", files=joined_text((f"{period}/{name}" for name in files), say)))
    return True
