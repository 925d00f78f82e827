"""How a name sounds: typed in whole syllables, looked up under a letter."""

import pytest

from kpibook.pages.pinyin import letter, syllables


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("店长", "dian zhang"),
        ("转化率", "zhuan hua lv"),
        ("增长率（ROI）与重庆", "zeng zhang lv roi yu chong qing"),
        ("Sales 2026", "sales 2026"),
        ("—", ""),
    ],
)
def test_a_name_is_spelled_in_syllables(name: str, sound: str) -> None:
    assert " ".join(syllables(name)) == sound


@pytest.mark.parametrize(
    ("name", "sign"), [("店长", "D"), ("ROI", "R"), ("（客单价）", "K"), ("5S 检查", "#"), ("—", "#")]
)
def test_a_name_is_looked_up_under_a_letter(name: str, sign: str) -> None:
    assert letter(name) == sign
