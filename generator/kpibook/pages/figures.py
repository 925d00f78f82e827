"""How the figures of a cycle read: totals, grades, ranks, people, amounts."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.access.permissions import permissions_once_released
from kpibook.base.numbers import HUNDRED, amount_text, fixed, plain, show
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.model import Agreement, Catalog, Gate, Grade
from kpibook.pages.catalog_names import CatalogNames
from kpibook.pages.row_titles import RowTitles
from kpibook.pages.rule_texts import RuleTexts
from kpibook.pages.suppression import LEAST, silent_rankings, small_departments, whole_rankings
from kpibook.records.agreements import last_agreements
from kpibook.records.follow_up import FollowUp
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import with_unit
from kpibook.scoring.explain import SourceStyle, condition_text
from kpibook.scoring.maximum_points import told_out_of
from kpibook.scoring.progress import ProgressReader
from kpibook.scoring.results import Card, Results, Status
from kpibook.scoring.sources import Gap
from kpibook.scoring.units import published_units
from kpibook.sealing.revisions import Sealed

NONE = "—"
"""Stands for what is not there yet; `shown.HAS_NONE` for what there is none of."""
PAGE_ID_LENGTH = 32


def page_id(key: bytes, period: Period, person: str) -> str:
    """The name of somebody's page in a cycle: 128 bits that nobody without the key can work out."""
    text = f"{period}/{person.casefold()}".encode()
    return hmac.digest(key, text, hashlib.sha256).hex()[:PAGE_ID_LENGTH]


@lru_cache(maxsize=4096)
def amount(value: mpq | None, unit: str) -> str:
    """A value in its unit, or a dash for none."""
    return NONE if value is None else with_unit(value, unit)


class _Persons(NamedTuple):
    """People as they are told. It leads back to no cycle: styles that are kept tell people by it."""

    names: Mapping[str, str]
    say: Words

    def told(self, identifier: str) -> str:
        """`Name（id）`, or the id alone of somebody who is not among them; a dash for nobody."""
        name = self.names.get(identifier.casefold())
        return self.say("cards.person", name=name, id=identifier) if name else identifier or NONE


class Figures(CatalogNames):
    """The figures of one cycle in one language."""

    def __init__(
        self,
        results: Results,
        catalog: Catalog,
        say: Words,
        key: bytes = b"",
    ) -> None:
        super().__init__(catalog, say)
        self.sealed: Sealed | None = None
        """What was published of the cycle, for those who tell of it."""
        self.follow_up: FollowUp | None = None
        """What became of its results, for those who tell of it."""
        self.told_in = ""
        """The language of the pages where it is not the company's."""
        self._totals: dict[int, Mapping[str, Mapping[str, str]]] = {}
        self._styles: dict[str, SourceStyle] = {}
        self.results = results
        self.places = catalog.company.rounding
        self.row_titles = RowTitles(catalog, say, results.cycle.folder)
        self._key = key

    def look_up(self) -> None:
        """Work out what cards ask of all others, for all processes that are made next: none does it for itself.

        Nor does one look at the cards that another one sets: all that it looks at is copied into its own memory.
        """
        _ = self.names, self.page_ids, self.silent_rankings, self.agreements, self.suppliers

    @cached_property
    def source_style(self) -> SourceStyle:
        """How rows are told to HR: by their paths."""
        return SourceStyle(self._persons.told, self.results.cycle.folder)

    @cached_property
    def named_style(self) -> SourceStyle:
        """How rows are told to everybody else."""
        return self.source_style._replace(named=self.row_titles.title, told={})

    def style_beside(self, supplier: str) -> SourceStyle:
        """As `named_style`, for rows beside the name of the department that supplied them."""
        found = self._styles.get(supplier)
        if found is None:
            named = partial(self.row_titles.title, supplier=supplier)
            found = self._styles[supplier] = self.source_style._replace(named=named, told={})
        return found

    def totals(self, revision: int) -> Mapping[str, Mapping[str, str]]:
        """The rows of totals.csv of a revision of this cycle; read once."""
        if revision not in self._totals:
            self._totals[revision] = self.sealed.totals(revision) if self.sealed else {}
        return self._totals[revision]

    @cached_property
    def rules(self) -> RuleTexts:
        """The rules of items, as cards list them."""
        return RuleTexts(self.catalog, self.say)

    @cached_property
    def progress(self) -> ProgressReader:
        """How far items are whose numbers come week by week."""
        return ProgressReader(self.catalog, self.results.cycle)

    @cached_property
    def agreements(self) -> Mapping[str, Agreement]:
        """What everybody signed last, by the id in small letters."""
        return last_agreements(self.follow_up.records) if self.follow_up else {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of all people of the cycle by their id; ids are compared without case."""
        return {card.person.casefold(): card.name for card in self.results.cards}

    @cached_property
    def members(self) -> Mapping[str, Sequence[Card]]:
        """The cards of each department that has people, in the order of the catalog."""
        found: dict[str, list[Card]] = {identifier: [] for identifier in self.catalog.departments}
        for card in self.results.cards:
            found.setdefault(card.department, []).append(card)
        return {identifier: cards for identifier, cards in found.items() if cards}

    @cached_property
    def small_departments(self) -> frozenset[str]:
        """The departments whose people's results stand on their own cards alone."""
        return small_departments(self.results.cards)

    @cached_property
    def told_rankings(self) -> frozenset[str]:
        """The groups whose ranks lists may tell."""
        return whole_rankings(self.results.cards, self.rank_group)

    def tells_rank(self, card: Card) -> bool:
        """Whether a rank stands on the card of its owner; the first of one is no news."""
        is_ranked = card.rank is not None and card.ranked > 1
        return bool(self.rank_label) and is_ranked and self.rank_group(card) not in self.silent_rankings

    @cached_property
    def silent_rankings(self) -> frozenset[str]:
        """The groups whose ranks not even cards tell."""
        access = self.catalog.company.access
        together = permissions_once_released(self.results.cycle, self.catalog, access).cards.values() if access else ()
        return silent_rankings(self.results.cards, self.rank_group, together)

    def keeps_rank(self, card: Card) -> bool:
        """Whether the rank of somebody stands on the own card alone although enough people share the ranking."""
        return card.rank is not None and card.ranked >= LEAST and self.rank_group(card) not in self.told_rankings

    def is_publishable(self, card: Card) -> bool:
        """Whether lists may give somebody's results beside the name."""
        return card.department not in self.small_departments

    @cached_property
    def publishable_cards(self) -> Sequence[Card]:
        """The cards of all people whose results lists may give beside their names."""
        return tuple(filter(self.is_publishable, self.results.cards))

    @cached_property
    def units(self) -> Sequence[Card]:
        """The scorecards of the company and of its own departments."""
        return published_units(self.results.units, self.catalog)

    @cached_property
    def page_ids(self) -> Mapping[str, str]:
        """The names of all people's pages in this cycle by their id."""
        period = self.results.cycle.period
        return {card.person: page_id(self._key, period, card.person) for card in self.results.cards}

    def person(self, identifier: str) -> str:
        """`Name（id）`, or the id alone of somebody who is not in the cycle; a dash for nobody."""
        return self._persons.told(identifier)

    @cached_property
    def _persons(self) -> "_Persons":
        return _Persons(self.names, self.say)

    def person_name(self, identifier: str) -> str:
        """The name alone, where no other person could be meant; the id of somebody who is not in the cycle."""
        return self.names.get(identifier.casefold()) or identifier or NONE

    @cached_property
    def item_states(self) -> Mapping[Status, str]:
        """What became of an item, in words."""
        return {status: self.say(f"cards.item_status.{status}") for status in Status}

    def rank_group(self, card: Card) -> str:
        """The id of the group in which the card is ranked; empty for the whole company."""
        match self.catalog.company.rank.within:
            case "role":
                return card.role.id
            case "department":
                return card.department
            case _:
                return ""

    @cached_property
    def rank_groups(self) -> Mapping[str, int]:
        """The order in which rankings of groups are told: that of the catalog."""
        return {group: place for place, group in enumerate(("", *self.catalog.departments, *self.catalog.roles))}

    def points(self, value: mpq | None) -> str:
        """Points as they are computed: not rounded further than four decimals show."""
        return NONE if value is None else show(value)

    def total(self, value: mpq | None) -> str:
        """A total with as many decimals as the company publishes."""
        return NONE if value is None else fixed(value, self.places.score)

    def full(self, card: Card) -> str:
        """What the total of a card is out of, where it has one and that is not 100."""
        full = None if card.total is None else told_out_of(card, self.catalog)
        return "" if full is None else show(full)

    def total_of(self, card: Card) -> str:
        """The total of a card, with what it is out of where that is not 100."""
        full = self.full(card)
        return f"{self.total(card.total)} / {full}" if full else self.total(card.total)

    def percent(self, ratio: mpq | None) -> str:
        """A ratio in per cent: 0.8 is `80%`."""
        return NONE if ratio is None else f"{plain(ratio * HUNDRED, self.places.rate)}%"

    def coverage(self, card: Card) -> str:
        """How much of the weight was measured."""
        return f"{plain(card.coverage, self.places.rate)}%"

    def grade(self, grade: Grade | None) -> str:
        """A grade's id with its name, or the name alone where both say the same."""
        if grade is None:
            return NONE
        return grade.name if grade.id == grade.name else f"{grade.id} · {grade.name}"

    @cached_property
    def rank_label(self) -> str:
        """What a rank is called, with the group in which people are ranked; empty where ranks are not shown."""
        if not self.catalog.company.rank.shown:
            return ""
        within = self.say(f"cards.within.{self.catalog.company.rank.within}")
        return self.say("cards.rank", within=within)

    def rank(self, card: Card) -> str:
        """`3 / 12`, or a dash for somebody without a rank."""
        return NONE if card.rank is None else f"{card.rank} / {card.ranked}"

    def status(self, card: Card) -> str:
        """What became of the card, in words."""
        state = "not_approved" if card.waits_for_approval_alone else card.status
        return self.say(f"cards.card_status.{state}")

    def money(self, value: mpq | None) -> str:
        """An amount with its thousands separated and the decimals of the currency."""
        return NONE if value is None else amount_text(value, self.places.money, self.catalog.company.currency)

    def gate_name(self, gate: Gate) -> str:
        """The name of a gate, or its condition in words."""
        return gate.name or self.condition(gate.when)

    def condition(self, formula: Formula, about: str = "") -> str:
        """A condition over numbers of the card or of the cycle, in words; `about` needs no telling again."""
        return condition_text(formula, self.catalog, self.say, about)

    def who_owes(self, owner: str, gap: Gap) -> str:
        """Who has to supply a missing number: a department, the raters, or nobody in particular."""
        if owner:
            return self.department(owner)
        return self.say("cards.raters" if gap is Gap.NOT_RATED else "cards.nobody")

    def enumeration(self, texts: Iterable[str]) -> str:
        """Several texts, one after the other."""
        return self.say("cards.comma").join(texts)
