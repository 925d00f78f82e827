"""What the YAML parser stumbles over, told so that whoever wrote the line can mend it."""

import yaml

from kpibook.base.problems import Place, Problem

_CODES = (
    ("mapping values are not allowed", "colon-in-text", False),
    ("cannot start any token", "odd-start", False),
    ("could not find expected ':'", "colon-missing", True),
    ("did not find expected ',' or", "bracket-open", True),
    ("found unexpected end of stream", "quote-open", True),
    ("found unexpected document indicator", "quote-open", True),
    ("did not find expected alphabetic", "odd-start", True),
    ("did not find expected whitespace", "odd-start", True),
    ("found undefined tag handle", "odd-start", True),
    ("block sequence entries are not allowed", "list-here", False),
    ("escape", "bad-escape", False),
    ("did not find expected key", "bad-indentation", False),
    ("did not find expected '-' indicator", "bad-indentation", False),
)
"""Part of the parser's own words, our code, and whether the cause stands where the construct began."""


def syntax_problem(error: yaml.YAMLError, lines: list[str], name: str) -> Problem:
    """The parser's error as a problem at the place where a person has to look."""
    words = getattr(error, "problem", None) or str(error).partition("\n")[0]
    mark = getattr(error, "problem_mark", None)
    for part, code, is_at_begin in _CODES:
        if part in words:
            cause = (getattr(error, "context_mark", None) or mark) if is_at_begin else mark
            return _problem(code, cause, mark, lines, name)
    return Problem("yaml-syntax", _place(mark, name), {"reason": words})


def is_consequence(problem: Problem, syntax: Problem) -> bool:
    """Whether a text only runs over several lines because a bracket before it was not closed."""
    return (
        problem.code == "multi-line-text"
        and syntax.code == "bracket-open"
        and problem.values["line"] == syntax.values["line"]
    )


def _problem(code: str, cause: yaml.Mark | None, mark: yaml.Mark | None, lines: list[str], name: str) -> Problem:
    place = _place(cause, name)
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    before, after = line[: place.column - 1], line[place.column - 1 :]
    if code == "bad-indentation" and before.strip(" -"):
        code = "text-after-value"
    values = {"text": line.strip()[:60], "character": after[:1], "rest": after.strip()[:40]}
    return Problem(code, place, {**values, "line": _place(mark, name).line})


def _place(mark: yaml.Mark | None, name: str) -> Place:
    return Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
