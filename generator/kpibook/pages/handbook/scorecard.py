"""A scorecard without figures of anybody: sections, items, extras, gates, ready to be set."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, ZERO, share_text, show
from kpibook.model import Department, Extra, Gate, Indicator, Role, ScorecardItem, Section, Total, sections_at
from kpibook.pages.context import NONE, HandbookContext, HandbookLinks
from kpibook.pages.drawing.curve import Around, curve
from kpibook.pages.handbook.job_levels import LevelTable, for_levels, level_table, on_levels
from kpibook.pages.handbook.series import SeriesTable, series_tables
from kpibook.pages.paths import GRADES
from kpibook.scoring.maximum_points import most_points


class ScorecardRow(NamedTuple):
    """An item, or an extra, as a row of a table."""

    indicator: Markup
    name: str
    definition: str
    weight: str
    has_marks: bool
    """Whether it says itself what it counts: marks, or how much an extra may add."""
    width: str
    """How long the bar of its points is, in % of the longest; empty without one."""
    target: str
    standard: str
    examples: tuple[str, ...]
    notes: tuple[str, ...]
    supports: Markup | str
    curve: Markup
    suppliers: str
    """The departments whose numbers it is judged by."""


class SectionView(NamedTuple):
    """A headed group of items with the sum of their weights."""

    title: str
    anchor: str
    rows: tuple[ScorecardRow, ...]
    note: str


class GateRow(NamedTuple):
    """A gate: its name, when it closes, and what it does."""

    name: str
    when: str
    effect: str
    note: str


class ScorecardView(NamedTuple):
    """Everything by which somebody is scored."""

    is_described_only: bool
    has_targets: bool
    grades: Markup
    """The way to what the points lead to."""
    sections: tuple[SectionView, ...]
    total: str
    most: str
    """What it is worth in a sentence, with the most that can be reached where that is more."""
    extras: tuple[ScorecardRow, ...]
    gates: tuple[GateRow, ...]
    levels: LevelTable | None
    """What it is on each job level, where the role has levels."""
    series: tuple[SeriesTable, ...]
    """Its targets by month, a table for each year."""


def scorecard_view(context: HandbookContext, owner: Role | Department, at: HandbookLinks) -> ScorecardView:
    """The scorecard of a role or of a department."""
    described, rule = owner.is_described_only, context.catalog.total_of(owner)
    most = max((item.weight for item in owner.items if item.weight is not None), default=None)
    sections = (
        SectionView(
            _section_title(context, owner, section, rule),
            f"section-{number}",
            tuple(item_row(context, item, owner, at, most=most) for item in section.items),
            section.note,
        )
        for number, section in enumerate(owner.scorecard, 1)
    )
    return ScorecardView(
        is_described_only=described,
        has_targets=any(item.target is not None for item in owner.items),
        grades=at.to(context.say("handbook.grades.title"), GRADES),
        sections=tuple(sections),
        total=_on_each(context, owner, lambda each: show(_by_weight(each, rule))),
        most=_on_each(context, owner, lambda each: _most_points(context, each)) + _shared(context, owner),
        extras=tuple(item_row(context, extra, owner, at) for extra in owner.extras),
        gates=tuple(_gate(context, gate) for gate in owner.gates),
        levels=level_table(context, owner, at),
        series=series_tables(context, owner, at),
    )


def _on_each(context: HandbookContext, owner: Role | Department, told: Callable[[Role | Department], str]) -> str:
    """What is told of a scorecard; of a role with levels that of each level, once where it is the same for all."""
    if not isinstance(owner, Role) or not owner.levels:
        return told(owner)
    texts = {level.title: told(owner.at_level(level.id)) for level in owner.levels}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    named = (context.say("handbook.on_level", level=level, text=text) for level, text in texts.items())
    return " ".join(named)


def _by_weight(owner: Role | Department, rule: Total) -> mpq:
    return sum((section.counted(rule) or weight_of(section) for section in owner.scorecard), ZERO)


def _most_points(context: HandbookContext, owner: Role | Department) -> str:
    """What a scorecard is worth, and the most that can be reached where that is more."""
    rule = context.catalog.total_of(owner)
    weights, most = _by_weight(owner, rule), most_points(owner, rule)
    total = show(weights)
    turned = ""
    if rule.turned is not None and rule.told_out_of is not None:
        turned = context.say("handbook.scorecard_turned", total=show(weights), most=show(rule.told_out_of))
    turned += _by_levels(context, rule)
    if most is None:
        return context.say("handbook.scorecard_total_open", total=total) + turned
    if most <= weights:
        return context.say("handbook.scorecard_total", total=total) + turned
    return context.say("handbook.scorecard_total_most", total=total, most=show(most)) + turned


def _by_levels(context: HandbookContext, rule: Total) -> str:
    """Which level an item reaches, and what it then brings."""
    levels, say = rule.item_levels, context.say
    if not levels:
        return ""
    told = (
        say("handbook.scorecard_level", level=each.level, least=show(each.threshold), factor=show(each.factor))
        for each in levels
    )
    lowest = levels[-1].threshold
    below = say("handbook.scorecard_below_levels", least=show(lowest)) if lowest > 0 else ""
    return say("handbook.scorecard_by_levels", levels=say("handbook.comma").join(told), below=below)


def _shared(context: HandbookContext, owner: Role | Department) -> str:
    """With which role it is shared, and how many items of it are not told here."""
    count = context.catalog.withheld.get(owner.id, 0)
    withheld = context.say("handbook.scorecard_withheld", count=count) if count else ""
    other = context.catalog.roles.get(owner.scorecard_of or "") if isinstance(owner, Role) else None
    return withheld + (context.say("handbook.scorecard_shared", role=other.name) if other else "")


def weight_of(section: Section) -> mpq:
    """The points that a section's items are worth together."""
    return sum((item.weight for item in section.items if item.weight is not None), mpq(0))


def item_row(
    context: HandbookContext,
    item: ScorecardItem | Extra,
    owner: Role | Department,
    at: HandbookLinks,
    *,
    most: mpq | None = None,
) -> ScorecardRow:
    """An item of somebody's scorecard with its target, its rule as a sentence and as a drawing.

    `most` points fill the whole bar.
    """
    indicator = context.catalog.indicators[item.indicator]
    weight = _bounds(context, item) if isinstance(item, Extra) else _weight(context, item)
    around = Around(context.catalog.total_of(owner).item_levels, on_levels(item, owner), context.catalog.named)
    notes = (for_levels(context, item), item.standard.note if item.standard else "", item.note)
    return ScorecardRow(
        indicator=at.indicator(indicator),
        name=indicator.name,
        definition=indicator.definition,
        weight=weight,
        has_marks=isinstance(item, Extra) or item.marks is not None,
        width=_width(item, most),
        target=context.target(_aimed(item, owner)),
        standard=context.sentence(item),
        examples=context.examples(item),
        notes=tuple(filter(None, notes)),
        supports=_supports(context, item, at),
        curve=curve(item, indicator, context.say, around),
        suppliers=_suppliers(context, item, indicator),
    )


def _aimed(item: ScorecardItem | Extra, owner: Role | Department) -> ScorecardItem | Extra:
    """Whose target an entry goes by: an extra without one by that of the item with the same indicator."""
    if isinstance(item, ScorecardItem) or item.target is not None or not item.standard.judges_target():
        return item
    same = [each for each in owner.items if each.indicator == item.indicator]
    return same[0] if len(same) == 1 else item


def _suppliers(context: HandbookContext, item: ScorecardItem | Extra, indicator: Indicator) -> str:
    owners = dict.fromkeys(entry.owner for entry in context.lookup.numbers_of(item, indicator) if entry.owner)
    return context.say("handbook.comma").join(map(context.department_name, owners))


def _weight(context: HandbookContext, item: ScorecardItem) -> str:
    """What an item is worth; of marks of its own, what they count, too."""
    if item.weight is None:
        return NONE
    if item.marks is None:
        return share_text(item.weight)
    if item.given_weight is None:
        return context.say("handbook.marks_alone", marks=share_text(item.marks))
    return context.say("handbook.marks_weight", marks=share_text(item.marks), weight=share_text(item.given_weight))


def _width(item: ScorecardItem | Extra, most: mpq | None) -> str:
    return show(item.weight / most * HUNDRED, 0) if most and item.weight is not None else ""


def _section_title(context: HandbookContext, owner: Role | Department, section: Section, rule: Total) -> str:
    """Its name with what it counts; and what its items make, where that is another number.

    Of a role with levels the name alone, where it counts something else on each.
    """
    levels = owner.levels if isinstance(owner, Role) else ()
    shown = {_worth(context, each, rule) for level in levels for each in sections_at(level, (section,))}
    return _worth(context, section, rule) if not levels else shown.pop() if len(shown) == 1 else section.section


def _worth(context: HandbookContext, section: Section, rule: Total) -> str:
    weight, marks = section.counted(rule) or weight_of(section), section.marks
    values = {"name": section.section, "weight": share_text(weight)}
    if not weight:
        return section.section
    if not section.is_pooled(rule):
        return context.say("handbook.section_title", **values)
    key = "section_title_percent" if rule.whole == marks == HUNDRED else "section_title_marks"
    return context.say(f"handbook.{key}", **values, marks=share_text(marks))


def _bounds(context: HandbookContext, extra: Extra) -> str:
    """How far an extra may go: `最多 +20 分`."""
    parts = (("most", extra.most), ("least", extra.least))
    return context.say("handbook.comma").join(
        context.say(f"handbook.extra_{key}", points=show(value)) for key, value in parts if value is not None
    )


def _supports(context: HandbookContext, item: ScorecardItem | Extra, at: HandbookLinks) -> Markup | str:
    served = context.catalog.indicators.get(item.supports or "") if isinstance(item, ScorecardItem) else None
    return at.indicator(served) if served else ""


def _gate(context: HandbookContext, gate: Gate) -> GateRow:
    return GateRow(
        gate.name, context.condition(gate.when), context.say("handbook.comma").join(_effects(context, gate)), gate.note
    )


def _effects(context: HandbookContext, gate: Gate) -> Iterable[str]:
    if gate.grade_at_most is not None:
        grade = next((g for g in context.catalog.grades if g.id == gate.grade_at_most), None)
        named = context.say("handbook.grade_name", id=grade.id, name=grade.name) if grade else gate.grade_at_most
        yield context.say("handbook.gate_grade", grade=named)
    if gate.total_at_most is not None:
        yield context.say("handbook.gate_total", total=show(gate.total_at_most))
