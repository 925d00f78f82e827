"""Every line of arithmetic on every card of the sample can be followed with a pocket calculator."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from calculator import can_be_typed, keys, type_in
from kpibook.base.words import words
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card

ROOT = Path(__file__).parents[2]

_SUM = re.compile(r"^(?:.*[=：≥≤] )?(?P<sum>[0-9（(][^=≈：；]*) (?P<sign>[=≈]) (?P<result>-?[0-9,.]+)(?P<percent>%?)")
_ROUNDED = re.compile(
    r"^(?P<exact>-?[0-9,.]+) 四舍五入到 (?P<places>[0-9]) 位小数，(?:总分|得|为) (?P<result>-?[0-9,.]+)"
)
_PEOPLE = re.compile("(?:上级|同事|下级|本人|客户) ")

NEARLY = Fraction(1, 1000)
"""How far a line with rounded numbers may be from what the calculator shows."""


class Line(NamedTuple):
    """A line of arithmetic: what is to be typed, whether the result is whole, and the result."""

    text: str
    typed: str
    is_whole: bool
    result: Fraction


@pytest.fixture(scope="module")
def lines() -> tuple[str, ...]:
    """Every line of the derivations of all cards of all cycles."""
    catalog, _ = load_catalog(ROOT / "handbook")
    cycles = {cycle.period: cycle for cycle in load_cycles(ROOT / "scorecards", catalog)[0]}
    results = [score(catalog, cycle, cycles) for cycle in cycles.values()]
    cards = [card for each in results for card in (*each.cards, *each.units)]
    return tuple(line.strip() for card in cards for line in explain_card(card, catalog, words("zh")).splitlines())


def test_what_is_typed_is_what_the_card_says(lines: tuple[str, ...]) -> None:
    sums = list(_sums(lines))

    wrong = [
        f"{line.text}: {float(typed)}"
        for line in sums
        if (typed := type_in(line.typed)) != line.result and (line.is_whole or abs(typed - line.result) > NEARLY)
    ]

    assert wrong == []
    assert len(sums) > 1500


def test_most_rounded_lines_agree_to_the_last_decimal(lines: tuple[str, ...]) -> None:
    rounded = [line for line in _sums(lines) if not line.is_whole]

    agree = [line for line in rounded if abs(type_in(line.typed) - line.result) <= Fraction(1, 20_000)]

    assert len(agree) > len(rounded) * 95 // 100


def test_what_is_rounded_is_rounded_half_up(lines: tuple[str, ...]) -> None:
    found = [match for line in lines if (match := _ROUNDED.match(line))]

    wrong = [
        match[0]
        for match in found
        if _half_up(_number(match["exact"]), int(match["places"])) != _number(match["result"])
    ]

    assert wrong == []
    assert "79.95 四舍五入到 1 位小数，总分 80.0" in {match[0] for match in found}


def _sums(lines: tuple[str, ...]) -> Iterator[Line]:
    for text in lines:
        found = _SUM.match(text)
        if found and not text.startswith(("标准", "来源", "目标", "等级")) and "适用" not in text:
            typed = keys(_PEOPLE.sub("", found["sum"]))
            if can_be_typed(typed):
                is_ratio = found["percent"] and not typed.endswith("* 100")
                result = _number(found["result"]) / (100 if is_ratio else 1)
                yield Line(text, typed, found["sign"] == "=", result)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _half_up(value: Fraction, places: int) -> Fraction:
    whole = abs(value) * 10**places + Fraction(1, 2)
    return Fraction(whole.numerator // whole.denominator, 10**places) * (1 if value >= 0 else -1)
