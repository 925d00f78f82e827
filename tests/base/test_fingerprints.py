"""Fingerprints: equal values have equal ones in any run, and whatever differs anywhere has another."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

import pytest
from gmpy2 import mpq

from alone import run_alone
from kpibook.base.entry import Entry, Text
from kpibook.base.fingerprints import Fingerprints
from kpibook.rules.formulas import Formula


class Colour(Enum):
    RED = 1
    BLUE = 2


class Point(NamedTuple):
    x: mpq
    y: mpq


@dataclass(frozen=True)
class Whole:
    name: str
    point: Point
    colours: tuple[Colour, ...] = ()
    by_day: object = None


class Note(Entry):
    text: Text


WHOLE = Whole("a", Point(mpq(1, 3), mpq(2)), (Colour.RED,), {datetime.date(2026, 11, 30): frozenset({"x", "y"})})


def test_equal_values_have_equal_fingerprints() -> None:
    again = Whole("a", Point(mpq(2, 6), mpq(2)), (Colour.RED,), {datetime.date(2026, 11, 30): frozenset({"y", "x"})})

    assert Fingerprints().of(WHOLE) == Fingerprints().of(again)


@pytest.mark.parametrize(
    "other",
    [
        replace(WHOLE, name="b"),
        replace(WHOLE, point=Point(mpq(1, 3), mpq(-2))),
        replace(WHOLE, colours=(Colour.BLUE,)),
        replace(WHOLE, colours=(Colour.RED, Colour.RED)),
        replace(WHOLE, by_day={datetime.date(2026, 12, 1): frozenset({"x", "y"})}),
        replace(WHOLE, by_day={datetime.date(2026, 11, 30): frozenset({"x"})}),
        replace(WHOLE, by_day=None),
        replace(WHOLE, name="1", by_day=1),
        replace(WHOLE, name="1", by_day=True),
        replace(WHOLE, name="1", by_day="1"),
        replace(WHOLE, name="1", by_day=mpq(1)),
        replace(WHOLE, name="1", by_day=Note.build(text="1")),
        replace(WHOLE, name="1", by_day=Note.build(text="2")),
        replace(WHOLE, name="1", by_day=Formula.parse("sales + 1")),
        replace(WHOLE, name="1", by_day=Formula.parse("sales + 2")),
        replace(WHOLE, name="1", by_day=Formula.parse("sales + 1").root),
        replace(WHOLE, name="1", by_day=Formula.parse("sales + 2").root),
    ],
)
def test_whatever_differs_has_another_fingerprint(other: Whole) -> None:
    prints = Fingerprints()
    same = [each for each in OTHERS if prints.of(each) == prints.of(other)]

    assert prints.of(WHOLE) != prints.of(other)
    assert len(same) <= 1


class Counted(dict[str, str]):
    looks = 0

    def keys(self):  # type: ignore[no-untyped-def]
        Counted.looks += 1
        return super().keys()


def test_a_long_tuple_that_many_values_share_is_looked_at_once() -> None:
    prints, shared = Fingerprints(), tuple(Counted(a=str(number)) for number in range(100))
    told = {prints.of(number, shared) for number in range(5)}

    assert Counted.looks == 100
    assert len(told) == 5
    assert prints.of(shared) == Fingerprints().of((*shared,))
    assert prints.of(shared) != prints.of((*shared[1:], shared[0]))


OTHERS = [replace(WHOLE, name="1", by_day=value) for value in (1, True, "1", mpq(1), None, (1,), ("1",), 1.5)]


def test_a_text_that_names_somebody_holds_the_name() -> None:
    before, after = Fingerprints({"e1": "张三"}), Fingerprints({"e1": "李四"})

    assert before.of("E1", "x") != after.of("E1", "x")
    assert before.of("E2", "x") == after.of("E2", "x")


def test_what_nobody_can_look_into_is_refused() -> None:
    look: Callable[[], None] = test_equal_values_have_equal_fingerprints

    with pytest.raises(TypeError, match="nobody can tell what a function holds"):
        Fingerprints().of(look)


IN_ANOTHER_RUN = """
from gmpy2 import mpq
from kpibook.base.fingerprints import Fingerprints
name = "".join(["a", "b"])
print(Fingerprints().of(("ab", "ab"), {"x", "y", "z"}, mpq(1, 3)).hex(), end="")
"""


def test_another_run_finds_the_same() -> None:
    name = "a" + "b"

    assert run_alone(IN_ANOTHER_RUN) == Fingerprints().of((name, name), {"z", "y", "x"}, mpq(1, 3)).hex()
