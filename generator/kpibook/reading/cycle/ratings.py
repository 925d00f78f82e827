"""ratings.csv: the points or the level that somebody gave, a row each."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.names import stripped
from kpibook.base.numbers import show
from kpibook.model import COMPANY, Catalog, RatingRow, RatingRows, Relation, Scored
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.rated_items import score_levels
from kpibook.reading.cycle.row_context import POINTS, RowContext, read_indicator, read_person
from kpibook.reading.cycle.subjects import KnownIds, folded
from kpibook.reading.tables import Layout, Table
from kpibook.rules.standards import Rating, RatingFault

RATINGS = Layout(
    required=("person", "indicator", "relation", "score"),
    optional=("level", "rater", "comment"),
    ids=("person", "indicator", "rater"),
)


RELATIONS = KnownIds(Relation)


ALONE = (Relation.SELF, Relation.MANAGER)
"""Relations in which one person rates; the others have to name who did."""


class Ratings(NamedTuple):
    """The ratings of each person on each indicator, in the order of the file; a row without a score asks for one."""

    given: RatingRows
    asked: RatingRows


class RatedBy(NamedTuple):
    """What may be rated by a catalog."""

    levels: Mapping[str, tuple[str, ...]]
    """Of each indicator."""
    units: Mapping[str, str]
    """Departments and the company by their folded ids."""


def read_ratings(table: Table, context: RowContext) -> Ratings:
    """All ratings; what was asked for and given in another row is asked for no more."""
    kept = KeptRows[tuple[str, str, str, str], RatingRow](lambda row: (row.value, row.level))
    rules = RatedBy(score_levels(context.catalog), _rated_units(context.catalog))
    asked: dict[tuple[str, str, str, str], RatingRow] = {}
    for row in table.rows():
        cells = Cells(table, row)
        try:
            rating = _rating(cells, context, rules)
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


def _rating(cells: Cells, context: RowContext, known: RatedBy) -> RatingRow:
    person = known.units.get(folded(cells.text("person"))) or read_person(cells, context, "person")
    cells.about = (person, "")
    indicator = read_indicator(cells, context)
    cells.about = (person, indicator)
    relation, rater = read_relation(cells)
    cells.whose = f"{relation}/{folded(rater)}"
    value, level = None, ""
    if stripped(cells.text("score")) or stripped(cells.text("level")):
        rules = context.rated_by(person, indicator)
        written = stripped(cells.text("level"))
        value, level = read_points(cells, "score", rules, written, known.levels.get(indicator, ()))
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


def _rated_units(catalog: Catalog) -> Mapping[str, str]:
    """The departments, and the company, that have a scorecard of their own, by their folded ids."""
    units: dict[str, Scored] = {**catalog.departments, COMPANY: catalog.company}
    return {folded(unit): unit for unit, owner in reversed(units.items()) if owner.items}


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
