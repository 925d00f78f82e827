"""Every word that the generator adds comes from one place."""

from pathlib import Path

import pytest

import kpibook.base.words
from kpibook.base.words import APART, LANGUAGES, Words, words


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "xx"
    folder.mkdir()
    monkeypatch.setattr(kpibook.base.words, "LOCALE", tmp_path)
    return folder


def test_values_fill_the_names_in_a_text() -> None:
    say = Words("zh", {"card.total": "{name}共得 {points} 分"})

    assert say("card.total", name="林晓", points="88.5") == "林晓共得 88.5 分"


def test_a_word_follows_the_number_that_it_counts() -> None:
    say = Words("en", {"left": "{count} {count:thing is|things are} left of {all}"})

    assert say("left", count=1, all=3) == "1 thing is left of 3"
    assert say("left", count=2, all=3) == "2 things are left of 3"
    assert say("left", count="0", all="{count:a|b}") == "0 things are left of {count:a|b}"
    assert say("left", count="+1", all=3) == "+1 thing is left of 3"
    assert say("left", count="\u22121", all=3) == "\u22121 thing is left of 3"
    assert say("left", count="-11", all=3) == "-11 things are left of 3"


def test_a_text_without_values_stays_as_it_is() -> None:
    say = Words("en", {"card.note": "braces {stay}"})

    assert say("card.note") == "braces {stay}"


def test_a_value_with_braces_stays_text() -> None:
    say = Words("en", {"card.note": "note: {note}"})

    assert say("card.note", note="{0.__class__}") == "note: {0.__class__}"
    assert say("card.note", note="%(note)s 100%") == "note: %(note)s 100%"


def test_a_text_may_hold_signs_of_per_cent_and_braces_of_its_own() -> None:
    say = Words("en", {"card.done": "{{done}} {share}% of 100%"})

    assert [say("card.done", share=share) for share in (5, "6")] == ["{done} 5% of 100%", "{done} 6% of 100%"]


def test_a_number_may_have_a_form() -> None:
    say = Words("en", {"period": "{year}-{number:02}"})

    assert [say("period", year=2026, number=number) for number in (5, 11)] == ["2026-05", "2026-11"]


def test_an_unknown_key_is_refused() -> None:
    say = Words("en", {"card.note": "note"})

    with pytest.raises(KeyError, match=r"card\.total"):
        say("card.total")


def test_keys_can_be_asked_for() -> None:
    say = Words("en", {"b": "2", "a": "1"})

    assert "a" in say
    assert "c" not in say
    assert list(say.keys()) == ["b", "a"]


def test_nested_keys_of_all_files_are_joined_by_dots(locale: Path) -> None:
    (locale / "a.yml").write_text("problems:\n  bad-row:\n    message: 坏行\n", encoding="utf-8")
    (locale / "b.yml").write_text("problems:\n  bad-cell:\n    message: 12\n", encoding="utf-8")

    say = words.__wrapped__("xx")

    assert list(say.keys()) == ["problems.bad-row.message", "problems.bad-cell.message"]
    assert say("problems.bad-cell.message") == "12"


def test_a_key_in_two_files_is_refused(locale: Path) -> None:
    (locale / "a.yml").write_text("card: {total: Total}", encoding="utf-8")
    (locale / "b.yml").write_text("card: {total: Sum}", encoding="utf-8")
    say = words.__wrapped__("xx")

    with pytest.raises(ValueError, match=r"b\.yml: card\.total stands in two locale files"):
        say("card.total")


def test_the_words_of_the_command_line_are_read_alone(locale: Path) -> None:
    (locale / "cli").mkdir()
    (locale / "cli" / "cli.yml").write_text("cli: {usage: Usage}", encoding="utf-8")
    (locale / "a.yml").write_text("{", encoding="utf-8")

    assert words.__wrapped__("xx")("cli.usage") == "Usage"


@pytest.mark.parametrize("first", APART)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_apart_is_all_there_is_of_it(language: str, first: str) -> None:
    everything = kpibook.base.words._read_below(kpibook.base.words.LOCALE / language)
    apart = words.__wrapped__(language)

    texts = {key: text for key, text in everything.items() if key.startswith(f"{first}.")}

    assert texts
    assert {key: apart(key) for key in texts} == texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_read_once(language: str) -> None:
    assert words(language) is words(language)
    assert words(language).language == language
