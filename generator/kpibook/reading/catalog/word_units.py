"""Units of what is written as a word or a day: they tell their values in words, wherever people read them."""

from collections.abc import MutableMapping

from kpibook.base.word_units import DaysLate, TwoAnswers, WordUnit
from kpibook.model import Indicator, Measure, NumberKind


def use_word_units(
    measures: MutableMapping[str, Measure], indicators: MutableMapping[str, Indicator], language: str
) -> None:
    """Give their units to what is written as words or days, and to indicators that are just one of them."""
    for identifier, measure in measures.items():
        if measure.kind is not NumberKind.NUMBER:
            measures[identifier] = measure.model_copy(update={"unit": _unit(measure, language)})
    for identifier, indicator in indicators.items():
        if indicator.formula is None and indicator.kind is not NumberKind.NUMBER:
            indicators[identifier] = indicator.model_copy(update={"unit": _unit(indicator, language)})
        elif indicator.formula is not None and indicator.formula.template == "{0}":
            [name] = indicator.formula.names
            known = measures.get(name.id)
            if known and isinstance(known.unit, WordUnit) and not name.scope:
                indicators[identifier] = indicator.model_copy(update={"unit": known.unit})


def _unit(each: Measure | Indicator, language: str) -> WordUnit:
    return TwoAnswers(each.unit) if each.kind is NumberKind.YES_NO else DaysLate.of(each.unit, language)
