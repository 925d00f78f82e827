"""One word for one thing in each language: what a word has been replaced by is not said by the old word again."""

from pathlib import Path

import pytest

from kpibook.base.words import words
from sources import PACKAGE, ROOT

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
        "未关闭": "未结束",
        "关闭后": "公布后",
        "答复": "回复",
        "谈话": "面谈",
        "评价人": "评分人",
        "员工编号": "工号",
        "人员名单": "花名册",
        "再次申诉": "申请复议",
        "客观原因": "客观条件",
        "自身原因": "个人努力",
        "未达标": "没达标",
        "人力行政": "行政人事",
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


OF_OURS: dict[str, dict[str, str]] = {"zh": {"主管": "直接上级", "完成率": "达成率"}, "en": {}}
"""Words that companies have in names of posts and indicators, and that we say otherwise."""

UNDERSTOOD = ("importing.word.", "importing.header.", "importing.money.", "importing.relation.", "lint.synonyms")
"""Words that suppliers write and the program understands: nobody reads them here."""


@pytest.mark.parametrize("language", REPLACED)
def test_no_text_says_a_word_that_was_replaced(language: str) -> None:
    say = words(language)
    keys = tuple(say.keys())

    found = {
        f"{key}: {old}, say {new}"
        for key in keys
        if not key.startswith(("plausible.", *UNDERSTOOD))
        for old, new in (REPLACED[language] | OF_OURS[language]).items()
        if old.casefold() in say(key).casefold()
    }

    assert not found


def test_no_head_of_a_table_is_half_a_question() -> None:
    say = words("zh")

    keys = tuple(say.keys())

    assert [key for key in keys if ".label." in key and say(key) in ("谁的", "谁", "哪个")] == []


WRITTEN = (
    ROOT / "README.zh.md",
    *sorted((PACKAGE / "templates").rglob("zh/**/*.md")),
    *sorted((ROOT / "handbook" / "pages" / "policies").glob("*.md")),
)
"""What people read beside the pages: the manual, what a new company begins with, the sample's policies."""


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_what_people_read_beside_the_pages_says_the_same_words(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert not {old: new for old, new in REPLACED["zh"].items() if old in text}


@pytest.mark.parametrize(
    ("key", "sought"),
    [
        ("handbook.gates", ("gate", "veto", "cap")),
        ("handbook.extras_about", ("bonus", "penalty")),
        ("handbook.file.gate.title", ("veto", "cap")),
        ("handbook.file.extra.title", ("bonus", "penalty")),
    ],
)
def test_pages_say_the_words_by_which_they_are_sought(key: str, sought: tuple[str, ...]) -> None:
    text = words("en")(key).casefold()

    assert [word for word in sought if word not in text] == []
