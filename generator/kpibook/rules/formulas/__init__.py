"""Arithmetic over measures: parse, evaluate exactly, and show with words or with the numbers put in.

The grammar holds numbers, names, `+ - * / ( )`, comparisons and five functions. Nothing else exists in it: no
attribute, index, text or import can be written, so a formula reaches nothing but numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from gmpy2 import mpq
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from kpibook.base.numbers import show
from kpibook.rules.formulas.grammar import MAX_DEPTH, MEANS, SCOPES, SUMS, Parser
from kpibook.rules.formulas.nodes import (
    COMPARISON,
    FUNCTIONS,
    NEVER_NAMES,
    DivisionByZero,
    FormulaFault,
    Name,
    Naming,
    NegativeBase,
    Node,
    OutOfBounds,
    Values,
    bounded,
)

__all__ = [
    "COMPARISON",
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MEANS",
    "NEVER_NAMES",
    "SCOPES",
    "SUMS",
    "DivisionByZero",
    "Formula",
    "FormulaFault",
    "FormulaText",
    "Name",
    "NegativeBase",
    "Node",
    "OutOfBounds",
    "RateText",
]

MAX_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula; two formulas are equal when their text is."""

    text: str
    root: Node = field(compare=False, repr=False)
    names: tuple[Name, ...] = field(compare=False)
    """Every number it uses, each once, in order of appearance."""
    template: str = field(compare=False, repr=False)
    """How it is written, with `{0}`, `{1}` for its names."""

    @classmethod
    def parse(cls, text: str, *, makes_rates: bool = False) -> "Formula":
        """Read a formula; raises FormulaFault with the code and the offset of the first fault.

        Where it `makes_rates`, as that of an indicator does, a measured divisor under 0 has no value, as 0 has none.
        """
        if len(text) > MAX_LENGTH:
            raise FormulaFault("formula-too-long", MAX_LENGTH, limit=MAX_LENGTH)
        parser = Parser(text, makes_rates=makes_rates)
        root = parser.comparison()
        parser.expect_end()
        names = tuple(dict.fromkeys(parser.names))
        return cls(text, root, names, root.write(lambda name: f"{{{names.index(name)}}}"))

    @property
    def told_apart_by(self) -> tuple[str, ...]:
        """What `Fingerprints` takes of it: two with the same count as equal."""
        return self.text, self.template

    def evaluate(self, values: Values) -> mpq:
        """The exact value; a comparison is 1 or 0. `values` has every name. Raises DivisionByZero and its kinds."""
        return bounded(self.root.compute(values))

    def in_words(self, naming: Naming) -> str:
        """The formula with `naming(name)` for each name: `成交人数 ÷ 访客数 × 100`."""
        return self.root.write(naming)

    def with_numbers(self, values: Values) -> str:
        """The formula with the numbers put in: `120 ÷ 4,000 × 100`."""
        return self.filled([values[name] for name in self.names])

    def filled(self, values: Sequence[mpq]) -> str:
        """As `with_numbers`, with the numbers in the order of the names."""
        return self.template.format(*map(_signed, values))


def _signed(value: mpq) -> str:
    text = show(value)
    return f"({text})" if value < 0 else text


def _formula(value: Any, *, makes_rates: bool = False) -> Formula:
    if isinstance(value, Formula):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "a formula", {"expected": "formula"})
    try:
        return Formula.parse(value, makes_rates=makes_rates)
    except FormulaFault as fault:
        raise PydanticCustomError(fault.code, "not a formula", {"offset": fault.offset, **fault.values}) from fault


_WRITTEN = WithJsonSchema({"type": "string", "maxLength": MAX_LENGTH})

FormulaText = Annotated[Formula, PlainValidator(_formula), _WRITTEN]
"""A formula as a YAML file writes it."""

RateText = Annotated[Formula, PlainValidator(partial(_formula, makes_rates=True)), _WRITTEN]
"""The formula of an indicator, which knows no rate of something negative."""
