"""The form on paper has the fields of the workbook of records, by the same names."""

import pytest

from kpibook.base.words import LANGUAGES, words
from kpibook.exchange.record_sheets.columns import PLANS, RESULTS, choice_word
from kpibook.model import Answer, Cause

BESIDE = ("plan", "person", "name", "indicator", "target")
"""What the workbook knows of a plan that paper says elsewhere: whose card it is, and the target beside the gap."""
SAID = ("summary", "opinion")
"""What paper has a box for."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_on_paper_has_the_columns_of_the_sheet(language: str) -> None:
    say = words(language)
    labels = ("what", "gap", "action", "help", "owner", "due", "state", "checked", "check")

    heads = [PLANS.title(column, say) for column in PLANS.columns if column.name not in BESIDE]

    assert [say(f"cards.label.plan_{label}") for label in labels] == heads


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_to_fill_in_has_the_fields_of_the_sheet(language: str) -> None:
    say = words(language)
    line = say("cards.form.reply", number="")
    given = ("person", "name", "total", "grade", *SAID)

    heads = [RESULTS.title(column, say) for column in RESULTS.columns if column.name not in given]

    assert [head for head in heads if head not in line] == []
    choices = (Answer.CONFIRMED, Answer.DISAGREES, Answer.REFUSED, *Cause)
    assert [choice for choice in choices if f"□ {choice_word(choice, say)}" not in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_opinions_are_called_the_same_on_card_sheet_and_form(language: str) -> None:
    say = words(language)
    heads = [RESULTS.title(column, say) for column in RESULTS.columns if column.name in SAID]

    assert [say("cards.label.manager_review"), say("cards.form.person.self")] == heads
    assert all(say(f"cards.follow.{name}", text="").startswith(head) for name, head in zip(SAID, heads, strict=True))
