"""The command that puts cards on paper: print."""

import difflib
from collections.abc import Collection
from pathlib import Path
from typing import TypedDict, Unpack

import click

from kpibook import pipeline
from kpibook.base.system_errors import reason_in
from kpibook.cli.base import (
    HELP,
    Folders,
    begun_period_of,
    failures_reported,
    finish,
    joined_text,
    refuse,
    sound_content,
    tell_new_key,
)
from kpibook.content import Content
from kpibook.model import Cycle


class PrintOptions(TypedDict):
    """Whose cards, and whether agreements in their place."""

    people: tuple[str, ...]
    departments: tuple[str, ...]
    agreements: bool


@click.command("print", help=HELP("printing.help.print"))
@click.argument("cycle")
@click.option("--person", "people", multiple=True, metavar="ID", help=HELP("printing.help.person"))
@click.option("--department", "departments", multiple=True, metavar="ID", help=HELP("printing.help.department"))
@click.option("--agreements", is_flag=True, help=HELP("printing.help.agreements"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=HELP("cli.help.out"))
@click.pass_obj
def print_cards(folders: Folders, cycle: str, out: Path, **given: Unpack[PrintOptions]) -> None:
    """Write a PDF for each card of a cycle, or for some of them; or for each agreement on targets."""
    people, departments = given["people"], given["departments"]
    content = sound_content(folders.read(), quiet=True)
    period = begun_period_of(content, cycle)
    _check_names(content, content.cycles[period], people, departments)
    asked = {person.casefold() for person in people}
    with failures_reported(content.say):
        tell_new_key(content.say)
        try:
            write = pipeline.print_agreements if given["agreements"] else pipeline.print_cards
            count = write(
                content,
                period,
                lambda card: (
                    (card.person.casefold() in asked and not card.is_unit)
                    or card.department in departments
                    or not (asked or departments)
                ),
                out,
            )
        except OSError as err:
            refuse(content.say("cli.usage.unwritable", file=err.filename or out, reason=reason_in(err, content.say)))
    finish(
        content.say,
        0,
        content.say("agreements.printed" if given["agreements"] else "printing.done", count=count, folder=out),
    )


def _check_names(content: Content, cycle: Cycle, people: Collection[str], departments: Collection[str]) -> None:
    known = {row.person.casefold(): row.person for row in cycle.people}
    for person in people:
        if person.casefold() not in known:
            near = joined_text(difflib.get_close_matches(person, known.values(), n=5), content.say)
            refuse(content.say("cli.usage.unknown_person", cycle=cycle.period, person=person, near=near))
    for department in departments:
        if department not in content.catalog_of(cycle.period).departments:
            every = joined_text(content.catalog_of(cycle.period).departments, content.say)
            refuse(content.say("cli.usage.unknown_supplier", supplier=department, departments=every))
