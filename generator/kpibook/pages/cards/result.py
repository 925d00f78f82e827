"""The first panel of a card: total, grade, where they stand among the grades, what they lead to, and a veto."""

from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, ZERO, round_half_up, show
from kpibook.base.periods import Period
from kpibook.pages import number_format
from kpibook.pages.dates import period_name
from kpibook.pages.drawing.hues import grade_hues
from kpibook.pages.drawing.ruler import Pin, ruler
from kpibook.pages.evidence import with_links
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.number_format import short_text
from kpibook.pages.text import escaped
from kpibook.rules.standards import closed_up
from kpibook.scoring import explain
from kpibook.scoring.marks import brought_by
from kpibook.scoring.results import Card, GateOutcome, ItemScore, RoleSpan
from kpibook.scoring.sources import Source


class Veto(NamedTuple):
    """A gate that closed: what it did to the grade, its rule, and the numbers that closed it."""

    change: str
    rule: str
    evidence: Markup | str


class Result(NamedTuple):
    """What a card came to."""

    total: str
    full: str
    """What the total is out of, where that is not 100."""
    grade: str
    hue: int
    """Which hue the grade has."""
    notes: tuple[Markup, ...]
    ruler: Markup
    vetoes: tuple[Veto, ...]
    open_gates: tuple[str, ...]
    """Gates that did not close, or of which nobody can tell yet."""


def card_result(card: Card, previous: Card | None, figures: Figures) -> Result:
    """The panel of a card, beside the same holder's card of the cycle before."""
    hues = grade_hues(figures.catalog.grades)
    closed = [outcome for outcome in card.gates if outcome.holds]
    others = [outcome for outcome in card.gates if not outcome.holds]
    return Result(
        total=figures.total(card.total),
        full=figures.full(card),
        grade=grade_name(card, figures),
        hue=hues.get(card.grade.id, 1) if card.grade else 0,
        notes=tuple(_notes(card, previous, figures)),
        ruler=_ruler(card, previous, figures),
        vetoes=tuple(_veto(outcome, card, figures) for outcome in closed),
        open_gates=tuple(_open_gate(outcome, figures) for outcome in others),
    )


def grade_name(card: Card, figures: Figures) -> str:
    """The letter with the name, as it stands on a chip."""
    if card.grade is None:
        return ""
    return card.grade.name if card.grade.id == card.grade.name else f"{card.grade.id} {card.grade.name}"


def _notes(card: Card, previous: Card | None, figures: Figures) -> Iterator[Markup]:
    """Against the cycle before, the rank, pay, and what lies outside of the usual."""
    say = figures.say
    line = [*_compared(card, previous, figures)]
    if not card.is_unit and figures.tells_rank(card):
        within = say(f"cards.within.{figures.catalog.company.rank.within}")
        line.append(escaped(say("cards.line.rank", within=within, rank=card.rank, ranked=card.ranked)))
    if line:
        yield escaped(say("cards.dot")).join(line)
    for outcome in card.pay:
        if outcome.amount is not None:
            amount = Markup("<b>{}</b>").format(escaped(figures.money(outcome.amount)))
            text = escaped(say("cards.line.pay", name=outcome.line.name)) + Markup(" ") + amount
            sum_of = "" if card.is_as_sealed else explain.pay_in_short(outcome, figures.catalog, say)
            yield text + Markup(" ") + escaped(number_format.with_minus(sum_of)) if sum_of else text
    if card.total is not None and card.coverage != HUNDRED:
        yield escaped(say("cards.line.coverage", share=figures.coverage(card)))
    if found := card.calibration:
        values = {"computed": figures.total(found.computed), "grade": figures.grade(found.grade)}
        if found.total is None:
            yield escaped(say("cards.line.calibrated_grade", **values))
        else:
            yield escaped(say("cards.line.calibrated", **values, total=figures.total(found.total)))
        if any(outcome.holds for outcome in card.gates):
            values = {"total": figures.total(card.total), "grade": figures.grade(card.grade)}
            yield escaped(say("cards.line.calibrated_gated", **values))


def _compared(card: Card, previous: Card | None, figures: Figures) -> Iterator[Markup]:
    if previous is None or previous.total is None or card.total is None:
        return
    say, difference = figures.say, card.total - previous.total
    kind = number_format.change_class(difference, figures.places.score)
    text = number_format.signed(difference, figures.places.score)
    name = period_name(previous_period(figures), say)
    line = escaped(say("cards.line.than", period=name)) + Markup(f' <b class="card-{kind}">{{}}</b>').format(
        escaped(text)
    )
    if previous.grade and card.grade and previous.grade.id != card.grade.id:
        line += escaped(say("cards.line.grade", before=previous.grade.id, after=card.grade.id))
    yield line


def target_notes(card: Card, figures: Figures) -> Iterator[str]:
    """Each target that was changed within the cycle: from what, why, who approved it, what the old one would give."""
    say = figures.say
    for piece in card.spans:
        for score in piece.items:
            target, original = score.target, score.original
            if target is None or target.original is None or original is None or original.points is None:
                continue
            unit = score.indicator.unit
            was, now = (short_text(value, unit, say.language) for value in (target.original, target.value))
            text = say("cards.retargeted.line", name=score.indicator.name, before=was, after=now)
            if target.reason:
                text += say("cards.retargeted.reason", reason=target.reason)
            if target.approved_by:
                text += say("cards.retargeted.approved", by=figures.person_name(target.approved_by))
            text += say("cards.retargeted.points", points=number_format.points(original.points, score.weight))
            text += _with_original(card, _total_difference(score, original.points, piece, figures), figures)
            yield closed_up(text + say("cards.why.stop"))


def _total_difference(score: ItemScore, points: mpq, piece: RoleSpan, figures: Figures) -> mpq:
    """By how much the total would be another one with other points of an item."""
    turned = figures.catalog.total_of(piece.role).turned
    difference = (points - (score.points or ZERO)) * brought_by(score, piece.items)
    return difference if turned is None else difference * turned


def _with_original(card: Card, difference: mpq, figures: Figures) -> str:
    """Total and grade by the old target, where nothing but the points makes them."""
    is_plain = len(card.spans) == 1 and card.coverage == HUNDRED and not card.calibration
    if card.exact is None or not is_plain or any(outcome.holds for outcome in card.gates):
        return ""
    total = round_half_up(card.exact + difference, figures.places.score)
    grade = next((grade for grade in figures.catalog.grades if total >= grade.threshold), None)
    if grade is None or grade.conditions(card.role.id):
        return ""
    return figures.say("cards.retargeted.total", total=figures.total(total), grade=grade.id)


def previous_period(figures: Figures) -> Period:
    """The period that cards are compared with."""
    return figures.results.cycle.period.previous


def _ruler(card: Card, previous: Card | None, figures: Figures) -> Markup:
    grades, say = figures.catalog.grades, figures.say
    if card.total is None or len(grades) < 2:
        return Markup("")
    before = None
    if previous and previous.total is not None:
        label = say("cards.pin", period=period_name(previous_period(figures), say), total=figures.total(previous.total))
        before = Pin(previous.total, label)
    lines = figures.enumeration(f"{grade.id} {show(grade.threshold)}" for grade in grades)
    text = say("cards.ruler", total=figures.total(card.total), lines=lines)
    reached = card.grade.id if card.grade else ""
    return ruler(Pin(card.total, figures.total(card.total)), before, grades, reached, text)


def _veto(outcome: GateOutcome, card: Card, figures: Figures) -> Veto:
    """What a gate did: the grade by points and the one that stands, where they differ."""
    earned = next((grade for grade in figures.catalog.grades if (card.total or 0) >= grade.threshold), None)
    is_lowered = earned and card.grade and earned.id != card.grade.id
    change = f"{earned.id} → {card.grade.id}" if earned and card.grade and is_lowered else ""
    say = figures.say
    rule = say("cards.veto.rule", name=figures.gate_name(outcome.gate), **_terms(outcome, figures))
    evidence = figures.say("cards.semicolon").join(_evidence(source, figures) for source in outcome.sources)
    told = (
        with_links(say("cards.veto.evidence", text=evidence), figures.catalog.company.evidence_hosts)
        if evidence
        else ""
    )
    return Veto(change, rule, told)


def _evidence(source: Source, figures: Figures) -> str:
    """A number that closed a gate, with the notes beside it and who supplied it."""
    style = figures.style_beside(figures.supplier(source.key))
    text = explain.source_text(source, figures.catalog, figures.say, style)
    notes = figures.say("cards.semicolon").join(dict.fromkeys(each.note for each in source.readings if each.note))
    text += figures.say("cards.note_beside", note=notes) if notes else ""
    supplier = figures.supplier(source.key)
    return figures.say("cards.supplied", text=text, supplier=supplier) if supplier else text


def _open_gate(outcome: GateOutcome, figures: Figures) -> str:
    state = "open" if outcome.holds is False else "unknown"
    name = figures.gate_name(outcome.gate)
    return figures.say(f"cards.veto.{state}", name=name, **_terms(outcome, figures))


def _terms(outcome: GateOutcome, figures: Figures) -> dict[str, str]:
    """The condition of a gate and what it does, in words."""
    say, gate = figures.say, outcome.gate
    effects = []
    if gate.grade_at_most is not None:
        effects.append(say("cards.gate.grade", grade=gate.grade_at_most))
    if gate.total_at_most is not None:
        effects.append(say("cards.gate.total", total=show(gate.total_at_most)))
    return {"condition": figures.condition(gate.when, about=gate.name), "effect": figures.enumeration(effects) or NONE}
