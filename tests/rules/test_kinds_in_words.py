"""Each of the 43 kinds of rule in words: its sentence, and how a number of the sample came about, in both languages.

Kinds that are no arithmetic show the part of a page that says them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pytest

from kept import Golden
from kpibook.base.words import LANGUAGES, Words, words
from kpibook.scoring.explain import item_lines, pay_lines, streak_rule, total_lines
from kpibook.scoring.results import Card, ItemScore
from sample_rules import KINDS, PAGES, Sample

Lines = Iterator[str]
SIGN_OF_NUMBERS = re.compile(r"[0-9]")


class Told(NamedTuple):
    """A kind, and what tells of it."""

    kind: str
    lines: Callable[[Sample, Words], Lines]


def item(month: str, person: str, *indicators: str, is_extra: bool = False) -> Callable[[Sample, Words], Lines]:
    """Items of somebody's card: rule and derivation."""

    def told(sample: Sample, say: Words) -> Lines:
        for indicator in indicators:
            score = next(score for score in scores(sample, month, person, is_extra=is_extra) if is_of(score, indicator))
            yield from item_lines(score, sample.catalog, say)

    return told


def scores(sample: Sample, month: str, person: str, *, is_extra: bool) -> Iterator[ItemScore]:
    for part in card(sample, month, person).spans:
        yield from part.extras if is_extra else part.items


def is_of(score: ItemScore, indicator: str) -> bool:
    return score.indicator.id == indicator


def card(sample: Sample, month: str, person: str) -> Card:
    """Somebody's card, or that of a department."""
    results = sample.results[month]
    return next(each for each in (*results.cards, *results.units) if each.person == person)


def total(month: str, person: str) -> Callable[[Sample, Words], Lines]:
    """How a total came about."""
    return lambda sample, say: iter(total_lines(card(sample, month, person), sample.catalog, say))


def pay(month: str, person: str) -> Callable[[Sample, Words], Lines]:
    """How amounts came about."""
    return lambda sample, say: iter(pay_lines(card(sample, month, person), sample.catalog, say))


def both(*parts: Callable[[Sample, Words], Lines]) -> Callable[[Sample, Words], Lines]:
    """One after the other."""
    return lambda sample, say: (line for part in parts for line in part(sample, say))


def page(name: str, pattern: str) -> Callable[[Sample, Words], Lines]:
    """The lines of a page of the handbook that hold a word; pages are written in the company's language."""
    text = (PAGES / name).read_text(encoding="utf-8")
    return lambda _sample, _say: (line for line in text.splitlines() if re.search(pattern, line))


def streaks(sample: Sample, say: Words) -> Lines:
    """What follows from streaks, by rule."""
    return (streak_rule(streak, sample.catalog, say) for streak in sample.catalog.company.streaks)


def grades(sample: Sample, _: Words) -> Lines:
    """The grades with what follows from them."""
    for grade in sample.catalog.grades:
        follows = grade.consequences
        told = (each.text for each in (follows.training, follows.promotion, follows.level, follows.pay))
        yield " | ".join((grade.id, grade.name, *told))


TOLD = (
    Told("RK-01", item("2026-09", "HY034", "sales_value", "customer_satisfaction", "customer_retention")),
    Told("RK-02", item("2026-09", "HY018", "visit_order_rate")),
    Told("RK-03", item("2026-09", "HY018", "order_growth")),
    Told("RK-04", item("2026-10", "HY018", "unique_visitors", "page_views_total")),
    Told("RK-05", item("2026-09", "HY018", "complaint_timeliness")),
    Told("RK-06", item("2026-08", "HY020", "traffic_base")),
    Told("RK-07", item("2026-09", "HY020", "personal_conduct")),
    Told("RK-08", item("2026-08", "HY020", "staff_management")),
    Told("RK-09", item("2026-09", "HY020", "trade_value")),
    Told("RK-10", item("2026-10", "HY019", "trade_value", is_extra=True)),
    Told("RK-11", item("2026-10", "HY037", "learning_growth")),
    Told("RK-12", item("2026-09", "HY018", "report_quality")),
    Told("RK-13", item("2026-09", "HY018", "teamwork")),
    Told("RK-14", item("2026-08", "HY037", "plans_and_reviews")),
    Told("RK-15", item("2026-10", "HY013", "member_churn")),
    Told("RK-16", item("2026-08", "HY032", "banned_word_count")),
    Told("RK-17", item("2026-10", "HY021", "order_conversion")),
    Told("RK-18", item("2026-10", "HY030", "peer_value_ratio")),
    Told("RK-19", both(pay("2026-09", "HY038"), pay("2026-10", "HY038"))),
    Told("RK-20", total("2026-09", "HY038")),
    Told("RK-21", total("2026-10", "HY040")),
    Told("RK-22", total("2026-10", "HY044")),
    Told("RK-23", both(streaks, total("2026-10", "HY041"))),
    Told("RK-24", total("2026-09", "HY011")),
    Told("RK-25", total("2026-10", "operations")),
    Told("RK-26", item("2026-10", "HY028", "teamwork")),
    Told("RK-27", item("2026-10", "HY037", "rule_building")),
    Told("RK-28", grades),
    Told("RK-29", total("2026-08", "HY026")),
    Told("RK-30", pay("2026-10", "HY019")),
    Told("RK-31", pay("2026-09", "HY041")),
    Told("RK-32", pay("2026-09", "HY042")),
    Told("RK-33", both(item("2026-10", "HY013", "store_sales"), page("policies/targets.md", "调整|批准"))),
    Told("RK-34", page("policies/cascade.md", "承接")),
    Told("RK-35", item("2026-10", "HY040", "voluntary_tasks", is_extra=True)),
    Told("RK-36", item("2026-09", "HY025", "campaign_value_share", "campaign_conversion")),
    Told(
        "RK-37",
        both(item("2026-10", "HY019", "after_sales_followup"), item("2026-08", "HY020", "after_sales_followup")),
    ),
    Told("RK-38", item("2026-09", "HY017", "channels_running")),
    Told("RK-39", item("2026-08", "HY011", "account_accuracy")),
    Told("RK-40", both(item("2026-10", "HY008", "weekly_plan"), page("policies/operating.md", "每周"))),
    Told("RK-41", item("2026-10", "operations", "operating_cost_execution", "project_delay_rate")),
    Told("RK-42", page("policies/agreement.md", "提成")),
    Told("RK-43", item("2026-09", "HY036", "sales_uplift", "customer_satisfaction")),
)


def test_every_kind_is_told() -> None:
    assert [told.kind for told in TOLD] == [kind.id for kind in KINDS]


def test_kinds_are_told_in_both_languages(sample: Sample, golden: Golden) -> None:
    golden.check("kinds", {f"{language}.txt": _text(sample, words(language)) for language in LANGUAGES})


@pytest.mark.parametrize("told", TOLD, ids=[told.kind for told in TOLD])
def test_a_kind_is_told_with_its_numbers(sample: Sample, told: Told) -> None:
    by_language: Mapping[str, list[str]] = {each: list(told.lines(sample, words(each))) for each in LANGUAGES}

    assert all(by_language.values())
    assert len(by_language["zh"]) == len(by_language["en"])
    assert any(SIGN_OF_NUMBERS.search(line) for line in by_language["en"]) or told.kind in ("RK-28", "RK-34", "RK-42")


def _text(sample: Sample, say: Words) -> str:
    """All kinds, one after the other."""
    kinds = {kind.id: kind for kind in KINDS}
    parts = []
    for told in TOLD:
        kind = kinds[told.kind]
        parts += [f"{kind.id} {kind.what} ({kind.by})", *(f"    {line}" for line in told.lines(sample, say)), ""]
    return "\n".join(parts)
