"""Conditions over what is written as a word or a day: they say what it counts, in both languages."""

from kpibook.model import Catalog
from kpibook.reading.catalog.word_units import use_word_units
from kpibook.scoring.explain import rule_sentence, total_lines
from making import catalog, indicator, item, measure, role
from one_card import EN, POINTS, ZH, one


def company(language: str) -> Catalog:
    measures = {
        "passed": measure("passed", name="年审", unit="合格/不合格", kind="yes_no"),
        "handed": measure("handed", name="月报", unit="天", kind="date", due_after=5),
    }
    use_word_units(measures, {}, language)
    rated = item("x", 100, POINTS, exempt={"when": "handed > 3"})
    gates = [{"when": "passed == 0", "total_at_most": 59}, {"when": "department.handed > 9", "total_at_most": 50}]
    return catalog([role("clerk", [rated], gates=gates)], [indicator("x")], measures.values())


def test_a_condition_says_what_a_word_and_a_day_count() -> None:
    chinese, english = company("zh"), company("en")
    numbers = {("E1", "x"): 90, ("E1", "passed"): 0, ("E1", "handed"): 3}

    [mine], [theirs] = chinese.roles["clerk"].items, english.roles["clerk"].items
    lines = total_lines(one(chinese, numbers), chinese, ZH)
    others = total_lines(one(english, numbers), english, EN)

    assert "“月报晚的天数 > 3”时本项不适用" in rule_sentence(mine, chinese, ZH)
    assert "Where days that 月报 is late > 3, the item" in rule_sentence(theirs, english, EN)
    assert any(line.startswith("年审（合格为 1，不合格为 0） = 0：总分 90.0") for line in lines)
    assert any(line.startswith("年审 (合格 is 1, 不合格 is 0) = 0: the total 90.0") for line in others)
