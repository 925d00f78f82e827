"""The sentences of the sample's rules, read by somebody who knows nothing else, give the points on its cards."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from gmpy2 import mpq

from kpibook.base.words import LANGUAGES, words
from kpibook.rules.standards import Bands
from kpibook.scoring.explain import rule_sentence
from kpibook.scoring.results import ItemScore, Status
from reader import read
from sample_rules import Sample

READ = ("proportional", "all_or_nothing", "bands", "linear", "range", "shortfall", "excess")
"""The rules that judge one number; the others are read with all their numbers elsewhere."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_on_the_cards_give_their_points(sample: Sample, language: str) -> None:
    say, count = words(language), 0
    wrong = []

    for score in scored(sample):
        sentence = rule_sentence(score.item, sample.catalog, say, score.target)
        points = within(
            score, read(plain(score, sentence, say("standards.limit.most", value="@")), language, actual(score))
        )
        count += 1
        if points != fraction(score.points):
            wrong.append(f"{score.indicator.id}: {sentence} {points}")

    assert wrong == []
    assert count > 500


def scored(sample: Sample) -> Iterator[ItemScore]:
    """Every item with points that come from one number."""
    for results in sample.results.values():
        for card in (*results.cards, *results.units):
            for part in card.spans:
                for score in (*part.items, *part.extras):
                    rule = score.item.standard
                    if score.status is Status.SCORED and rule and rule.rule in READ and score.actual is not None:
                        yield score


def plain(score: ItemScore, sentence: str, limit: str) -> str:
    """The sentence without the labels of bands and without the limit of an extra, which `within` keeps."""
    rule = score.item.standard
    if isinstance(rule, Bands):
        for label in (band.label for band in rule.bands if band.label):
            sentence = sentence.replace(f"（{label}）", "").replace(f" ({label})", "")
    if score.is_extra and score.item.most is not None:
        head, tail = limit.split("@")
        sentence = sentence[: sentence.rindex(head)] + sentence[sentence.rindex(tail) + len(tail) :]
    return sentence


def within(score: ItemScore, points: Fraction) -> Fraction:
    """Points within the most of an extra."""
    most = fraction(score.item.most) if score.is_extra else None
    return points if most is None else min(points, most)


def actual(score: ItemScore) -> Fraction:
    found = fraction(score.actual)
    assert found is not None
    return found


def fraction(value: mpq | None) -> Fraction | None:
    return None if value is None else Fraction(int(value.numerator), int(value.denominator))
