"""How pay came about, line by line, and what streaks take and bring."""

import datetime
from collections.abc import Iterator

from kpibook.base.numbers import ZERO, amount_text, is_exact, show
from kpibook.base.period_names import period_title
from kpibook.base.words import Words
from kpibook.model import Catalog, PayLine, PayRow, Role, Streak
from kpibook.scoring.explain.conditions import condition_text, held_text
from kpibook.scoring.explain.gaps import missing_texts
from kpibook.scoring.explain.origins import IN_FULL, SourceStyle, source_text
from kpibook.scoring.explain.steps import EQUAL, NEARLY, formula_text, grade_text, step_text
from kpibook.scoring.results import Card, PayOutcome, StreakOutcome
from kpibook.scoring.streaks import FAILED, RANK


def streak_text(outcome: StreakOutcome, catalog: Catalog, say: Words) -> str:
    """A streak that came full, with the cycles that made it."""
    streak, company = outcome.streak, catalog.company
    values = {
        "name": streak.name,
        "count": len(outcome.periods),
        "periods": say("explain.and").join(period_title(period, say) for period in outcome.periods),
        "held": held_text(streak.when, catalog, say),
    }
    if streak.amount is None:
        return say("explain.streak_noted", **values)
    amount = amount_text(streak.amount, company.rounding.money, company.currency)
    return say("explain.streak_paid", **values, amount=amount)


def pay_lines(card: Card, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> tuple[str, ...]:
    """How each pay line of a card was computed, and after a change of role by which of them."""
    lines = [line for outcome in card.pay for line in _pay_lines(outcome, catalog, say, style)]
    if lines and len(card.spans) > 1 and catalog.company.pay_after_transfer == "last":
        key = "pay_at_once" if _is_at_once(card) else "pay_last"
        lines.insert(0, say(f"explain.{key}", role=card.role.name))
    return (*lines, *_pay_total(card, catalog, say))


def _is_at_once(card: Card) -> bool:
    """Whether the post that names the card was held beside another one, and is no change of role."""
    *others, last = (part.assignment for part in card.spans)
    first_day, last_day = last.first_day or datetime.date.min, last.last_day or datetime.date.max
    return any(
        (each.first_day or datetime.date.min) <= last_day and first_day <= (each.last_day or datetime.date.max)
        for each in others
    )


def pay_in_short(outcome: PayOutcome, catalog: Catalog, say: Words) -> str:
    """What a pay line was computed from, or what it lacks: `= 8,500 × 0.25 × 80.2 ÷ 100`.

    Empty where more than its formula made it.
    """
    steps = {step.key: step.values for step in outcome.steps}
    if "pay_not_when" in steps and outcome.line.when:
        return say("explain.pay_not_met", condition=condition_text(outcome.line.when, catalog, say))
    if outcome.amount is None or not ("pay" in steps and steps.keys() <= {"pay_when", "pay", "pay_rounded"}):
        return ""
    formula, numbers = steps["pay"]["formula"], steps["pay"]["numbers"]
    if not formula.names or formula.template == "{0}":
        return ""
    is_whole = "pay_rounded" not in steps and all(map(is_exact, numbers.values()))
    return f"{EQUAL if is_whole else NEARLY} {formula.with_numbers(numbers)}"


def _pay_total(card: Card, catalog: Catalog, say: Words) -> Iterator[str]:
    """What all pay adds up to, where the role calls it by a name: the lines, and their amounts."""
    name = card.role.pay_total
    if not name or not card.pay:
        return
    company, plus = catalog.company, say("explain.pay_plus")
    yield say("explain.pay_rule", name=name, formula=plus.join(outcome.line.name for outcome in card.pay))
    if card.paid is None:
        is_never = any(step.key == "pay_never" for outcome in card.pay for step in outcome.steps)
        yield say("explain.pay_never" if is_never else "explain.pay_open", name=name)
        return
    texts = [amount_text(outcome.amount or ZERO, company.rounding.money, company.currency) for outcome in card.pay]
    amount = amount_text(card.paid, company.rounding.money, company.currency)
    yield say("explain.pay_total", name=name, terms=plus.join(texts), amount=amount)


def pay_total_rule(role: Role, say: Words) -> str:
    """What the sum of a role's pay is called and of what it is made; empty where nobody calls it anything."""
    if not role.pay_total or not role.pay:
        return ""
    return say("explain.pay_plus").join(line.name for line in role.pay)


def _pay_lines(outcome: PayOutcome, catalog: Catalog, say: Words, style: SourceStyle) -> Iterator[str]:
    name, company, formula = outcome.line.name, catalog.company, outcome.line.formula
    if outcome.streak:
        yield streak_text(outcome.streak, catalog, say)
        return
    is_copied = formula is not None and formula.template == "{0}"
    if formula is None or not is_copied or formula_text(formula, catalog, say) != name:
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
        amount = amount_text(outcome.amount, company.rounding.money, company.currency)
        yield say("explain.pay_amount", name=name, amount=amount)


def streak_rule(streak: Streak, catalog: Catalog, say: Words) -> str:
    """What a streak takes and brings, in a sentence."""
    company = catalog.company
    effect = say("explain.streak.notice")
    if streak.amount is not None:
        amount = amount_text(streak.amount, company.rounding.money, company.currency)
        effect = say("explain.streak.amount", amount=amount)
    values = {"cycles": streak.cycles, "held": held_text(streak.when, catalog, say), "effect": effect}
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
        formula = formula_text(line.formula, catalog, say) if line.formula else ""
        return say("explain.pay_rule", name=line.name, formula=formula)
    by = say("explain.by_formula", formula=formula_text(line.by, catalog, say)) if line.by else say("explain.heads")
    formula, group = formula_text(line.pool, catalog, say), say(f"explain.group.{line.among}")
    return say("explain.pay_pool", name=line.name, formula=formula, group=group, by=by)


def _pay_table(line: PayLine, catalog: Catalog, say: Words) -> str:
    """A pay table row by row, as it is read; and the formula that uses it."""
    rows = say("explain.semicolon").join(_pay_row(row, catalog, say) for row in line.table)
    text = say("explain.pay_table", name=line.name, rows=rows)
    if line.formula is None:
        return text
    return say("explain.pay_rule", name=line.name, formula=formula_text(line.formula, catalog, say)) + say(
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
    return say("explain.pay_row", whom=whom, formula=formula_text(row.amount, catalog, say))
