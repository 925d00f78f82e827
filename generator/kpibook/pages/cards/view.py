"""One card, ready to be set: every text chosen, every number written, nothing left for the template to work out."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import show
from kpibook.model import WHOLE_POST, Adjustment
from kpibook.pages.cards.changes import Changes, changes
from kpibook.pages.cards.corrections import correction_lines
from kpibook.pages.cards.follow_up import FollowUpView, follow_up_view
from kpibook.pages.cards.form import Form, card_form
from kpibook.pages.cards.items import RoleScorecard, parts
from kpibook.pages.cards.missing import MissingRow, missing_rows
from kpibook.pages.cards.next_grade import NO_NEXT, NextGrade, next_grade
from kpibook.pages.cards.units import unit_facts
from kpibook.pages.changelog import commits_of, since
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.past import PastCycle, Trend, trend
from kpibook.rules.standards import named
from kpibook.scoring import explain
from kpibook.scoring.results import Card, GateOutcome, Status

LEVELS = tuple(Markup("".join(f" card-paper-{level}" for level in range(1, most + 1))) for most in range(6))
"""What a scorecard is called by how much of it must get onto two sheets; each level takes on those before it."""

ROW_ROOM, LINE_ROOM = 120, 60
"""What an item takes beside its derivation, and a row of any other table or a paragraph: the room of ideographs."""
MOST_ROOM = (3900, 5200, 6300, 8500, 12000)
"""More text than this, and the next level is needed."""

WITHHELD = (Status.MISSING, Status.SET_ASIDE)
"""What a card is that has no total yet."""


class PayRow(NamedTuple):
    """A pay line with its amount."""

    name: str
    amount: str


class CardView(NamedTuple):
    """Everything that stands on a card."""

    title: str
    heading: str
    subtitle: str
    banner: tuple[str, ...]
    since: str
    facts: tuple[tuple[str, Markup | str], ...]
    results: tuple[tuple[str, str], ...]
    meaning: str
    has_items: bool
    parts: tuple[RoleScorecard, ...]
    missing: tuple[MissingRow, ...]
    undecided: tuple[str, ...]
    total: tuple[str, ...]
    adjustments: tuple[str, ...]
    gates: tuple[str, ...]
    pay: tuple[PayRow, ...]
    pay_lines: tuple[str, ...]
    trend: Trend
    changes: Changes | None
    next_grade: NextGrade
    basis: str
    """Where the rows stand that the basis names."""
    density: Markup
    """The classes of a scorecard of many items, which paper shows in a smaller hand."""
    form: Form
    follow_up: FollowUpView


def card_view(card: Card, figures: Figures, previous: Card | None, past: Sequence[PastCycle] = ()) -> CardView:
    """The finished view of a card, beside the same person's card of the cycle before and earlier cycles in short."""
    catalog, say = figures.catalog, figures.say
    is_withheld = card.status in WITHHELD
    view = CardView(
        title=say("cards.title.card", period=figures.results.cycle.period),
        heading=say("cards.card", name=card.name),
        subtitle=_subtitle(figures),
        banner=tuple(_banner(card, figures)),
        since=_since(card, figures),
        facts=tuple(_facts(card, figures)),
        results=tuple(_results(card, figures)),
        meaning=_meaning(card),
        has_items=any(piece.items or piece.extras for piece in card.spans),
        parts=tuple(parts(card, figures)),
        missing=missing_rows(card, figures),
        undecided=tuple(explain.undecided_lines(card, catalog, say)) if is_withheld else (),
        total=() if is_withheld or card.is_as_sealed else explain.total_lines(card, catalog, say),
        adjustments=tuple(_adjustments(card, figures)),
        gates=tuple(_gate(outcome, figures) for outcome in card.gates),
        pay=tuple(PayRow(outcome.line.name, figures.money(outcome.amount)) for outcome in card.pay),
        pay_lines=() if card.is_as_sealed else explain.pay_lines(card, catalog, say, figures.source_style),
        trend=trend(card, past, figures),
        changes=changes(card, previous, figures) if previous else None,
        next_grade=NO_NEXT if card.is_as_sealed else next_grade(card, figures),
        basis=say("cards.basis", folder=figures.results.cycle.folder),
        density=LEVELS[0],
        form=card_form(card, figures),
        follow_up=follow_up_view(card, figures),
    )
    return view._replace(density=_density(view))


def _banner(card: Card, figures: Figures) -> Iterator[str]:
    """What a reader must know before the figures: the cycle still runs, or the card has no total."""
    status = figures.results.cycle.status
    if not status.is_settled:
        yield figures.say(f"cards.banner.{status}")
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
        commits = commits_of(piece.role, figures.catalog, figures.history)
        texts.update(dict.fromkeys(since(piece.role, indicators, figures.results.cycle, commits)))
    return figures.say("changes.since", texts=figures.say("changes.semicolon").join(texts)) if texts else ""


def _subtitle(figures: Figures) -> str:
    say, cycle = figures.say, figures.results.cycle
    return say(
        "cards.subtitle",
        company=figures.catalog.company.name,
        cycle=cycle.name,
        period=cycle.period,
        state=say(f"cards.cycle_status.{cycle.status}"),
    )


def _facts(card: Card, figures: Figures) -> Iterator[tuple[str, Markup | str]]:
    if card.is_unit:
        yield from unit_facts(card, figures)
        return
    say, last = figures.say, card.spans[-1].assignment
    yield say("cards.id"), card.person
    yield say("cards.role"), card.role.name
    # No link to the department's page: that is for its head and managers, and a card has the same bytes for everybody.
    yield say("cards.department"), figures.department(card.department)
    yield say("cards.manager"), figures.person(last.manager)
    if figures.sealed and (number := figures.sealed.newest.people.get(card.person)):
        yield say("cards.result_number"), number
    if card.days:
        yield say("cards.days"), say("cards.days_of", days=card.days, whole=figures.results.cycle.period.days)
    if share := _shares(card, figures):
        yield say("cards.posts"), share


def _shares(card: Card, figures: Figures) -> str:
    """The posts held at once, with how much of the working time each takes."""
    posts = [part for part in card.spans if part.assignment.share != WHOLE_POST]
    named = (figures.say("cards.post", role=part.role.name, share=show(part.assignment.share)) for part in posts)
    return figures.enumeration(named)


def _results(card: Card, figures: Figures) -> Iterator[tuple[str, str]]:
    say = figures.say
    yield say("cards.total"), figures.total(card.total)
    yield say("cards.grade"), figures.grade(card.grade)
    if figures.rank_label and not card.is_unit:
        yield figures.rank_label, figures.rank(card)
    yield say("cards.coverage"), figures.coverage(card)
    if found := card.calibration:
        yield say("cards.total_computed"), figures.total(found.computed)
        yield say("cards.total_calibrated"), figures.total(found.total)
        yield say("cards.grade_computed"), figures.grade(found.grade)


def _meaning(card: Card) -> str:
    return card.grade.meaning if card.grade else ""


def _density(view: CardView) -> Markup:
    """By how much text there is; what still does not fit, printing finds out."""
    rows = [row for part in view.parts for group in part.groups for row in group.rows]
    spoken = (*view.form.self_review, *view.form.comments)
    compared = view.changes.rows if view.changes else ()
    lines = len(spoken) + len(compared) + len(view.next_grade.rows) + len(view.pay)
    texts = (*(row.lines for row in rows), *view.total, *view.pay_lines, *spoken)
    room = ROW_ROOM * len(rows) + LINE_ROOM * lines + sum(map(_room, texts))
    return LEVELS[sum(room > most for most in MOST_ROOM)]


def _room(text: str) -> int:
    """How many ideographs wide a text is; other signs are half as wide, and take a third of the bytes."""
    ideographs = (len(text.encode("utf-8")) - len(text)) // 2
    return (len(text) + ideographs) // 2


def _adjustments(card: Card, figures: Figures) -> Iterator[str]:
    """The adjustments that count, then those that do not, as they lack their approval."""
    yield from (_adjustment(row, figures) for row in card.adjustments)
    for row, lacking in card.refused:
        lacks = explain.lacks_text(lacking.lacks, figures.catalog, figures.say)
        yield figures.say("explain.refused", text=_adjustment(row, figures), lacks=lacks)


def _adjustment(row: Adjustment, figures: Figures) -> str:
    say, approved_by = figures.say, figures.person(row.approved_by)
    if row.approved_on:
        approved_by = say("explain.by_and_day", by=approved_by, day=row.approved_on)
    return say(
        "cards.adjustment",
        points=f"{'+' if row.points > 0 else ''}{show(row.points)}",
        reason=row.reason or NONE,
        approved_by=approved_by,
        place=figures.source_style.place(row.place),
    )


def _gate(outcome: GateOutcome, figures: Figures) -> str:
    say, gate = figures.say, outcome.gate
    condition = gate.when.in_words(lambda name: named(name, figures.catalog.named, say))
    state = {True: "closed", False: "open", None: "unknown"}[outcome.holds]
    return say(
        "cards.gate.line",
        name=say("cards.gate.name", name=gate.name) if gate.name else "",
        condition=condition,
        effect=figures.enumeration(_effects(outcome, figures)),
        state=say(f"cards.gate.{state}"),
    )


def _effects(outcome: GateOutcome, figures: Figures) -> Iterator[str]:
    gate = outcome.gate
    if gate.grade_at_most is not None:
        yield figures.say("cards.gate.grade", grade=gate.grade_at_most)
    if gate.total_at_most is not None:
        yield figures.say("cards.gate.total", total=show(gate.total_at_most))
