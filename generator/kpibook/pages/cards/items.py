"""The items of a card as rows: figures in a table, and below each what its points came from."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import ZERO, share_text
from kpibook.model import COMPANY, Catalog, Direction, RatingRow
from kpibook.pages import number_format
from kpibook.pages.cards.progress import progress_lines, with_progress
from kpibook.pages.dates import days
from kpibook.pages.drawing.bars import points_bar
from kpibook.pages.evidence import with_links
from kpibook.pages.figures import Figures
from kpibook.pages.number_format import short_text
from kpibook.pages.rule_texts import NumberText, reads_alike
from kpibook.pages.text import bullets
from kpibook.scoring import explain
from kpibook.scoring.results import ONE, Card, ItemScore, RoleSpan
from kpibook.scoring.sources import Source

NO_BAR = Markup("")
MOST_COUNTED = 2
"""So many numbers of a rule that judges no actual are told in short."""


class ItemRow(NamedTuple):
    """An item as a row, and what unfolds below it."""

    number: int
    name: str
    figures: str
    """Actual and target in short; who rated; or what became of the item."""
    bar: Markup
    points: str
    worth: str
    """The most points; empty for an extra and for an item on trial."""
    lines: Markup
    words: int
    """How many of the lines, from the first, say the rule in words and no number of this card."""
    rule_room: int
    """The room of those lines on paper."""
    files: str
    """Where the rows of its numbers stand, for whoever looks them up; empty for none."""


class SectionItems(NamedTuple):
    """A section of a scorecard with the sum of its weights and points."""

    name: str
    weight: str
    points: str
    rows: tuple[ItemRow, ...]
    has_marks: bool = False
    """Whether its items share its weight by marks: the name then says what they come to."""


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
        role=piece.title,
        department=figures.department(assignment.department),
        days=days(assignment.first_day or period.first_day, assignment.last_day or period.last_day, figures.say),
        count=piece.days,
        total=figures.points(piece.total),
    )


def _groups(piece: RoleSpan, figures: Figures, first: int) -> Iterator[SectionItems]:
    longest = max((_length(each) for each in (*piece.items, *piece.extras)), default=ZERO)
    numbered = list(enumerate(piece.items, first))
    for name, scores in groupby(numbered, key=lambda pair: pair[1].section):
        yield _group(name, list(scores), figures, longest, piece)
    if piece.extras:
        extras = list(enumerate(piece.extras, first + len(piece.items)))
        yield _group(figures.say("cards.extras"), extras, figures, longest, piece)._replace(weight="")


def _group(
    name: str, scores: list[tuple[int, ItemScore]], figures: Figures, longest: mpq, piece: RoleSpan
) -> SectionItems:
    if scores[0][1].is_pooled:
        name = _in_marks(name, [score for _, score in scores if score.weight], figures)
    weight = sum((score.weight for _, score in scores), ZERO)
    counted = [score.points for _, score in scores if not score.is_on_trial]
    known = [points for points in counted if points is not None]
    points = number_format.points(sum(known, ZERO), weight) if len(known) == len(counted) else ""
    return SectionItems(
        name,
        share_text(weight),
        points,
        tuple(_item_row(number, score, figures, longest, piece) for number, score in scores),
        scores[0][1].is_pooled,
    )


def _in_marks(name: str, scores: list[ItemScore], figures: Figures) -> str:
    """A section with its marks, and what they are in the total."""
    counts = sum((score.counts for score in scores), ZERO)
    given = [score for score in scores if score.points is not None]
    if not given:
        return figures.say("cards.marks.open", name=name, weight=share_text(counts))
    reached, full = sum((score.points or ZERO for score in given), ZERO), sum((score.weight for score in given), ZERO)
    points = reached * counts / full
    values = {"reached": number_format.points(reached, full), "full": share_text(full), "weight": share_text(counts)}
    return figures.say("cards.marks.section", name=name, points=number_format.points(points, counts), **values)


def _item_row(number: int, score: ItemScore, figures: Figures, longest: mpq, piece: RoleSpan) -> ItemRow:
    is_worth = score.weight and not score.is_extra
    rule, numbers = figures.rules.of(score), _numbers(score, figures)
    got, so_far = score.points, figures.progress.of(piece, score)
    hosts = figures.catalog.company.evidence_hosts
    others = bullets(
        (
            *progress_lines(so_far, score, figures),
            *_linked(_sources(score, figures), hosts),
            *_ratings(score, figures),
        )
    )
    return ItemRow(
        number,
        score.indicator.name,
        with_progress(numbers.in_short, so_far, score, figures),
        NO_BAR if got is None or score.is_on_trial else points_bar(got * score.per_mark, _worth(score), longest),
        figures.item_states[score.status] if got is None else number_format.points(got, score.weight),
        _worth_text(score, figures) if is_worth else "",
        Markup("\n".join(filter(None, (rule.lines, numbers.lines, others)))),
        rule.words,
        rule.room,
        _files(score, figures),
    )


def _numbers(score: ItemScore, figures: Figures) -> NumberText:
    """What stands on a card of the numbers of an item."""
    told = partial(_told_numbers, figures=figures)
    return figures.rules.numbers(score, told) if reads_alike(score) else told(score)


def _told_numbers(score: ItemScore, figures: Figures) -> NumberText:
    lines = explain.number_lines(score, figures.catalog, figures.say, figures.named_style)
    hosts = figures.catalog.company.evidence_hosts
    return NumberText(_in_short(score, figures), bullets(_linked(map(number_format.with_minus, lines), hosts)))


def _linked(lines: Iterable[str], hosts: Collection[str]) -> Iterable[Markup | str]:
    """The lines with links to the company's documents; as they are where it names no place for these."""
    return (with_links(line, hosts) for line in lines) if hosts else lines


def _files(score: ItemScore, figures: Figures) -> str:
    """The files and lines behind an item; of ratings those alone whose raters are named."""
    places = [score.target.place] if score.target else []
    if score.ratings:
        places += [row.place for row in explain.told_ratings(score, figures.catalog).named]
    found = explain.paths(score.sources, places)
    return figures.say("cards.files", files=figures.say("cards.semicolon").join(found)) if found else ""


def _worth_text(score: ItemScore, figures: Figures) -> str:
    """The most points; of marks that count otherwise in the total that, too."""
    most = share_text(score.weight)
    if score.is_pooled or score.per_mark == ONE:
        return most
    return figures.say("cards.marks.item", marks=most, weight=share_text(score.counts))


def _worth(score: ItemScore) -> mpq:
    """The most points in the total, whatever marks the item has; none of an extra."""
    return ZERO if score.is_extra else score.counts


def _length(score: ItemScore) -> mpq:
    """What the bar of an item is as long as."""
    return max(_worth(score), abs(score.points or ZERO) * score.per_mark)


def item_figures(score: ItemScore, figures: Figures) -> str:
    """Actual and target in short: `269,462 元 / 307,000 元，完成 88%`; of a rating who gave it."""
    return _numbers(score, figures).in_short if reads_alike(score) else _in_short(score, figures)


def _in_short(score: ItemScore, figures: Figures) -> str:
    say, unit = figures.say, score.indicator.unit
    if score.ratings:
        told = explain.told_ratings(score, figures.catalog)
        given = dict.fromkeys((*(row.relation for row in told.named), *(mean.relation for mean in told.means)))
        relations = figures.enumeration(say(f"relations.{relation}") for relation in given)
        return say("cards.rated_by", relations=relations) if given else ""
    if score.actual is None:
        return figures.enumeration(_counted_number(source, figures) for source in score.sources[:MOST_COUNTED])
    rule = figures.rules.of(score)
    text = short_text(score.actual, unit, say.language, rule.limits)
    if not rule.goal:
        return text
    text = say("cards.of_goal", actual=text, goal=rule.goal)
    is_told = score.attainment is not None and unit != "%" and score.indicator.direction is Direction.HIGHER
    return say("cards.done", text=text, share=number_format.share(score.attainment or ZERO)) if is_told else text


def _counted_number(source: Source, figures: Figures) -> str:
    """A number by its name: what a rule counts that judges no actual."""
    known = figures.catalog.named(source.key)
    value = short_text(source.value, known.unit if known else "", figures.say.language)
    return figures.say("cards.counted", name=figures.key(source.key), value=value)


def _sources(score: ItemScore, figures: Figures) -> Iterator[str]:
    """The rows that the item's numbers came from, with their notes: a line for each department that supplied them."""
    for supplier, sources in groupby(score.sources, key=lambda source: _supplier(source, figures)):
        style = figures.style_beside(supplier)
        text = figures.say("cards.semicolon").join(_source(source, figures, style) for source in sources)
        yield figures.say("cards.supplied", text=text, supplier=supplier) if supplier else text


def _source(source: Source, figures: Figures, style: explain.SourceStyle) -> str:
    text = explain.source_text(source, figures.catalog, figures.say, style)
    if len(source.readings) == 1 and not source.parts:
        # Nearly every source: what is below comes to the same.
        note = source.readings[0].note
    else:
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
        place=figures.named_style.place(row.place),
    )
