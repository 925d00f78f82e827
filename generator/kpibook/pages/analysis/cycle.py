"""The page about the numbers of one cycle, ready to be set."""

from collections.abc import Iterator

from kpibook.analysis.borderline import Borderline, Decider
from kpibook.analysis.distributions import TotalsShift
from kpibook.analysis.indicators import IndicatorRow
from kpibook.analysis.lateness import ArrivedCycle, LateIndicator
from kpibook.analysis.raters import RaterRow
from kpibook.analysis.sensitivity import Effect, VariantKind
from kpibook.analysis.study import CycleStudy, YearStudy
from kpibook.base.numbers import plain
from kpibook.pages.analysis.calibration import calibration_part
from kpibook.pages.analysis.groups import LARGE, distribution_part
from kpibook.pages.analysis.links import card_link
from kpibook.pages.analysis.questions import (
    change_text,
    cycle_questions,
    jump_question,
    rater_name,
    subject_name,
    who_moves,
)
from kpibook.pages.analysis.tables import (
    AnalysisPart,
    AnalysisView,
    Cell,
    PartTable,
    part,
    percent,
    points,
    signed,
    table,
)
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.number_format import HAS_NONE
from kpibook.rules.standards import with_unit
from kpibook.scoring.near_thresholds import WITHIN


def cycle_view(study: CycleStudy, figures: Figures) -> AnalysisView:
    """The finished page of a cycle."""
    say, cycle = figures.say, study.results.cycle
    questions = tuple(cycle_questions(study, figures))
    whole = study.distributions["department"][-1]
    lead = say("analysis.lead.some" if questions else "analysis.lead.none", count=len(questions))
    counts = say("analysis.lead.cycle", people=whole.people, with_total=whole.with_total, graded=study.regraded.people)
    return AnalysisView(
        title=say("analysis.title.cycle", period=cycle.name),
        name=say("analysis.name", name=cycle.name),
        lead=f"{lead}{counts}",
        questions=questions,
        parts=tuple(_parts(study, figures)),
    )


def _parts(study: CycleStudy, figures: Figures) -> Iterator[AnalysisPart]:
    yield distribution_part(study, figures)
    if study.results.cycle.calibration:
        yield calibration_part(study, figures)
    yield _borderline(study.regraded.borderlines, figures)
    yield _sensitivity(study.regraded.effects, figures)
    yield raters_part(study.raters, figures)
    yield indicators_part(study, figures)
    yield _jumps(study, figures)
    if study.regraded.trials:
        yield _trials(study.regraded.trials, figures)
    if study.totals_shift:
        yield _scale(study.totals_shift, figures)


def _borderline(rows: tuple[Borderline, ...], figures: Figures) -> AnalysisPart:
    say = figures.say
    heads = ("name", "role", "total.", "line", "distance.", "decides", "raters")
    cells = (
        (
            card_link(each.card, figures),
            each.card.role.name,
            figures.total(each.card.total),
            each.line.id,
            signed(float(each.distance)),
            figures.enumeration(_decider(decider, figures) for decider in each.deciders) or NONE,
            say("analysis.borderline.by_raters") if each.by_raters else "",
        )
        for each in rows
    )
    count = sum(each.by_raters for each in rows)
    key = "some" if rows else "none"
    lead = say(f"analysis.borderline.{key}", count=len(rows), within=plain(WITHIN), raters=count)
    return part(figures, "borderline", lead, table(say, heads, cells), notes=(say("analysis.borderline.note"),))


def _decider(decider: Decider, figures: Figures) -> str:
    size = plain(abs(decider.size))
    known = figures.catalog.named(decider.name)
    if decider.kind == "count" and known:
        size = with_unit(abs(decider.size), known.unit)
    way = "more" if decider.size > 0 else "less"
    return figures.say(f"analysis.decider.{decider.kind}.{way}", name=figures.key(decider.name), size=size)


def _sensitivity(effects: tuple[Effect, ...], figures: Figures) -> AnalysisPart:
    say = figures.say
    moving = sorted((each for each in effects if each.moves), key=lambda each: -len(each.moves))
    cells = (_effect_row(each, figures) for each in moving)
    weights = {(e.variant.role, e.variant.place) for e in moving if e.variant.kind is VariantKind.WEIGHT}
    people = {move.card.person for each in moving for move in each.moves}
    key = "some" if moving else "none"
    lead = say(
        f"analysis.sensitivity.{key}", tried=len(effects), moving=len(moving), items=len(weights), people=len(people)
    )
    heads = ("role", "indicator", "change", "people.", "moved.", "who")
    return part(figures, "sensitivity", lead, table(say, heads, cells), notes=(say("analysis.sensitivity.note"),))


def _effect_row(each: Effect, figures: Figures) -> tuple[Cell, ...]:
    role, what = figures.role(each.variant.role), figures.key(each.indicator)
    change, people = change_text(each, figures), str(each.people)
    return role, what, change, people, str(len(each.moves)), who_moves(each, figures) or NONE


def raters_part(rows: tuple[RaterRow, ...], figures: Figures) -> AnalysisPart:
    """How raters use the scale."""
    say = figures.say
    heads = ("rater", "people.", "ratings.", "mean_share.", "spread_share.", "at_top.", "others.", "apart.", "again.")
    cells = ((*_rater_row(row, figures), _opinion(row.questions, figures)) for row in rows)
    key = "some" if rows else "none"
    lead = say(f"analysis.raters.{key}", count=len(rows), least=LARGE)
    return part(figures, "raters", lead, table(say, (*heads, "question"), cells), notes=(say("analysis.raters.note"),))


def _rater_row(row: RaterRow, figures: Figures) -> tuple[Cell, ...]:
    again = f"{row.equal} / {row.again}" if row.again else NONE
    shares = (percent(row.mean), points(row.spread * 100), percent(row.at_top))
    counts = (str(row.people), str(row.ratings))
    return (rater_name(row, figures), *counts, *shares, str(row.others), signed(row.apart * 100), again)


def _opinion(questions: tuple[str, ...], figures: Figures) -> str:
    return figures.enumeration(figures.say(f"analysis.opinion.{each}") for each in questions)


def indicators_part(study: CycleStudy | YearStudy, figures: Figures) -> AnalysisPart:
    """Indicators that tell people apart badly, pairs that move together, and whose numbers are not there."""
    say = figures.say
    odd = [row for row in study.indicators if row.questions]
    heads = ("indicator", "owner", "items.", "full.", "zero.", "missing.", "still.", "question")
    told = table(say, heads, (_indicator_row(row, figures) for row in odd))
    pairs = table(
        say,
        ("role", "indicator", "other", "correlation.", "people."),
        (
            (
                *(figures.role(pair.role), figures.key(pair.first), figures.key(pair.second)),
                *(points(pair.rank_correlation, 2), str(pair.people)),
            )
            for pair in study.pairs
        ),
        caption=say("analysis.caption.pairs"),
    )
    lacking = table(
        say,
        ("owner", "due.", "lacking.", "share."),
        (
            (figures.department(row.owner), str(row.due), str(row.missing), percent(row.missing / row.due))
            for row in study.owners
            if row.missing
        ),
        caption=say("analysis.caption.owners"),
    )
    key = "some" if odd or study.pairs else "none"
    lead = say(f"analysis.indicators.{key}", all=len(study.indicators), odd=len(odd), pairs=len(study.pairs))
    notes = (say("analysis.indicators.note"), *_arrival_notes(study.arrived, figures))
    return part(figures, "indicators", lead, told, pairs, lacking, _late(study.late, figures), notes=notes)


def _late(rows: tuple[LateIndicator, ...], figures: Figures) -> PartTable:
    """Whose numbers came after the day for numbers."""
    heads = ("indicator", "owner", "cycles.", "late_cycles.", "late_numbers.", "mean_days.", "most_days.", "question")
    cells = (
        (
            *(figures.key(row.indicator), figures.department(row.owner) if row.owner else HAS_NONE),
            *(str(row.cycles), str(row.late), f"{row.late_numbers} / {row.numbers}"),
            *(points(row.mean_days), str(row.most_days), _opinion(row.questions, figures)),
        )
        for row in rows
    )
    return table(figures.say, heads, cells, caption=figures.say("analysis.caption.late"))


def _arrival_notes(cycles: tuple[ArrivedCycle, ...], figures: Figures) -> Iterator[str]:
    """Of how many cycles it is known when numbers came, and what of the logs could not be read."""
    known = sum(bool(each.due and each.log.arrivals) for each in cycles)
    yield figures.say(f"analysis.indicators.{'arrived' if known else 'no_arrivals'}", known=known, cycles=len(cycles))
    if unread := sum(each.log.unread for each in cycles):
        yield figures.say("analysis.indicators.unread", count=unread)


def _indicator_row(row: IndicatorRow, figures: Figures) -> tuple[Cell, ...]:
    still = f"{row.still} / {row.series}" if row.series else NONE
    shares = (percent(row.full), percent(row.zero), percent(row.missing), still)
    owner = figures.department(row.owner) if row.owner else HAS_NONE
    return (figures.key(row.indicator), owner, str(row.items), *shares, _opinion(row.questions, figures))


def _jumps(study: CycleStudy, figures: Figures) -> AnalysisPart:
    say = figures.say
    cells = (
        (
            subject_name(each.subject, figures),
            figures.key(each.measure),
            jump_question(each, figures),
            str(each.reading.place),
        )
        for each in study.jumps
    )
    lead = say(f"analysis.jumps.{'some' if study.jumps else 'none'}", count=len(study.jumps))
    return part(figures, "jumps", lead, table(say, ("subject", "measure", "odd", "place"), cells))


def _trials(effects: tuple[Effect, ...], figures: Figures) -> AnalysisPart:
    lead = figures.say("analysis.trials.lead", items=len({(e.variant.role, e.variant.place) for e in effects}))
    heads = ("role", "indicator", "change", "people.", "moved.", "who")
    return part(figures, "trials", lead, table(figures.say, heads, (_effect_row(each, figures) for each in effects)))


def _scale(found: TotalsShift, figures: Figures) -> AnalysisPart:
    say = figures.say
    values = {
        "people": found.people,
        "before": points(found.before),
        "after": points(found.after),
        "change": signed(found.after - found.before),
        "joiners": found.joiners,
        "joiners_mean": points(found.joiners_mean),
        "leavers": found.leavers,
    }
    if not found.people:
        return part(figures, "scale", say("analysis.scale.nobody", **values))
    notes = [say("analysis.scale.joiners" if found.joiners else "analysis.scale.no_joiners", **values)]
    if found.tops:
        tops = {"tops": found.tops, "top": signed(found.top_change), "bottom": signed(found.bottom_change)}
        notes.insert(0, say("analysis.scale.regression", **tops, correlation=points(found.correlation, 2)))
    return part(figures, "scale", say("analysis.scale.lead", **values), notes=tuple(notes))
