"""What a role's scorecard is on each of its job levels, side by side."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import share_text
from kpibook.model import Department, Extra, Role, ScorecardItem
from kpibook.pages.context import NONE, HandbookContext, HandbookLinks
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.text import escape


class LevelTable(NamedTuple):
    """The levels as columns, and an item in each row: its weight and target on every level."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Markup, ...], ...]
    notes: tuple[tuple[str, str], ...]
    """What a level is, where it has a note."""


def level_table(context: HandbookContext, owner: Role | Department, at: HandbookLinks) -> LevelTable | None:
    """The scorecard on each level; None for a role without levels."""
    if not isinstance(owner, Role) or not owner.levels:
        return None
    on_each = [owner.at_level(level.id) for level in owner.levels]
    rows = tuple(
        (_name(context, item, at), *(_cell(context, item, on) for on in on_each))
        for item in _distinct_items((*owner.items, *owner.extras))
    )
    notes = tuple((level.title, level.note) for level in owner.levels if level.note)
    return LevelTable(tuple(level.title for level in owner.levels), rows, notes)


def for_levels(context: HandbookContext, item: ScorecardItem | Extra) -> str:
    """For whom an item is that not all levels have."""
    named = context.say("handbook.comma").join(item.levels)
    return context.say("handbook.for_levels", levels=named) if named else ""


def on_levels(item: ScorecardItem | Extra, owner: Role | Department) -> tuple[tuple[str, ScorecardItem | Extra], ...]:
    """An item as it is on each job level that has it, by the id of the level; empty where its owner has no levels."""
    if not isinstance(owner, Role):
        return ()
    found = ((level.id, _same(item, owner.at_level(level.id))) for level in owner.levels)
    return tuple((level, own) for level, own in found if own is not None)


def _same(item: ScorecardItem | Extra, role: Role) -> ScorecardItem | Extra | None:
    """The entry of a role's scorecard that judges by the same indicator."""
    entries: tuple[ScorecardItem | Extra, ...] = role.extras if isinstance(item, Extra) else role.items
    return next((each for each in entries if each.indicator == item.indicator), None)


def _distinct_items(items: tuple[ScorecardItem | Extra, ...]) -> Iterator[ScorecardItem | Extra]:
    """Each indicator once, as an item or as an extra."""
    seen: set[tuple[bool, str]] = set()
    for item in items:
        key = (isinstance(item, Extra), item.indicator)
        if key not in seen:
            seen.add(key)
            yield item


def _name(context: HandbookContext, item: ScorecardItem | Extra, at: HandbookLinks) -> Markup:
    name = at.indicator(context.catalog.indicators[item.indicator])
    return name + escape(context.say("handbook.sheet.extra")) if isinstance(item, Extra) else name


def _cell(context: HandbookContext, item: ScorecardItem | Extra, role: Role) -> Markup:
    own = _same(item, role)
    if own is None:
        return escape(HAS_NONE)
    target = context.target(own)
    weight = None if isinstance(own, Extra) or own.weight is None else share_text(own.weight)
    if weight is None:
        return escape(target)
    key = "level_weight" if target in (NONE, HAS_NONE) else "level_weight_target"
    return escape(context.say(f"handbook.{key}", weight=weight, target=target))
