"""The items of a card as rows: figures in a table, and below each what its points came from."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import ZERO, show
from kpibook.model import COMPANY, Catalog, RatingRow
from kpibook.pages.drawing.bars import attainment_bar
from kpibook.pages.figures import NONE, Figures, amount
from kpibook.pages.text import bullets
from kpibook.scoring import explain
from kpibook.scoring.results import Card, ItemScore, RoleSpan, Source


class ItemRow(NamedTuple):
    """An item as a row of the table, and what stands below it."""

    number: int
    name: str
    weight: str
    target: str
    actual: str
    bar: Markup | str
    attainment: str
    points: str
    status: str
    lines: Markup
    words: int
    """How many of the lines, from the first, say the rule in words and no number of this card."""


class SectionItems(NamedTuple):
    """A section of a scorecard with the sum of its weights and points."""

    name: str
    weight: str
    points: str
    rows: tuple[ItemRow, ...]


class RoleScorecard(NamedTuple):
    """The scorecard of one role; `title` names role and days where a person held several."""

    title: str
    groups: tuple[SectionItems, ...]


def parts(card: Card, figures: Figures) -> Iterator[RoleScorecard]:
    """The scorecards of all roles that the person held, their items numbered through."""
    first = 1
    for piece in card.spans:
        title = _slice_title(piece, figures) if len(card.spans) > 1 else ""
        yield RoleScorecard(title, tuple(_groups(piece, figures, first)))
        first += len(piece.items) + len(piece.extras)


def _slice_title(piece: RoleSpan, figures: Figures) -> str:
    period, assignment = figures.results.cycle.period, piece.assignment
    return figures.say(
        "cards.slice",
        role=piece.role.name,
        department=figures.department(assignment.department),
        first=assignment.first_day or period.first_day,
        last=assignment.last_day or period.last_day,
        days=piece.days,
        total=figures.points(piece.total),
    )


def _groups(piece: RoleSpan, figures: Figures, first: int) -> Iterator[SectionItems]:
    numbered = list(enumerate(piece.items, first))
    for name, scores in groupby(numbered, key=lambda pair: pair[1].section):
        yield _group(name, list(scores), figures)
    if piece.extras:
        extras = list(enumerate(piece.extras, first + len(piece.items)))
        yield _group(figures.say("cards.extras"), extras, figures)._replace(weight="")


def _group(name: str, scores: list[tuple[int, ItemScore]], figures: Figures) -> SectionItems:
    weight = sum((score.weight for _, score in scores), ZERO)
    counted = [score.points for _, score in scores if not score.is_on_trial]
    known = [points for points in counted if points is not None]
    points = show(sum(known, ZERO)) if len(known) == len(counted) else ""
    return SectionItems(
        name, show(weight), points, tuple(_item_row(number, score, figures) for number, score in scores)
    )


def _item_row(number: int, score: ItemScore, figures: Figures) -> ItemRow:
    catalog, say = figures.catalog, figures.say
    unit = score.indicator.unit
    is_worth = score.weight and not score.is_extra
    rule, numbers = (
        explain.rule_lines(score, catalog, say),
        explain.number_lines(score, catalog, say, figures.source_style),
    )
    return ItemRow(
        number,
        score.indicator.name,
        show(score.weight) if is_worth else "",
        amount(score.target.value, unit) if score.target else NONE,
        amount(score.actual, unit),
        attainment_bar(score.attainment) if score.attainment is not None else "",
        figures.percent(score.attainment),
        figures.points(score.points),
        _state(score, figures),
        bullets((*rule, *numbers, *_sources(score, figures), *_ratings(score, figures))),
        len(rule),
    )


def _state(score: ItemScore, figures: Figures) -> str:
    """What became of the item, in words; an item on trial turns its row grey."""
    state = figures.item_states[score.status]
    return Markup('<span class="card-trial">{}</span>').format(state) if score.is_on_trial else state


def _sources(score: ItemScore, figures: Figures) -> Iterator[str]:
    """The rows that the item's numbers came from, with their notes: a line for each department that supplied them."""
    for supplier, sources in groupby(score.sources, key=lambda source: _supplier(source, figures)):
        text = figures.say("cards.semicolon").join(_source(source, figures) for source in sources)
        yield figures.say("cards.supplied", text=text, supplier=supplier) if supplier else text


def _source(source: Source, figures: Figures) -> str:
    text = explain.source_text(source, figures.catalog, figures.say, figures.source_style)
    note = figures.say("cards.semicolon").join(dict.fromkeys(_notes(source, figures.catalog)))
    return text + figures.say("cards.note", note=note) if note else text


def _notes(source: Source, catalog: Catalog) -> Iterator[str]:
    """What stands beside the numbers; not what is noted about each of many people whose numbers are added up."""
    if len(source.readings) == 1 or source.subject not in (COMPANY, *catalog.departments):
        yield from (reading.note for reading in source.readings if reading.note)
    for part in source.parts:
        yield from _notes(part, catalog)


def _supplier(source: Source, figures: Figures) -> str:
    """The departments that supplied a number, each once."""
    if not source.parts:
        return figures.supplier(source.key)
    return figures.enumeration(dict.fromkeys(filter(None, map(figures.supplier, _keys(source)))))


def _keys(source: Source) -> Iterator[str]:
    """The measures that a number came from."""
    if not source.parts:
        yield source.key
    for part in source.parts:
        yield from _keys(part)


def _ratings(score: ItemScore, figures: Figures) -> Iterator[str]:
    """What may be told of who rated: a card has the same words for everybody who may see it."""
    if not score.ratings:
        return
    told = explain.told_ratings(score, figures.catalog)
    for row in told.named:
        yield _rating(row, figures)
    for relation, raters, mean in told.means:
        values = {"relation": figures.say(f"relations.{relation}"), "count": raters, "points": figures.points(mean)}
        yield figures.say("cards.rating_mean", **values)


def _rating(row: RatingRow, figures: Figures) -> str:
    return figures.say(
        "cards.rating",
        relation=figures.say(f"relations.{row.relation}"),
        rater=figures.person(row.rater),
        given=row.level or row.raw,
        place=figures.source_style.place(row.place),
    )
