"""A whole card for the terminal."""

from collections.abc import Iterable, Iterator

from gmpy2 import mpq

from kpibook.base.numbers import plain, share_text, show
from kpibook.base.words import Words
from kpibook.model import Adjustment, Catalog, RatingRow
from kpibook.scoring.explain.gaps import department_text
from kpibook.scoring.explain.lines import item_lines, total_lines
from kpibook.scoring.explain.origins import approval_text, lacks_text, place_text, source_text
from kpibook.scoring.explain.pay import pay_lines
from kpibook.scoring.explain.ratings import told_ratings
from kpibook.scoring.explain.steps import formula_text, grade_text, total_text
from kpibook.scoring.maximum_points import told_out_of
from kpibook.scoring.results import Card, GateOutcome, ItemScore

INDENT = "    "


def explain_card(card: Card, catalog: Catalog, say: Words, indicator: str = "") -> str:
    """Everything that led to a card, or to one indicator on it."""
    return "\n".join(_card_lines(card, catalog, say, indicator)) + "\n"


def _card_lines(card: Card, catalog: Catalog, say: Words, indicator: str) -> Iterator[str]:
    department = department_text(card.department, catalog)
    if card.is_unit:
        yield say("explain.unit", name=card.name, subject=card.person)
    else:
        yield say("explain.head", name=card.name, person=card.person, role=card.spans[-1].title, department=department)
    if card.days:
        yield say("explain.days", days=card.days)
    if card.leave:
        yield say("explain.leave", days=card.leave, kinds=say("explain.and").join(card.leave_kinds))
    scores = [(part, score) for part in card.spans for score in (*part.items, *part.extras)]
    told = [(part, score) for part, score in scores if indicator in ("", score.indicator.id)]
    if not told:
        yield say("explain.no_indicator", indicator=indicator)
    for number, (part, score) in enumerate(told, 1):
        role = say("explain.as_role", role=part.title) if len(card.spans) > 1 else ""
        yield ""
        yield _title(number, score, say) + role
        yield from _indented(item_lines(score, catalog, say))
        yield from _indented(_rows(score, catalog, say))
    if not indicator:
        yield from _result(card, catalog, say)


def _title(number: int, score: ItemScore, say: Words) -> str:
    values = {"number": number, "name": score.indicator.name, "weight": share_text(score.weight)}
    key = "extra" if score.is_extra else "item"
    if score.points is None:
        return say(f"explain.title.{key}_open", **values, status=say(f"explain.status.{score.status}"))
    return say(f"explain.title.{key}", **values, points=show(score.points))


def _rows(score: ItemScore, catalog: Catalog, say: Words) -> Iterator[str]:
    for source in score.sources:
        yield say("explain.source.line", text=source_text(source, catalog, say))
    if not score.ratings:
        return
    told = told_ratings(score, catalog)
    for row in told.named:
        yield rating_text(row, say)
    for relation, raters, mean in told.means:
        points = say("explain.none") if mean is None else show(mean)
        yield say("explain.rating_mean", relation=say(f"relations.{relation}"), count=raters, points=points)
    for row in told.comments:
        if row.comment and row not in told.named:
            comment = say("explain.comment", comment=" ".join(row.comment.split()))
            yield say("explain.rating_comment", relation=say(f"relations.{row.relation}"), comment=comment)


def rating_text(row: RatingRow, say: Words) -> str:
    """A rating with who gave it and where it stands."""
    comment = say("explain.comment", comment=" ".join(row.comment.split())) if row.comment else ""
    relation, place = say(f"relations.{row.relation}"), place_text(row.place)
    return say("explain.rating", relation=relation, rater=row.rater, raw=row.raw, place=place, comment=comment)


def _result(card: Card, catalog: Catalog, say: Words) -> Iterator[str]:
    yield ""
    total = say("explain.none") if card.total is None else total_text(card.total, catalog)
    full = None if card.total is None else told_out_of(card, catalog)
    total += f" / {show(full)}" if full is not None else ""
    grade = grade_text(card.grade) if card.grade else say("explain.none")
    coverage = plain(card.coverage, catalog.company.rounding.rate)
    yield say(
        "explain.result", total=total, grade=grade, coverage=coverage, status=say(f"explain.status.{card.status}")
    )
    if card.adjustments and card.computed is not None:
        computed, points = total_text(card.computed, catalog), _points(card.adjustment)
        yield from _indented([say("explain.adjusted_from", computed=computed, points=points)])
    yield from _indented(_adjustment(row, say) for row in card.adjustments)
    for row, lacking in card.refused:
        lacks = lacks_text(lacking.lacks, catalog, say)
        yield from _indented([say("explain.refused", text=_adjustment(row, say), lacks=lacks)])
    yield from _indented(_gate(outcome, catalog, say) for outcome in card.gates)
    yield from _indented(total_lines(card, catalog, say))
    if card.pay:
        yield ""
        yield say("explain.pay_head")
        yield from _indented(pay_lines(card, catalog, say))


def _adjustment(row: Adjustment, say: Words) -> str:
    approved = say("explain.not_approved")
    if row.approved_by:
        approved = approval_text(row.approved_by, row.approved_on, say)
    reason = " ".join(row.reason.split())
    return say(
        "explain.adjustment", points=_points(row.points), reason=reason, approved=approved, place=place_text(row.place)
    )


def _points(points: mpq) -> str:
    return f"{'+' if points > 0 else ''}{show(points)}"


def _gate(outcome: GateOutcome, catalog: Catalog, say: Words) -> str:
    gate = outcome.gate
    condition = formula_text(gate.when, catalog, say)
    state = {True: "closed", False: "open", None: "undecided"}[outcome.holds]
    name = say("explain.gate_name", name=gate.name) if gate.name else ""
    rows = say("explain.comma").join(source_text(source, catalog, say) for source in outcome.sources)
    rows = say("explain.label", label=rows) if rows else ""
    return say("explain.gate", name=name, condition=condition, rows=rows, state=say(f"explain.gate_state.{state}"))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (INDENT + line for line in lines)
