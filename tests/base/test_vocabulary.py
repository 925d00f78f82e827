"""One word for one thing in each language: what a word has been replaced by is not said by the old word again."""

import pytest

from kpibook.base.words import words

REPLACED = {
    "zh": {
        "上司": "上级",
        "已关闭": "已结束",
        "汇报路线": "向谁汇报",
        "归口": "负责",
        "成绩单": "考核表",
        "计分卡": "考核表",
        "指标库": "KPI 词典",
        "打分人": "评分人",
        "一览表": "一览",
        "CNY": "元，或 ¥",
    },
    "en": {
        "supervisor": "superior",
        "boss": "superior",
        "metric": "measure or indicator",
        "score card": "scorecard",
        "evaluation": "appraisal",
        "assessment": "appraisal",
        "job description": "role",
        "CNY": "¥",
    },
}
"""By the word that is gone, the one that is said."""


UNDERSTOOD = ("importing.word.", "importing.header.", "importing.money.")
"""Words that suppliers write and the program understands: nobody reads them here."""


@pytest.mark.parametrize("language", REPLACED)
def test_no_text_says_a_word_that_was_replaced(language: str) -> None:
    say = words(language)
    keys = tuple(say.keys())

    found = {
        f"{key}: {old}, say {new}"
        for key in keys
        if not key.startswith(("plausible.", *UNDERSTOOD))
        for old, new in REPLACED[language].items()
        if old.casefold() in say(key).casefold()
    }

    assert not found
