"""The commands that tell what the content says: check, score, explain."""

import datetime
import difflib
import sys
from collections.abc import Collection
from pathlib import Path

import click

from kpibook.base.problems import has_errors, in_order
from kpibook.base.reporting import FORMATS, OF_REVIEWS, as_text, is_log
from kpibook.base.words import Words
from kpibook.cli.base import (
    HELP,
    Exit,
    Folders,
    begun_period_of,
    details_option,
    echo,
    finish,
    for_log,
    joined_text,
    keep_details,
    refuse,
    sound_content,
    summary,
)
from kpibook.content import (
    has_warnings_of_catalog,
    open_set_aside,
    records_to_come,
    reported_problems,
    score_cycle,
    strict_problems,
    unsealed_cycles,
)
from kpibook.exchange.exports import write_scores
from kpibook.scoring.explain import explain_card
from kpibook.scoring.results import Card


@click.command(help=HELP("cli.help.check"))
@click.option("--format", "style", type=click.Choice(list(FORMATS)), default="text", help=HELP("cli.help.format"))
@click.option("--strict", "is_strict", is_flag=True, help=HELP("cli.help.strict"))
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help=HELP("cli.help.today"))
@details_option()
@click.pass_obj
def check(folders: Folders, style: str, is_strict: bool, today: datetime.datetime | None, details: Path | None) -> None:
    """Print every problem; nothing is written."""
    content = folders.read()
    day = (today or datetime.datetime.now()).date()
    problems = strict_problems(content, folders.handbook, day) if is_strict else reported_problems(content)
    to_come = (problem for period in content.cycles for problem in records_to_come(content, period, day))
    problems = (*in_order((*problems, *to_come)), *unsealed_cycles(content))
    for line in FORMATS[style](for_log(problems) if is_log() or style in OF_REVIEWS else problems, content.say):
        echo(line)
    keep_details(details, as_text(problems, content.say))
    if style == "text":
        echo(summary(problems, content.say), err=True)
    if has_errors(problems) or (is_strict and has_warnings_of_catalog(problems, content)):
        sys.exit(Exit.FAULTY)
    sys.exit(Exit.SET_ASIDE if open_set_aside(content) else Exit.DONE)


@click.command(help=HELP("cli.help.score"))
@click.argument("cycle")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=HELP("cli.help.out"))
@click.pass_obj
def score(folders: Folders, cycle: str, out: Path) -> None:
    """Write the points and totals of one cycle."""
    content = sound_content(folders.read())
    results = score_cycle(content, begun_period_of(content, cycle))
    write_scores(results, content.catalog_of(results.cycle.period), content.say, out)
    scored = sum(card.total is not None for card in results.cards)
    finish(
        content.say,
        len(results.cycle.set_aside),
        content.say("cli.done.score", folder=out, people=len(results.cards), scored=scored),
    )


@click.command(help=HELP("cli.help.explain"))
@click.argument("cycle")
@click.argument("person")
@click.argument("indicator", required=False, default="")
@click.pass_obj
def explain(folders: Folders, cycle: str, person: str, indicator: str) -> None:
    """Print how each point of a person came about."""
    content = sound_content(folders.read(), quiet=True)
    period = begun_period_of(content, cycle)
    results = score_cycle(content, period)
    card = find_card((*results.cards, *results.units), cycle, person, content.say)
    _check_indicator(card, indicator, content.say)
    echo(explain_card(card, content.catalog_of(period), content.say, indicator))
    sealed = content.seals.get(period)
    if sealed and not indicator and (number := sealed.newest.people.get(card.person)):
        values = {"number": number, "revision": sealed.number, "on": sealed.newest.on}
        echo(content.say("lifecycle.result_number", **values))


def find_card(cards: Collection[Card], cycle: str, person: str, say: Words) -> Card:
    """Somebody's card; who is not in the cycle is refused, with names that are near."""
    found = next((card for card in cards if card.person.casefold() == person.casefold()), None)
    if not found:
        near = difflib.get_close_matches(person, [card.person for card in cards], n=5)
        refuse(say("cli.usage.unknown_person", cycle=cycle, person=person, near=joined_text(near, say)))
    return found


def _check_indicator(card: Card, indicator: str, say: Words) -> None:
    known = dict.fromkeys(s.item.indicator for part in card.spans for s in (*part.items, *part.extras))
    if indicator and indicator not in known:
        known_ids = joined_text(known, say)
        refuse(say("cli.usage.unknown_indicator", person=card.person, indicator=indicator, indicators=known_ids))
