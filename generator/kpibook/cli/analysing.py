"""The commands for analysts and for HR's analysis: table, analysis, calibrate."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpibook.base.parallel import cores
from kpibook.base.problems import Place, Problem
from kpibook.base.transactions import Transaction, apply, locked_folder
from kpibook.cli.base import (
    HELP,
    ROOT,
    Exit,
    Folders,
    begun_period_of,
    company_text,
    echo,
    failures_reported,
    joined_text,
    period_of,
    refuse,
    sound_content,
    tell_problems,
)
from kpibook.publishing.analysis_cache import analysis_key, keep_pages, kept_pages

if TYPE_CHECKING:
    from kpibook.scoring.results import Results

FILE = "calibration.csv"
CARD = "card"
TABLES = ("people", "items", "ratings", "actuals", CARD)


@click.command(help=HELP("analysis.help.table"))
@click.argument("kind", type=click.Choice(TABLES))
@click.argument("cycles", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=HELP("analysis.help.out"))
@click.pass_obj
def table(folders: Folders, kind: str, cycles: tuple[str, ...], out: Path) -> None:
    """Write people, items, ratings or actuals of some cycles, or of all, as one table; or a card that computes."""
    if kind == CARD:
        _write_card(folders, cycles, out)
        return
    # Imported here: no other command waits for pandas.
    from kpibook import frames
    from kpibook.analysis.writing import ENDINGS, UnwritableTable, write_table

    content = sound_content(folders.read(), quiet=True)
    periods = {begun_period_of(content, cycle) for cycle in cycles} or set(content.begun)
    frame = getattr(frames, kind)(frames.ScoredCycles(content, periods))
    try:
        write_table(frame, out)
    except UnwritableTable as err:
        refuse(content.say(f"analysis.table.{err.key}", file=out, endings=joined_text(ENDINGS, content.say)))
    echo(content.say("analysis.table.done", file=out, rows=len(frame)))


def _write_card(folders: Folders, names: tuple[str, ...], out: Path) -> None:
    """A person's card of a cycle, by default the newest, as a workbook with formulas."""
    from kpibook.cli.reading import find_card
    from kpibook.content import score_cycle
    from kpibook.exchange.live_card import live_card

    content = sound_content(folders.read(), quiet=True)
    say = content.say
    if not 1 <= len(names) <= 2:
        refuse(say("live.usage"))
    if out.suffix.lower() != ".xlsx":
        refuse(say("calibrating.ending", file=out))
    if len(names) == 1 and not content.begun:
        refuse(say("cli.usage.none"))
    period = begun_period_of(content, names[1]) if len(names) > 1 else content.begun[-1]
    results = score_cycle(content, period)
    card = find_card((*results.cards, *results.units), str(period), names[0], say)
    title = say("live.title", name=card.name, cycle=content.cycles[period].name)
    out.write_bytes(live_card(card, content.catalog_of(period), say, title))
    echo(say("live.done", file=out))


@click.command(help=HELP("analysis.help.analysis"))
@click.argument("cycles", nargs=-1)
@click.option("--fresh", is_flag=True, help=HELP("analysis.help.fresh"))
@click.option("--jobs", type=click.IntRange(1, 256), help=HELP("analysis.help.jobs"))
@click.pass_obj
def analysis(folders: Folders, cycles: tuple[str, ...], *, fresh: bool, jobs: int | None) -> None:
    """Write HR's pages of analysis into the cards' site, unless they say already what they would."""
    if fault := folders.fault():
        refuse(fault)
    key = analysis_key(folders.handbook, folders.scorecards, ROOT / "mkdocs.yml")
    if not fresh and (count := kept_pages(ROOT, key, cycles)):
        echo(company_text("analysis.unchanged", pages=count))
        return
    if not (ROOT / "site-cards").is_dir():
        refuse(company_text("analysis.no_site"))
    content = sound_content(folders.read(), quiet=True)
    periods = {begun_period_of(content, cycle) for cycle in cycles} or set(content.begun)
    # Imported here: where nothing has changed, nobody waits for pandas.
    from kpibook.analysing import analyse

    with failures_reported(content.say):
        count = analyse(content, ROOT, periods, jobs=jobs or cores())
    keep_pages(ROOT, key, cycles)
    echo(content.say("analysis.done", folder=ROOT / "site-cards" / "analysis", pages=count))


@click.command(help=HELP("calibrating.help"))
@click.argument("cycle")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=HELP("cli.help.out"))
@click.pass_obj
def calibrate(folders: Folders, cycle: str, out: Path) -> None:
    """Write the list by which a committee calibrates."""
    from kpibook.content import past_results, score_cycle
    from kpibook.exchange.calibrating import session_of, workbook

    content = sound_content(folders.read(), quiet=True)
    period, say = begun_period_of(content, cycle), content.say
    if content.cycles[period].status.is_settled:
        refuse(say("calibrating.settled", cycle=cycle))
    if out.suffix.lower() != ".xlsx":
        refuse(say("calibrating.ending", file=out))
    known = [each for each in content.begun if each.kind is period.kind and each < period]
    before = [_grades(past_results(content, each, has_items=False)) for each in reversed(known[-2:])]
    session = session_of(score_cycle(content, period), content.catalog_of(period), before)
    out.write_bytes(workbook(session, say("calibrating.title", cycle=content.cycles[period].name), say))
    near = sum(bool(row.line) for row in session.rows)
    echo(say("calibrating.done", file=out, people=len(session.rows), near=near))


def _grades(results: "Results") -> dict[str, str]:
    return {card.person: card.grade.id for card in results.cards if card.grade}


def import_calibration(folders: Folders, files: Sequence[Path], cycle: str, *, dry_run: bool) -> Exit:
    """Take in the list of a calibration: as a whole, or not at all."""
    from kpibook.content import score_cycle
    from kpibook.exchange.calibrating import cycles_named, session_of, take_in

    content = folders.read()
    say, named = content.say, cycles_named(files)
    if len(files) > 1:
        refuse(say("calibrating.one"))
    period = period_of(content, cycle or named[0])
    results, catalog = score_cycle(content, period), content.catalog_of(period)
    today = session_of(results, catalog).stamp
    found = take_in(files[0], content.cycles[period], catalog, today)
    target = content.scorecards / str(period) / FILE
    if target.with_suffix(".xlsx").exists():
        place = Place(f"{content.cycles[period].folder}/{target.with_suffix('.xlsx').name}")
        found.problems.append(Problem("record-workbook", place, {"file": target.name}))
    tell_problems(found.problems, say)
    if found.problems:
        echo(say("calibrating.refused"), err=True)
        return Exit.FAULTY
    echo(say("calibrating.taken", count=len(found.rows), people=found.seen))
    if dry_run:
        echo(say("cli.done.dry_run"))
        return Exit.DONE
    with locked_folder(content.scorecards) as is_ours:
        if not is_ours:
            refuse(say("lifecycle.busy"))
        apply(Transaction(writes={f"{period}/{FILE}": found.file}), content.scorecards)
    echo(say("cli.done.import", files=f"{period}/{FILE}"))
    return Exit.DONE
