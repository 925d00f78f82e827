"""Everything that an entry of the catalog says, as named texts: what two versions of it are compared by.

Keys that have no words of their own here are told under their own name: a key that the model gains is never overlooked.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kpibook.base.entry import Entry
from kpibook.base.numbers import share_text, show
from kpibook.model import Company, Department, Duty, Extra, Gate, NumberKind, Role, ScorecardItem, Scored
from kpibook.reviewing.differences.side import CatalogSide
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import targets_by_kind, with_unit

REFERENCES = {
    "owner": "department",
    "department": "department",
    "parent": "department",
    "reports_to": "role",
    "head": "role",
    "supports": "indicator",
}
"""Keys that name another entry, and its kind."""

GROUPS = {
    "status": "approval",
    "direction": "direction",
    "frequency": "frequency",
    "accumulate": "accumulate",
    "perspective": "perspective",
    "kind": "number_kind",
}
"""Keys whose words stand in the handbook's words."""

HIDDEN = ("places", "id", "standard", "examples", "note")
"""Keys that are no part of what an entry says, or are told in another way: rules as sentences, notes last."""
NOT_TOLD = (*HIDDEN, "by", "on", "changes", "was")
"""Who approved a role and when, and what it tells of its own history; a former id is told as a rename."""
USUAL: Mapping[str, object] = {"confidential": False, "prorate": True, "kind": NumberKind.NUMBER}
"""What say something only where they are otherwise: nobody is told that an entry is as all others are."""
IN_PARTS = ("scorecard", "extras", "gates", "duties", "pay")
"""Lists whose members are told one by one."""


class ListMember(NamedTuple):
    """A member of a list: the beginning of its keys, the words for them, and its name."""

    key: str
    kind: str
    name: str


ListPath = tuple[str, str, str]
"""A key that stays the same while the words change, what it is called, and how it reads."""


class Fact(NamedTuple):
    """A thing that an entry says: what it is called, and how it reads."""

    label: str
    text: str
    sense: str
    """What two versions are compared by: the text, but for a rule with the newer weight and target put in."""


Facts = Mapping[str, Fact]


def facts_of(entry: Entry, side: CatalogSide, newer: Entry | None = None) -> Facts:
    """Everything that an entry says, but for what it says nothing about; `newer` is what has become of it."""
    facts = {key: Fact(label, text, text) for key, label, text in _facts(entry, side) if text}
    if isinstance(entry, Scored) and isinstance(newer, Scored):
        facts.update(_senses(entry, newer, side, facts))
    return facts


def weights_of(owner: Scored, side: CatalogSide) -> Mapping[str, str]:
    """The weight of each item by its indicator's newer id."""
    return {side.id("indicator", item.indicator): _weight(item) for item in owner.items}


def _weight(item: ScorecardItem) -> str:
    """What it counts, or its marks where these are all that is written."""
    counts = item.marks if item.given_weight is None else item.given_weight
    return "" if counts is None else share_text(counts)


def _senses(older: Scored, newer: Scored, side: CatalogSide, facts: Facts) -> Iterator[tuple[str, Fact]]:
    """The rules of the items with the weight and the target that they have now: what else is different then?"""
    now = {item.indicator: item for item in newer.items}
    for item in older.items:
        key = f"item/{side.id('indicator', item.indicator)}/standard"
        other = now.get(side.id("indicator", item.indicator))
        if other and key in facts:
            todays = {
                "given_weight": other.given_weight,
                "marks": other.marks,
                "given_target": other.given_target,
                "raters": other.raters,
            }
            moved = item.model_copy(update=todays)
            yield key, facts[key]._replace(sense=side.sentence(moved))


def _facts(entry: Entry, side: CatalogSide) -> Iterator[ListPath]:
    yield from _keys(entry, "", (), side)
    if isinstance(entry, Role | Department):
        for duty in entry.duties:
            yield from _duty(duty, side)
    if isinstance(entry, Scored):
        yield from _scored(entry, side)
    if isinstance(entry, Role):
        for line in entry.pay:
            yield from _members(line, ListMember(f"pay/{line.name}", "pay", line.name), side)
    if not isinstance(entry, Company):
        yield from _note(entry, side)


def _note(entry: Entry, side: CatalogSide) -> Iterator[ListPath]:
    yield "note", side.say("diff.field.note"), str(getattr(entry, "note", ""))


def _keys(entry: Entry, group: str, without: tuple[str, ...], side: CatalogSide) -> Iterator[ListPath]:
    """Every key of an entry that is not told elsewhere; mappings inside it key by key."""
    for key in _told_keys(entry, (*without, *IN_PARTS)):
        value = getattr(entry, key)
        if isinstance(value, Entry):
            yield from _keys(value, f"{group}{key}.", (), side)
        else:
            dotted = f"{group}{key}"
            yield dotted, _label(f"diff.field.{dotted}", key, side), text_of(value, key, side)
    if group or isinstance(entry, Company):
        yield f"{group}note", side.say("diff.field.note"), str(getattr(entry, "note", ""))


def _told_keys(entry: Entry, without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in type(entry).model_fields if key not in (*NOT_TOLD, *without))


def _label(key: str, name: str, side: CatalogSide, **values: object) -> str:
    """The words for a key, or the key as the file writes it."""
    return side.say(key, **values) if key in side.say else name


def text_of(value: object, key: str, side: CatalogSide) -> str:
    """Any value as people read it."""
    if value is None or value is USUAL.get(key):
        return ""
    if isinstance(value, Formula):
        return side.formula(value)
    if key in REFERENCES:
        return side.name(REFERENCES[key], str(value))
    if isinstance(value, tuple):
        return side.say("diff.semicolon").join(text_of(each, "", side) for each in value)
    if isinstance(value, Mapping):
        return side.raters(value) if key == "raters" else _pairs(value.items(), side)
    if isinstance(value, Entry):
        keys = (name for name in type(value).model_fields if name not in ("places", "examples"))
        return _pairs(((name, getattr(value, name)) for name in keys), side)
    return side.written(value, GROUPS.get(key, ""), key)


def _pairs(pairs: Iterable[tuple[object, object]], side: CatalogSide) -> str:
    texts = ((str(name), text_of(value, str(name), side)) for name, value in pairs)
    return side.say("diff.comma").join(f"{name} {text}" for name, text in texts if text)


def _duty(duty: Duty, side: CatalogSide) -> Iterator[ListPath]:
    yield f"duty/{duty.name}/", side.say("diff.duty.itself"), duty.name
    share = "" if duty.share is None else f"{show(duty.share)}%"
    yield f"duty/{duty.name}/share", side.say("diff.duty.share", name=duty.name), share
    yield from _members(duty, ListMember(f"duty/{duty.name}", "duty", duty.name), side, ("name", "share"))


def _members(
    entry: Entry, member: ListMember, side: CatalogSide, without: tuple[str, ...] = ("name",)
) -> Iterator[ListPath]:
    """Every key of a member of a list, under its name, the note last."""
    keys = (key for key in type(entry).model_fields if key not in (*HIDDEN, *without))
    for key in (*keys, "note"):
        label = f"diff.{member.kind}.{key}"
        words = side.say(label, name=member.name) if label in side.say else ""
        words = words or side.say("diff.other", name=member.name, key=key)
        yield f"{member.key}/{key}", words, text_of(getattr(entry, key), key, side)


def _scored(owner: Scored, side: CatalogSide) -> Iterator[ListPath]:
    for section in owner.scorecard:
        yield f"section/{section.section}", side.say("diff.section", name=section.section), section.note
        if section.is_pooled(side.catalog.total_of(owner)) and section.weight is not None:
            label = side.say("diff.section_weight", name=section.section)
            yield f"section/{section.section}/weight", label, share_text(section.weight)
        for item in section.items:
            yield from _item(item, section.section, side)
    for number, extra in enumerate(owner.extras):
        twins = sum(other.indicator == extra.indicator for other in owner.extras[:number])
        yield from _extra(extra, twins, side)
    for gate in owner.gates:
        text = _gate(gate, side)
        yield f"gate/{text}", side.say("diff.gate"), text
        yield f"gate/{text}/note", side.say("diff.field.note"), gate.note


def _item(item: ScorecardItem, section: str, side: CatalogSide) -> Iterator[ListPath]:
    key, name = f"item/{side.id('indicator', item.indicator)}", side.name("indicator", item.indicator)
    yield f"{key}/target", side.say("diff.item.target", name=name), _target(item, side)
    yield f"{key}/standard", side.say("diff.item.standard", name=name), side.sentence(item)
    yield f"{key}/wording", side.say("diff.item.wording", name=name), _wording(item)
    yield f"{key}/section", side.say("diff.item.section", name=name), section
    told = ("indicator", "given_weight", "given_target", *(("marks",) if item.given_weight is None else ()))
    yield from _members(item, ListMember(key, "item", name), side, told)


def _extra(extra: Extra, number: int, side: CatalogSide) -> Iterator[ListPath]:
    key, name = f"extra/{side.id('indicator', extra.indicator)}/{number}", side.name("indicator", extra.indicator)
    yield f"{key}/standard", side.say("diff.extra", name=name), side.sentence(extra)
    yield f"{key}/target", side.say("diff.extra_target", name=name), _target(extra, side)
    yield f"{key}/wording", side.say("diff.item.wording", name=name), _wording(extra)
    yield from _members(extra, ListMember(key, "item", name), side, ("indicator", "given_target", "most", "least"))


def _target(item: ScorecardItem | Extra, side: CatalogSide) -> str:
    indicator = side.catalog.indicators.get(item.indicator)
    unit = indicator.unit if indicator else ""
    if item.targets:
        return targets_by_kind(item.targets, unit, side.say)
    return "" if item.target is None else with_unit(item.target, unit)


def _wording(item: ScorecardItem | Extra) -> str:
    """The words beside a rule, which its sentence may leave out."""
    standard = item.standard
    words = [standard.note] if standard else []
    words += [band.label for band in getattr(standard, "bands", ())]
    words += [level.meaning for level in getattr(standard, "levels", ())]
    return "; ".join(filter(None, words))


def _gate(gate: Gate, side: CatalogSide) -> str:
    limits = filter(None, (gate.grade_at_most, "" if gate.total_at_most is None else show(gate.total_at_most)))
    text = side.say("diff.gate_text", condition=side.formula(gate.when), limit=side.say("diff.comma").join(limits))
    return side.say("diff.named", name=gate.name, text=text) if gate.name else text
