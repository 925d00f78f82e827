"""A year as CSV: a row for each person, with every cycle, the means, the lists and the money."""

from collections.abc import Iterator, Sequence

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, fixed
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.reading.tables import text_cell
from kpibook.scoring.results import Card
from kpibook.scoring.years import LISTS, Nomination, PersonYear

MARK = "\ufeff"
COLUMNS = ("person", "name", "department", "role")


def year_csv(people: Sequence[PersonYear], catalog: Catalog, say: Words) -> str:
    """Everybody's year; who is in a list of it has the cycles that fulfil its rule there."""
    company = catalog.company
    periods = sorted({period for person in people for period in person.cards})
    header = [say(f"years.column.{key}") for key in COLUMNS]
    for period in periods:
        header += [say("years.column.total", period=period), say("years.column.grade", period=period)]
    header += [say("years.column.mean_total"), say("years.column.mean_factor")]
    header += [*(say(f"years.list.{key}") for key in LISTS), say("years.column.rewards")]
    header += [bonus.name for bonus in company.year_bonus]
    lines = [",".join(map(text_cell, header))]
    for person in people:
        cells = [text_cell(text) for text in _person_cells(person.last, catalog)]
        for period in periods:
            cells += _figures(person.cards.get(period), company.rounding.score)
        cells += [_fixed(person.mean_total, company.rounding.score), _fixed(person.mean_factor, company.rounding.rate)]
        cells += [text_cell(say("years.comma").join(_list_texts(person, key, say))) for key in LISTS]
        rewards = [reward.amount for reward in person.rewards]
        cells.append(_fixed(sum(rewards, ZERO), company.rounding.money) if rewards else "")
        amounts = {outcome.bonus.name: outcome.amount for outcome in person.bonuses}
        cells += [_fixed(amounts.get(bonus.name), company.rounding.money) for bonus in company.year_bonus]
        lines.append(",".join(cells))
    return MARK + "\n".join(lines) + "\n"


def _person_cells(card: Card, catalog: Catalog) -> tuple[str, ...]:
    department = catalog.departments.get(card.department)
    return card.person, card.name, department.name if department else card.department, card.role.name


def _figures(card: Card | None, places: int) -> list[str]:
    """Total and grade of a cycle; empty where there are none."""
    if card is None:
        return ["", ""]
    return [_fixed(card.total, places), text_cell(card.grade.id) if card.grade else ""]


def _list_texts(person: PersonYear, key: str, say: Words) -> Iterator[str]:
    """The cycles by which somebody is in a list, and the rule that names him there."""
    for each in person.nominations:
        if each.list == key:
            first, last = each.periods[0], each.periods[-1]
            cycles = f"{each.grade.id} {first}" if first == last else f"{each.grade.id} {first}..{last}"
            yield say("years.by_rule", cycles=cycles, rule=rule_text(each, say))


def rule_text(each: Nomination, say: Words) -> str:
    """By which rule somebody is listed: that is a nomination and no decision."""
    if each.rule.text:
        key = "years.rule" if each.rule.cycles == 1 else "years.rule_run"
    else:
        key = "years.rule_bare" if each.rule.cycles == 1 else "years.rule_run_bare"
    values = {"grade": each.grade.id, "cycles": each.rule.cycles, "held": len(each.periods), "text": each.rule.text}
    return say(key, **values)


def _fixed(value: mpq | None, places: int) -> str:
    return "" if value is None else fixed(value, places)
