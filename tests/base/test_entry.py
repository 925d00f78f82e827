"""Entries: a key without a value is not given, an unknown one is refused, and every value keeps its place."""

import datetime

import pytest
from gmpy2 import mpq
from pydantic import ValidationError

from kpibook.base.entry import Date, Entry, Flag, KebabId, Located, Number, SnakeId, Text, Whole
from kpibook.base.problems import NOWHERE, Place
from kpibook.reading.yamlfile import read_bytes


class Sample(Entry):
    """An entry with a value of each type."""

    name: Text = "unnamed"
    number: Number = mpq(0)
    whole: Whole = 0
    flag: Flag = False
    day: Date | None = None
    kebab: KebabId = "a"
    snake: SnakeId = "a"


def read(text: str) -> Sample:
    data, _ = read_bytes(text.encode(), "x.yml")
    return Sample.model_validate(data)


def complaints(text: str) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        read(text)
    return [error["type"] for error in caught.value.errors()]


def test_texts_become_exact_values() -> None:
    sample = read("number: 33.30\nwhole: 7\nflag: true\nday: 2026-10-31\nkebab: a-1\nsnake: a_1\n")

    assert (sample.number, sample.whole, sample.flag) == (mpq(333, 10), 7, True)
    assert (sample.day, sample.kebab, sample.snake) == (datetime.date(2026, 10, 31), "a-1", "a_1")


def test_a_key_without_a_value_counts_as_not_given() -> None:
    assert read("name:\nnumber:\n").name == "unnamed"


def test_an_unknown_key_is_refused_even_without_a_value() -> None:
    assert complaints("nmae:\n") == ["extra_forbidden"]


def test_values_and_the_entry_itself_know_their_places() -> None:
    sample = read("name: 'x'\nnumber: 1\n")

    assert sample.place_of() == Place("x.yml", 1, 1)
    assert sample.place_of("number") == Place("x.yml", 2, 9)
    assert sample.place_of("flag") == Place("x.yml", 1, 1)
    assert sample.places["name.text"] == Place("x.yml", 1, 8)


def test_an_entry_built_in_python_stands_nowhere() -> None:
    sample = Sample.build(number=3, whole=mpq(4), flag=True, day=datetime.date(2026, 1, 1))

    assert (sample.number, sample.whole, sample.place_of("number")) == (mpq(3), 4, NOWHERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number: 12:30", "not-a-number"),
        ("number: .nan", "not-a-number"),
        ("number: 1_000", "not-a-number"),
        ("number: 0x1F", "not-a-number"),
        ("number: １２", "not-a-number"),
        ("number: 1e999", "not-a-number"),
        ("number: 1e99", "number-too-large"),
        (f"number: {'9' * 5000}", "number-too-large"),
        ("number: [1]", "wrong-type"),
        ("whole: 1.5", "not-whole"),
        ("flag: yes", "not-a-flag"),
        ("day: 2026-13-01", "not-a-date"),
        ("day: 2025-02-29", "not-a-date"),
        ("day: 2026-1-1", "not-a-date"),
        ("day: 2026-01-01T00:00:00Z", "not-a-date"),
        ("kebab: A", "bad-kebab-id"),
        ("kebab: ../a", "bad-kebab-id"),
        ("kebab: a--b", "bad-kebab-id"),
        ("kebab: Ｅ", "bad-kebab-id"),
        ("snake: 1a", "bad-snake-id"),
        ("snake: a-b", "bad-snake-id"),
        (f"snake: {'a' * 65}", "too_long"),
        ("name: [x]", "string_type"),
    ],
)
def test_anything_else_is_refused(text: str, expected: str) -> None:
    assert complaints(text) == [expected]


def test_a_truth_value_is_no_number() -> None:
    with pytest.raises(ValidationError):
        Sample.build(number=True)


def test_known_keys_are_those_that_a_file_writes() -> None:
    assert Sample.known_keys() == ("name", "number", "whole", "flag", "day", "kebab", "snake")


def test_a_located_mapping_keeps_the_places_that_are_put() -> None:
    data = Located(NOWHERE)

    data.put("a", "b", key_at=Place("x", 1, 1), value_at=Place("x", 1, 4))

    assert (data["a"], data.keys_at["a"].column, data.values_at["a"].column) == ("b", 1, 4)
