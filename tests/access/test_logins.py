"""A login names one folder, and no login names another's."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpibook.access import folder_name, login_of
from kpibook.access.logins import is_plain, login_key
from making import person

ODD = [
    *("", ".", "..", "con/..", "a/b", "a\\b", "CORP\\li", "Li", "张三", "a b", "a\n", "a..b", "a.", "a@", "-a", "_a"),
    *(".a", "@a", "a" * 65, "aé", "a\0", "u-a/../u-b", "%2e%2e", "$v", "~^a", "a;b", "a.-b"),
]


@pytest.mark.parametrize("login", ["hy001", "li.lei", "li@corp.example", "a", "a" * 64, "0_-", "con", "nul"])
def test_a_plain_login_names_its_folder(login: str) -> None:
    assert folder_name(login) == f"u-{login}"


@pytest.mark.parametrize("login", ODD, ids=ascii)
def test_any_other_login_is_hashed(login: str) -> None:
    folder = folder_name(login)

    assert not is_plain(login)
    assert folder.startswith("h-")
    assert len(folder) == 34
    assert set(folder[2:]) <= set("0123456789abcdef")


def test_the_hash_is_that_of_the_composed_name() -> None:
    assert folder_name("张三") == "h-1d841bc0ee98309cb7916670b7f0fdef"
    assert folder_name(unicodedata.normalize("NFD", "José")) == folder_name("José")


@given(st.text(max_size=70), st.text(max_size=70))
def test_two_logins_that_differ_have_two_folders(one: str, other: str) -> None:
    composed = unicodedata.normalize("NFC", one), unicodedata.normalize("NFC", other)

    assert (folder_name(one) == folder_name(other)) is (composed[0] == composed[1])


def test_the_login_is_the_id_in_small_letters_unless_the_roster_says_otherwise() -> None:
    assert login_of(person("HY001")) == "hy001"
    assert login_of(person("HY001", login="li.lei")) == "li.lei"


def test_logins_are_compared_without_case_and_however_they_are_composed() -> None:
    assert login_key("JOSÉ") == login_key(unicodedata.normalize("NFD", "José"))
    assert login_key("Straße") == login_key("STRASSE")
