"""The handbook being made: its catalog, its words, and how things of the catalog read on a page."""

import datetime
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

from markupsafe import Markup

from kpibook.base.entry import Entry
from kpibook.base.numbers import plain
from kpibook.base.words import Words
from kpibook.model import (
    Catalog,
    Cycle,
    Department,
    Extra,
    Indicator,
    Measure,
    PayLine,
    RaterWeights,
    Role,
    ScorecardItem,
)
from kpibook.pages import paths
from kpibook.pages.dates import whole_day
from kpibook.pages.lookup import Lookup
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.posts import Posts
from kpibook.pages.text import environment, link, relative, summary
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import in_formula, targets_by_kind, with_unit
from kpibook.scoring.explain import condition_text, example_texts, pay_rule, rule_sentence

NONE = "—"

_BLANK_LINES = re.compile(r"\n{3,}")


class HandbookLinks:
    """Links that lead from one page to others."""

    def __init__(self, page: str, say: Words) -> None:
        self.page = page
        self._say = say

    def to(self, text: str, target: str) -> Markup:
        """A link to a page of the handbook."""
        return link(text, relative(self.page, target))

    def role(self, role: Role) -> Markup:
        """A link to a role."""
        return self.to(role.name, paths.role_page(role.id))

    def department(self, department: Department) -> Markup:
        """A link to a department."""
        return self.to(department.name, paths.department_page(department.id))

    def indicator(self, indicator: Indicator) -> Markup:
        """A link to an indicator."""
        return self.to(indicator.name, paths.indicator_page(indicator.id))

    def owner(self, owner: Role | Department) -> Markup:
        """A link to whoever is scored."""
        return self.role(owner) if isinstance(owner, Role) else self.department(owner)

    def supplied(self, entry: Measure | Indicator) -> Markup:
        """A number that is supplied: a collected indicator has a page of its own, a measure its row."""
        if isinstance(entry, Indicator):
            return self.indicator(entry)
        return self.to(entry.name, f"{paths.MEASURES}#department-{entry.owner}")

    def listed(self, links: Iterable[Markup]) -> Markup:
        """Several links in one line."""
        return Markup(self._say("handbook.comma")).join(links)


class Origin(str):
    """The file that a page is made from, with who answers for the page and the day when the file last changed."""

    __slots__ = ("changed", "owner")

    def __new__(cls, file: str, owner: str = "", changed: str = "") -> Self:
        """The name of the file; empty texts where nothing more is known."""
        made = super().__new__(cls, file)
        made.owner, made.changed = owner, changed
        return made

    owner: str
    changed: str


class HandbookContext:
    """The catalog with everything that pages ask of it."""

    def __init__(
        self,
        catalog: Catalog,
        say: Words,
        changed: Mapping[str, datetime.date] | None = None,
        cycles: Sequence[Cycle] = (),
        only: Container[str] | None = None,
    ) -> None:
        """`only` are the pages that are asked for, where not all are."""
        self.catalog = catalog
        self.posts = Posts(catalog, cycles)
        self.say = say
        self.lookup = Lookup(catalog)
        self._changed = changed or {}
        self._only = only

    def at(self, page: str) -> HandbookLinks:
        """The links of a page."""
        return HandbookLinks(page, self.say)

    def is_wanted(self, page: str) -> bool:
        """Whether a page is asked for."""
        return self._only is None or page in self._only

    def render(self, template: str, page: str, *, source: str, owner: str = "", **values: object) -> tuple[str, str]:
        """A page by its template: its path and its Markdown; `owner` is who answers for it, else its keeper.

        Of a page that is not asked for the text is empty.
        """
        if not self.is_wanted(page):
            return page, ""
        made = environment(self.say).get_template(f"pages/handbook/{template}.md.j2")
        day = self.changed(source)
        text = made.render(
            at=self.at(page),
            paths=paths,
            company=self.catalog.company,
            summary=summary,
            source=Origin(source, owner or self.keeper, whole_day(day, self.say) if day else ""),
            **values,
        )
        return page, _BLANK_LINES.sub("\n\n", text).rstrip() + "\n"

    def source(self, entry: Entry, otherwise: str) -> str:
        """The file in which an entry stands, `otherwise` below the handbook's folder where that is not known."""
        return entry.place_of().file or self.file(otherwise)

    def file(self, path: str) -> str:
        """A file of the handbook, as problems name it."""
        return f"{self.catalog.folder}/{path}"

    def changed(self, source: str) -> datetime.date | None:
        """The day when a file, or any file of a folder, last changed; None where nobody knows."""
        path = source.removeprefix(f"{self.catalog.folder}/")
        if path and not path.endswith("/"):
            return self._changed.get(path)
        return max((day for file, day in self._changed.items() if file.startswith(path)), default=None)

    @property
    def keeper(self) -> str:
        """Who answers for what is no department's own: the department that keeps the handbook, else the company."""
        company = self.catalog.company
        return self.department_name(company.owner) if company.owner else company.name

    def word(self, group: str, key: str) -> str:
        """The word for a key of a closed vocabulary; a company's own key stays as it is."""
        dotted = f"handbook.{group}.{key}"
        return self.say(dotted) if dotted in self.say else key

    def perspective(self, indicator: Indicator) -> str:
        """The perspective of an indicator, `none` where it has none."""
        return self.word("perspective", indicator.perspective or "none")

    def department_name(self, identifier: str | None) -> str:
        """The name of a department, a dot for none."""
        department = self.catalog.departments.get(identifier or "")
        return department.name if department else identifier or HAS_NONE

    def target(self, item: ScorecardItem | Extra) -> str:
        """The target of an item in its unit; a dash where it is still to come, a dot where none is needed."""
        if item.target is None:
            return NONE if item.standard and item.standard.judges_target() else HAS_NONE
        unit = self.catalog.indicators[item.indicator].unit
        return targets_by_kind(item.targets, unit, self.say) if item.targets else with_unit(item.target, unit)

    def sentence(self, item: ScorecardItem | Extra) -> str:
        """The rule that scores an item, as a sentence."""
        return rule_sentence(item, self.catalog, self.say)

    def examples(self, item: ScorecardItem | Extra) -> tuple[str, ...]:
        """The cases that the rule of an item is shown by."""
        return example_texts(item, self.catalog, self.say)

    def raters(self, raters: RaterWeights) -> str:
        """Who rates, with the weight of each: `直接上级 70%、同级 30%`."""
        whole = sum(raters.values()) or 1
        parts = (
            f"{self.say(f'relations.{relation}')} {plain(weight * 100 / whole, 2)}%"
            for relation, weight in raters.items()
        )
        return self.say("handbook.comma").join(parts)

    def pay_formula(self, line: PayLine) -> str:
        """How a pay line is computed, without its name."""
        return pay_rule(line, self.catalog, self.say).removeprefix(f"{line.name} = ")

    def in_words(self, formula: Formula) -> str:
        """A formula with names in place of ids: `成交人数 ÷ 访客数 × 100`."""
        return formula.in_words(self.naming)

    def condition(self, formula: Formula) -> str:
        """When something holds, in words where it compares one number with another."""
        return condition_text(formula, self.catalog, self.say)

    def naming(self, name: Name) -> str:
        """How a number that a formula uses is called."""
        if self.catalog.named(name.id):
            return in_formula(name, self.catalog.named, self.say)
        called = self._own_word(name.id)
        return self.say(f"scopes.{name.scope}", name=called) if name.scope else called

    def _own_word(self, identifier: str) -> str:
        """The word for a number that is no measure, such as the total; a column has the name that the company gives."""
        key = f"words.{identifier}"
        return self.say(key) if key in self.say else self.catalog.company.columns.get(identifier, identifier)

    @cached_property
    def by_perspective(self) -> Mapping[str, tuple[Indicator, ...]]:
        """The company's indicators by their perspective: the usual four first, its own after them."""
        usual = ("finance", "customer", "process", "learning")
        own = (i.perspective for i in self.lookup.indicators)
        order = dict.fromkeys((*usual, *(key for key in own if key), ""))
        groups = {key: tuple(i for i in self.lookup.indicators if i.perspective == key) for key in order}
        return {self.word("perspective", key or "none"): group for key, group in groups.items() if group}
