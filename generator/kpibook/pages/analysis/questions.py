"""What one would ask before results go out: a sentence for each thing that stands out, with the number of cases."""

from collections.abc import Iterator

from kpibook.analysis.indicators import IndicatorRow, Pair
from kpibook.analysis.lateness import LateIndicator
from kpibook.analysis.raters import RaterRow
from kpibook.analysis.sensitivity import Effect, VariantKind
from kpibook.analysis.study import DECIDES, CycleStudy, YearStudy
from kpibook.base.numbers import plain
from kpibook.checking.checks.jumps import Jump, JumpKind
from kpibook.model import COMPANY, Relation
from kpibook.pages.analysis.tables import percent, points
from kpibook.pages.figures import Figures
from kpibook.rules.standards import with_unit

NAMED = 8
"""So many people are named in a sentence."""


def cycle_questions(study: CycleStudy, figures: Figures) -> Iterator[str]:
    """Everything to ask about a cycle: numbers first, then raters, indicators and weights."""
    yield from (jump_question(jump, figures) for jump in study.jumps)
    yield from _of_raters(study.raters, figures)
    yield from _of_indicators(study.indicators, figures)
    yield from _of_late(study.late, figures)
    yield from (_of_pair(pair, figures) for pair in study.pairs)
    yield from _of_effects(study, figures)


def year_questions(study: YearStudy, figures: Figures) -> Iterator[str]:
    """Everything to ask about the cycles of a year together."""
    yield from _of_raters(study.raters, figures)
    yield from _of_indicators(study.indicators, figures)
    yield from _of_late(study.late, figures)
    yield from (_of_pair(pair, figures) for pair in study.pairs)


def jump_question(jump: Jump, figures: Figures) -> str:
    """What is odd about a number."""
    known = figures.catalog.named(jump.measure)
    unit = known.unit if known else ""
    values = {"value": with_unit(jump.reading.value, unit), "last": with_unit(jump.nearest, unit), "times": jump.times}
    who = subject_name(jump.subject, figures)
    key = "repeated_number" if jump.kind is JumpKind.REPEATED else jump.kind.value
    return figures.say(f"analysis.ask.{key}", who=who, measure=figures.key(jump.measure), **values)


def subject_name(subject: str, figures: Figures) -> str:
    """A person with the id, a department, or the whole company."""
    if subject in figures.catalog.departments:
        return figures.department(subject)
    return figures.say("cards.all") if subject == COMPANY else figures.person(subject)


def rater_name(row: RaterRow, figures: Figures) -> str:
    """Managers by name; of all others the relation alone."""
    if row.relation == Relation.MANAGER.value:
        return figures.person(row.rater)
    return figures.say("analysis.unnamed", relation=figures.say(f"relations.{row.relation}"))


def _of_raters(rows: tuple[RaterRow, ...], figures: Figures) -> Iterator[str]:
    for row in rows:
        for question in row.questions:
            if question != "too_few":
                values = {"people": row.people, "ratings": row.ratings, "others": row.others, "again": row.again}
                apart = points(abs(row.apart) * 100, 0)
                shown = {"apart": apart, "mean": percent(row.mean), "spread": points(row.spread * 100)}
                name = rater_name(row, figures)
                yield figures.say(f"analysis.ask.{question}", who=name, equal=row.equal, **values, **shown)


def _of_indicators(rows: tuple[IndicatorRow, ...], figures: Figures) -> Iterator[str]:
    for row in rows:
        for question in row.questions:
            values = {"count": row.scored, "series": row.series, "items": row.items, "missing": percent(row.missing)}
            owner = figures.department(row.owner) or figures.say("cards.nobody")
            yield figures.say(f"analysis.ask.{question}", what=figures.key(row.indicator), owner=owner, **values)


def _of_late(rows: tuple[LateIndicator, ...], figures: Figures) -> Iterator[str]:
    for row in rows:
        if "often_late" in row.questions:
            owner = figures.department(row.owner) or figures.say("cards.nobody")
            values = {"cycles": row.cycles, "late": row.late, "days": points(row.mean_days), "most": row.most_days}
            yield figures.say("analysis.ask.often_late", what=figures.key(row.indicator), owner=owner, **values)


def _of_pair(pair: Pair, figures: Figures) -> str:
    names = {"first": figures.key(pair.first), "second": figures.key(pair.second), "role": figures.role(pair.role)}
    return figures.say("analysis.ask.together", **names, value=points(pair.rank_correlation, 2), people=pair.people)


def _of_effects(study: CycleStudy, figures: Figures) -> Iterator[str]:
    for effect in study.regraded.effects:
        if len(effect.moves) >= DECIDES and effect.variant.kind is VariantKind.WEIGHT:
            yield figures.say(
                "analysis.ask.weight",
                role=figures.role(effect.variant.role),
                what=figures.key(effect.indicator),
                change=change_text(effect, figures),
                count=len(effect.moves),
                people=effect.people,
                who=who_moves(effect, figures),
            )


def change_text(effect: Effect, figures: Figures) -> str:
    """What is changed: 权重 15 → 20, or 目标 +10%."""
    kind, after = effect.variant.kind, effect.variant.after
    if kind is VariantKind.TARGET:
        return figures.say("analysis.change.target", by="+10%" if after > 1 else "−10%")
    values = {"before": plain(effect.before), "after": plain(after)}
    return figures.say(f"analysis.change.{kind.value}", **values)


def who_moves(effect: Effect, figures: Figures) -> str:
    """The people who would have another grade, each with both; a few by name."""
    none = figures.say("analysis.no_grade")
    named = [
        figures.say(
            "analysis.move",
            name=move.card.name,
            before=move.before.id if move.before else none,
            after=move.after.id if move.after else none,
        )
        for move in effect.moves[:NAMED]
    ]
    text = figures.enumeration(named)
    if len(effect.moves) <= NAMED:
        return text
    return figures.say("cards.and_more", who=text, count=len(effect.moves) - NAMED)
