"""An agreement on targets (责任书), ready to be set: what somebody is responsible for in a cycle, and by what rules."""

from collections.abc import Iterator
from typing import NamedTuple

from kpibook.base.numbers import share_text, show
from kpibook.base.words import Words
from kpibook.model import Duty, Gate, Grade, PayLine, Role
from kpibook.pages.consequences import consequence_text
from kpibook.pages.dates import whole_day
from kpibook.pages.figures import NONE, Figures, amount
from kpibook.pages.number_format import HAS_NONE
from kpibook.records.agreements import agreement_number
from kpibook.rules.standards import Rating
from kpibook.scoring.explain import pay_rule, pay_total_rule, rule_sentence, streak_rule
from kpibook.scoring.results import Card, ItemScore
from kpibook.scoring.years import LISTS


class AgreedItemRow(NamedTuple):
    """An item with the person's own target."""

    name: str
    weight: str
    target: str
    rule: str
    source: str


class AgreedGradeRow(NamedTuple):
    """A grade and what it leads to."""

    name: str
    threshold: str
    factor: str
    follows: str


class AgreementView(NamedTuple):
    """Everything that stands on an agreement."""

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    duties: tuple[str, ...]
    rights: tuple[str, ...]
    items: tuple[AgreedItemRow, ...]
    extras: tuple[AgreedItemRow, ...]
    gates: tuple[str, ...]
    pay: tuple[str, ...]
    grades: tuple[AgreedGradeRow, ...]
    terms: tuple[str, ...]
    signatures: tuple[str, ...]


def agreement_view(card: Card, figures: Figures) -> AgreementView:
    """The finished view of somebody's agreement for a cycle."""
    say, span, catalog = figures.say, card.spans[-1], figures.catalog
    role = catalog.post(span.role.id, span.assignment.level) or span.role
    streaks = (each for each in catalog.company.streaks if not each.roles or role.id in each.roles)
    return AgreementView(
        title=say("agreements.title", period=figures.results.cycle.name),
        name=say("agreements.name", cycle=figures.results.cycle.name),
        facts=tuple(_facts(card, figures)),
        duties=tuple(_duty(duty, figures) for duty in role.duties),
        rights=role.authority,
        items=tuple(_row(score, figures) for score in span.items),
        extras=tuple(_row(score, figures) for score in span.extras),
        gates=tuple(_gate(gate, figures) for gate in role.gates),
        pay=(
            *(_pay(line, figures) for line in role.pay),
            *_pay_total(role, say),
            *(say("agreements.streak", name=each.name, rule=streak_rule(each, catalog, say)) for each in streaks),
        ),
        grades=tuple(_grade(grade, figures) for grade in catalog.grades),
        terms=tuple(say(f"agreements.term.{key}", number=agreement_number(card, catalog)) for key in TERMS),
        signatures=tuple(say(f"agreements.signs.{key}") for key in ("employee", "superior", "hr")),
    )


TERMS = ("scope", "change", "appeal", "copies")


def _facts(card: Card, figures: Figures) -> Iterator[tuple[str, str]]:
    say, last, cycle = figures.say, card.spans[-1].assignment, figures.results.cycle
    first_day = last.first_day or cycle.period.first_day
    last_day = last.last_day or cycle.period.last_day
    yield say("agreements.company"), figures.catalog.company.name
    yield say("agreements.person"), figures.person(card.person)
    yield say("cards.role"), card.role.name
    yield say("cards.department"), figures.department(card.department)
    yield say("cards.manager"), figures.person(last.manager)
    valid = say("agreements.valid_days", first=whole_day(first_day, say), last=whole_day(last_day, say))
    yield say("agreements.valid"), valid
    yield say("agreements.number"), agreement_number(card, figures.catalog)


def _duty(duty: Duty, figures: Figures) -> str:
    return figures.say("agreements.duty", name=duty.name, text=duty.content) if duty.content else duty.name


def _row(score: ItemScore, figures: Figures) -> AgreedItemRow:
    """An item with its target; a target of somebody's own says who approved it."""
    target = score.target
    return AgreedItemRow(
        name=score.indicator.name,
        weight=share_text(score.weight),
        target=amount(target.value, score.indicator.unit) if target else _no_target(score),
        rule=rule_sentence(score.item, figures.catalog, figures.say, target),
        source=_source(score, figures),
    )


def _no_target(score: ItemScore) -> str:
    """A dash where the target is still to come, a dot where none is needed."""
    rule = score.item.standard
    return NONE if rule and rule.judges_target() else HAS_NONE


def _source(score: ItemScore, figures: Figures) -> str:
    """The departments that supply the numbers of an item; of a rating, that it is one."""
    if isinstance(score.item.standard, Rating):
        return figures.say("agreements.rated")
    formula = score.indicator.formula
    names = [name.id for name in formula.names] if formula else [score.indicator.id]
    return figures.enumeration(dict.fromkeys(filter(None, map(figures.supplier, names)))) or HAS_NONE


def _pay(line: PayLine, figures: Figures) -> str:
    """How a pay line is computed, and when there is any."""
    rule = pay_rule(line, figures.catalog, figures.say)
    return figures.say("agreements.pay_when", rule=rule, condition=figures.condition(line.when)) if line.when else rule


def _pay_total(role: Role, say: Words) -> Iterator[str]:
    if rule := pay_total_rule(role, say):
        yield say("explain.pay_rule", name=role.pay_total, formula=rule)


def _gate(gate: Gate, figures: Figures) -> str:
    say = figures.say
    effects = [say("agreements.grade", grade=gate.grade_at_most)] if gate.grade_at_most is not None else []
    effects += [say("agreements.total", total=show(gate.total_at_most))] if gate.total_at_most is not None else []
    condition, effect = figures.condition(gate.when), figures.enumeration(effects)
    if gate.name:
        return say("agreements.gate_named", name=gate.name, condition=condition, effect=effect)
    return say("agreements.gate", condition=condition, effect=effect)


def _grade(grade: Grade, figures: Figures) -> AgreedGradeRow:
    follows = (consequence_text(grade, key, figures.say) for key in LISTS)
    texts = figures.say("agreements.semicolon").join(text.replace("\n", "") for text in follows if text)
    factor = HAS_NONE if grade.factor is None else show(grade.factor)
    return AgreedGradeRow(figures.grade(grade), show(grade.threshold), factor, texts)
