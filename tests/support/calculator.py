"""A pocket calculator: what a line of arithmetic gives when it is typed as it stands, in fractions."""

import re
from fractions import Fraction

_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[-+*/()]|\s+")


def keys(text: str) -> str:
    """The keys for a text: with the signs of a keyboard, and without commas."""
    return text.translate(str.maketrans("÷×−（）", "/*-()")).replace(",", "")


def can_be_typed(typed: str) -> bool:
    """Whether all of it is arithmetic."""
    return "".join(_TOKEN.findall(typed)) == typed


def type_in(typed: str) -> Fraction:
    """What the keys give; `%` divides by 100."""
    value, rest = _added([token for token in _TOKEN.findall(typed) if token.strip()])
    assert not rest, typed
    return value


def _added(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _multiplied(tokens)
    while tokens and tokens[0] in "+-":
        sign, (next_value, tokens) = tokens[0], _multiplied(tokens[1:])
        value += next_value if sign == "+" else -next_value
    return value, tokens


def _multiplied(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _single(tokens)
    while tokens and tokens[0] in "*/":
        sign, (next_value, tokens) = tokens[0], _single(tokens[1:])
        value = value * next_value if sign == "*" else value / next_value
    return value, tokens


def _single(tokens: list[str]) -> tuple[Fraction, list[str]]:
    first, *tokens = tokens
    if first == "-":
        value, tokens = _single(tokens)
        return -value, tokens
    if first == "(":
        value, tokens = _added(tokens)
        assert tokens[0] == ")"
        return value, tokens[1:]
    return (Fraction(first[:-1]) / 100 if first.endswith("%") else Fraction(first)), tokens
