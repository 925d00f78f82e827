"""The sheets of raters: a row for each rating that somebody is asked for."""

from collections.abc import Iterable, Iterator, Mapping

from kpibook.base.numbers import show
from kpibook.base.words import Words
from kpibook.exchange.collect.forms import Anchor, CellLimits, FormRow, FormSheet, Request
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.names import relation_name
from kpibook.exchange.importing.sheet_stamp import RATERS, UNASSIGNED, SheetStamp, catalog_hash
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.exchange.needs.raters import RatingNeed
from kpibook.model import Catalog, Cycle
from kpibook.rules.standards import RatingLevel


def rating_sheets(request: Request) -> Iterator[FormSheet]:
    """A sheet for each rater, and one for those nobody is known to rate."""
    cycle, catalog, say = request.cycle, request.catalog, request.say
    names = {row.person: row.name for row in cycle.people}
    books: dict[str, list[RatingNeed]] = {}
    for need in request.needs.ratings:
        if not request.only_missing or not need.given(cycle):
            books.setdefault(need.rater, []).append(need)
    for rater in sorted(books):
        found = books[rater]
        who = names.get(rater, rater) or say("collect.unassigned")
        title = say("collect.rating_title", company=catalog.company.name, cycle=cycle.name, rater=who)
        rows = tuple(_rating_row(need, cycle, catalog, names, say) for need in found)
        name = rater if _is_file_name(rater) else UNASSIGNED
        stamp = SheetStamp(str(cycle.period), catalog_hash(catalog), f"{RATERS}/{name}", len(rows))
        anchors = tuple(dict.fromkeys(_anchors(found, catalog, say)))
        yield FormSheet(f"{RATERS}-{name}", say("collect.ratings"), title, stamp, SheetKind.RATINGS, rows, anchors)


def _is_file_name(rater: str) -> bool:
    return bool(rater) and rater.replace("-", "").isalnum() and rater.isascii()


def _rating_row(need: RatingNeed, cycle: Cycle, catalog: Catalog, names: Mapping[str, str], say: Words) -> FormRow:
    levels = tuple(level.level for level in need.rule.levels)
    # A row in which no rater is named may be anybody's: it stands on no rater's own sheet.
    found = need.given(cycle)
    given = found if found and found.rater == need.rater else None
    cells = {
        ColumnRole.SUBJECT: need.person,
        ColumnRole.NAME: names.get(need.person, ""),
        ColumnRole.MEASURE: need.indicator,
        ColumnRole.MEASURE_NAME: catalog.indicators[need.indicator].name,
        ColumnRole.RELATION: relation_name(need.relation, say),
        ColumnRole.RATER: need.rater,
        ColumnRole.MOST: show(need.rule.most(need.weight)),
        ColumnRole.COMMENT_UNDER: "" if need.comment_under is None else show(need.comment_under),
        ColumnRole.LEVEL: given.level if given else "",
        ColumnRole.SCORE: "" if given is None or given.raw == given.level else given.raw,
        ColumnRole.NOTE: given.comment if given else "",
        ColumnRole.LEVELS: say("collect.comma").join(_level(level, say) for level in need.rule.levels),
    }
    return FormRow(cells, CellLimits(need.rule.least, need.rule.most(need.weight), levels))


def _anchors(needs: Iterable[RatingNeed], catalog: Catalog, say: Words) -> Iterator[Anchor]:
    for need in needs:
        for level in need.rule.levels:
            yield Anchor(catalog.indicators[need.indicator].name, level.level, _points(level, say), level.meaning)


def _points(level: RatingLevel, say: Words) -> str:
    """The points of a level, and which of them count where a rater gives the level alone."""
    low, high = show(level.lowest), show(level.highest)
    if low == high:
        return low
    key = "span" if level.default is None else "default"
    return say(f"collect.level.{key}", low=low, high=high, default=show(level.default or level.lowest))


def _level(level: RatingLevel, say: Words) -> str:
    """A level with its points and its meaning."""
    key = "meant" if level.meaning else "bare"
    return say(f"collect.level.{key}", level=level.level, points=_points(level, say), meaning=level.meaning)
