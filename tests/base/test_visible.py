"""Characters that nobody sees are shown wherever a message quotes them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.problems import Place, Problem
from kpibook.base.reporting import FORMATS
from kpibook.base.visible import visible, visible_lines
from kpibook.base.words import words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\u001b[2J"),
        ("\x07", "\\u0007"),
        ("a\nb\tc\r", "a\\u000ab\\u0009c\\u000d"),
        ("\x9b2J", "\\u009b2J"),
        ("\u202etxt\u202c", "\\u202etxt\\u202c"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("张三·Ann 85％", "张三·Ann 85％"),
    ],
)
def test_what_steers_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_lines_and_tabs_of_a_layout_stay() -> None:
    assert visible_lines("a\n\tb\r\x1b") == "a\n\tb\\u000d\\u001b"


@given(st.text(st.characters(codec=None)))
def test_every_text_becomes_printable_in_utf_8(text: str) -> None:
    visible(text).encode("utf-8")
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in visible(text))


@pytest.mark.parametrize("style", list(FORMATS))
def test_no_format_of_problems_carries_a_control(style: str) -> None:
    hostile = "\x1b[2J\u202e\nscorecards/a.csv:1:1: error: forged"
    problem = Problem("cell-not-a-number", Place(hostile, 2, 3), {"column": "actual", "text": hostile})

    told = visible_lines("\n".join(FORMATS[style]([problem], words("zh"))))

    assert told.isprintable() or set(told) - set("\n") == {c for c in told if c.isprintable()}
    assert "\\u001b" in told
    if style == "text":
        assert told.count("\n") == 1
    if style in ("json", "gitlab"):
        json.loads(told)
