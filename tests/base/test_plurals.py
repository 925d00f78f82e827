"""English counts rightly: a word beside a number is written for one thing and for several, never for several alone."""

import re
from string import Formatter

import pytest
from gmpy2 import mpq

from kpibook.base.word_units import for_number, one_of
from kpibook.base.words import words
from kpibook.rules.standards import with_unit

NOUNS = (
    *("adjustments", "agreements", "answers", "appeals", "approvals", "batches", "bytes", "cards", "cases", "cells"),
    *("characters", "columns", "cycles", "days", "decimals", "deliveries", "departments", "errors", "extras", "files"),
    *("formulas", "gates", "grades", "hours", "indicators", "items", "kinds", "levels", "lines", "marks", "minutes"),
    *("measures", "months", "notes", "notices", "numbers", "pages", "pairs", "parts", "people", "persons", "plans"),
    *("points", "quarters", "raters", "ratings", "records", "results", "roles", "rows", "rules", "scorecards"),
    *("seconds", "sections", "sheets", "signatures", "steps", "tables", "talks", "targets", "tasks", "texts", "times"),
    *("totals", "trials", "units", "values", "warnings", "weeks", "weights", "words", "years"),
)
"""What texts count."""
BETWEEN = ("calendar", "closed", "complete", "full", "model", "more", "new", "of the", "other", "percentage", "working")
"""What may stand between a number and what it counts."""
OF_NO_NUMBER = {"company", "cycle", "head", "kind", "level", "owner", "person", "section"}
"""Names of values that are names: `{company} scorecards`."""
COUNTED = re.compile(rf"\{{(\w+)\}} (?:(?:{'|'.join(BETWEEN)}) )*(?:{'|'.join(NOUNS)})\b")


def test_every_word_beside_a_number_is_written_for_one_and_for_several() -> None:
    say = words("en")

    found = {
        key: match[0]
        for key in tuple(say.keys())
        for match in COUNTED.finditer(say(key))
        if match[1] not in OF_NO_NUMBER
    }

    assert not found


def test_every_pair_of_words_counts_by_a_value_of_its_text() -> None:
    say = words("en")

    strange = {
        key: name
        for key in tuple(say.keys())
        for _, name, form, _ in Formatter().parse(say(key))
        if form and "|" in form and f"{{{name}}}" not in say(key)
    }

    assert not strange, "the number itself stands nowhere in the text"


def test_a_chinese_text_has_no_word_that_goes_by_the_number() -> None:
    say = words("zh")

    assert not [key for key in tuple(say.keys()) for part in Formatter().parse(say(key)) if "|" in (part[2] or "")]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("1", "cases", "1 case"),
        ("1", "case", "1 case"),
        ("5", "case", "5 cases"),
        ("0", "people", "0 people"),
        ("-1", "days", "-1 day"),
        ("1.5", "day", "1.5 days"),
        ("1", "orders/person", "1 order/person"),
        ("1", "widgets", "1 widgets"),
        ("1", "次", "1 次"),
        ("1", "%", "1%"),
        ("240000", "EUR", "€240,000"),
        ("-5", "USD/person", "-$5/person"),
        ("5", "CNY", "¥5"),
        ("5", "元", "5 元"),
    ],
)
def test_a_unit_goes_by_its_number_and_money_has_its_sign(value: str, unit: str, told: str) -> None:
    assert with_unit(mpq(value), unit) == told


def test_a_unit_that_no_list_has_stays_as_it_is_written() -> None:
    assert [for_number("widgets", mpq(1)), one_of("widgets"), one_of("orders")] == ["widgets", "", "order"]


def test_what_warehouses_and_shops_count_has_a_word_for_one() -> None:
    several = ("parcels", "packages", "deliveries", "boxes", "pallets", "users")

    assert [one_of(each) for each in several] == ["parcel", "package", "delivery", "box", "pallet", "user"]
