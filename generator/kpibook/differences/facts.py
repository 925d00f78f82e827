"""Everything that an entry of the catalog says, as a list of named texts: what two versions of it are compared by."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kpibook.differences.side import Side
from kpibook.entry import Entry
from kpibook.model import Company, Department, Duty, Extra, Gate, Grade, Indicator, Measure, Role, ScorecardItem
from kpibook.numbers import show
from kpibook.standards import with_unit

COMPANY_GROUPS = ("rounding", "eligibility", "rank", "limits")
GRADE_KEYS = ("name", "threshold", "factor", "fail", "meaning", "note")
MEASURE_KEYS = ("name", "unit", "owner", "aliases", "source", "frequency", "accumulate", "minimum", "maximum", "note")
INDICATOR_KEYS = (
    *("name", "definition", "formula", "unit", "direction", "perspective", "owner", "source"),
    *("frequency", "accumulate", "minimum", "maximum", "note"),
)
ROLE_KEYS = ("name", "department", "reports_to", "purpose", "status", "authority", "note")
DEPARTMENT_KEYS = ("name", "parent", "head", "purpose", "note")
QUALIFICATIONS = ("education", "experience", "knowledge", "skills", "qualities", "other")
CONSEQUENCES = ("training", "promotion", "level", "pay")
REFERENCES = {
    "owner": "department",
    "department": "department",
    "parent": "department",
    "reports_to": "role",
    "head": "role",
}
"""Keys that name another entry, and its kind."""

GROUPS = {
    "status": "approval",
    "direction": "direction",
    "frequency": "frequency",
    "accumulate": "accumulate",
    "perspective": "perspective",
}
"""Keys whose words stand in the handbook's words."""


class Fact(NamedTuple):
    """A thing that an entry says: what it is called, and how it reads."""

    label: str
    text: str
    sense: str
    """What two versions are compared by: the text, but for a rule with the newer weight and target put in."""


Facts = Mapping[str, Fact]
"""By a key that stays the same while the words change."""


def facts_of(entry: Entry, side: Side, newer: Entry | None = None) -> Facts:
    """Everything that an entry says, but for what it says nothing about; `newer` is what has become of it."""
    found = _facts(entry, side)
    facts = {key: Fact(label, text, text) for key, label, text in found if text}
    if isinstance(entry, Role | Department) and isinstance(newer, Role | Department):
        facts.update(_senses(entry, newer, side, facts))
    return facts


def _senses(older: Role | Department, newer: Role | Department, side: Side, facts: Facts) -> Iterator[tuple[str, Fact]]:
    """The rules of the items with the weight and the target that they have now: what else is different then?"""
    now = {item.indicator: item for item in newer.items}
    for item in older.items:
        key = f"item/{side.id('indicator', item.indicator)}/standard"
        other = now.get(side.id("indicator", item.indicator))
        if other and key in facts:
            moved = item.model_copy(update={"weight": other.weight, "target": other.target, "raters": other.raters})
            yield key, facts[key]._replace(sense=side.sentence(moved))


def weights_of(owner: Role | Department, side: Side) -> Mapping[str, str]:
    """The weight of each item by its indicator's newer id."""
    return {
        side.id("indicator", item.indicator): "" if item.weight is None else show(item.weight) for item in owner.items
    }


def _facts(entry: Entry, side: Side) -> Iterator[tuple[str, str, str]]:
    match entry:
        case Company():
            yield from _company(entry, side)
        case Grade():
            yield from _plain(entry, GRADE_KEYS, side)
            yield from _inner(entry.consequences, "consequences", CONSEQUENCES, side)
        case Measure():
            yield from _plain(entry, MEASURE_KEYS, side)
        case Indicator():
            yield from _plain(entry, INDICATOR_KEYS, side)
        case Department():
            yield from _plain(entry, DEPARTMENT_KEYS, side)
            yield from _duties(entry.duties, side)
            yield from _scored(entry, side)
        case Role():
            yield from _plain(entry, ROLE_KEYS, side)
            yield from _inner(entry.qualifications, "qualifications", QUALIFICATIONS, side)
            yield from _duties(entry.duties, side)
            yield from _scored(entry, side)
            yield from _pay(entry, side)


def _company(company: Company, side: Side) -> Iterator[tuple[str, str, str]]:
    yield from _plain(company, ("name", "language", "currency", "missing", "intro", "note"), side)
    yield "raters", side.say("diff.field.raters"), side.raters(company.raters)
    for group in COMPANY_GROUPS:
        settings: Entry = getattr(company, group)
        yield from _inner(settings, group, tuple(settings.known_keys()), side)


def _plain(entry: Entry, keys: Iterable[str], side: Side) -> Iterator[tuple[str, str, str]]:
    for key in keys:
        value = getattr(entry, key)
        if key in REFERENCES:
            text = side.name(REFERENCES[key], value)
        elif key == "formula":
            text = side.formula(value)
        elif isinstance(value, tuple):
            text = side.say("diff.semicolon").join(map(str, value))
        else:
            text = side.written(value, GROUPS.get(key, ""))
        yield key, side.say(f"diff.field.{key}"), text


def _inner(entry: Entry, group: str, keys: Iterable[str], side: Side) -> Iterator[tuple[str, str, str]]:
    for key in keys:
        value = getattr(entry, key)
        text = side.say("diff.semicolon").join(value) if isinstance(value, tuple) else side.written(value)
        yield f"{group}.{key}", side.say(f"diff.field.{group}.{key}"), text


def _duties(duties: tuple[Duty, ...], side: Side) -> Iterator[tuple[str, str, str]]:
    for duty in duties:
        parts = {"content": duty.content, "requirement": duty.requirement, "note": duty.note}
        share = "" if duty.share is None else f"{show(duty.share)}%"
        for key, text in {"": duty.name, "share": share, **parts}.items():
            label = side.say(f"diff.duty.{key or 'itself'}", name=duty.name)
            yield f"duty/{duty.name}/{key}", label, text


def _scored(owner: Role | Department, side: Side) -> Iterator[tuple[str, str, str]]:
    for section in owner.scorecard:
        yield f"section/{section.section}", side.say("diff.section", name=section.section), section.note
        for item in section.items:
            yield from _item(item, section.section, side)
    for number, extra in enumerate(owner.extras):
        twins = sum(other.indicator == extra.indicator for other in owner.extras[:number])
        yield from _extra(extra, twins, side)
    for gate in owner.gates:
        text = _gate(gate, side)
        yield f"gate/{text}", side.say("diff.gate"), text


def _item(item: ScorecardItem, section: str, side: Side) -> Iterator[tuple[str, str, str]]:
    identifier = side.id("indicator", item.indicator)
    supports = side.name("indicator", item.supports)
    texts = {
        "target": _target(item, side),
        "standard": side.sentence(item),
        "wording": _wording(item),
        "raters": side.raters(item.raters),
        "supports": supports,
        "section": section,
        "note": item.note,
    }
    for key, text in texts.items():
        yield f"item/{identifier}/{key}", _label(key, item, side), text


def _extra(extra: Extra, number: int, side: Side) -> Iterator[tuple[str, str, str]]:
    key = f"extra/{side.id('indicator', extra.indicator)}/{number}"
    name = side.name("indicator", extra.indicator)
    yield f"{key}/standard", side.say("diff.extra", name=name), side.sentence(extra)
    yield f"{key}/target", side.say("diff.item.target", name=name), _target(extra, side)
    yield f"{key}/note", side.say("diff.item.note", name=name), extra.note


def _label(key: str, item: ScorecardItem, side: Side) -> str:
    return side.say(f"diff.item.{key}", name=side.name("indicator", item.indicator))


def _target(item: ScorecardItem | Extra, side: Side) -> str:
    indicator = side.catalog.indicators.get(item.indicator)
    return "" if item.target is None else with_unit(item.target, indicator.unit if indicator else "")


def _wording(item: ScorecardItem) -> str:
    """The words beside a rule, which its sentence may leave out."""
    standard = item.standard
    words = [standard.note] if standard else []
    words += [band.label for band in getattr(standard, "bands", ())]
    words += [level.meaning for level in getattr(standard, "levels", ())]
    return "; ".join(filter(None, words))


def _gate(gate: Gate, side: Side) -> str:
    limit = gate.grade_at_most or ("" if gate.total_at_most is None else show(gate.total_at_most))
    text = side.say("diff.gate_text", condition=side.formula(gate.when), limit=limit)
    return side.say("diff.named", name=gate.name, text=text) if gate.name else text


def _pay(role: Role, side: Side) -> Iterator[tuple[str, str, str]]:
    for line in role.pay:
        for key, text in (
            ("formula", side.formula(line.formula)),
            ("when", side.formula(line.when)),
            ("note", line.note),
        ):
            yield f"pay/{line.name}/{key}", side.say(f"diff.pay.{key}", name=line.name), text
