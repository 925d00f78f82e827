"""What is put into words once for many cards reads as if it were put into words for each."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from kpibook.content import Content
from kpibook.pages.cards.items import parts
from kpibook.pages.figures import Figures
from kpibook.pages.rule_texts import RuleTexts
from kpibook.pages.text import bullets, text_width
from kpibook.scoring.explain import SourceStyle, rule_lines, source_text, target_text
from kpibook.scoring.results import ItemScore, Results


def items(scored: Results) -> Iterator[ItemScore]:
    """The items of all cards, of people and of departments."""
    for card in (*scored.cards, *scored.units):
        for span in card.spans:
            yield from (*span.items, *span.extras)


@pytest.mark.parametrize("most", [1, 4096])
def test_a_rule_that_was_told_before_reads_as_that_of_its_own_item_and_target(
    sample: Content, scored: Results, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpibook.pages.rule_texts.MOST", most)
    texts = RuleTexts(sample.catalog, sample.say)

    told = [texts.of(item) for item in items(scored)]

    lines = [rule_lines(item, sample.catalog, sample.say) for item in items(scored)]
    assert [(each.lines, each.words) for each in told] == [(bullets(each), len(each)) for each in lines]
    assert [each.room for each in told] == [text_width(bullets(each)) for each in lines]
    assert most == 1 or len({id(each) for each in told}) < len(told)


def test_a_number_that_was_told_before_reads_as_anew(sample: Content, scored: Results) -> None:
    figures = Figures(scored, sample.catalog, sample.say)
    kept = figures.named_style
    anew = kept._replace(told=None)

    def texts(style: SourceStyle) -> list[str]:
        found = []
        for item in items(scored):
            found += [source_text(source, sample.catalog, sample.say, style) for source in item.sources]
            found += [target_text(item.target, item.indicator.unit, sample.say, style)] if item.target else []
        return found

    assert texts(kept) == texts(anew)
    assert kept.told


def test_items_of_a_card_that_is_set_after_others_read_as_if_it_were_the_only_one(
    sample: Content, scored: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = Figures(scored, sample.catalog, sample.say)
    after_others = [tuple(parts(card, figures)) for card in (*scored.cards, *reversed(scored.cards))]

    monkeypatch.setattr("kpibook.pages.rule_texts.MOST_NUMBERS", 0)
    alone = [tuple(parts(card, Figures(scored, sample.catalog, sample.say))) for card in scored.cards]

    assert after_others == [*alone, *reversed(alone)]


def test_what_is_kept_to_tell_numbers_does_not_keep_their_cycle_in_memory(sample: Content, scored: Results) -> None:
    figures = Figures(scored, sample.catalog, sample.say)
    styles = (figures.source_style, figures.named_style, figures.style_beside("HR"), figures.rules)
    is_there = weakref.ref(figures)

    gc.disable()
    try:
        del figures
        assert is_there() is None
    finally:
        gc.enable()
    assert styles[0].who("nobody") == "nobody"
