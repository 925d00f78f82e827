"""targets.csv, ratings.csv and adjustments.csv: what people decided, a row each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.names import stripped
from kpibook.base.numbers import show
from kpibook.model import (
    COMPANY,
    Adjustment,
    Catalog,
    Company,
    Department,
    Direction,
    Extra,
    Indicator,
    RatingRow,
    RatingRows,
    Relation,
    Role,
    ScorecardItem,
    Scored,
    TargetRow,
)
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.subjects import KnownIds, Subjects, folded
from kpibook.reading.tables import Layout, Table
from kpibook.rules.standards import Rating, RatingFault, Stretch

TARGETS = Layout(
    required=("subject", "indicator", "target"),
    optional=("reason", "approved_by", "on", "original", "threshold", "stretch"),
    ids=("subject", "indicator"),
    numbers=("target", "original", "threshold", "stretch"),
)
RATINGS = Layout(
    required=("person", "indicator", "relation", "score"),
    optional=("level", "rater", "comment"),
    ids=("person", "indicator", "rater"),
)
ADJUSTMENTS = Layout(
    required=("person", "points"),
    optional=("reason", "approved_by", "on"),
    ids=("person",),
    numbers=("points",),
)

POINTS = "\u5206"
"""The unit of points, as people write it behind a number."""

RELATIONS = KnownIds(Relation)
ALONE = (Relation.SELF, Relation.MANAGER)
"""Relations in which one person rates; the others have to name who did."""


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a row may refer to."""

    catalog: Catalog
    subjects: Subjects
    indicators: KnownIds
    posts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By person: the roles held in the cycle, each with the level in it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """By person."""
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By indicator: the columns that its rules use beside the target."""

    def rated_by(self, subject: str, indicator: str) -> Iterator[tuple[Rating, mpq]]:
        """The rules, with their weights, by which a subject is rated on an indicator."""
        return rating_rules(self.catalog, self.posts.get(subject, ()), subject, indicator)


def rating_rules(
    catalog: Catalog, posts: Sequence[tuple[str, str]], subject: str, indicator: str
) -> Iterator[tuple[Rating, mpq]]:
    """The rules, with their weights, by which somebody in these roles, or a unit, is rated on an indicator."""
    for item in rated_entries(catalog, posts, subject, indicator):
        if isinstance(item.standard, Rating):
            yield item.standard, item.weight or mpq(0)


def rated_entries(
    catalog: Catalog, posts: Sequence[tuple[str, str]], subject: str, indicator: str
) -> Iterator[ScorecardItem | Extra]:
    """The items and extras by which somebody in these roles, or a unit, is rated on an indicator."""
    held: list[Scored | None] = [catalog.post(*post) for post in posts]
    held += [catalog.departments.get(subject), catalog.company if subject == COMPANY else None]
    for owner in filter(None, held):
        entries: tuple[ScorecardItem | Extra, ...] = (*owner.items, *owner.extras)
        for item in entries:
            if item.indicator == indicator and isinstance(item.standard, Rating):
                yield item


def read_targets(table: Table, context: DecisionContext) -> Mapping[tuple[str, str], TargetRow]:
    """The targets of persons and departments."""
    kept = KeptRows[tuple[str, str], TargetRow](lambda row: (row.value, row.original, row.threshold, row.stretch))
    for row in table.rows():
        cells = Cells(table, row)
        try:
            _add_target(cells, context, kept)
        except RowFault as fault:
            cells.set_aside(fault)
    kept.settle([table])
    return kept.rows


def _add_target(cells: Cells, context: DecisionContext, kept: KeptRows[tuple[str, str], TargetRow]) -> None:
    subject = _target_subject(cells, context)
    cells.about = (subject, "")
    indicator = _indicator(cells, context)
    cells.about = (subject, indicator)
    if not cells.text("target").strip():
        cells.table.ledger.empty += 1
        cells.table.ledger.warn("target-empty", cells.place("target"), {"subject": subject, "indicator": indicator})
        return
    unit = context.catalog.indicators[indicator].unit
    original = cells.number("original", unit) if cells.text("original").strip() else None
    target = cells.number("target", unit)
    row = TargetRow(
        target,
        cells.place("target"),
        cells.text("reason").strip(),
        cells.text("approved_by").strip(),
        original,
        cells.date("on"),
        _beside(cells, "threshold", target, context),
        _beside(cells, "stretch", target, context),
    )
    kept.add(cells.about, row, cells.table)


def _beside(cells: Cells, column: str, target: mpq, context: DecisionContext) -> mpq | None:
    """The threshold or the stretch value of a row, on its own side of the target; None where the row gives none."""
    if not cells.text(column).strip():
        return None
    indicator = context.catalog.indicators[cells.about[1]]
    value = cells.number(column, indicator.unit)
    check_beside(column, value, target, indicator, context.beside)
    return value


def check_beside(
    column: str, value: mpq, target: mpq, indicator: Indicator, used: Mapping[str, frozenset[str]]
) -> None:
    """A threshold or a stretch value lies on its side of the target, and a rule uses it; raises RowFault otherwise."""
    if column not in used.get(indicator.id, ()):
        raise RowFault(column, "beside-not-used", indicator=indicator.id)
    is_short = value > target if indicator.direction is Direction.LOWER else value < target
    if value == target or is_short is not (column == "threshold"):
        raise RowFault(column, "beside-target-order", indicator=indicator.id, target=show(target))


def used_beside(catalog: Catalog) -> Mapping[str, frozenset[str]]:
    """By indicator: which values beside a target the rules of any scorecard use."""
    owners: tuple[Scored, ...] = (*catalog.roles.values(), *catalog.departments.values(), catalog.company)
    found: dict[str, frozenset[str]] = {}
    for item in (item for owner in owners for item in owner.items):
        if isinstance(item.standard, Stretch):
            used = {"threshold"} if item.standard.at_stretch is None else {"threshold", "stretch"}
            found[item.indicator] = found.get(item.indicator, frozenset()) | used
    return found


def _target_subject(cells: Cells, context: DecisionContext) -> str:
    text = cells.text("subject")
    for identifier in context.catalog.departments:
        if folded(identifier) == folded(text):
            return identifier
    return read_person(cells, context, "subject")


class Ratings(NamedTuple):
    """The ratings of each person on each indicator, in the order of the file; a row without a score asks for one."""

    given: RatingRows
    asked: RatingRows


def read_ratings(table: Table, context: DecisionContext) -> Ratings:
    """All ratings; what was asked for and given in another row is asked for no more."""
    kept = KeptRows[tuple[str, str, str, str], RatingRow](lambda row: (row.value, row.level))
    levels = score_levels(context.catalog)
    asked: dict[tuple[str, str, str, str], RatingRow] = {}
    for row in table.rows():
        cells = Cells(table, row)
        try:
            rating = _rating(cells, context, levels)
        except RowFault as fault:
            cells.set_aside(fault)
            continue
        key = (*cells.about, rating.relation, folded(rating.rater))
        if rating.value is None and not rating.level:
            table.ledger.empty += 1
            asked[key] = rating
        else:
            kept.add(key, rating, table)
    kept.settle([table])
    return Ratings(_by_person(kept.rows), _by_person({key: asked[key] for key in asked if key not in kept.rows}))


def _by_person(rows: Mapping[tuple[str, str, str, str], RatingRow]) -> RatingRows:
    found: dict[tuple[str, str], tuple[RatingRow, ...]] = {}
    for (person, indicator, _, _), rating in rows.items():
        found[person, indicator] = (*found.get((person, indicator), ()), rating)
    return found


def _rating(cells: Cells, context: DecisionContext, levels: Mapping[str, tuple[str, ...]]) -> RatingRow:
    person = _rated_subject(cells, context)
    cells.about = (person, "")
    indicator = _indicator(cells, context)
    cells.about = (person, indicator)
    relation, rater = read_relation(cells)
    cells.whose = f"{relation}/{folded(rater)}"
    value, level = None, ""
    if stripped(cells.text("score")) or stripped(cells.text("level")):
        rules = tuple(context.rated_by(person, indicator))
        written = stripped(cells.text("level"))
        value, level = read_points(cells, "score", rules, written, levels.get(indicator, ()))
        check_rating(rules, value, level)
    return RatingRow(
        relation=relation,
        rater=context.subjects.people.find(rater) or rater,
        place=cells.place("score"),
        raw=cells.text("score"),
        value=value,
        level=level,
        comment=cells.text("comment"),
    )


def _rated_subject(cells: Cells, context: DecisionContext) -> str:
    """A person, or a department or the company if it has a scorecard of its own."""
    text, catalog = folded(cells.text("person")), context.catalog
    units: dict[str, Scored] = {**catalog.departments, COMPANY: catalog.company}
    found = next((unit for unit, owner in units.items() if folded(unit) == text and owner.items), None)
    return found or read_person(cells, context, "person")


def check_rating(rules: Sequence[tuple[Rating, mpq]], value: mpq | None, level: str) -> None:
    """A rating fits one of the rules that it may be for; raises RowFault with why it does not fit the last."""
    fault = None
    for rule, weight in rules:
        try:
            rule.rating_points(value, level, weight)
        except RatingFault as found:
            fault = found
        else:
            return
    if fault:
        raise RowFault("score", fault.code, **fault.values)


def read_relation(cells: Cells, names: Mapping[str, str] | None = None) -> tuple[Relation, str]:
    """The relation of a rating, which may go by other names (folded), and who rated, as the row writes it."""
    said = cells.needed("relation")
    relation = RELATIONS.find((names or {}).get(folded(said), said))
    if relation is None:
        raise RowFault("relation", "unknown-relation", known=", ".join(Relation))
    rater = cells.text("rater").strip()
    if not rater and relation not in ALONE:
        raise RowFault("rater" if "rater" in cells.table.columns else "relation", "rater-missing")
    return Relation(relation), rater


def read_points(
    cells: Cells, column: str, rules: Sequence[tuple[Rating, mpq]], level: str = "", levels: Sequence[str] = ()
) -> tuple[mpq | None, str]:
    """The points of a rating and its level, one of which may be missing; the levels are those of the item itself.

    `levels` are taken for somebody of whom no rule is known.
    """
    own = tuple(dict.fromkeys(each.level for rule, _ in rules for each in rule.levels)) if rules else tuple(levels)
    text = stripped(cells.text(column))
    if not text and level:
        return None, level
    if text in own:
        return None, text
    try:
        return cells.number(column, POINTS), level
    except RowFault as fault:
        if fault.code not in ("cell-not-a-number", "cell-odd-negative") or not (own or rules):
            raise
        if own:
            raise RowFault(column, "unknown-level", levels=", ".join(own)) from fault
        most = max(rule.most(weight) for rule, weight in rules)
        raise RowFault(column, "rating-takes-points", most=show(most)) from fault


def score_levels(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """The levels that each indicator is rated by, from all scorecards."""
    found: dict[str, tuple[str, ...]] = {}
    for _, indicator, standard in rated_items(catalog):
        levels = (*found.get(indicator, ()), *(level.level for level in standard.levels))
        found[indicator] = tuple(dict.fromkeys(levels))
    return found


def rated_items(catalog: Catalog) -> Iterator[tuple[str, str, Rating]]:
    """Everything that raters give points for: whose scorecard, which indicator, and its rule."""
    owners: tuple[Role | Department | Company, ...] = (
        *catalog.roles.values(),
        *catalog.departments.values(),
        catalog.company,
    )
    for owner in owners:
        rated = [(item.indicator, item.standard) for item in owner.items]
        rated += [(extra.indicator, extra.standard) for extra in owner.extras]
        for indicator, standard in rated:
            if isinstance(standard, Rating):
                yield owner.id, indicator, standard


def read_adjustments(table: Table, context: DecisionContext) -> Mapping[str, tuple[Adjustment, ...]]:
    """The points added or taken off by decision, by person."""
    kept = KeptRows[tuple[str, str], Adjustment](lambda row: row.points, has_key=False)
    for row in table.rows():
        cells = Cells(table, row)
        try:
            person = read_person(cells, context, "person")
            cells.about = (person, "")
            reason = cells.text("reason").strip()
            points = cells.number("points", POINTS)
            approved_on = cells.date("on")
        except RowFault as fault:
            cells.set_aside(fault)
            continue
        adjustment = Adjustment(points, reason, cells.text("approved_by").strip(), cells.place("points"), approved_on)
        kept.add((person, reason), adjustment, table)
    kept.settle([table])
    adjustments: dict[str, tuple[Adjustment, ...]] = {}
    for (person, _), adjustment in kept.rows.items():
        adjustments[person] = (*adjustments.get(person, ()), adjustment)
    return adjustments


def read_person(cells: Cells, context: DecisionContext, column: str) -> str:
    """The person whom a cell names."""
    text = cells.text(column)
    person = context.subjects.person(text)
    if person is None:
        code, values = context.subjects.why_unknown(text, people_only=True)
        raise RowFault(column, code, **values)
    return person


def _indicator(cells: Cells, context: DecisionContext) -> str:
    text = cells.needed("indicator")
    if text not in context.catalog.indicators:
        raise RowFault("indicator", "unknown-indicator", near=context.indicators.near(text))
    return text
