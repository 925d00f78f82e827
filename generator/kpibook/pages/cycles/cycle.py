"""A cycle and the list of cycles, ready to be set."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import round_half_up
from kpibook.base.words import Words
from kpibook.model import Cycle, CycleStatus, Release
from kpibook.pages import number_format
from kpibook.pages.cards.corrections import correction_facts
from kpibook.pages.cards.units import UnitRow, unit_rows
from kpibook.pages.cards.view import state_text
from kpibook.pages.cycles.attention import Attention, attention_of
from kpibook.pages.cycles.findings import Finding, findings
from kpibook.pages.cycles.heat import MOST_NAMED, HeatMap, HeatRow, Overview, far_from_full, heat_maps, overview
from kpibook.pages.cycles.indicators import FOLDER as INDICATORS
from kpibook.pages.cycles.late import LateRow, late_rows
from kpibook.pages.cycles.people import PersonRow, ranked, ranking
from kpibook.pages.cycles.quotas import quota_marks
from kpibook.pages.cycles.records import NAME as RECORDS
from kpibook.pages.dates import days, due_day, timed, timed_due
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.groups import GradeCountRow, counts, grade_rows, grade_strip, mean, owed_numbers
from kpibook.pages.lookback import PastCycle
from kpibook.pages.suppression import LEAST, PublishedPeople, graded, published_people
from kpibook.pages.text import escape, link
from kpibook.pages.years.view import FOLDER as YEARS
from kpibook.records.result_states import WAITING
from kpibook.scoring.results import Card, Status

MOST_RANKED = 300
"""A ranking longer than this is left to the pages of the departments."""


class DepartmentGradesRow(NamedTuple):
    """A department on the page of its cycle, with how many people reached each grade."""

    name: Markup | str
    scored: str
    """How many have a total, of how many."""
    mean: str
    difference: Markup | str
    """Against the mean of the cycle before."""
    strip: Markup
    """The grades as parts of a strip, each with its number."""


class StepRow(NamedTuple):
    """A step of the cycle: its day, how far it is, and whether it is done or next."""

    name: str
    day: Markup | str
    note: str
    kind: str
    """`done`, `now`, `till` (done when its day is over) or nothing."""


class CycleView(NamedTuple):
    """Everything that stands on the page of a cycle."""

    title: str
    name: str
    lead: Markup
    """How many have a result, who waits and for how much."""
    facts: tuple[tuple[str, str], ...]
    steps: tuple[StepRow, ...]
    departments: tuple[DepartmentGradesRow, ...]
    others: Markup
    """The departments whose figures are not told, each with how many have a total."""
    distribution: tuple[GradeCountRow, ...]
    is_withheld: bool
    is_partial: bool
    """Whether the figures of the whole company leave small departments out, lest those could be worked out."""
    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    all_people: str
    """What unfolds the ranking."""
    rank: str
    """The head of the ranks' column: it names the group in which people are ranked."""
    is_long: bool
    has_withheld: bool
    """Whether people of small departments are left out of a ranking, and with them its ranks."""
    has_unlisted: bool
    """Whether groups are too small for their ranks to be told."""
    looks: Attention
    overview: Overview
    far: tuple[HeatRow, ...]
    """The rows of the map where much was lost."""
    near: tuple[HeatRow, ...]
    """All other rows of it."""
    heat: tuple[HeatMap, ...]
    findings: tuple[Finding, ...]
    """What the map shows, in sentences."""
    late: tuple[LateRow, ...]


class IndexView(NamedTuple):
    """The list of cycles, newest first: link, period, status, people, and the way to HR's own page.

    A planned cycle leads nowhere.
    """

    title: str
    rows: tuple[tuple[Markup | str, str, str, str, Markup | str], ...]
    years: tuple[Markup, ...]
    """The ways to HR's pages of years, newest first."""


def index_view(cycles: Sequence[Cycle], say: Words, years: Sequence[int] = ()) -> IndexView:
    """All cycles, newest first."""
    newest_first = sorted(cycles, key=lambda cycle: cycle.period, reverse=True)
    rows = tuple(_index_row(cycle, say) for cycle in newest_first)
    links = (link(say("years.name", year=year), f"{YEARS}/{year}.md") for year in sorted(years, reverse=True))
    return IndexView(say("cards.title.index"), rows, tuple(links))


def _index_row(cycle: Cycle, say: Words) -> tuple[Markup | str, str, str, str, Markup | str]:
    """A cycle that is planned has no pages yet."""
    people = len({assignment.person.casefold() for assignment in cycle.people})
    status = say(f"cards.cycle_status.{cycle.status}")
    within = days(cycle.period.first_day, cycle.period.last_day, say)
    period = say("dates.of_year", year=cycle.period.year, name=within)
    if cycle.status is CycleStatus.PLANNED:
        return cycle.name, period, status, str(people) if people else NONE, NONE
    own = ((say("cards.records"), f"{RECORDS}.md"), (say("cards.indicators"), f"{INDICATORS}/index.md"))
    records = escape(say("cards.comma")).join(link(text, f"{cycle.period}/{page}") for text, page in own)
    return link(cycle.name, f"{cycle.period}/index.md"), period, status, str(people), records


def cycle_view(figures: Figures, past: Sequence[PastCycle] = ()) -> CycleView:
    """The finished view of a whole cycle; `past` are the earlier ones of its trends."""
    results, say, cycle = figures.results, figures.say, figures.results.cycle
    listed, groups = ranked(results.cards, figures), published_people(results.cards)
    rows, mapped = tuple(_department_rows(groups, past, figures)), overview(figures)
    return CycleView(
        title=say("cards.title.cycle", period=cycle.name),
        name=cycle.name,
        lead=_lead(figures),
        facts=tuple(_cycle_facts(figures)),
        steps=tuple(_steps(figures)),
        departments=rows,
        distribution=grade_rows(groups.whole, figures, quota_marks(groups.whole, figures)),
        others=escape(figures.say("cards.comma")).join(_links_to_others(groups, figures)),
        is_withheld=any(graded(cards) for key, cards in figures.members.items() if key not in groups.departments),
        is_partial=0 < len(groups.whole) < len(graded(results.cards)),
        units=tuple(unit_rows(figures)),
        people=tuple(ranking(listed, figures)) if len(listed) <= MOST_RANKED else (),
        all_people=say("cards.all_ranked", count=len(listed)),
        rank=figures.rank_label,
        is_long=len(listed) > MOST_RANKED,
        has_withheld=bool(figures.rank_label) and any(map(figures.keeps_rank, results.cards)),
        has_unlisted=bool(figures.rank_label) and any(card.rank and card.ranked < LEAST for card in results.cards),
        overview=mapped,
        far=tuple(row for row in mapped.rows if far_from_full(row)),
        near=tuple(row for row in mapped.rows if not far_from_full(row)),
        heat=tuple(heat_maps(figures.publishable_cards, figures, "p")) if len(results.cards) <= MOST_NAMED else (),
        findings=findings(figures),
        looks=attention_of(past, figures),
        late=late_rows((*results.cards, *figures.units), figures),
    )


def banner(figures: Figures) -> str:
    """What a reader must know before the figures: the cycle is not closed."""
    status = figures.results.cycle.status
    return "" if status.is_settled else figures.say(f"cards.banner.{status}")


def _lead(figures: Figures) -> Markup:
    """How many of how many have a total, how many wait for data, how many are not appraised, and what is owed."""
    say, cards = figures.say, figures.results.cards
    waiting = sum(card.status in (Status.MISSING, Status.SET_ASIDE) for card in cards)
    out = sum(card.status in (Status.EXCLUDED, Status.NOT_APPLICABLE) for card in cards)
    told = [say("cards.lead.scored", people=len(cards), count=with_total(cards))]
    if waiting:
        told.append(say("cards.lead.waiting", count=waiting))
    if out:
        told.append(say("cards.lead.out", count=out))
    text = say("cards.lead.comma").join(told) + say("cards.why.stop")
    owed = owed_numbers((*cards, *figures.units))
    if owed:
        due = figures.results.cycle.schedule.collect_by
        text += (
            say("cards.lead.owed_by", day=due_day(due, figures.results.cycle.moved_days, say), count=owed)
            if due
            else say("cards.lead.owed", count=owed)
        )
    return escape(text)


def _cycle_facts(figures: Figures) -> Iterator[tuple[str, str]]:
    say, cycle = figures.say, figures.results.cycle
    yield say("cards.state"), state_text(figures)
    if figures.sealed or cycle.release:
        yield say("cards.release"), say(f"cards.released_to.{cycle.release or Release.PEOPLE}")
    yield from correction_facts(figures)


def _steps(figures: Figures) -> Iterator[StepRow]:
    """The period, collecting, reviewing, confirming, the end; done is what the state of the cycle says is done."""
    say, cycle, cards = figures.say, figures.results.cycle, figures.results.cards
    owed, first, last = owed_numbers((*cards, *figures.units)), cycle.period.first_day, cycle.period.last_day
    is_closed = cycle.status is CycleStatus.CLOSED
    now = 3 if is_closed else 2 if cycle.status.is_settled else 0 if owed else 1
    # While numbers come in, the day on which the page is opened says whether the period is over: the script looks.
    kind = "done" if now else "till"
    count = len(cards)
    yield StepRow(
        say("cards.period"), timed(last, escape(days(first, last, say))), say("cards.step_people", count=count), kind
    )
    notes = (say("cards.lead.owed", count=owed) if owed else say("my.complete"), "", _answers_text(figures))
    for number, step in enumerate(("collect_by", "review_by", "confirm_by")):
        day = getattr(cycle.schedule, step)
        told = timed_due(day, cycle.moved_days, say) if day else ""
        kind = "done" if number < now else "now" if number == now else ""
        yield StepRow(say(f"cards.schedule.{step}"), told, notes[number], kind)
    yield StepRow(say("cards.step_closed"), "", "", "done" if is_closed else "")


def _answers_text(figures: Figures) -> str:
    """How many of those who have a result answered, confirming or not; empty before anybody was told."""
    told = figures.follow_up.told if figures.follow_up else {}
    if figures.follow_up is None or not told:
        return ""
    count = len(told) - len(figures.follow_up.in_state(*WAITING))
    return figures.say("cards.step_answered", count=count, people=len(told))


def with_total(cards: Sequence[Card]) -> int:
    """How many have a total."""
    return sum(card.total is not None for card in cards)


def _department_rows(
    groups: PublishedPeople, past: Sequence[PastCycle], figures: Figures
) -> Iterator[DepartmentGradesRow]:
    period = figures.results.cycle.period
    means = past[-1].means if past and past[-1].period == period.previous else {}
    for identifier, cards in figures.members.items():
        if told := groups.departments.get(identifier):
            name = link(figures.department(identifier), f"departments/{identifier}.md")
            yield _department_row(name, cards, told, means.get(identifier), figures)
    yield _department_row(figures.say("cards.all"), figures.results.cards, groups.whole, means.get(""), figures)


def _links_to_others(groups: PublishedPeople, figures: Figures) -> Iterator[Markup]:
    for identifier, cards in figures.members.items():
        if identifier not in groups.departments:
            name = link(figures.department(identifier), f"departments/{identifier}.md")
            yield Markup("{} {}").format(name, f"{with_total(cards)} / {len(cards)}")


def _department_row(
    name: Markup | str, cards: Sequence[Card], told: Sequence[Card], before: mpq | None, figures: Figures
) -> DepartmentGradesRow:
    """All people of a group, and the figures of those who may be told."""
    average = mean(told)
    difference: Markup | str = NONE
    if average is not None and before is not None:
        places = figures.places.score
        difference = number_format.coloured_difference(
            round_half_up(average, places) - round_half_up(before, places), places
        )
    return DepartmentGradesRow(
        name,
        f"{with_total(cards)} / {len(cards)}",
        figures.total(average),
        difference,
        grade_strip(counts(told, figures), figures) if told else Markup(NONE),
    )
