"""One of two catalogs that are compared: what its ids and names are called on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from gmpy2 import mpq

from kpibook.base.numbers import show
from kpibook.base.words import Words
from kpibook.model import Catalog, Extra, Indicator, Measure, RaterTerms, Relation, ScorecardItem
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import Setting, number_name
from kpibook.scoring.explain.steps import name_text

KINDS = ("department", "measure", "indicator", "role")
"""Kinds of entries that others refer to, in the order in which their new names are found."""

Renames = Mapping[str, Mapping[str, str]]
"""By kind: the id before -> the id after."""


@dataclass(frozen=True, slots=True)
class CatalogSide:
    """A catalog as the newer of the two sees it: what both have goes by its newer id and name."""

    catalog: Catalog
    newer: Catalog
    say: Words
    renames: Renames = field(default_factory=dict)

    def id(self, kind: str, identifier: str) -> str:
        """What an id has become."""
        return self.renames.get(kind, {}).get(identifier, identifier)

    def name(self, kind: str, identifier: str | None) -> str:
        """The name of an entry; the id where there is none, nothing for none."""
        if not identifier:
            return ""
        after = getattr(self.newer, f"{kind}s").get(self.id(kind, identifier))
        entry = after or getattr(self.catalog, f"{kind}s").get(identifier)
        return str(entry.name) if entry else identifier

    def measured(self, identifier: str) -> Measure | Indicator | None:
        """What a formula or a rule means by an id."""
        for kind in ("measure", "indicator"):
            if identifier in getattr(self.catalog, f"{kind}s"):
                return self.newer.named(self.id(kind, identifier)) or self.catalog.named(identifier)
        return None

    def formula(self, formula: Formula | None) -> str:
        """A formula in words."""
        return formula.in_words(self._called) if formula else ""

    def sentence(self, item: ScorecardItem | Extra) -> str:
        """The rule of an item as a sentence."""
        indicator = self.catalog.indicators.get(item.indicator)
        if item.standard is None or indicator is None:
            return ""
        setting = Setting(self.measured, self.catalog.company.rater_weights)
        return item.standard.sentence(item, indicator, self.say, setting)

    def raters(self, raters: Mapping[Relation, mpq | RaterTerms] | None) -> str:
        """Who rates with which weight, and what else is said of them."""
        parts = (
            f"{self.say(f'relations.{relation}')} {self._terms(terms)}" for relation, terms in (raters or {}).items()
        )
        return self.say("diff.comma").join(parts)

    def _terms(self, terms: mpq | RaterTerms) -> str:
        if not isinstance(terms, RaterTerms):
            return show(terms)
        named = "" if terms.named is None else self.say("diff.raters_named" if terms.named else "diff.raters_unnamed")
        least = self.say("diff.raters_least", count=terms.at_least) if terms.at_least > 1 else ""
        return show(terms.weight) + named + least

    def written(self, value: object, group: str = "", key: str = "") -> str:
        """A value of any key as people read it.

        Words of a closed vocabulary have a group in the handbook's words, or are told as forms tell them.
        """
        if value is None or value == ():
            return ""
        if isinstance(value, bool):
            return self.say("diff.true" if value else "diff.false")
        if isinstance(value, mpq):
            return show(value)
        text = str(value.value if isinstance(value, Enum) else value)
        known = (f"handbook.{group}.{text}", f"schemas.meant.{key}.{text}")
        return next((self.say(words) for words in known if words in self.say), text)

    def _called(self, name: Name) -> str:
        if self.measured(name.id):
            return number_name(name, self.measured, self.say)
        return name_text(name, self.catalog, self.say)
