"""The parts of a formula: how each is computed, and how it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import NumberFault, parse_plain, round_down, round_half_up, round_up, show

MAX_PLACES = 12
"""Decimals that `round` may keep."""

LARGEST_BITS = 333
"""No number of a formula has more than 100 digits before its point: none that is paid by comes near."""
MOST_BITS = 660_000
"""No numerator and denominator together have more than 200,000 digits: a mean over 10,000 people may have as many."""

ONE = mpq(1)
NEGATIVE = "negative"
"""What joins nothing: the sign of a single part."""

COMPARISON, SUM, PRODUCT = 1, 2, 3
"""How tightly signs bind."""


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
Evaluator = Callable[[Values], mpq]
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

    def __init__(self, divisor: "Node | None", what: str = "division by zero") -> None:
        super().__init__(what)
        self.divisor = divisor


class NegativeBase(DivisionByZero):
    """A rate of something that is negative: growth over a loss has no value that means anything."""

    def __init__(self, divisor: "Node") -> None:
        super().__init__(divisor, "a rate of something negative")


class OutOfBounds(DivisionByZero):
    """A number that became too large, or a fraction too long: what multiplies itself over and over has no value."""

    def __init__(self) -> None:
        super().__init__(None, "too many digits")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of a formula: how to compute it and how to write it; compared by identity."""

    compute: Evaluator
    write: Callable[[Naming], str]
    rank: int
    """How tightly it binds: 1 comparison, 2 sum, 3 product, 4 sign, 5 atom."""
    parts: tuple["Node", ...] = ()
    """What it is made of."""
    alike: tuple["Node", ...] = ()
    """Those of its parts that have to be in one unit: what is added, subtracted or compared."""
    name: Name | None = None
    """The number that it stands for, where it is a name."""
    sign: str = ""
    """What joins its parts: a sign as it is shown, or the name of a function."""

    @property
    def told_apart_by(self) -> tuple[str, ...]:
        """What `Fingerprints` takes of it: two with the same count as equal."""
        return self.write(str), self.sign


def binary(left: Node, sign: str, right: Node, rank: int, compute: Evaluator) -> Node:
    """Two parts with a sign between them, in brackets where they bind less."""

    def write(naming: Naming) -> str:
        before = left.write(naming) if left.rank >= rank else f"({left.write(naming)})"
        after = right.write(naming) if right.rank > rank else f"({right.write(naming)})"
        return f"{before} {sign} {after}"

    return Node(compute, write, rank, (left, right), (left, right) if rank < PRODUCT else (), sign=sign)


def bounded(value: mpq) -> mpq:
    """The value itself; raises OutOfBounds where it has too many digits."""
    above, below = value.numerator.bit_length(), value.denominator.bit_length()
    if above - below > LARGEST_BITS or above + below > MOST_BITS:
        raise OutOfBounds
    return value


def product(left: Node, right: Node) -> Evaluator:
    """A product; raises OutOfBounds where it has too many digits."""
    return lambda values: bounded(left.compute(values) * right.compute(values))


def quotient(left: Node, right: Node) -> Evaluator:
    """A division that names its divisor where that is 0."""

    def divide(values: Values) -> mpq:
        divisor = right.compute(values)
        if not divisor:
            raise DivisionByZero(right)
        return left.compute(values) / divisor

    return divide


def rate(left: Node, right: Node) -> Evaluator:
    """A division by something measured: of a negative base there is no rate, and the sign would turn."""

    def divide(values: Values) -> mpq:
        divisor = right.compute(values)
        if divisor <= 0:
            raise NegativeBase(right) if divisor else DivisionByZero(right)
        return left.compute(values) / divisor

    return divide


def _rounded(arguments: list[Evaluator]) -> Evaluator:
    if len(arguments) == 1:
        return lambda values: round_half_up(arguments[0](values), 0)
    return lambda values: round_half_up(arguments[0](values), int(arguments[1](values)))


def _to_side(rounding: Callable[[mpq, int], mpq]) -> Callable[[list[Evaluator]], Evaluator]:
    """Rounding always down or always up, to whole numbers or to so many decimals."""

    def build(arguments: list[Evaluator]) -> Evaluator:
        if len(arguments) == 1:
            return lambda values: rounding(arguments[0](values), 0)
        return lambda values: rounding(arguments[0](values), int(arguments[1](values)))

    return build


BUILDERS: dict[str, tuple[range, Callable[[list[Evaluator]], Evaluator]]] = {
    "min": (range(2, 21), lambda parts: lambda values: min(part(values) for part in parts)),
    "max": (range(2, 21), lambda parts: lambda values: max(part(values) for part in parts)),
    "abs": (range(1, 2), lambda parts: lambda values: abs(parts[0](values))),
    "round": (range(1, 3), _rounded),
    "floor": (range(1, 3), _to_side(round_down)),
    "ceil": (range(1, 3), _to_side(round_up)),
    "if": (range(3, 4), lambda p: lambda values: p[1](values) if p[0](values) else p[2](values)),
}
FUNCTIONS = tuple(BUILDERS)
ROUNDING = ("round", "floor", "ceil")
"""Functions that may be told how many decimals to keep."""
NEVER_NAMES = ("min", "max", "abs", "round", "if")
"""Functions that no number may be called by; those that came later leave names alone that were there before."""


def is_places(node: Node) -> bool:
    """Whether it is a number of decimals, as it stands there; any other would be cut to one without a word."""
    if node.name or node.parts:
        return False
    value = node.compute({})
    return value.denominator == 1 and value <= MAX_PLACES


def bracketed(node: Node, naming: Naming) -> str:
    """A part as it is written behind a sign."""
    return node.write(naming) if node.rank >= 4 else f"({node.write(naming)})"


def constant(token: str, offset: int) -> Node:
    """A number that is written down. Raises FormulaFault where it is too large or too long."""
    try:
        value = parse_plain(token)
    except NumberFault as fault:
        raise FormulaFault(fault.code, offset, text=token[:40]) from fault
    return Node(lambda _: value, lambda _: show(value, 12), 5)
