"""Job levels of a role: what somebody on a level is scored by, where that differs from the role's own scorecard."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from kpibook.base.entry import Entry, Number, Part, PlainText, SnakeId, Text
from kpibook.model.given_targets import GivenTarget
from kpibook.model.scorecards import Extra, ScorecardItem, Section


class LevelItem(Entry):
    """An item of the role's scorecard on one level: its weight there, its target there, or both."""

    indicator: SnakeId
    weight: Part | None = None
    marks: Number | None = None
    given_target: GivenTarget | None = Field(default=None, alias="target")
    note: Text = ""


class JobLevel(Entry):
    """A job level of a role, such as P1 to P5."""

    id: PlainText
    name: Text = ""
    items: tuple[LevelItem, ...] = ()
    note: Text = ""

    @property
    def title(self) -> str:
        """Its id, with its name where it has one."""
        return f"{self.id} {self.name}".strip()


def sections_at(level: JobLevel, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections of a scorecard as they are on a level; one that has no item there is left out."""
    own = {item.indicator: item for item in level.items}
    found = (_section_at(level.id, section, own) for section in sections)
    return tuple(section for section in found if section.items)


def extras_at(level: JobLevel, extras: tuple[Extra, ...]) -> tuple[Extra, ...]:
    """The extras of somebody on a level."""
    return tuple(extra for extra in extras if _is_for(level.id, extra))


def _section_at(level: str, section: Section, own: Mapping[str, LevelItem]) -> Section:
    items = tuple(_item_at(item, own.get(item.indicator)) for item in section.items if _is_for(level, item))
    return section.model_copy(update={"items": items})


def _item_at(item: ScorecardItem, own: LevelItem | None) -> ScorecardItem:
    if own is None:
        return item
    values = {"given_weight": own.weight, "marks": own.marks, "given_target": own.given_target}
    update: dict[str, Any] = {key: value for key, value in values.items() if value is not None}
    written = (key.removeprefix("given_") for key in update)
    return item.model_copy(update={**update, "places": {**item.places, **{key: own.place_of(key) for key in written}}})


def _is_for(level: str, item: ScorecardItem | Extra) -> bool:
    return not item.levels or level in item.levels
