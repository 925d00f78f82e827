"""Whom a text means."""

import pytest

from kpibook.base.persons import is_person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E-01", True),
        ("e-01", True),
        ("李　二", True),
        ("李二（E-01）", True),
        ("Ｅ-01 李二", True),
        ("E01", False),
        ("李二三", False),
        ("总经理", False),
        ("", False),
    ],
)
def test_a_person_is_meant_by_id_by_name_or_by_both(text: str, *, expected: bool) -> None:
    assert is_person(text, "E-01", "李二") is expected
