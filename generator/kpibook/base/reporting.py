"""How problems are told: as text, as JSON, or as annotations of a code review; and what a log leaves out."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from kpibook.base.problems import Level, Problem
from kpibook.base.visible import visible
from kpibook.base.words import Words

ProblemReport = Callable[[Sequence[Problem], Words], Iterator[str]]

SHOWN = 10_000
"""So many problems of the same code in a file are told one by one; a file that is no table at all would fill a disk."""
RANGES = 200
"""So many ranges of lines are named for the others."""

WITHHELD = "…"
"""Stands in a log for every value that may come from a person's file."""

_SEVERITY = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTE: "info"}
_ANNOTATION = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def is_log() -> bool:
    """Whether what is printed is kept where many read it: a run of a CI, as every host of one says."""
    return bool(os.environ.get("CI"))


def without_values(problem: Problem) -> Problem:
    """A problem as a log tells it: code, file, line, column; its values only where they come from no person's file.

    Values are taken out whole, wherever they came from, unless the problem was found without such a file. So is the
    name of a sheet, which is text of the file, too.
    """
    if problem.is_public:
        return problem
    cell = problem.place.cell.rpartition("!")[2]
    values = dict.fromkeys(problem.values, WITHHELD)
    return replace(problem, place=problem.place._replace(cell=cell), values=values)


def as_text(problems: Iterable[Problem], say: Words) -> Iterator[str]:
    """`file:line:column: level: message [code]` and the hint on a line of its own.

    Of very many problems of the same code in a file only the lines of the rest are told, and how many there are.
    """
    for file, found in groupby(problems, key=lambda problem: problem.place.file):
        count, rest = Counter[str](), dict[str, list[Problem]]()
        for problem in found:
            count[problem.code] += 1
            if count[problem.code] <= SHOWN:
                yield problem.text(say)
            else:
                rest.setdefault(problem.code, []).append(problem)
        for code, more in rest.items():
            values = {"file": visible(file), "count": f"{len(more):,}", "lines": _lines(more), "code": code}
            yield f"{visible(file)}: {more[0].level}: {say('cli.more_alike', **values)} [{code}]"


def _lines(problems: Iterable[Problem]) -> str:
    """Their lines, those that follow each other as a range."""
    lines = sorted({problem.place.line for problem in problems})
    runs = list[list[int]]()
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    named = (str(first) if first == last else f"{first}-{last}" for first, last in runs[:RANGES])
    return ", ".join(named) + (" …" if len(runs) > RANGES else "")


def as_json(problems: Sequence[Problem], say: Words) -> Iterator[str]:
    """One JSON list of objects with file, line, column, cell, level, code, message and hint."""
    yield _dump(
        [
            {
                **problem.place._asdict(),
                "level": problem.level.value,
                "code": problem.code,
                "message": problem.message(say),
                "hint": problem.hint(say),
            }
            for problem in problems
        ]
    )


def as_github(problems: Sequence[Problem], say: Words) -> Iterator[str]:
    """Workflow commands that annotate the changed lines of a pull request on GitHub and Gitea."""
    for problem in problems:
        place = problem.place
        spot = f",line={place.line},col={place.column}" if place.line else ""
        head = f"::{_ANNOTATION[problem.level]} file={_property(place.file)}{spot},title={_property(problem.code)}"
        yield f"{head}::{_data(problem.message(say) + chr(10) + problem.hint(say))}"


def as_gitlab(problems: Sequence[Problem], say: Words) -> Iterator[str]:
    """A code quality report of GitLab: a JSON list whose fingerprints are stable from run to run."""
    seen = Counter[str]()
    yield _dump(
        [
            {
                "description": f"{problem.message(say)} {problem.hint(say)}",
                "check_name": problem.code,
                "fingerprint": _fingerprint(problem, seen),
                "severity": _SEVERITY[problem.level],
                "location": {"path": problem.place.file, "lines": {"begin": max(problem.place.line, 1)}},
            }
            for problem in problems
        ]
    )


FORMATS: dict[str, ProblemReport] = {"text": as_text, "json": as_json, "github": as_github, "gitlab": as_gitlab}
OF_REVIEWS = ("github", "gitlab")
"""Formats that a host shows to everybody who may see a change."""


def _fingerprint(problem: Problem, seen: Counter[str]) -> str:
    """Equal ones, whose values a log does not tell, are numbered: GitLab shows each fingerprint once."""
    identity = f"{problem.code} {problem.place} {dict(problem.values)}"
    seen[identity] += 1
    if seen[identity] > 1:
        identity += f" {seen[identity]}"
    return hashlib.sha256(identity.encode("utf-8")).hexdigest()[:32]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _data(text: str) -> str:
    # The escapes of GitHub's workflow commands.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
