"""The grammar of formulas: numbers, names, signs, brackets and five functions."""

import operator
import re
from collections.abc import Callable

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.rules.formulas.nodes import (
    BUILDERS,
    COMPARISON,
    FUNCTIONS,
    MAX_PLACES,
    NEGATIVE,
    NEVER_NAMES,
    ONE,
    PRODUCT,
    ROUNDING,
    SUM,
    Evaluator,
    FormulaFault,
    Name,
    Naming,
    Node,
    binary,
    bracketed,
    constant,
    is_places,
    product,
    quotient,
    rate,
)

MAX_DEPTH = 32
MEANS = ("department_mean", "company_mean", "peers_mean")
"""Scopes that compare people: the mean over those of the department or the company, or over the others of the
department without the person."""

SUMS = ("department_sum",)
"""Scopes that add up what each one of the department comes to: steps, caps and ratios first, the sum then."""

SCOPES = ("department", "company", "previous", "last_year", "year_to_date", *MEANS, *SUMS)

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>[<>=!]=|[-+*/(),<>]))",
    re.ASCII,
)

_SUM: dict[str, tuple[str, Callable[[mpq, mpq], mpq]]] = {"+": ("+", operator.add), "-": ("-", operator.sub)}
_COMPARE: dict[str, tuple[str, Callable[[mpq, mpq], bool]]] = {
    "<": ("<", operator.lt),
    "<=": ("≤", operator.le),
    ">": (">", operator.gt),
    ">=": ("≥", operator.ge),
    "==": ("=", operator.eq),
    "!=": ("≠", operator.ne),
}


class Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str, *, makes_rates: bool = False) -> None:
        self.text = text
        self.makes_rates = makes_rates
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0
        self.names: list[Name] = []

    def comparison(self) -> Node:
        """Read a comparison, which is what a whole formula is, and what stands in brackets."""
        self._deeper()
        left = self._sum()
        if self._peek() in _COMPARE:
            sign, compare = _COMPARE[self._next_token()]
            right, first = self._sum(), left
            left = binary(
                first, sign, right, COMPARISON, lambda v: ONE if compare(first.compute(v), right.compute(v)) else ZERO
            )
        self.depth -= 1
        return left

    def expect_end(self) -> None:
        """Nothing may follow. Raises FormulaFault."""
        if self.at < len(self.tokens):
            raise self._fault("formula-unexpected", found=self._peek())

    def _sum(self) -> Node:
        left = self._product()
        while self._peek() in _SUM:
            left = self._add(left, self._next_token(), self._product())
        return left

    @staticmethod
    def _add(left: Node, token: str, right: Node) -> Node:
        sign, combine = _SUM[token]
        return binary(left, sign, right, SUM, lambda v: combine(left.compute(v), right.compute(v)))

    def _product(self) -> Node:
        left = self._signed()
        while self._peek() in ("*", "/"):
            token, known = self._next_token(), len(self.names)
            place = self._place()
            right = self._signed()
            if token == "/" and len(self.names) == known and not right.compute({}):
                raise FormulaFault("formula-zero-divisor", place)
            divided = rate if self.makes_rates and len(self.names) > known else quotient
            left = self._multiply(left, token, right, divided)
        return left

    @staticmethod
    def _multiply(left: Node, token: str, right: Node, divided: Callable[[Node, Node], Evaluator]) -> Node:
        if token == "/":
            return binary(left, "÷", right, PRODUCT, divided(left, right))
        return binary(left, "×", right, PRODUCT, product(left, right))

    def _signed(self) -> Node:
        if self._peek() not in ("+", "-"):
            return self._atom()
        self._deeper()
        sign, inner = self._next_token(), self._signed()
        self.depth -= 1
        if sign == "+":
            return inner

        def write(naming: Naming) -> str:
            return f"-{bracketed(inner, naming)}"

        return Node(lambda v: -inner.compute(v), write, 4, (inner,), (inner,), sign=NEGATIVE)

    def _atom(self) -> Node:
        if self.at >= len(self.tokens):
            raise FormulaFault("formula-ends-early", len(self.text))
        kind, token, offset = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return constant(token, offset)
        if kind == "name":
            self.at += 1
            return self._call(token, offset) if self._peek() == "(" else self._reference(token, offset)
        if token == "(":
            return self._inside()
        raise self._fault("formula-unexpected", found=token)

    def _inside(self) -> Node:
        self._next_token()
        node = self.comparison()
        self._close()
        return node

    def _reference(self, token: str, offset: int) -> Node:
        scope, _, identifier = token.rpartition(".")
        if scope and scope not in SCOPES:
            raise FormulaFault("formula-unknown-scope", offset, scope=scope, scopes=", ".join(SCOPES))
        if identifier in NEVER_NAMES:
            raise FormulaFault("formula-function-as-name", offset, name=identifier)
        name = Name(scope, identifier)
        self.names.append(name)
        return Node(lambda values: values[name], lambda naming: naming(name), 5, name=name)

    def _call(self, token: str, offset: int) -> Node:
        if token not in BUILDERS:
            raise FormulaFault("formula-unknown-function", offset, name=token, functions=", ".join(FUNCTIONS))
        self._next_token()
        arguments = [self.comparison()]
        while self._peek() == ",":
            self._next_token()
            arguments.append(self.comparison())
        self._close()
        counts, build = BUILDERS[token]
        if len(arguments) not in counts:
            raise FormulaFault("formula-argument-count", offset, name=token, count=len(arguments))
        if token in ROUNDING and not all(map(is_places, arguments[1:])):
            raise FormulaFault("formula-round-places", offset, limit=MAX_PLACES)
        compute = build([node.compute for node in arguments])
        alike = tuple(arguments[1:] if token == "if" else arguments if token in ("min", "max") else arguments[:1])
        parts = tuple(arguments)

        def write(naming: Naming) -> str:
            return f"{token}({', '.join(part.write(naming) for part in parts)})"

        return Node(compute, write, 5, parts, alike, sign=token)

    def _close(self) -> None:
        if self._peek() != ")":
            raise self._fault("formula-bracket-open")
        self._next_token()

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._fault("formula-too-deep", limit=MAX_DEPTH)

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _next_token(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _place(self) -> int:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)

    def _fault(self, code: str, **values: object) -> FormulaFault:
        return FormulaFault(code, self._place(), **values)


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
