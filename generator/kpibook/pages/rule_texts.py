"""What cards tell of items: put into words once for all cards of a cycle on which it reads the same."""

from collections.abc import Callable
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.words import Words
from kpibook.model import Catalog, Extra, ScorecardItem
from kpibook.pages.full_points import goal_text, turning_points
from kpibook.pages.text import bullets, text_width
from kpibook.rules.standards import Marks
from kpibook.scoring.explain import rule_lines
from kpibook.scoring.results import ItemScore

MOST = 4096
"""So many rules are kept at once: where each person has a target of the own, they are as many as the people."""
MOST_NUMBERS = 16_384
"""So many numbers are kept at once: amounts of money hardly return, counts and shares of departments do."""


class RuleText(NamedTuple):
    """What all cards tell of an item with its target."""

    lines: Markup
    """The first lines of a derivation, which say the rule in words."""
    words: int
    """How many lines that are."""
    room: int
    """How many ideographs wide the lines are."""
    goal: str
    """What gives full points, in short; see `goal_text`."""
    limits: tuple[mpq, ...]
    """Where points jump or bend."""


class NumberText(NamedTuple):
    """What a card tells of the numbers of an item."""

    in_short: str
    """Actual and target."""
    lines: Markup
    """The lines of the derivation from the formula with its numbers to the points; empty for none."""


class RuleTexts:
    """The rules of a cycle in one language."""

    def __init__(self, catalog: Catalog, say: Words) -> None:
        self._catalog = catalog
        self._say = say
        self._rules: dict[tuple[int, mpq | None, Marks | None], tuple[ScorecardItem | Extra, RuleText]] = {}
        """By the identity of the item, with the item: while that is kept, no other one takes its identity."""
        self._numbers: dict[tuple[object, ...], tuple[tuple[object, ...], NumberText]] = {}
        """By the numbers of an item, with everything that they were put into words from."""

    def of(self, score: ItemScore) -> RuleText:
        """The rule of an item with the target that holds."""
        item, target = score.item, score.target
        key = (id(item), target.value, target.beside) if target else (id(item), None, None)
        found = self._rules.get(key)
        if found is None:
            if len(self._rules) >= MOST:
                self._rules.clear()
            found = self._rules[key] = (item, self._told(score))
        return found[1]

    def numbers(self, score: ItemScore, told: Callable[[ItemScore], NumberText]) -> NumberText:
        """The numbers of an item as `told` puts them into words, of which `reads_alike` holds."""
        target = score.target
        key = (id(score.item), target and target.value, score.actual, *[source.value for source in score.sources])
        made_from = (score.item, target, score.status, score.attainment, score.label, score.steps)
        found = self._numbers.get(key)
        if found is None or found[0] != made_from:
            if len(self._numbers) >= MOST_NUMBERS:
                self._numbers.clear()
            found = self._numbers[key] = (made_from, told(score))
        return found[1]

    def _told(self, score: ItemScore) -> RuleText:
        texts = rule_lines(score, self._catalog, self._say)
        lines = bullets(texts)
        return RuleText(lines, len(texts), text_width(lines), goal_text(score, self._say), turning_points(score))


def reads_alike(score: ItemScore) -> bool:
    """Whether an item tells its numbers by nothing but their values, its target and its steps: nearly every one."""
    if score.missing or score.refused or score.findings or score.ratings:
        return False
    return not any(source.parts for source in score.sources)
