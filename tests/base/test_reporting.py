"""Problems in each output format."""

import json

from kpibook.base.problems import Level, Place, Problem
from kpibook.base.reporting import FORMATS, RANGES, SHOWN, as_json, as_text
from kpibook.base.words import Words, words

SAY = Words(
    "en",
    {
        "problems.weights-total.message": "weights of {role} add up to {total}, not 100",
        "problems.weights-total.hint": "change one of its weights",
        "problems.odd-name.message": "100% odd, a:b",
        "problems.odd-name.hint": "rename it",
    },
)
ENGLISH = words("en")
WEIGHTS = Problem("weights-total", Place("handbook/roles/presales.yml", 14, 3), {"role": "presales", "total": "90"})
ODD = Problem("odd-name", Place("handbook/a,b:c.yml"), level=Level.WARNING)
CELL = Problem("odd-name", Place("scorecards/2026-10/actuals/hr.xlsx", cell="Sheet1!B7"), level=Level.NOTE)


def told(name: str, *problems: Problem) -> str:
    return "\n".join(FORMATS[name](problems, SAY))


def test_text_names_place_level_message_code_and_hint() -> None:
    assert told("text", WEIGHTS, CELL) == (
        "handbook/roles/presales.yml:14:3: error: weights of presales add up to 90, not 100 [weights-total]\n"
        "    hint: change one of its weights\n"
        "scorecards/2026-10/actuals/hr.xlsx!Sheet1!B7: note: 100% odd, a:b [odd-name]\n"
        "    hint: rename it"
    )


def test_json_has_every_part_of_every_problem() -> None:
    assert json.loads(told("json", WEIGHTS)) == [
        {
            "file": "handbook/roles/presales.yml",
            "line": 14,
            "column": 3,
            "cell": "",
            "level": "error",
            "code": "weights-total",
            "message": "weights of presales add up to 90, not 100",
            "hint": "change one of its weights",
        }
    ]


def test_json_of_no_problems_is_an_empty_list() -> None:
    assert json.loads(told("json")) == []


def test_github_escapes_what_its_workflow_commands_would_read() -> None:
    assert told("github", WEIGHTS, ODD) == (
        "::error file=handbook/roles/presales.yml,line=14,col=3,title=weights-total"
        "::weights of presales add up to 90, not 100%0Achange one of its weights\n"
        "::warning file=handbook/a%2Cb%3Ac.yml,title=odd-name::100%25 odd, a:b%0Arename it"
    )


def test_gitlab_reports_have_a_path_a_line_and_a_fingerprint_of_their_own() -> None:
    first, second = json.loads(told("gitlab", WEIGHTS, ODD))

    assert first["location"] == {"path": "handbook/roles/presales.yml", "lines": {"begin": 14}}
    assert first["severity"] == "major"
    assert second["location"]["lines"] == {"begin": 1}
    assert first["fingerprint"] != second["fingerprint"]


def test_many_problems_of_a_kind_are_told_by_their_lines() -> None:
    lines = (*range(2, SHOWN + 2), 20_000, 20_001, 20_002, 20_005, 30_000)
    same = [Problem("bad-character", Place("a.csv", line, 1), {"found": "U+0001", "text": "x"}) for line in lines]
    other = Problem("bad-character", Place("b.csv", 7, 1), {"found": "U+0001", "text": "x"})

    told = list(as_text((*same, other), ENGLISH))

    assert len(told) == SHOWN + 2
    assert told[0] == same[0].text(ENGLISH)
    assert told[SHOWN - 1] == same[SHOWN - 1].text(ENGLISH)
    assert told[SHOWN] == (
        "a.csv: error: 5 more of the same in lines 20000-20002, 20005, 30000; each of them: check with --format json, "
        "after an import set-aside.csv [bad-character]"
    )
    assert told[-1] == other.text(ENGLISH)
    assert next(as_json((*same, other), ENGLISH)).count('"code": "bad-character"') == len(lines) + 1


def test_lines_far_apart_are_named_up_to_a_bound() -> None:
    values = {"found": "U+0001", "text": "x"}
    same = [Problem("bad-character", Place("a.csv", 2 * line), values) for line in range(SHOWN + 300)]

    *_, last = as_text(same, ENGLISH)

    assert "300 more" in last
    assert f"{2 * (SHOWN + RANGES - 1)} …;" in last
