"""HR's page of a cycle: calibrations, how files were read, every row set aside as it stands, and who rated whom."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.checking.checks.quotas import check_quotas
from kpibook.model import Cycle, FileReport, Release
from kpibook.pages.cycles.cycle_follow_up import CycleFollowUpView, cycle_follow_up_view
from kpibook.pages.dates import whole_day
from kpibook.pages.figures import Figures
from kpibook.pages.groups import MOST_ROWS, SetAsideList, rest_text, set_aside_list
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.text import link
from kpibook.records.agreements import signed_state

NAME = "records"
"""The page's name below its cycle; servers give it to HR alone."""

MOST_RATINGS = 1_500
"""More rows would make the page of a large company larger than a megabyte; ratings.csv has them all."""


class FileRow(NamedTuple):
    """How a data file was read."""

    file: str
    encoding: str
    rows: str
    used: str
    empty: str
    set_aside: str
    repeated: str
    blank: str


class ConvertedRow(NamedTuple):
    """A cell that was read by a declared conversion."""

    place: str
    raw: str
    value: str


class RatedRow(NamedTuple):
    """A rating with the name of who gave it."""

    name: str
    indicator: str
    relation: str
    rater: str
    given: str
    comment: str
    place: str


class CalibrationRow(NamedTuple):
    """A calibrated total or grade: what was computed, what was decided, and what holds."""

    name: Markup
    computed: str
    calibrated: str
    total: str
    grade: str
    reason: str
    decision: str
    """By whom, and when."""


class RecordsView(NamedTuple):
    """Everything that stands on HR's page of a cycle."""

    title: str
    name: str
    facts: tuple[tuple[str, Markup | str], ...]
    calibration: tuple[CalibrationRow, ...]
    quotas: tuple[str, ...]
    """Where more have a grade than the company's distribution says."""
    agreements: tuple[str, ...]
    """Agreements that no longer hold, and how many signed, where anybody did."""
    set_aside: SetAsideList
    files: tuple[FileRow, ...]
    converted: tuple[ConvertedRow, ...]
    converted_rest: str
    ratings: tuple[RatedRow, ...]
    ratings_rest: str
    """How many ratings are left out."""
    followed: CycleFollowUpView | None
    """What became of the results, of a published cycle."""


def records_view(figures: Figures) -> RecordsView:
    """The finished view of what stands behind a cycle's cards and is nobody's business but HR's."""
    cycle, say = figures.results.cycle, figures.say
    converted, ratings = tuple(_converted(cycle.files)), tuple(_ratings(figures))
    return RecordsView(
        title=say("cards.title.records", period=cycle.name),
        name=say("cards.records_of", name=cycle.name),
        facts=(
            (say("cards.period"), link(cycle.name, "index.md")),
            (say("cards.release"), say(f"cards.released_to.{released_to(cycle)}")),
            (say("cards.collected"), link(say("cards.label.state"), "status.md")),
        ),
        calibration=tuple(_calibrations(figures)),
        quotas=tuple(problem.message(say) for problem in check_quotas(figures.catalog, figures.results)),
        agreements=tuple(_agreements(figures)),
        set_aside=set_aside_list(cycle.set_aside, figures),
        files=tuple(_file_row(report) for report in cycle.files),
        converted=converted[:MOST_ROWS],
        converted_rest=rest_text(converted, figures),
        ratings=ratings[:MOST_RATINGS],
        ratings_rest=say("cards.more_rows", count=len(ratings) - MOST_RATINGS) if len(ratings) > MOST_RATINGS else "",
        followed=cycle_follow_up_view(figures),
    )


def released_to(cycle: Cycle) -> Release:
    """Who sees the cards of a cycle: HR alone while it is open, everybody the own one once it is published."""
    return cycle.release or (Release.PEOPLE if cycle.status.is_settled else Release.HR)


def _agreements(figures: Figures) -> Iterator[str]:
    say, cards = figures.say, figures.results.cards
    states = [(card, signed_state(card, figures.catalog, figures.agreements)) for card in cards]
    signed = [(card, state) for card, state in states if state]
    if not signed:
        return
    current = sum(state.is_current for _, state in signed)
    asked = sum(bool(card.spans[-1].items) for card in cards)
    yield say("agreements.count", current=current, outdated=len(signed) - current, unsigned=max(asked - len(signed), 0))
    for card, state in signed:
        if not state.is_current:
            on = whole_day(state.agreement.on, say)
            yield say("agreements.line", person=figures.person(card.person), state=say("agreements.outdated", on=on))


def _calibrations(figures: Figures) -> Iterator[CalibrationRow]:
    say = figures.say
    for card in figures.results.cards:
        if found := card.calibration:
            row = found.row
            day = whole_day(row.on, say) if row.on else ""
            grades = {"before": figures.grade(found.grade), "after": figures.grade(card.grade)}
            yield CalibrationRow(
                name=link(card.name, f"p/{figures.page_ids[card.person]}.md"),
                computed=figures.total(found.computed),
                calibrated=figures.total(found.total),
                total=figures.total(card.total),
                grade=say("cards.calibration.grade", **grades),
                reason=row.reason,
                decision=say("explain.by_and_day", by=figures.person(row.by), day=day),
            )


def _file_row(report: FileReport) -> FileRow:
    numbers = (report.rows, report.used, report.empty, report.set_aside, report.repeated, report.blank)
    return FileRow(report.file, report.encoding, *(str(number) for number in numbers))


def _converted(files: Sequence[FileReport]) -> Iterator[ConvertedRow]:
    for report in files:
        for place, raw, value in report.converted:
            yield ConvertedRow(str(place), raw, value)


def _ratings(figures: Figures) -> Iterator[RatedRow]:
    for (person, indicator), rows in figures.results.cycle.ratings.items():
        for row in rows:
            yield RatedRow(
                figures.person(person),
                figures.key(indicator),
                figures.say(f"relations.{row.relation}"),
                figures.person(row.rater),
                row.level or row.raw,
                row.comment or HAS_NONE,
                figures.source_style.place(row.place),
            )
