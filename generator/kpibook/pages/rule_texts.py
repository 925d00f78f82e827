"""The rules of items as cards list them: put into words once for all cards of a cycle on which they read the same."""

from collections.abc import Iterable
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.identity import ByIdentity
from kpibook.base.words import Words
from kpibook.model import Catalog, Extra, ScorecardItem
from kpibook.pages.text import bullets, room
from kpibook.rules.standards import Marks
from kpibook.scoring.explain import rule_lines
from kpibook.scoring.results import ItemScore

MOST = 4096
"""So many are kept at once: where each person has a target of the own, they are as many as the people."""


class RuleText(NamedTuple):
    """The first lines of a derivation, which say the rule in words."""

    lines: Markup
    words: int
    room: int
    """How many ideographs wide the lines are."""

    def followed_by(self, numbers: Iterable[str]) -> Markup:
        """The whole list: these lines, then those that tell numbers."""
        rest = bullets(numbers)
        return Markup(f"{self.lines}\n{rest}") if rest else self.lines


class RuleTexts:
    """The rules of a cycle in one language."""

    def __init__(self, catalog: Catalog, say: Words) -> None:
        self._catalog = catalog
        self._say = say
        self._known: dict[tuple[ByIdentity[ScorecardItem | Extra], mpq | None, Marks | None], RuleText] = {}

    def of(self, score: ItemScore) -> RuleText:
        """The rule of an item with the target that holds."""
        target = score.target
        item = ByIdentity(score.item)
        key = (item, target.value, target.beside) if target else (item, None, None)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            found = self._known[key] = self._told(score)
        return found

    def _told(self, score: ItemScore) -> RuleText:
        texts = rule_lines(score, self._catalog, self._say)
        lines = bullets(texts)
        return RuleText(lines, len(texts), room(lines))
