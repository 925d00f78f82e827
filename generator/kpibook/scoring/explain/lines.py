"""The derivations of items, totals and pay, line by line, as plain text."""

from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.base.numbers import is_exact
from kpibook.base.word_units import WordUnit
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.rules.formulas import MEANS, SUMS, Formula, Name
from kpibook.rules.standards import Rating, Step, with_unit
from kpibook.scoring.explain.gaps import missing_text, missing_texts
from kpibook.scoring.explain.origins import IN_FULL, SourceStyle, refused_target, target_text
from kpibook.scoring.explain.pay import streak_text
from kpibook.scoring.explain.ratings import ToldRatings, masked, masked_lines, told_ratings
from kpibook.scoring.explain.rules import rule_sentence
from kpibook.scoring.explain.steps import EQUAL, NEARLY, formula_text, name_text, step_text
from kpibook.scoring.results import Card, ItemScore, Status
from kpibook.scoring.sources import Source

COMPARED = {"met": "met_told", "met_lower": "met_told", "unmet": "unmet_told", "unmet_lower": "unmet_told"}
"""Steps that compare an actual with a target, and those that say the same in words."""


def reason(score: ItemScore, catalog: Catalog, say: Words) -> str:
    """Why an item has its points, in one line."""
    parts = [_computation(score)] if _is_computed(score) else []
    if score.missing:
        parts += missing_texts(score.missing, catalog, say)
    is_veiled = bool(score.ratings) and told_ratings(score, catalog).is_veiled
    parts += [step_text(masked(step) if is_veiled else step, catalog, say) for step in score.steps]
    return say("explain.semicolon").join(parts)


def item_lines(score: ItemScore, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> tuple[str, ...]:
    """How an item came to its points: the rule, the formula in words and with numbers, the target, each step."""
    return *rule_lines(score, catalog, say), *number_lines(score, catalog, say, style)


def rule_lines(score: ItemScore, catalog: Catalog, say: Words) -> tuple[str, ...]:
    """The lines of an item that state its rule and its formula in words."""
    indicator = score.indicator
    rule = say("explain.rule", text=rule_sentence(score.item, catalog, say, score.target))
    if not _is_judged(score) or not indicator.formula:
        return (rule,)
    formula = formula_text(indicator.formula, catalog, say)
    if formula == indicator.name:
        return (rule,)
    return rule, say("explain.formula", name=indicator.name, formula=formula)


def number_lines(score: ItemScore, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> tuple[str, ...]:
    """The lines of an item that tell its numbers: from the formula with its numbers to the points."""
    return tuple(_number_lines(score, catalog, say, style))


def _is_judged(score: ItemScore) -> bool:
    rule = score.item.standard
    return rule is not None and rule.judges_actual()


def _number_lines(score: ItemScore, catalog: Catalog, say: Words, style: SourceStyle) -> Iterator[str]:
    indicator, rule = score.indicator, score.item.standard
    if _is_judged(score) and indicator.formula:
        yield from _parts(score.sources, catalog, say)
    if _is_computed(score):
        yield say("explain.numbers", name=indicator.name, computation=_computation(score))
    elif _is_judged(score) and score.actual is not None:
        yield say("explain.actual", value=with_unit(score.actual, indicator.unit))
    if score.target:
        yield say("explain.target_line", target=target_text(score.target, indicator.unit, say, style))
    for lacking in score.refused:
        yield refused_target(lacking, indicator.unit, catalog, say, style)
    for gap in score.missing:
        yield missing_text(gap, catalog, say, style)
    ratings = told_ratings(score, catalog) if score.ratings else ToldRatings()
    for step in score.steps:
        told = _in_words(step, indicator.unit)
        yield step_text(masked(told) if ratings.is_veiled else told, catalog, say)
    yield from masked_lines(ratings, say)
    if score.label and isinstance(rule, Rating):
        yield say("explain.label_line", label=score.label)
    for text in score.findings:
        yield say("explain.finding", text=text)


def _parts(sources: tuple[Source, ...], catalog: Catalog, say: Words) -> Iterator[str]:
    """The computations of indicators inside a formula, innermost first."""
    for source in sources:
        indicator = catalog.indicators.get(source.key)
        if source.parts and source.scope not in (*MEANS, *SUMS) and indicator and indicator.formula:
            yield from _parts(source.parts, catalog, say)
            name = name_text(Name(source.scope, source.key), catalog, say)
            text = computation_text(indicator.formula, source.parts, source.value, indicator.unit)
            yield say("explain.part", name=name, computation=text)


def computation_text(formula: Formula, sources: tuple[Source, ...], result: mpq, unit: str) -> str:
    """A formula with the numbers put in and its result: `120 ÷ 4,000 × 100 = 3%`.

    `sources` begin with those of the formula's names, in their order.
    """
    used = [source.value for source in sources[: len(formula.names)]]
    sign = EQUAL if is_exact(result) and all(map(is_exact, used)) else NEARLY
    return f"{formula.filled(used)} {sign} {with_unit(result, unit)}"


def _is_computed(score: ItemScore) -> bool:
    """Whether a formula with more than one name alone made the actual."""
    formula = score.indicator.formula
    return formula is not None and score.actual is not None and formula.template != "{0}"


def _in_words(step: Step, unit: str) -> Step:
    """The step with its actual in words where the unit is one of words or days; other steps as they are."""
    if not isinstance(unit, WordUnit) or step.key not in COMPARED:
        return step
    return Step(COMPARED[step.key], {"value": unit.told(step.values["actual"])})


def _computation(score: ItemScore) -> str:
    formula = score.indicator.formula
    if formula is None or score.actual is None:
        raise ValueError(f"{score.indicator.id} was not computed")
    return computation_text(formula, score.sources, score.actual, score.indicator.unit)


def total_lines(card: Card, catalog: Catalog, say: Words, *, tells_rank: bool = True) -> tuple[str, ...]:
    """How the total of a card was made, or what withholds it; with the rank, if readers may know it, among others."""
    lines = [step_text(step, catalog, say) for step in card.steps]
    if card.status in (Status.MISSING, Status.SET_ASIDE):
        cause = "not_approved" if card.waits_for_approval_alone else card.status
        lines.append(say(f"explain.withheld.{cause}"))
        lines += missing_texts(card.missing, catalog, say)
        lines += undecided_lines(card, catalog, say)
    if card.rank is not None and card.ranked > 1 and catalog.company.rank.shown and tells_rank:
        within = say(f"explain.within.{catalog.company.rank.within}")
        lines.append(say("explain.rank", rank=card.rank, ranked=card.ranked, within=within))
    return (*lines, *(streak_text(outcome, catalog, say) for outcome in card.streaks))


def undecided_lines(card: Card, catalog: Catalog, say: Words) -> Iterator[str]:
    """The items whose numbers are there and whose rule still cannot decide."""
    for part in card.spans:
        for score in (*part.items, *part.extras):
            if score.status is Status.SET_ASIDE and not score.missing:
                yield say("explain.undecided", name=score.indicator.name, reason=reason(score, catalog, say))
