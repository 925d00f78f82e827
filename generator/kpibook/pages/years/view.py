"""A year of published cycles, ready to be set: for HR alone."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import fixed, priced
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.exchange.years import rule_text
from kpibook.model import Catalog, Company
from kpibook.pages.dates import period_name, period_title
from kpibook.pages.figures import NONE, page_id
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.text import escape, link
from kpibook.rules.formulas import Name
from kpibook.scoring.explain.steps import name_text, step_text
from kpibook.scoring.results import Card
from kpibook.scoring.years import LISTS, BonusOutcome, Nomination, PersonYear

MOST_PEOPLE = 2_000
"""More rows no browser shows in good time; `kpibook year` writes all of them."""
FOLDER = "years"


class CardLinks(NamedTuple):
    """Where the cards of people stand, for links to them."""

    key: bytes
    """The secret of their names."""
    periods: Collection[Period]
    """The cycles whose pages are made."""


class YearRow(NamedTuple):
    """Somebody's cycles of the year."""

    name: Markup
    department: str
    role: str
    cells: tuple[str, ...]
    mean_total: str
    mean_factor: str


class NominationRow(NamedTuple):
    """Who fulfils the rule of a list, and in which cycles."""

    name: Markup
    department: str
    role: str
    grade: str
    periods: str
    rule: str


class ListView(NamedTuple):
    """A list with everybody who fulfils its rule."""

    title: str
    anchor: str
    rows: tuple[NominationRow, ...]
    rest: str


class MoneyRow(NamedTuple):
    """An amount, of whom, for what, and how it came about."""

    name: Markup
    department: str
    what: str
    amount: str
    why: str


class YearView(NamedTuple):
    """Everything that stands on the page."""

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    periods: tuple[str, ...]
    lists: tuple[ListView, ...]
    rewards: tuple[MoneyRow, ...]
    bonuses: tuple[MoneyRow, ...]
    has_bonus: bool
    people: tuple[YearRow, ...]
    is_long: bool


def year_view(year: int, people: Sequence[PersonYear], catalog: Catalog, say: Words, cards: CardLinks) -> YearView:
    """The finished view of a year."""
    return _Maker(people, catalog, say, cards).view(year)


class _Maker:
    def __init__(self, people: Sequence[PersonYear], catalog: Catalog, say: Words, cards: CardLinks) -> None:
        self.people = people
        self.catalog = catalog
        self.company: Company = catalog.company
        self.say = say
        self.cards = cards
        self.periods = sorted({period for person in people for period in person.cards})

    def view(self, year: int) -> YearView:
        """Lists first, then money, then everybody."""
        say, shown = self.say, len(self.people) <= MOST_PEOPLE
        first, last = (period_title(self.periods[at], say) for at in (0, -1))
        span = say("years.span", first=first, last=last, count=len(self.periods))
        return YearView(
            title=say("years.title", year=year),
            name=say("years.name", year=year),
            facts=((say("years.cycles"), span), (say("years.people"), str(len(self.people)))),
            periods=tuple(period_name(each, say) for each in self.periods),
            lists=tuple(self._lists()),
            rewards=tuple(self._rewards())[:MOST_PEOPLE],
            bonuses=tuple(self._bonuses())[:MOST_PEOPLE],
            has_bonus=bool(self.company.year_bonus),
            people=tuple(map(self._row, self.people)) if shown else (),
            is_long=not shown,
        )

    def _row(self, person: PersonYear) -> YearRow:
        return YearRow(
            name=self._name(person),
            department=self._department(person.last),
            role=person.last.role.name,
            cells=tuple(self._cell(person, period) for period in self.periods),
            mean_total=NONE if person.mean_total is None else fixed(person.mean_total, self.company.rounding.score),
            mean_factor=NONE if person.mean_factor is None else fixed(person.mean_factor, self.company.rounding.rate),
        )

    def _cell(self, person: PersonYear, period: Period) -> str:
        card = person.cards.get(period)
        if card is None:
            return HAS_NONE
        if card.total is None:
            return NONE
        return f"{fixed(card.total, self.company.rounding.score)} {card.grade.id if card.grade else ''}".rstrip()

    def _lists(self) -> Iterator[ListView]:
        """The lists that any grade of today or of a cycle has, in the order of grades.yml's keys."""
        known = {key for grade in self.catalog.grades for key in LISTS if getattr(grade.consequences, key).list}
        found: dict[str, list[NominationRow]] = {key: [] for key in LISTS}
        for person in self.people:
            for each in person.nominations:
                found[each.list].append(self._nomination(person, each))
        for key in LISTS:
            rows = found[key]
            if rows or key in known:
                rest = self.say("cards.more_people", count=len(rows) - MOST_PEOPLE) if len(rows) > MOST_PEOPLE else ""
                yield ListView(self.say(f"years.list.{key}"), f"list-{key}", tuple(rows[:MOST_PEOPLE]), rest)

    def _nomination(self, person: PersonYear, each: Nomination) -> NominationRow:
        return NominationRow(
            name=self._name(person),
            department=self._department(person.last),
            role=person.last.role.name,
            grade=each.grade.id if each.grade.id == each.grade.name else f"{each.grade.id} {each.grade.name}",
            periods=self.say("years.comma").join(period_name(period, self.say) for period in each.periods),
            rule=rule_text(each, self.say),
        )

    def _rewards(self) -> Iterator[MoneyRow]:
        for person in self.people:
            for each in person.rewards:
                what, amount = self.say("years.streak", name=each.name), self._money(each.amount)
                why = period_title(each.period, self.say)
                yield MoneyRow(self._name(person), self._department(person.last), what, amount, why)

    def _bonuses(self) -> Iterator[MoneyRow]:
        for person in self.people:
            for each in person.bonuses:
                amount = NONE if each.amount is None else self._money(each.amount)
                why = bonus_text(each, self.catalog, self.say)
                yield MoneyRow(self._name(person), self._department(person.last), each.bonus.name, amount, why)

    def _money(self, amount: mpq) -> str:
        return priced(fixed(amount, self.company.rounding.money), self.company.currency)

    def _name(self, person: PersonYear) -> Markup:
        """The name, leading to the last card where it is made."""
        last, card = max(person.cards), person.last
        name = self.say("cards.person", name=card.name, id=card.person)
        if last not in self.cards.periods:
            return escape(name)
        return link(name, f"../{last}/p/{page_id(self.cards.key, last, card.person)}.md")

    def _department(self, card: Card) -> str:
        department = self.catalog.departments.get(card.department)
        return department.name if department else card.department


def bonus_text(each: BonusOutcome, catalog: Catalog, say: Words) -> str:
    """How a bonus came about, or what it lacks."""
    lines = [step_text(step, catalog, say) for step in each.steps]
    if each.amount is None:
        names = say("years.comma").join(name_text(Name("", name), catalog, say) for name in each.missing)
        lines.append(say("years.lacks", names=names) if names else say("years.no_value"))
    return say("years.semicolon").join(lines)
