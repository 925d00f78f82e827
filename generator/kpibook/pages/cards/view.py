"""One card, ready to be set: every text chosen, every number written, nothing left for the template to work out."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import show
from kpibook.model import WHOLE_POST, Adjustment, CycleStatus
from kpibook.pages import number_format
from kpibook.pages.cards.changes import Changes, changes
from kpibook.pages.cards.corrections import correction_lines
from kpibook.pages.cards.follow_up import FollowUpView, follow_up_view
from kpibook.pages.cards.form import Form, card_form
from kpibook.pages.cards.items import RoleScorecard, parts
from kpibook.pages.cards.missing import MissingRow, missing_rows
from kpibook.pages.cards.next_grade import NextGrade, next_grade
from kpibook.pages.cards.print_density import DENSITY_CLASSES, PrintedContent, density_level, width_of_lines
from kpibook.pages.cards.reasons import reasons
from kpibook.pages.cards.result import Result, card_result, target_notes
from kpibook.pages.cards.units import unit_facts
from kpibook.pages.changelog import since
from kpibook.pages.dates import days, due_day, whole_day
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.lookback import NO_TREND, PastCycle, Trend, trend
from kpibook.pages.number_format import HAS_NONE, with_minus
from kpibook.pages.text import role_name, text_width
from kpibook.records.agreements import signed_state
from kpibook.scoring import explain
from kpibook.scoring.results import Card, Status

WITHHELD = (Status.MISSING, Status.SET_ASIDE)
"""What a card is that has no total yet."""
LEAST_TREND = 6
"""Fewer cycles are told by the ruler and the start page; no line is drawn through them."""


class PayLineRow(NamedTuple):
    """A pay line with its amount."""

    name: str
    amount: str


class CardView(NamedTuple):
    """Everything that stands on a card."""

    title: str
    heading: str
    banner: tuple[str, ...]
    since: str
    facts: tuple[tuple[str, Markup | str], ...]
    result: Result
    reasons: tuple[str, ...]
    has_items: bool
    parts: tuple[RoleScorecard, ...]
    missing: tuple[MissingRow, ...]
    undecided: tuple[str, ...]
    total: tuple[str, ...]
    retargeted: tuple[str, ...]
    """Targets that were changed within the cycle."""
    adjustments: tuple[str, ...]
    pay: tuple[PayLineRow, ...]
    pay_lines: tuple[str, ...]
    trend: Trend
    changes: Changes | None
    next_grade: NextGrade
    density: Markup
    """The classes of a scorecard of many items, which paper shows in a smaller hand."""
    is_short: bool
    """Whether what leads on from the result has room on the first sheet."""
    form: Form
    follow_up: FollowUpView
    foot: str
    """Whose sheet it is, at its foot."""


def card_view(card: Card, figures: Figures, previous: Card | None, past: Sequence[PastCycle] = ()) -> CardView:
    """The finished view of a card, beside the same person's card of the cycle before and earlier cycles in short."""
    catalog, say = figures.catalog, figures.say
    is_withheld = card.status in WITHHELD
    heading = say("cards.card", name=card.name, cycle=figures.results.cycle.name)
    view = CardView(
        title=say("cards.title.card", period=figures.results.cycle.name),
        heading=heading,
        banner=tuple(_banner(card, figures)),
        since=_since(card, figures),
        facts=tuple(_facts(card, figures)),
        result=card_result(card, previous, figures),
        reasons=reasons(card, previous, figures),
        has_items=any(piece.items or piece.extras for piece in card.spans),
        parts=tuple(parts(card, figures)),
        missing=missing_rows(card, figures),
        undecided=tuple(explain.undecided_lines(card, catalog, say)) if is_withheld else (),
        total=() if is_withheld or card.is_as_sealed else _total_lines(card, figures),
        retargeted=tuple(target_notes(card, figures)),
        adjustments=tuple(_adjustments(card, figures)),
        pay=tuple(_pay(card, figures)),
        pay_lines=() if card.is_as_sealed else _pay_lines(card, figures),
        trend=_trend(card, past, figures),
        changes=changes(card, previous, figures) if previous else None,
        next_grade=next_grade(card, figures),
        density=DENSITY_CLASSES[0],
        is_short=False,
        form=card_form(card, figures),
        follow_up=follow_up_view(card, figures),
        foot=say("cards.foot", company=catalog.company.name, heading=heading),
    )
    density = density_level(_printed_content(view))
    return view._replace(density=DENSITY_CLASSES[density], is_short=not density)


def _total_lines(card: Card, figures: Figures) -> tuple[str, ...]:
    """How the total was made; the rank stands there where it stands beside the total."""
    lines = explain.total_lines(card, figures.catalog, figures.say, tells_rank=figures.tells_rank(card))
    return tuple(map(with_minus, lines))


def _pay_lines(card: Card, figures: Figures) -> tuple[str, ...]:
    return tuple(map(with_minus, explain.pay_lines(card, figures.catalog, figures.say, figures.named_style)))


def _pay(card: Card, figures: Figures) -> Iterator[PayLineRow]:
    """What each line comes to, and all of them where the role calls that by a name."""
    yield from (PayLineRow(outcome.line.name, figures.money(outcome.amount)) for outcome in card.pay)
    if card.pay and card.role.pay_total:
        yield PayLineRow(card.role.pay_total, figures.money(card.paid))


def _trend(card: Card, past: Sequence[PastCycle], figures: Figures) -> Trend:
    """The line of totals, where there are enough of them."""
    found = trend(card, past, figures) if len(past) + 1 >= LEAST_TREND else NO_TREND
    return found if found.points.count("\n") + 1 >= LEAST_TREND else NO_TREND


def _banner(card: Card, figures: Figures) -> Iterator[str]:
    """What a reader must know before the figures: why the card has no total, or what was corrected."""
    if figures.results.cycle.status is CycleStatus.PLANNED:
        yield figures.say("cards.banner.planned")
    if card.waits_for_approval_alone:
        yield figures.say("cards.banner.not_approved")
    elif card.status is not Status.SCORED:
        yield figures.say(f"cards.banner.{card.status}")
    if card.is_as_sealed:
        yield figures.say("cards.banner.as_sealed", version=figures.sealed.newest.version if figures.sealed else "")
    yield from correction_lines(card, figures)


def _since(card: Card, figures: Figures) -> str:
    """What changed in this cycle for the roles that the card scores, in one line."""
    texts: dict[str, None] = {}
    for piece in card.spans:
        indicators = (score.indicator for score in (*piece.items, *piece.extras))
        texts.update(dict.fromkeys(since(piece.role, indicators, figures.results.cycle)))
    return figures.say("changes.since", texts=figures.say("changes.semicolon").join(texts)) if texts else ""


def _facts(card: Card, figures: Figures) -> Iterator[tuple[str, Markup | str]]:
    if card.is_unit:
        yield from unit_facts(card, figures)
        return
    say, last, cycle = figures.say, card.spans[-1].assignment, figures.results.cycle
    yield say("cards.id"), card.person
    yield say("cards.role"), role_name(card.spans[-1].role.id, card.spans[-1].title)
    # No link to the department's page: that is for its head and managers, and a card has the same bytes for everybody.
    yield say("cards.department"), figures.department(card.department)
    yield say("cards.manager"), figures.person(last.manager) if last.manager else HAS_NONE
    yield say("cards.period"), days(cycle.period.first_day, cycle.period.last_day, say)
    yield say("cards.state"), state_text(figures)
    if figures.sealed and (number := figures.sealed.newest.people.get(card.person)):
        yield say("cards.result_number"), number
    if signed := signed_state(card, figures.catalog, figures.agreements):
        key = "agreements.signed" if signed.is_current else "agreements.outdated"
        yield say("agreements.name_short"), say(key, on=whole_day(signed.agreement.on, say))
    if card.days:
        yield say("cards.days"), say("cards.days_of", days=card.days, whole=figures.results.cycle.period.days)
    if card.leave:
        yield say("cards.leave"), say("cards.leave_of", days=card.leave, kinds=figures.enumeration(card.leave_kinds))
    if share := _shares(card, figures):
        yield say("cards.posts"), share


def _shares(card: Card, figures: Figures) -> str:
    """The posts held at once, with how much of the working time each takes."""
    posts = [part for part in card.spans if part.assignment.share != WHOLE_POST]
    named = (figures.say("cards.post", role=part.role.name, share=show(part.assignment.share)) for part in posts)
    return figures.enumeration(named)


def state_text(figures: Figures) -> str:
    """How final the figures are, and until when that can be changed."""
    say, cycle = figures.say, figures.results.cycle
    if not cycle.status.is_settled and cycle.schedule.confirm_by:
        day = due_day(cycle.schedule.confirm_by, cycle.moved_days, say)
        return say("cards.state_until", state=say("cards.provisional"), day=day)
    return say("cards.provisional") if not cycle.status.is_settled else say(f"cards.cycle_status.{cycle.status}")


def _printed_content(view: CardView) -> PrintedContent:
    """What of the card takes room on paper."""
    rows = [row for part in view.parts for group in part.groups for row in group.rows]
    changed = len(view.changes.rows) + len(view.changes.notes) if view.changes else 0
    sums = [width_of_lines(lines) for lines in ((*view.total, *view.adjustments), view.pay_lines) if lines]
    missing = 2 + sum(len(row.what) for row in view.missing) + len(view.undecided) if view.missing else 0
    titles = sum(bool(part.title) + len(part.groups) for part in view.parts)
    follow = view.follow_up
    answered = (
        bool(follow.state) + len(follow.lines) + len(follow.answers) + sum(len(rows) for _, rows in follow.appeals)
    )
    talked = (
        sum(1 + len(lines) for _, lines in follow.talks)
        + len(follow.plans)
        + bool(follow.again)
        + bool(follow.unplanned)
    )
    return PrintedContent(
        derivations=[*(text_width(row.lines) for row in rows), *sums],
        rules=[*(row.rule_room for row in rows), *(0 for _ in sums)],
        reasons=len(view.reasons),
        titles=titles,
        notes=missing + len(view.banner) + 2 * len(view.retargeted) + len(view.result.open_gates) + bool(view.since),
        vetoes=len(view.result.vetoes),
        ahead=max(changed, len(view.next_grade.rows), bool(view.next_grade.text)),
        answered=answered,
        contacts=len(follow.contacts),
        talked=talked,
        spoken=width_of_lines((*view.form.self_review, *view.form.comments)),
        more=text_width(view.form.more),
    )


def _adjustments(card: Card, figures: Figures) -> Iterator[str]:
    """The adjustments that count, then those that do not, as they lack their approval."""
    yield from (_adjustment(row, figures) for row in card.adjustments)
    for row, lacking in card.refused:
        lacks = explain.lacks_text(lacking.lacks, figures.catalog, figures.say)
        yield figures.say("explain.refused", text=_adjustment(row, figures), lacks=lacks)


def _adjustment(row: Adjustment, figures: Figures) -> str:
    say, approved_by = figures.say, figures.person(row.approved_by)
    if row.approved_on:
        approved_by = say("explain.by_and_day", by=approved_by, day=whole_day(row.approved_on, say))
    return say(
        "cards.adjustment",
        points=number_format.signed_in_full(row.points),
        reason=row.reason or NONE,
        approved_by=approved_by,
        place=figures.named_style.place(row.place),
    )
