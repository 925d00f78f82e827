"""What can be wrong with the content, where, and how it reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from kpibook.base.visible import visible
from kpibook.base.words import Words, words


class Level(StrEnum):
    """How bad a problem is: an error stops the publication, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """A spot in a file: line and column count from 1; 0 means the whole file; `cell` is `sheet!B7`."""

    file: str
    line: int = 0
    column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}!{self.cell}"
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


NOWHERE = Place("")


class Said(NamedTuple):
    """A value of a problem that each language has words for: the keys of these, one after another."""

    keys: tuple[str, ...]
    values: tuple[tuple[str, object], ...] = ()
    """What is said within these words, by its name."""

    def text(self, say: Words) -> str:
        """The words in a language."""
        return ", ".join(say(key, **dict(self.values)) for key in self.keys)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; its words stand in the locale under `problems.<code>`."""

    code: str
    place: Place
    values: Mapping[str, object] = field(default_factory=dict)
    level: Level = Level.ERROR
    is_public: bool = field(default=False, compare=False)
    """Whether its values come from files without people: of all others no value is told in a log that many read."""

    def message(self, say: Words) -> str:
        """What is wrong, with the value."""
        return say(f"problems.{self.code}.message", **self._quoted(say))

    def hint(self, say: Words) -> str:
        """What to do about it."""
        return say(f"problems.{self.code}.hint", **self._quoted(say))

    def _quoted(self, say: Words) -> Mapping[str, object]:
        """The values as a message quotes them: none can steer a terminal or begin a line of its own."""
        return {name: _quoted(value, say) for name, value in self.values.items()}

    def text(self, say: Words) -> str:
        """`file:line:column: level: message [code]` and the hint on a line of its own."""
        return f"{visible(self.place)}: {self.level}: {self.message(say)} [{self.code}]\n    hint: {self.hint(say)}"

    def __str__(self) -> str:
        return self.text(words("en"))


def _quoted(value: object, say: Words) -> object:
    if isinstance(value, Said):
        return value.text(say)
    return value if isinstance(value, int) else visible(value)


class Failure(Exception):
    """Something could not be made of sound content; what was published before is untouched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type["Failure"], tuple[Sequence[Problem]]]:
        """Made anew from its problems where it comes out of another process."""
        return type(self), (self.problems,)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one of the problems stops the publication."""
    return any(problem.level is Level.ERROR for problem in problems)


def public(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems that were found without a look at any person's file, and are marked so."""
    return tuple(replace(problem, is_public=True) for problem in problems)


FOLLOWING = ("rows-set-aside-with", "roster-follows", "manager-set-aside")
"""What follows from another problem of the same line, and is told below it."""
CAUSES = ("id-gone",)
"""What others of the same cycle follow from, and is told before them all."""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place and code, each once: the order in which they are told."""
    ranked: dict[tuple[object, ...], list[Problem]] = {}
    for each in problems:
        ranked.setdefault(_rank(each), []).append(each)
    return tuple(each for rank in sorted(ranked) for each in _by_values(ranked[rank]))


def _rank(problem: Problem) -> tuple[object, ...]:
    place, follows = problem.place, problem.code in FOLLOWING
    return _beginning(problem), place.file, place.line, follows, place, problem.code


def _by_values(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Sort problems of one place and code by their values; of equal ones only the last stays. Most lists have one."""
    if len(problems) == 1:
        return problems
    unique = {str(each.values): each for each in problems}
    return (unique[values] for values in sorted(unique))


def _beginning(problem: Problem) -> str:
    """The file, or for a cause the folder of its cycle, which stands before all files in it."""
    file = problem.place.file
    return "/".join((*file.split("/")[:2], "")) if problem.code in CAUSES else file


def nearest(word: str, known: Iterable[str], count: int = 1) -> tuple[str, ...]:
    """The known words that look most like `word`, best first."""
    return tuple(sorted(known, key=lambda other: (-similarity(word, other), other))[:count])


def similarity(one: str, other: str) -> int:
    """How alike two words are: 0 to 100."""
    return int(100 * SequenceMatcher(None, one.casefold(), other.casefold()).ratio())
