"""The guide says what the program does: read against the models, in both languages."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import pytest

from kpibook.authoring.reference import meanings
from kpibook.authoring.schema_tables import REFERENCES
from kpibook.base.words import LANGUAGES, words
from kpibook.model import Relation
from kpibook.reading.cycle.ratings import ALONE

WORDS_OF_A_NUMBER = {"zh": ("数据", "指标"), "en": ("number", "indicator")}
"""What a key takes that names a measure or an indicator."""


def choices(annotation: Any) -> Iterator[str]:
    """The words of a closed vocabulary, as a file writes them."""
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(each.value) for each in annotation)
    else:
        for part in get_args(annotation):
            yield from choices(part)


def keys_with_choices() -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, group in meanings():
        for name, field in kind.model_fields.items():
            values = tuple(dict.fromkeys(choices(field.annotation)))
            if values and name != "rule":
                yield f"{group}.{field.alias or name}", values


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_closed_vocabulary_is_named(language: str) -> None:
    say = words(language)

    unnamed = {
        key: lacking
        for key, values in keys_with_choices()
        if (lacking := [value for value in values if value not in say(key)])
    }

    assert not unnamed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_that_takes_measures_and_indicators_says_so(language: str) -> None:
    say, known = words(language), {kind.__name__: group for kind, group in meanings()}

    short = {
        f"{name}.{key}"
        for (name, key), kind in REFERENCES.items()
        if kind == "number" and not all(word in say(f"{known[name]}.{key}") for word in WORDS_OF_A_NUMBER[language])
    }

    assert not short


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_to_name_the_rater_is_told(language: str) -> None:
    text = words(language)("handbook.column.ratings.rater")

    named = {relation for relation in Relation if relation.value in text}

    assert named == set(Relation) - set(ALONE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_actuals_takes_collected_indicators_too(language: str) -> None:
    text = words(language)("handbook.column.actuals.measure")

    assert all(word in text for word in WORDS_OF_A_NUMBER[language])
