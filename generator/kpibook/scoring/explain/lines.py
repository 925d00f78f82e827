"""The derivations of items, totals and pay, line by line, as plain text."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, fixed, is_exact, priced, share_text, show
from kpibook.base.told_units import ToldUnit
from kpibook.base.words import Words
from kpibook.model import Catalog, Company, Extra, NumberKind, PayLine, PayRow, ScorecardItem, Streak
from kpibook.rules.formulas import MEANS, SUMS, Formula, Name
from kpibook.rules.standards import NO_MARKS, Marks, Rating, Setting, Step, example_text, with_unit
from kpibook.scoring.explain.origins import (
    IN_FULL,
    SourceStyle,
    missing_text,
    missing_texts,
    refused_target,
    source_text,
    target_text,
)
from kpibook.scoring.explain.ratings import ToldRatings, told_ratings, veiled, veiled_lines
from kpibook.scoring.explain.steps import EQUAL, NEARLY, grade_text, name_text, step_text
from kpibook.scoring.results import Card, ItemScore, PayOutcome, Source, Status, StreakOutcome, Target
from kpibook.scoring.streaks import FAILED, RANK

Known = TypeVar("Known")


COMPARED = {"met": "met_told", "met_lower": "met_told", "unmet": "unmet_told", "unmet_lower": "unmet_told"}
"""Steps that compare an actual with a target, and those that say the same in words."""


def reason(score: ItemScore, catalog: Catalog, say: Words) -> str:
    """Why an item has its points, in one line."""
    parts = [_computation(score)] if _is_computed(score) else []
    if score.missing:
        parts += missing_texts(score.missing, catalog, say)
    is_veiled = bool(score.ratings) and told_ratings(score, catalog).is_veiled
    parts += [step_text(veiled(step) if is_veiled else step, catalog, say) for step in score.steps]
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
    formula = indicator.formula.in_words(lambda name: name_text(name, catalog, say))
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
        yield step_text(veiled(told) if ratings.is_veiled else told, catalog, say)
    yield from veiled_lines(ratings, say)
    if score.label and isinstance(rule, Rating):
        yield say("explain.label_line", label=score.label)
    for text in score.findings:
        yield say("explain.finding", text=text)


def rule_sentence(item: ScorecardItem | Extra, catalog: Catalog, say: Words, target: Target | None = None) -> str:
    """The rule of an item as a sentence, with the names of the catalog and the target that holds."""
    aim, marks = (target.value, target.beside) if target else (None, NO_MARKS)
    return _sentence(_Itself(item), _Itself(catalog), say, aim, marks)


def example_texts(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> tuple[str, ...]:
    """The cases by which the rule of an item is shown."""
    if item.standard is None:
        return ()
    setting, indicator = Setting(catalog.named), catalog.indicators[item.indicator]
    return tuple(example_text(example, item, indicator, say, setting) for example in item.standard.examples)


class _Itself(Generic[Known]):
    """A value known by its identity: an item's rule is put into words once, not once for each card."""

    __slots__ = ("value",)

    def __init__(self, value: Known) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.value is other.value


@lru_cache(maxsize=4096)
def _sentence(
    item: _Itself[ScorecardItem | Extra], catalog: _Itself[Catalog], say: Words, target: mpq | None, marks: Marks
) -> str:
    rule, handbook = item.value.standard, catalog.value
    if rule is None:
        return ""
    if isinstance(item.value, ScorecardItem) and item.value.weight == ZERO:
        return say("standards.trial")
    company = handbook.company
    setting = Setting(handbook.named, company.rater_weights, target, marks, company.missing_rater)
    sentence = rule.sentence(item.value, handbook.indicators[item.value.indicator], say, setting)
    return (
        sentence + _marks(item.value, say) + _exemption(item.value, handbook, say) + _asked(item.value, handbook, say)
    )


def _marks(item: ScorecardItem | Extra, say: Words) -> str:
    """What the marks of an item count in the total; those of a section that shares its weight count together."""
    if isinstance(item, Extra) or item.marks is None or item.given_weight is None:
        return ""
    return say("standards.marks", marks=share_text(item.marks), weight=share_text(item.given_weight))


def _exemption(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """When an item does not apply, and what that means for its points."""
    if item.exempt is None:
        return ""
    weight = share_text(item.weight or ZERO)
    return say(f"standards.exempt.{item.exempt.then}", formula=_words(item.exempt.when, catalog, say), weight=weight)


def _asked(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """Whose post rates, when what is written as a day is due, and when words are asked for."""
    return _posts(item, catalog, say) + _due(item, catalog, say) + _comment(item, catalog.company, say)


def _posts(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """By which posts raters rate."""
    posts = item.rater_posts if isinstance(item, ScorecardItem) else {}
    known = ((relation, catalog.roles.get(post)) for relation, post in posts.items())
    return "".join(
        say("standards.rated_by_post", relation=say(f"relations.{relation}"), post=role.name)
        for relation, role in known
        if role
    )


def _due(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """From which day on the days are counted, where the item is judged by one."""
    indicator = catalog.indicators[item.indicator]
    key = indicator.formula.names[0].id if indicator.formula and indicator.formula.template == "{0}" else indicator.id
    written = catalog.collected(key)
    if written is None or written.kind is not NumberKind.DATE or item.standard is None:
        return ""
    if written.due_on is not None:
        return say("standards.due.on", day=written.due_on.isoformat())
    return "" if written.due_after is None else say("standards.due.after", days=written.due_after)


def _comment(item: ScorecardItem | Extra, company: Company, say: Words) -> str:
    """Under which share of the most, or of the target, words are asked for."""
    bound, rule = company.comment_bound(item), item.standard
    if bound is None or rule is None:
        return ""
    if isinstance(rule, Rating):
        return say("standards.comment.rating", bound=show(bound))
    return say("standards.comment.number", bound=show(bound)) if rule.judges_target() else ""


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
    """A step that compares, told with the words of what is written as a word or a day."""
    if not isinstance(unit, ToldUnit) or step.key not in COMPARED:
        return step
    return Step(COMPARED[step.key], {"value": unit.told(step.values["actual"])})


def _computation(score: ItemScore) -> str:
    formula = score.indicator.formula
    if formula is None or score.actual is None:
        raise ValueError(f"{score.indicator.id} was not computed")
    return computation_text(formula, score.sources, score.actual, score.indicator.unit)


def total_lines(card: Card, catalog: Catalog, say: Words) -> tuple[str, ...]:
    """How the total of a card was made, or what withholds it."""
    lines = [step_text(step, catalog, say) for step in card.steps]
    if card.status in (Status.MISSING, Status.SET_ASIDE):
        cause = "not_approved" if card.waits_for_approval_alone else card.status
        lines.append(say(f"explain.withheld.{cause}"))
        lines += missing_texts(card.missing, catalog, say)
        lines += undecided_lines(card, catalog, say)
    if card.rank is not None and catalog.company.rank.shown:
        within = say(f"explain.within.{catalog.company.rank.within}")
        lines.append(say("explain.rank", rank=card.rank, ranked=card.ranked, within=within))
    return (*lines, *(streak_text(outcome, catalog, say) for outcome in card.streaks))


def streak_text(outcome: StreakOutcome, catalog: Catalog, say: Words) -> str:
    """A streak that came full, with the cycles that made it."""
    streak, company = outcome.streak, catalog.company
    values = {
        "name": streak.name,
        "count": len(outcome.periods),
        "periods": say("explain.and").join(map(str, outcome.periods)),
        "formula": _words(streak.when, catalog, say),
    }
    if streak.amount is None:
        return say("explain.streak_noted", **values)
    amount = _money(streak.amount, company.rounding.money)
    return say("explain.streak_paid", **values, amount=priced(amount, company.currency))


def undecided_lines(card: Card, catalog: Catalog, say: Words) -> Iterator[str]:
    """The items whose numbers are there and whose rule still cannot decide."""
    for part in card.spans:
        for score in (*part.items, *part.extras):
            if score.status is Status.SET_ASIDE and not score.missing:
                yield say("explain.undecided", name=score.indicator.name, reason=reason(score, catalog, say))


def pay_lines(card: Card, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> tuple[str, ...]:
    """How each pay line of a card was computed, and after a change of role by which of them."""
    lines = [line for outcome in card.pay for line in _pay_lines(outcome, catalog, say, style)]
    if lines and len(card.spans) > 1 and catalog.company.pay_after_transfer == "last":
        lines.insert(0, say("explain.pay_last", role=card.role.name))
    return tuple(lines)


def _pay_lines(outcome: PayOutcome, catalog: Catalog, say: Words, style: SourceStyle) -> Iterator[str]:
    name, company, formula = outcome.line.name, catalog.company, outcome.line.formula
    if outcome.streak:
        yield streak_text(outcome.streak, catalog, say)
        return
    is_copied = formula is not None and formula.template == "{0}"
    if formula is None or not is_copied or _words(formula, catalog, say) != name:
        yield pay_rule(outcome.line, catalog, say)
    for step in outcome.steps:
        if not (is_copied and step.key == "pay"):
            yield step_text(step, catalog, say)
    for source in outcome.sources:
        yield say("explain.source.line", text=source_text(source, catalog, say, style))
    yield from missing_texts(outcome.missing, catalog, say, style)
    if outcome.amount is None:
        is_open = all(step.key != "pay_never" for step in outcome.steps)
        yield say("explain.pay_open" if is_open else "explain.pay_never", name=name)
    else:
        amount = _money(outcome.amount, company.rounding.money)
        yield say("explain.pay_amount", name=name, amount=priced(amount, company.currency))


def streak_rule(streak: Streak, catalog: Catalog, say: Words) -> str:
    """What a streak takes and brings, in a sentence."""
    company = catalog.company
    effect = say("explain.streak.notice")
    if streak.amount is not None:
        amount = _money(streak.amount, company.rounding.money)
        effect = say("explain.streak.amount", amount=priced(amount, company.currency))
    values = {"cycles": streak.cycles, "formula": _words(streak.when, catalog, say), "effect": effect}
    return (
        say("explain.streak.rule", **values)
        + _only_for(streak.roles, catalog, say)
        + _rank_counts(streak, say)
        + say(f"explain.streak.gap_{streak.gap}")
        + say(f"explain.streak.again_{streak.again}")
    )


def _rank_counts(streak: Streak, say: Words) -> str:
    """From how many on a rank counts, and that of those who fail none does, unless the condition says so itself."""
    if RANK not in streak.when.names:
        return ""
    group = say("explain.streak.rank_group", count=streak.least_group) if streak.least_group > 1 else ""
    return group + ("" if FAILED in streak.when.names else say("explain.streak.rank_failed"))


def _only_for(roles: tuple[str, ...], catalog: Catalog, say: Words) -> str:
    """Whose something is, where it is not everybody's."""
    names = (catalog.roles[role].name if role in catalog.roles else role for role in roles)
    return say("explain.streak.roles", roles=say("explain.and").join(names)) if roles else ""


def pay_rule(line: PayLine, catalog: Catalog, say: Words) -> str:
    """How a pay line is computed: `绩效工资 = 基本工资 × 0.3`, or the pool with how it is shared."""
    if line.table:
        return _pay_table(line, catalog, say)
    if line.formula or line.pool is None:
        formula = _words(line.formula, catalog, say) if line.formula else ""
        return say("explain.pay_rule", name=line.name, formula=formula)
    by = say("explain.by_formula", formula=_words(line.by, catalog, say)) if line.by else say("explain.heads")
    formula, group = _words(line.pool, catalog, say), say(f"explain.group.{line.among}")
    return say("explain.pay_pool", name=line.name, formula=formula, group=group, by=by)


def _pay_table(line: PayLine, catalog: Catalog, say: Words) -> str:
    """A pay table row by row, as it is read; and the formula that uses it."""
    rows = say("explain.semicolon").join(_pay_row(row, catalog, say) for row in line.table)
    text = say("explain.pay_table", name=line.name, rows=rows)
    if line.formula is None:
        return text
    return say("explain.pay_rule", name=line.name, formula=_words(line.formula, catalog, say)) + say(
        "explain.pay_table_of", rows=rows
    )


def _pay_row(row: PayRow, catalog: Catalog, say: Words) -> str:
    known = {grade.id: grade_text(grade) for grade in catalog.grades}
    parts = []
    if row.roles:
        names = (catalog.roles[each].name if each in catalog.roles else each for each in row.roles)
        parts.append(say("explain.and").join(names))
    if row.grades:
        grades = say("explain.and").join(known.get(each, each) for each in row.grades)
        parts.append(say("explain.pay_grade", grades=grades))
    if row.threshold is not None:
        parts.append(say("explain.pay_from", total=show(row.threshold)))
    whom = say("explain.comma").join(parts) or say("explain.pay_else")
    return say("explain.pay_row", whom=whom, formula=_words(row.amount, catalog, say))


def _money(amount: mpq, places: int) -> str:
    whole, dot, cents = fixed(abs(amount), places).partition(".")
    return f"{'-' if amount < 0 else ''}{int(whole):,}{dot}{cents}"


def _words(formula: Formula, catalog: Catalog, say: Words) -> str:
    return formula.in_words(lambda name: name_text(name, catalog, say))
