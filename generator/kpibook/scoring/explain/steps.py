"""The lines of a derivation in words, with their numbers put in."""

import datetime
from collections.abc import Callable, Iterable
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

from gmpy2 import mpq

from kpibook.base.day_texts import whole_day
from kpibook.base.numbers import HUNDRED, fixed, is_exact, share_text, show
from kpibook.base.period_names import period_title
from kpibook.base.periods import Period
from kpibook.base.words import Words, by_number, is_one
from kpibook.model import Catalog, Gate, Grade
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import OF_THE_CASE, Step, in_formula, number_name

PERCENT = frozenset({"attainment", "cap"})
"""Values that are ratios and are written in per cent."""

OPERANDS = frozenset({"actual", "target", "zero", "full", "edge", "gap", "each", "low", "high", "from", "to"})
"""Values that stand beside a sign of arithmetic: a negative one needs brackets."""

ROUNDED = frozenset({"exact"})
"""Values about to be rounded: so many decimals that the reader sees which way."""

DIVIDED = frozenset({"attained", "attained_inverse", "attained_linear"})
"""Steps that divide by or through the actual: with so many of its decimals that a pocket calculator agrees."""

TOTALS = frozenset({"total", "before"})
"""Values with as many decimals as the company publishes."""

WEIGHED = frozenset(
    {
        *("share", "difference", "line", "falling", "weight_less", "weight_less_both", "all_lost", "all_lost_both"),
        *("marks_section", "marks_item", "rated_scaled", "rated_scaled_from", "unit_bonus", "by_level", "at_level"),
    }
)
"""Steps that begin with a weight, which may be a fraction and is then written as one."""

UNLIKE = PERCENT | ROUNDED | TOTALS

MANY = 8
SIGN = "eq"
"""The place of `=`, or of `≈` where a number of the line is rounded."""

EQUAL, NEARLY = "=", "≈"
OWN_WORDS = (
    *OF_THE_CASE,
    "table",
    "total",
    "exact_total",
    "factor",
    "coverage",
    "rank",
    "ranked",
    "failed",
    "mean_factor",
    "mean_total",
    "cycles",
)
"""What formulas for points, pay and streaks may use beside measures and columns of people.csv."""


def step_text(step: Step, catalog: Catalog, say: Words) -> str:
    """One line of a derivation."""
    line = _line(step.key, say)
    values, texts, exact = step.values, [], True
    for key, is_usual, is_operand, counted in line.values:
        value = values[key]
        if type(value) is not mpq:
            text, whole = _other_value(key, value, step, catalog, say)
        elif is_usual:
            text, whole = _shown_number(value)
            if is_operand and text[0] == "-":
                text = f"({text})"
        else:
            text, whole = _number(key, value, catalog)
            if is_operand and text[0] == "-":
                text = f"({text})"
        texts.append(text if counted is None else counted[not is_one(text)])
        exact = exact and whole
    return (line.equal if exact else line.nearly) % tuple(texts)


@lru_cache(maxsize=16384)
def _shown_number(value: mpq) -> tuple[str, bool]:
    """A number for people, and whether nothing of it was rounded; points and weights come a thousand times."""
    return show(value), is_exact(value)


class _Line(NamedTuple):
    """The text of a step, taken apart once: with `%s` for each value, and for each its key and how it is shown."""

    equal: str
    nearly: str
    values: tuple[tuple[str, bool, bool, tuple[str, str] | None], ...]
    """Key; whether it is shown as usual; whether a negative one needs brackets; what is said of one and of more."""


@lru_cache(maxsize=1024)
def _line(key: str, say: Words) -> _Line:
    parts = [(part[0].replace("%", "%%"), part[1], part[2]) for part in Formatter().parse(say(f"steps.{key}"))]
    equal, nearly = (
        "".join(literal + (sign if name == SIGN else "%s" if name else "") for literal, name, _ in parts)
        for sign in (EQUAL, NEARLY)
    )
    keys = ((name, by_number(form or "")) for _, name, form in parts if name and name != SIGN)
    unlike = UNLIKE | {"actual"} if key in DIVIDED else UNLIKE | {"weight"} if key in WEIGHED else UNLIKE
    return _Line(equal, nearly, tuple((name, name not in unlike, name in OPERANDS, forms) for name, forms in keys))


def _number(key: str, value: mpq, catalog: Catalog) -> tuple[str, bool]:
    """A number that is shown unlike others, and whether nothing of it was rounded."""
    if key in PERCENT:
        text, whole = _shown_number(value * HUNDRED)
        return f"{text}%", whole
    if key in TOTALS:
        return total_text(value, catalog), True
    if key == "weight":
        text = share_text(value)
        return text, "/" in text or is_exact(value)
    return show(value, MANY), is_exact(value)


def _other_value(key: str, value: Any, step: Step, catalog: Catalog, say: Words) -> tuple[str, bool]:
    """A value that is no number, and whether nothing of it was rounded."""
    if key in SUMS_OF:
        return SUMS_OF[key](value, say)
    match key:
        case "frequency":
            return say(f"explain.often.{value}"), True
        case "reasons" | "kinds":
            return say("explain.and").join(value), True
        case "relation":
            return say(f"relations.{value}"), True
        case "name":
            return str(step.values.get("row") or number_name(Name("", value), catalog.named, say)), True
        case "label":
            return say("explain.label", label=value) if value else "", True
        case "numbers":
            return step.values["formula"].with_numbers(value), all(map(is_exact, value.values()))
    return _thing(value, catalog, say), True


def _terms(value: Any, _: Words) -> tuple[str, bool]:
    return " + ".join(map(signed, value)), all(map(is_exact, value))


def _parts(value: Any, _: Words) -> tuple[str, bool]:
    return " + ".join(f"{signed(points)} × {show(days)}" for points, days in value), all_exact(value)


def _shares(value: Any, _: Words) -> tuple[str, bool]:
    parts = (f"{signed(points)} × {show(days)} × {show(share)}%" for points, days, share in value)
    return " + ".join(parts), all(all(map(is_exact, part)) for part in value)


def _months(value: Any, say: Words) -> tuple[str, bool]:
    told = ((signed(points), period_title(period, say)) for period, points in value)
    parts = (say("explain.of_period", points=points, period=period) for points, period in told)
    return " + ".join(parts), all(is_exact(points) for _, points in value)


def _votes(value: Any, say: Words) -> tuple[str, bool]:
    parts = (f"{say(f'relations.{who}')} {show(points)} × {show(weight)}" for who, points, weight in value)
    return " + ".join(parts), all(is_exact(points) and is_exact(weight) for _, points, weight in value)


SUMS_OF = {"terms": _terms, "parts": _parts, "shares": _shares, "months": _months, "votes": _votes}
"""Values that are sums: how each is written, and whether nothing of it was rounded."""


def _thing(value: object, catalog: Catalog, say: Words) -> str:
    match value:
        case Formula():
            return formula_text(value, catalog, say)
        case Grade():
            return grade_text(value)
        case Gate():
            return value.name or formula_text(value.when, catalog, say)
        case Period():
            return period_title(value, say)
        case datetime.date():
            return whole_day(value, say)
        case None:
            return ""
    return str(value)


def all_exact(pairs: Iterable[tuple[mpq, mpq]]) -> bool:
    """Whether no number of the pairs is rounded when it is shown."""
    return all(is_exact(first) and is_exact(second) for first, second in pairs)


def signed(value: mpq) -> str:
    """A number as it stands in a sum: a negative one in brackets."""
    text = show(value)
    return f"({text})" if value < 0 else text


Called = Callable[[Name, Callable[[str], Any], Words], str]
"""What a number is called."""


def name_text(name: Name, catalog: Catalog, say: Words, called: Called = number_name) -> str:
    """A name of a formula in words; the total and its like have words of their own."""
    if not name.scope and name.id in OWN_WORDS and catalog.named(name.id) is None:
        return say(f"words.{name.id}")
    if name.id in catalog.company.columns and catalog.named(name.id) is None:
        return catalog.company.columns[name.id]
    return called(name, catalog.named, say)


def grade_text(grade: Grade) -> str:
    """A grade's id with its name, or the name alone where both say the same."""
    return grade.name if grade.id == grade.name else f"{grade.id} {grade.name}"


def total_text(total: mpq, catalog: Catalog) -> str:
    """A total with as many decimals as the company publishes."""
    return fixed(total, catalog.company.rounding.score)


def formula_text(formula: Formula, catalog: Catalog, say: Words) -> str:
    """A formula in words, its names as `name_text` tells them, with what words and days count."""
    return formula.in_words(lambda name: name_text(name, catalog, say, in_formula))
