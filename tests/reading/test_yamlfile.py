"""The strict YAML profile: texts stay texts, everything has its place, and all faults are told at once."""

import os
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpibook.base.entry import Located, LocatedList
from kpibook.base.problems import Place
from kpibook.reading.yamlfile import MAX_BYTES, characters, read_bytes, read_yaml, strictness


def a_mapping(text: str) -> Located:
    value, problems = read_bytes(text.encode(), "x.yml")
    assert not problems
    assert isinstance(value, Located)
    return value


def faults(text: str | bytes) -> list[str]:
    _, problems = read_bytes(text if isinstance(text, bytes) else text.encode(), "x.yml")
    return [f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in problems]


@pytest.mark.parametrize(
    "text", ["NO", "on", "y", "007", "0123", "0o7", "0x1F", "12:30", "1:30:00", "1e3", "1_000", "10.10", ".inf"]
)
def test_a_plain_scalar_stays_the_text_it_is(text: str) -> None:
    value = a_mapping(f"key: {text}\n")

    assert value == {"key": text}


def test_nothing_is_none_and_an_empty_text_is_a_text() -> None:
    value = a_mapping("nothing:\nempty: ''\ntilde: ~\n")

    assert value == {"nothing": None, "empty": "", "tilde": "~"}


def test_keys_values_and_items_know_their_places() -> None:
    value = a_mapping("名称: 1\n".replace("名称", "name") + "list:\n  - a\n  - {b: 中文, c: 'd'}\n")

    assert value.place == Place("x.yml", 1, 1)
    assert value.keys_at["list"] == Place("x.yml", 2, 1)
    assert value.values_at["name"] == Place("x.yml", 1, 7)
    items = value["list"]
    assert isinstance(items, LocatedList)
    assert items.values_at == [Place("x.yml", 3, 5), Place("x.yml", 4, 5)]
    assert items[1].values_at["c"] == Place("x.yml", 4, 16)
    assert items[1].texts_at == {"c.text": Place("x.yml", 4, 17)}


def test_a_block_text_knows_where_its_first_line_begins() -> None:
    value = a_mapping("formula: |\n    a + b\n    + c\n")

    assert value["formula"] == "a + b\n+ c\n"
    assert value.texts_at["formula.text"] == Place("x.yml", 2, 5)


@pytest.mark.parametrize("text", ["", "# nur Kommentar\n", "---\n", "\ufeff"])
def test_an_empty_file_is_nothing(text: str) -> None:
    assert read_bytes(text.encode(), "x.yml") == (None, ())


@pytest.mark.parametrize("text", ["\ufeffa: 1\r\nb: 2\r\n", "a: 1\nb: 2", "--- \na: 1\nb: 2\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_accepted(text: str) -> None:
    assert a_mapping(text) == {"a": "1", "b": "2"}


def test_every_odd_character_of_a_file_is_told() -> None:
    text = "a:\tb\nc: d\x07e\n\u00a0f: g\nh：i\nj: k\u2066l\nm: n\ro\np:q\n"

    assert faults(text) == [
        "1:3 tab",
        "2:5 control-code",
        "3:1 odd-space",
        "4:2 full-width-colon",
        "5:5 bidi-character",
        "6:5 odd-line-break",
        "7:2 no-space-after-colon",
    ]


def test_the_same_fault_is_told_once_for_each_line() -> None:
    assert faults("a: \u202e\u202e\nb: \u202e\n") == ["1:4 bidi-character", "2:4 bidi-character"]


def test_other_faults_beside_odd_characters_are_told_too() -> None:
    assert faults("a: 1\u202e\na: 2\nb： 3\nb: &x 4\n") == [
        "1:5 bidi-character",
        "3:2 full-width-colon",
        "2:1 duplicate-key",
        "4:1 duplicate-key",
        "4:4 anchor",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "note: |\n  目标：销售\n  name：不是键\n  \u3000\u3000缩进\n\nname: x\n",
        "list:\n  - |\n    name：不是键\n  - note: |-\n      a:b\n",
        "link: https://example.org/a\n",
        "time: a:b\n",
        "list:\n  - 12:30\n  - a:b\n",
    ],
)
def test_prose_may_hold_what_keys_may_not(text: str) -> None:
    assert faults(text) == []


def test_a_block_text_ends_where_its_indentation_does() -> None:
    assert faults("list:\n  - note: |\n      prose\n    name：x\n") == ["4:9 full-width-colon"]


def test_indentation_that_was_guessed_is_not_held_against_the_next_lines() -> None:
    assert faults("a:\n\tb: 1\n   c: 2\n") == ["2:1 tab"]


def test_a_carriage_return_in_a_line_is_not_a_windows_line_end() -> None:
    assert faults("a: b\rc\r\n") == ["1:5 odd-line-break"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n  b: 2\n", ["1:4 multi-line-text"]),
        ("a: [1, 2\nb: 3\n", ["1:4 bracket-open"]),
        ("a: [1,\n  2 3\n  4]\n", ["2:3 multi-line-text"]),
        ("a: >\n  one line\n", []),
        ("a: >\n  two lines\n  of English\n", []),
        ("a: C #lang\nb: 12 #x\nc: 1 # y\nd: x #!z\n", ["1:4 text-after-hash"]),
        ("? {a: 1}\n: b\nc: 1\n", ["1:3 complex-key"]),
        ("? *a\n: b\n", ["1:3 alias"]),
        ("- *a\n- &b c\n", ["1:3 alias", "2:3 anchor"]),
        ("a: 1\n...\nb: 2\n", ["2:1 several-documents"]),
        ("a: 1\n---\nb: 2\n", ["2:1 several-documents"]),
        ("just text\n", ["1:1 only-text"]),
        ("'<<': {a: 1}\n", ["1:1 merge-key"]),
        ("{a: 1}}\n", ["1:7 yaml-syntax"]),
        ("a: !重点 x\n", ["1:4 odd-start"]),
        ("a: !x!y z\n", ["1:4 odd-start"]),
        ("a: %x\n", ["1:4 odd-start"]),
        ("1: a\n'1': b\n", ["2:1 duplicate-key"]),
        ('a: "open\n---\nb: 1\n', ["1:4 quote-open"]),
        ("a: 'it''s' fine\n", ["1:12 text-after-value"]),
        ("- a\nb: 1\n", ["2:1 bad-indentation"]),
    ],
)
def test_a_fault_of_syntax_is_told_where_its_cause_stands(text: str, expected: list[str]) -> None:
    assert faults(text) == expected


def test_what_stands_before_a_fault_of_syntax_is_kept_and_marked_as_cut() -> None:
    value, _ = read_bytes(b"a: {b: 1}\nc: {d: 1, e: @}\nf: 1\n", "x.yml")

    assert value == {"a": {"b": "1"}, "c": {"d": "1"}}
    assert isinstance(value, Located)
    assert (value.is_cut, value["a"].is_cut, value["c"].is_cut) == (True, False, True)


def test_a_gbk_file_is_guessed_and_read_on() -> None:
    value, problems = read_bytes("name: 电子商务部\nname: 二\n".encode("gbk"), "x.yml")

    assert value == {"name": "电子商务部"}
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [
        ("looks-like-gbk", 1, 7),
        ("duplicate-key", 2, 1),
    ]
    assert problems[0].values == {"byte": 7, "guess": "name: 电子商务部"}


def test_a_gbk_line_in_a_utf8_file_costs_the_file_but_is_shown() -> None:
    value, problems = read_bytes("a: 中\n".encode() + "b: 商务\n".encode("gbk") + "c: é\n".encode("latin-1"), "x.yml")

    assert value is None
    assert [(str(problem.place), problem.values) for problem in problems] == [
        ("x.yml:2:4", {"byte": 11, "guess": "b: 商务"})
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: \xff\xff\n", ["1:4 not-utf8"]),
        (b"a: \xed\xa0\x80\n", ["1:4 not-utf8"]),
        ("a: 1\n".encode("utf-16"), ["0:0 looks-like-utf16"]),
        ("a: 1\n".encode("utf-16-be"), ["1:1 control-code"]),
    ],
)
def test_other_encodings_are_refused(data: bytes, expected: list[str]) -> None:
    assert faults(data)[:1] == expected


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 20_000, "[" * 500 + "]" * 500])
def test_deep_nesting_is_refused(text: str) -> None:
    found = faults(text)

    assert [fault.split()[1] for fault in found] == ["too-deep"]


def test_an_anchor_bomb_stays_small() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(9)
    )

    tracemalloc.start()
    found = faults(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found) == 10 + 27
    assert peak < 5_000_000


def test_a_file_with_too_many_values_is_refused() -> None:
    found = faults("- a\n" * 200_001)

    assert [fault.split()[1] for fault in found] == ["too-many-values"]


def test_a_file_of_20_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yml"
    path.write_bytes(b"a: 1\n" * 4_000_000)

    value, problems = read_yaml(path, "big.yml")

    assert value is None
    assert [problem.values for problem in problems] == [{"size": 20_000_000, "limit": MAX_BYTES}]


def test_a_missing_file_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")

    missing = read_yaml(tmp_path / "none.yml", "none.yml")
    pipe = read_yaml(tmp_path / "pipe.yml", "pipe.yml")

    assert str(missing[1][0]).startswith(
        "none.yml: error: the file cannot be read (No such file or directory) [unreadable-file]"
    )
    assert str(pipe[1][0]).startswith("pipe.yml: error: this is no ordinary file [not-a-file]")


@given(st.text(alphabet=st.sampled_from(list("ab:-# \n\t[]{}'\"|>&*!%@,?：\u3000\u202e\ufeff\r\\中1")), max_size=60))
@settings(max_examples=400, deadline=None)
def test_no_text_at_all_makes_reading_fail(text: str) -> None:
    value, problems = read_bytes(text.encode(), "x.yml")

    assert value is None or isinstance(value, Located | LocatedList)
    assert all(str(problem) for problem in problems)


PIECES = (
    *"a:# -|>?\"'[]{}，：é\t\r\n\u00a0\u3000\ufeff\u202e\x00\x9b\ufffd\u200b\u2028\xad",
    "key: ",
    "- ",
    "\r\n",
    "a：",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=500, deadline=None)
def test_a_first_look_at_a_file_overlooks_nothing_that_is_told(text: str) -> None:
    told = characters.scan(text, "x.yml")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(characters, "_may_be_odd", lambda text: True)
        assert told == characters.scan(text, "x.yml")
        patch.setattr(strictness, "_MAY_BE_GLUED", re.compile(""))
        thorough = read_bytes(text.encode(), "x.yml")
    assert read_bytes(text.encode(), "x.yml") == thorough


def test_every_character_that_is_told_is_seen_at_the_first_look() -> None:
    for number in (*range(0xD800), *range(0xE000, 0x11000)):
        text = f"a: x{chr(number)}y\n"
        if characters.scan(text, "x.yml").problems:
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(characters, "_may_be_odd", lambda text: True)
            assert not characters.scan(text, "x.yml").problems, number


@given(st.binary(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_bytes_at_all_make_reading_fail(data: bytes) -> None:
    _, problems = read_bytes(data, "x.yml")

    assert all(str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("escape", "code", "character"),
    [
        ("\\x1b", "control-code", "U+001B"),
        ("\\u202E", "bidi-character", "U+202E"),
        ("\\x9b", "control-code", "U+009B"),
        ("\\uFEFF", "bom-inside", "U+FEFF"),
        ("\\r", "odd-line-break", "U+000D"),
    ],
)
def test_an_escape_brings_in_nothing_that_a_file_must_not_hold(escape: str, code: str, character: str) -> None:
    _, problems = read_bytes(f'a: "x{escape}y"\nb: "\\t\\n"\n'.encode(), "x.yml")

    assert [(each.code, str(each.place), each.values) for each in problems] == [
        (code, "x.yml:1:4", {"character": character})
    ]
