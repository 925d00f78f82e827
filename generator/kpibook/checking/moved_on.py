"""Where today's handbook has moved on since a cycle took its catalog: a line for each role that differs."""

from collections.abc import Iterator

from kpibook.base.numbers import show
from kpibook.base.problems import Level, Place, Problem
from kpibook.base.words import Words
from kpibook.model import Catalog, Cycle, Extra, Role, ScorecardItem


def moved_on(own: Catalog, today: Catalog, cycle: Cycle, say: Words) -> Iterator[Problem]:
    """A note for each role of a cycle that today's handbook describes otherwise."""
    held = {row.role for row in cycle.people}
    for identifier in (each for each in own.roles if each in held):
        role, now = own.roles[identifier], role_now(own.roles[identifier], today)
        differences = differences_of(role, now, own, say) if now else (say("moved_on.gone"),)
        if differences:
            place = Place(f"{cycle.folder}/handbook/roles/{identifier}.yml")
            values = {"role": role.name, "cycle": str(cycle.period), "what": say("moved_on.comma").join(differences)}
            yield Problem("handbook-moved-on", place, values, Level.NOTE)


def role_now(role: Role, today: Catalog) -> Role | None:
    """The role as it is today, under whatever id; None where it is no more."""
    known = today.roles.get(role.id)
    return known or next((each for each in today.roles.values() if role.id in each.was), None)


def older_versions(own: Catalog, today: Catalog, cycle: Cycle, say: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The roles of today that a cycle scores by an older version, each with what differs."""
    held = {row.role for row in cycle.people}
    for role in own.roles.values():
        now = role_now(role, today) if role.id in held else None
        if now and (differences := differences_of(role, now, own, say)):
            yield now.id, differences


def differences_of(before: Role, now: Role, own: Catalog, say: Words) -> tuple[str, ...]:
    """In what the scorecard of a role differs, each in a few words."""
    return tuple(_differences(before, now, own, say))


def _differences(before: Role, now: Role, own: Catalog, say: Words) -> Iterator[str]:
    was, today = _items(before), _items(now)
    for key, item in today.items():
        name = _called(key[1], own)
        if key not in was:
            yield say("moved_on.came", name=name)
        else:
            yield from (text for text in _of_item(was[key], item, name, say))
    yield from (say("moved_on.went", name=_called(key[1], own)) for key in was if key not in today)
    for part in ("gates", "pay"):
        if getattr(before, part) != getattr(now, part):
            yield say(f"moved_on.{part}")


def _called(identifier: str, own: Catalog) -> str:
    indicator = own.indicators.get(identifier)
    return indicator.name if indicator else identifier


def _items(role: Role) -> dict[tuple[bool, str, int], ScorecardItem | Extra]:
    """Items and extras by what they score; an indicator may stand there more than once."""
    found: dict[tuple[bool, str, int], ScorecardItem | Extra] = {}
    scored: tuple[ScorecardItem | Extra, ...] = (*role.items, *role.extras)
    for item in scored:
        kind, count = isinstance(item, Extra), 0
        while (kind, item.indicator, count) in found:
            count += 1
        found[kind, item.indicator, count] = item
    return found


def _of_item(before: ScorecardItem | Extra, now: ScorecardItem | Extra, name: str, say: Words) -> Iterator[str]:
    for part in ("weight", "target"):
        was, today = getattr(before, part), getattr(now, part)
        if was != today:
            texts = [say("moved_on.none") if each is None else show(each) for each in (was, today)]
            yield say(f"moved_on.{part}", name=name, before=texts[0], after=texts[1])
    if before.standard != now.standard:
        yield say("moved_on.standard", name=name)
