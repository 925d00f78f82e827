"""Pages written by hand: read, and checked for what does not belong into them."""

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from kpibook.base.clashing_paths import clashing_paths, path_key
from kpibook.base.problems import Level, Place, Problem
from kpibook.pages import paths
from kpibook.reading.yamlfile import read_text

FOLDER = "pages"
OWN_FOLDERS = ("roles/", "sheets/", "indicators/", "departments/", "guide/", "assets/")
OWN_PAGES = (paths.HOME, paths.MEASURES, paths.ORGANISATION, paths.GRADES, paths.CALENDAR, paths.CHANGES, paths.LIBRARY)
OWN_KEYS = ("title", "description", "owner", "order", "task")
LONGEST_FRONT = 10_000
"""Characters of a front matter; four short settings take fewer by far."""
OPEN_BRACKETS = "prose-brackets"
MOST_OPEN = 40
"""So many brackets of a paragraph may stand open; what makes web pages takes their square in time."""
LAST = 10**6
"""The place of a page that names none, behind all that do."""

_FRONT = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r" *(?:[-*+>] +|[0-9]+[.)] +)*(`{3,}|~{3,})(.*)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_HEADING = re.compile(r"#[ \t]+(.+?)(?:[ \t]+#+)?(?:[ \t]*\{[^}]*\})?[ \t]*$")
_DEFINED = re.compile(r" {0,3}\[[^\]^][^\]]*")
_BLANK = "\ue000"
"""What stands for a character behind a backslash, so that places stay and no mark is read in it."""

_LOCAL = re.compile(rf"(?![\\/{_BLANK}]{{2}})(?![a-zA-Z][a-zA-Z0-9+.-]*:)|(?:mailto|tel):", re.ASCII)
_FOUND = re.compile(
    r"\](?:\(\s*<?|:\s*<?)(?P<target>[^\s)>]{1,2000})"
    r"|<(?P<auto>[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*)>"
    r"|(?P<tag><(?:[a-zA-Z/!?]))"
    r"|\{:?\s*(?P<attributes>[^{}\n]*=[^{}\n]*)\}"
)


def read_prose(folder: Path, name: str) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """The pages below `folder` by their path in it, places under `name`; a folder that is not there holds none.

    What cannot be read is a problem, and a file that is no page is named: it would not be published.
    """
    pages: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(each for each in folder.rglob("[!.]*") if not each.is_dir()):
        relative = path.relative_to(folder).as_posix()
        if path.suffix != ".md" or path.is_symlink():
            problems.append(Problem("prose-stray-file", Place(f"{name}/{relative}"), level=Level.WARNING))
            continue
        text, faults = read_text(path, f"{name}/{relative}")
        problems.extend(faults)
        if text is not None:
            pages[relative] = text.replace("\r\n", "\n")
    return pages, tuple(problems)


def is_prose(path: str) -> bool:
    """Whether the path of a page is free for pages written by hand."""
    return path not in OWN_PAGES and not path.startswith(OWN_FOLDERS)


def check_prose(prose: Mapping[str, str], folder: str) -> tuple[Problem, ...]:
    """What may not stand in a page: HTML, addresses of other hosts, attributes; and paths that are taken.

    `folder` is the name under which places name the handbook's folder.
    """
    alone = (each for path, text in prose.items() for each in _check(path, text, f"{folder}/{FOLDER}/{path}"))
    pairs = (
        Problem("prose-path-alike", Place(f"{folder}/{FOLDER}/{path}"), {"path": path, "other": other})
        for path, other in clashing_paths(prose)
    )
    return (*alone, *pairs)


def split_front_matter(text: str) -> tuple[Mapping[str, object] | None, str]:
    """The front matter and the page below it; None where it is not a mapping."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    try:
        front = yaml.safe_load((found[1] or "")[: LONGEST_FRONT + 1])
    except (yaml.YAMLError, ValueError, RecursionError):
        # A day that is none and a number of 5,000 digits are ValueErrors; thousands of brackets go too deep.
        front = ""
    if len(found[1] or "") > LONGEST_FRONT:
        front = ""
    return (front or {}) if isinstance(front, dict | None) else None, text[found.end() :]


def title_of(path: str, text: str) -> str:
    """The title of a page: that of its front matter, else its first heading, else its file's name."""
    front, body = split_front_matter(text)
    return str((front or {}).get("title") or "") or first_heading(body) or Path(path).stem


def place_of(text: str) -> int | None:
    """Where a page stands among those written by hand, by its `order`; None where that is no whole number."""
    front, _ = split_front_matter(text)
    order = (front or {}).get("order", LAST)
    return order if isinstance(order, int) and not isinstance(order, bool) else None


def task_of(text: str) -> str:
    """What a reader may want that this page helps with, by its `task`: the home page lists it."""
    front, _ = split_front_matter(text)
    return str((front or {}).get("task") or "")


def first_heading(text: str) -> str:
    """The first heading of the first level, without its marks; empty where there is none."""
    found = (_HEADING.match(line) for line in _without_code(text).split("\n"))
    return next((html.unescape(match[1]) for match in found if match), "")


def _check(path: str, text: str, file: str) -> Iterator[Problem]:
    if not is_prose(path_key(path)):
        yield Problem("prose-path-taken", Place(file), {"path": path})
    front, body = split_front_matter(text)
    if front is None or not set(front) <= set(OWN_KEYS) or place_of(text) is None:
        yield Problem("prose-front-matter", Place(file, 1, 1), {"keys": ", ".join(OWN_KEYS)})
    first_line = text[: len(text) - len(body)].count("\n") + 1
    for line, column, code, found in (*_unwanted(body), *_open_brackets(body)):
        yield Problem(code, Place(file, first_line + line, column), {"text": found[:60]})


def _unwanted(body: str) -> Iterator[tuple[int, int, str, str]]:
    """What is not wanted: line from 0, column from 1, code, text."""
    plain = _ESCAPED.sub(2 * _BLANK, _without_code(body))
    tagged = set()
    for match in _FOUND.finditer(plain):
        line, line_start = plain.count("\n", 0, match.start()), plain.rfind("\n", 0, match.start()) + 1
        code, found = _fault_of(match)
        if code and not (match["tag"] and line in tagged):
            yield line, match.start() - line_start + 1, code, found
        if match["tag"]:
            tagged.add(line)
    yield from _fences(body)


def local_links(text: str) -> Iterator[tuple[int, int, str]]:
    """The addresses within the handbook that a page links to: line and column from 1, and the address."""
    _, body = split_front_matter(text)
    first_line = text[: len(text) - len(body)].count("\n") + 1
    plain = _ESCAPED.sub(2 * _BLANK, _without_code(body))
    for match in _FOUND.finditer(plain):
        target = html.unescape(match["target"] or "")
        line_start = plain.rfind("\n", 0, match.start()) + 1
        # What stands behind a colon is an address only where a line begins with its brackets, and is no footnote.
        is_no_address = match[0][1] == ":" and not _DEFINED.fullmatch(plain[line_start : match.start()])
        is_cut = "<" in match[0][: -len(match["target"] or "")] or target.count("(") > target.count(")")
        if target and _LOCAL.match(target) and not is_no_address and not is_cut:
            yield first_line + plain.count("\n", 0, match.start()), match.start() - line_start + 1, target


def _open_brackets(body: str) -> Iterator[tuple[int, int, str, str]]:
    """Where a paragraph leaves too many brackets open; each paragraph is told once."""
    squares = rounds = 0
    for number, line in enumerate(_ESCAPED.sub(2 * _BLANK, _without_code(body)).split("\n")):
        if not line.strip():
            squares = rounds = 0
        before = squares + rounds
        squares = max(squares + line.count("[") - line.count("]"), 0)
        rounds = max(rounds + line.count("](") - line.count(")"), 0)
        if before <= MOST_OPEN < squares + rounds:
            yield number, 1, OPEN_BRACKETS, line.strip()


def _fault_of(match: re.Match[str]) -> tuple[str, str]:
    if match["tag"]:
        return "prose-raw-html", match.string[match.start() :].partition("\n")[0].strip()
    if match["attributes"]:
        return "prose-attribute", match[0]
    target = html.unescape(match["target"] or match["auto"])
    if _LOCAL.match(target):
        return "", ""
    return "prose-outside-image" if _is_image(match) else "prose-outside-link", target


def _is_image(match: re.Match[str]) -> bool:
    """Whether the brackets before the address open with `![`."""
    before = match.string[: match.start()]
    opened = before.rfind("[")
    return opened > 0 and before[opened - 1] == "!"


def _fences(body: str) -> Iterator[tuple[int, int, str, str]]:
    """Attributes after the marks that open a block of code."""
    for number, (line, opens) in enumerate(_lines(body)):
        if opens and "=" in line:
            yield number, line.index("=") + 1, "prose-attribute", line.strip()


def _without_code(body: str) -> str:
    """The text with all code blanked out, so that every character stays where it is."""
    shown = "\n".join(line if opens is None else " " * len(line) for line, opens in _lines(body))
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), shown)


def _lines(body: str) -> Iterator[tuple[str, bool | None]]:
    """Each line, and whether it opens a block of code (True), belongs to one (False) or to none (None)."""
    mark = ""
    for line in body.split("\n"):
        fence = _FENCE.match(line)
        if mark:
            closes = fence is not None and fence[1].startswith(mark) and not fence[2].strip()
            mark = "" if closes else mark
            yield line, False
        elif fence and not (fence[1][0] == "`" and "`" in fence[2]):
            mark = fence[1]
            yield line, True
        else:
            yield line, None
