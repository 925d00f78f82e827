"""Arithmetic over measures: parse, evaluate exactly, and show with words or with the numbers put in.

The grammar holds numbers, names, `+ - * / ( )`, comparisons and five functions. Nothing else exists in it: no
attribute, index, text or import can be written, so a formula reaches nothing but numbers.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

from gmpy2 import mpq
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from kpibook.numbers import ZERO, NumberFault, parse_plain, round_half_up, show

MAX_LENGTH = 500
MAX_DEPTH = 32
MAX_PLACES = 12
"""Decimals that `round` may keep."""
MEANS = ("department_mean", "company_mean", "peers_mean")
"""Scopes that compare people: the mean over those of the department or the company, or over the others of the
department without the person."""

SUMS = ("department_sum",)
"""Scopes that add up what each one of the department comes to: steps, caps and ratios first, the sum then."""

SCOPES = ("department", "company", "previous", "last_year", "year_to_date", *MEANS, *SUMS)

ONE = mpq(1)
COMPARISON, SUM, PRODUCT = 1, 2, 3
"""How tightly signs bind."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>[<>=!]=|[-+*/(),<>]))",
    re.ASCII,
)


class Name(NamedTuple):
    """A number that a formula uses: a measure's id, seen through its scope (`previous`, `department`, ...)."""

    scope: str
    id: str

    def __str__(self) -> str:
        return f"{self.scope}.{self.id}" if self.scope else self.id

    @classmethod
    def parse(cls, text: str) -> "Name":
        """The name that a text writes."""
        scope, _, identifier = text.rpartition(".")
        return cls(scope, identifier)


Values = Mapping[Name, mpq]
Part = Callable[[Values], mpq]
Naming = Callable[[Name], str]


class FormulaFault(ValueError):
    """A text is not a formula; `code` stands under `problems.` in the locale, `offset` counts characters from 0."""

    def __init__(self, code: str, offset: int, **values: object) -> None:
        super().__init__(f"{code} at {offset}: {values}")
        self.code = code
        self.offset = offset
        self.values = values


class DivisionByZero(ArithmeticError):
    """A formula divides by zero; `divisor` is the node whose value was 0."""

    def __init__(self, divisor: "Node") -> None:
        super().__init__("division by zero")
        self.divisor = divisor


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of a formula: how to compute it and how to write it; each is itself and equal to no other."""

    compute: Part
    write: Callable[[Naming], str]
    rank: int
    """How tightly it binds: 1 comparison, 2 sum, 3 product, 4 sign, 5 atom."""
    parts: tuple["Node", ...] = ()
    """What it is made of."""
    alike: tuple["Node", ...] = ()
    """Those of its parts that have to be in one unit: what is added, subtracted or compared."""
    name: Name | None = None
    """The number that it stands for, where it is a name."""


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
    def parse(cls, text: str) -> "Formula":
        """Read a formula; raises FormulaFault with the code and the offset of the first fault."""
        if len(text) > MAX_LENGTH:
            raise FormulaFault("formula-too-long", MAX_LENGTH, limit=MAX_LENGTH)
        parser = _Parser(text)
        root = parser.comparison()
        parser.expect_end()
        names = tuple(dict.fromkeys(parser.names))
        return cls(text, root, names, root.write(lambda name: f"{{{names.index(name)}}}"))

    def evaluate(self, values: Values) -> mpq:
        """The exact value; a comparison is 1 or 0. `values` has every name. Raises DivisionByZero."""
        return self.root.compute(values)

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


_SUM: dict[str, tuple[str, Callable[[mpq, mpq], mpq]]] = {"+": ("+", operator.add), "-": ("-", operator.sub)}
_COMPARE: dict[str, tuple[str, Callable[[mpq, mpq], bool]]] = {
    "<": ("<", operator.lt),
    "<=": ("≤", operator.le),
    ">": (">", operator.gt),
    ">=": ("≥", operator.ge),
    "==": ("=", operator.eq),
    "!=": ("≠", operator.ne),
}


def _binary(left: Node, sign: str, right: Node, rank: int, compute: Part) -> Node:
    def write(naming: Naming) -> str:
        before = left.write(naming) if left.rank >= rank else f"({left.write(naming)})"
        after = right.write(naming) if right.rank > rank else f"({right.write(naming)})"
        return f"{before} {sign} {after}"

    return Node(compute, write, rank, (left, right), (left, right) if rank < PRODUCT else ())


def _quotient(left: Node, right: Node) -> Part:
    def divide(values: Values) -> mpq:
        divisor = right.compute(values)
        if not divisor:
            raise DivisionByZero(right)
        return left.compute(values) / divisor

    return divide


def _round(arguments: list[Part]) -> Part:
    if len(arguments) == 1:
        return lambda values: round_half_up(arguments[0](values), 0)
    return lambda values: round_half_up(arguments[0](values), int(arguments[1](values)))


_FUNCTIONS: dict[str, tuple[range, Callable[[list[Part]], Part]]] = {
    "min": (range(2, 21), lambda parts: lambda values: min(part(values) for part in parts)),
    "max": (range(2, 21), lambda parts: lambda values: max(part(values) for part in parts)),
    "abs": (range(1, 2), lambda parts: lambda values: abs(parts[0](values))),
    "round": (range(1, 3), _round),
    "if": (range(3, 4), lambda p: lambda values: p[1](values) if p[0](values) else p[2](values)),
}
FUNCTIONS = tuple(_FUNCTIONS)


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0
        self.names: list[Name] = []

    def comparison(self) -> Node:
        self._deeper()
        left = self._sum()
        if self._peek() in _COMPARE:
            sign, compare = _COMPARE[self._take()]
            right, first = self._sum(), left
            left = _binary(
                first, sign, right, COMPARISON, lambda v: ONE if compare(first.compute(v), right.compute(v)) else ZERO
            )
        self.depth -= 1
        return left

    def expect_end(self) -> None:
        if self.at < len(self.tokens):
            raise self._fault("formula-unexpected", found=self._peek())

    def _sum(self) -> Node:
        left = self._product()
        while self._peek() in _SUM:
            left = self._add(left, self._take(), self._product())
        return left

    @staticmethod
    def _add(left: Node, token: str, right: Node) -> Node:
        sign, combine = _SUM[token]
        return _binary(left, sign, right, SUM, lambda v: combine(left.compute(v), right.compute(v)))

    def _product(self) -> Node:
        left = self._signed()
        while self._peek() in ("*", "/"):
            token, known = self._take(), len(self.names)
            place = self._place()
            right = self._signed()
            if token == "/" and len(self.names) == known and not right.compute({}):
                raise FormulaFault("formula-zero-divisor", place)
            left = self._multiply(left, token, right)
        return left

    @staticmethod
    def _multiply(left: Node, token: str, right: Node) -> Node:
        if token == "/":
            return _binary(left, "÷", right, PRODUCT, _quotient(left, right))
        return _binary(left, "×", right, PRODUCT, lambda v: left.compute(v) * right.compute(v))

    def _signed(self) -> Node:
        if self._peek() not in ("+", "-"):
            return self._atom()
        self._deeper()
        sign, inner = self._take(), self._signed()
        self.depth -= 1
        if sign == "+":
            return inner
        return Node(lambda v: -inner.compute(v), lambda naming: f"-{_bracketed(inner, naming)}", 4, (inner,), (inner,))

    def _atom(self) -> Node:
        if self.at >= len(self.tokens):
            raise FormulaFault("formula-ends-early", len(self.text))
        kind, token, offset = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return _constant(token, offset)
        if kind == "name":
            self.at += 1
            return self._call(token, offset) if self._peek() == "(" else self._reference(token, offset)
        if token == "(":
            return self._inside()
        raise self._fault("formula-unexpected", found=token)

    def _inside(self) -> Node:
        self._take()
        node = self.comparison()
        self._close()
        return node

    def _reference(self, token: str, offset: int) -> Node:
        scope, _, identifier = token.rpartition(".")
        if scope and scope not in SCOPES:
            raise FormulaFault("formula-unknown-scope", offset, scope=scope, scopes=", ".join(SCOPES))
        if identifier in FUNCTIONS:
            raise FormulaFault("formula-function-as-name", offset, name=identifier)
        name = Name(scope, identifier)
        self.names.append(name)
        return Node(lambda values: values[name], lambda naming: naming(name), 5, name=name)

    def _call(self, token: str, offset: int) -> Node:
        if token not in _FUNCTIONS:
            raise FormulaFault("formula-unknown-function", offset, name=token, functions=", ".join(FUNCTIONS))
        self._take()
        arguments = [self.comparison()]
        while self._peek() == ",":
            self._take()
            arguments.append(self.comparison())
        self._close()
        counts, build = _FUNCTIONS[token]
        if len(arguments) not in counts:
            raise FormulaFault("formula-argument-count", offset, name=token, count=len(arguments))
        if token == "round" and not all(map(_is_places, arguments[1:])):
            raise FormulaFault("formula-round-places", offset, limit=MAX_PLACES)
        compute = build([node.compute for node in arguments])
        alike = tuple(arguments[1:] if token == "if" else arguments if token in ("min", "max") else arguments[:1])
        parts = tuple(arguments)
        return Node(compute, lambda naming: f"{token}({', '.join(a.write(naming) for a in parts)})", 5, parts, alike)

    def _close(self) -> None:
        if self._peek() != ")":
            raise self._fault("formula-bracket-open")
        self._take()

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._fault("formula-too-deep", limit=MAX_DEPTH)

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _place(self) -> int:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)

    def _fault(self, code: str, **values: object) -> FormulaFault:
        return FormulaFault(code, self._place(), **values)


def _is_places(node: Node) -> bool:
    """Whether it is a number of decimals, as it stands there; any other would be cut to one without a word."""
    if node.name or node.parts:
        return False
    value = node.compute({})
    return value.denominator == 1 and value <= MAX_PLACES


def _bracketed(node: Node, naming: Naming) -> str:
    return node.write(naming) if node.rank >= 4 else f"({node.write(naming)})"


def _constant(token: str, offset: int) -> Node:
    try:
        value = parse_plain(token)
    except NumberFault as fault:
        raise FormulaFault(fault.code, offset, text=token[:40]) from fault
    return Node(lambda _: value, lambda _: show(value, 12), 5)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            offset = at + len(text[at:]) - len(text[at:].lstrip())
            raise FormulaFault("formula-character", offset, found=text[offset])
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind], found.start(kind)))
        at = found.end()
    return tokens


def _formula(value: Any) -> Formula:
    if isinstance(value, Formula):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "a formula", {"expected": "formula"})
    try:
        return Formula.parse(value)
    except FormulaFault as fault:
        raise PydanticCustomError(fault.code, "not a formula", {"offset": fault.offset, **fault.values}) from fault


FormulaText = Annotated[Formula, PlainValidator(_formula), WithJsonSchema({"type": "string", "maxLength": MAX_LENGTH})]
"""A formula as a YAML file writes it."""
