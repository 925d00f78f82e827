"""How a problem reads, and in which order problems are told."""

import pytest

import kpibook.base.problems
from kpibook.base.problems import NOWHERE, Level, Place, Problem, has_errors, in_order
from kpibook.base.words import Words

SAY = Words(
    "en",
    {
        "problems.weights-total.message": "weights of {role} add up to {total}, not 100",
        "problems.weights-total.hint": "change one of its weights by {missing}",
    },
)
AT = Place("handbook/roles/presales.yml", 14, 3)


def weights(place: Place = AT, *, total: str = "90", level: Level = Level.ERROR) -> Problem:
    return Problem("weights-total", place, {"role": "presales", "total": total, "missing": "+10"}, level)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kpibook.base.problems, "words", lambda _: SAY)


def test_a_problem_names_place_level_message_code_and_hint() -> None:
    assert weights().text(SAY) == (
        "handbook/roles/presales.yml:14:3: error: weights of presales add up to 90, not 100 [weights-total]\n"
        "    hint: change one of its weights by +10"
    )


@pytest.mark.usefixtures("english")
def test_a_problem_as_text_is_english() -> None:
    assert str(weights()) == weights().text(SAY)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("handbook/company.yml"), "handbook/company.yml"),
        (Place("handbook/company.yml", 3, 7), "handbook/company.yml:3:7"),
        (Place("scorecards/2026-10/people.xlsx", 4, 2, "Sheet1!B4"), "scorecards/2026-10/people.xlsx!Sheet1!B4"),
        (NOWHERE, ""),
    ],
)
def test_a_place_reads_as_editors_and_spreadsheets_write_it(place: Place, text: str) -> None:
    assert str(place) == text


def test_only_an_error_stops_the_publication() -> None:
    assert has_errors([weights(level=Level.WARNING), weights()])
    assert not has_errors([weights(level=Level.WARNING), weights(level=Level.NOTE)])
    assert not has_errors([])


def test_problems_are_told_by_file_line_and_column() -> None:
    later = weights(Place("handbook/roles/presales.yml", 100, 1))
    earlier = weights(Place("handbook/roles/presales.yml", 14, 9))
    other = weights(Place("handbook/company.yml", 200, 1))

    assert in_order([later, earlier, weights(), other]) == (other, weights(), earlier, later)


def test_the_same_problem_is_told_once() -> None:
    assert in_order([weights(), weights(total="80"), weights()]) == (weights(total="80"), weights())
