"""The page about the numbers of a year, ready to be set."""

from collections.abc import Iterator
from itertools import groupby

from kpibook.analysis.study import TrialCount, YearStudy
from kpibook.base.numbers import plain
from kpibook.pages.analysis.cycle import indicators_part, raters_part
from kpibook.pages.analysis.questions import year_questions
from kpibook.pages.analysis.tables import AnalysisPart, AnalysisView, Cell, Head, PartTable, points, table
from kpibook.pages.dates import period_name
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.text import link

FEWEST_POINTS = 6
"""Fewer points of time are read from the table: they make no line."""


def year_view(study: YearStudy, figures: Figures) -> AnalysisView:
    """The finished page of a year."""
    say, questions = figures.say, tuple(year_questions(study, figures))
    kind = say(f"analysis.kind.{study.cycles[0].period.kind}")
    lead = say("analysis.lead.some" if questions else "analysis.lead.none", count=len(questions))
    return AnalysisView(
        title=say("analysis.title.year", year=study.year),
        name=say("analysis.year", year=study.year, kind=kind),
        lead=lead + say("analysis.lead.year", count=len(study.cycles)),
        questions=questions,
        parts=tuple(_parts(study, figures)),
    )


def _parts(study: YearStudy, figures: Figures) -> Iterator[AnalysisPart]:
    say = figures.say
    first, last = study.cycles[0].whole, study.cycles[-1].whole
    values = {"before": points(first.mean), "after": points(last.mean), "count": len(study.cycles)}
    lead = say("analysis.movement.lead" if len(study.cycles) > 1 else "analysis.movement.one", **values)
    tables = (_levels(study, figures), _grades(study, figures), _means(study, figures))
    yield AnalysisPart("movement", say("analysis.part.movement"), lead, tables)
    yield raters_part(study.raters, figures)
    yield indicators_part(study, figures)
    if study.trials:
        rows = tuple(_trials(study.trials, figures))
        heads = ("role", "indicator", "weight.", "cycles.", "cases.", "moved.")
        lead = say("analysis.trials.year")
        yield AnalysisPart("trials", say("analysis.part.trials"), lead, (table(say, heads, rows),))


def _levels(study: YearStudy, figures: Figures) -> PartTable:
    heads = ("cycle", "with_total.", "lower.", "middle.", "upper.", "mean.", "deviation.")
    rows = (
        (
            link(each.name, f"{each.period}.md"),
            str(each.whole.with_total),
            *map(points, (each.whole.lower, each.whole.middle, each.whole.upper, each.whole.mean, each.whole.spread)),
        )
        for each in study.cycles
    )
    return table(figures.say, heads, rows)


def _grades(study: YearStudy, figures: Figures) -> PartTable:
    """How many have each grade in each cycle: a row is a bar."""
    rows: tuple[tuple[Cell, ...], ...] = tuple((each.name, *map(str, each.whole.grades)) for each in study.cycles)
    heads = [Head(grade.id, is_figure=True) for grade in study.catalog.grades]
    made = table(figures.say, ("cycle",), rows, chart="shares", first=1, caption=figures.say("analysis.caption.grades"))
    return made._replace(heads=(*made.heads, *heads))


def _means(study: YearStudy, figures: Figures) -> PartTable:
    """The mean total of each department in each cycle; drawn from six cycles on."""
    departments = dict.fromkeys(key for each in study.cycles for key in each.departments)
    nothing = float("nan")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (figures.department(key), *(points(each.departments.get(key, nothing)) for each in study.cycles))
        for key in sorted(departments)
    )
    whole: tuple[Cell, ...] = (figures.say("cards.all"), *(points(each.whole.mean) for each in study.cycles))
    caption = figures.say("analysis.caption.means")
    made = table(figures.say, ("group",), (whole, *rows), caption=caption)
    heads = [Head(period_name(each.period, figures.say), is_figure=True) for each in study.cycles]
    made = made._replace(heads=(*made.heads, *heads))
    return made._replace(chart="lines", first=1) if len(study.cycles) >= FEWEST_POINTS else made


def _trials(trials: tuple[TrialCount, ...], figures: Figures) -> Iterator[tuple[Cell, ...]]:
    """An item on trial with each weight, over all cycles of the year."""

    def key(each: TrialCount) -> tuple[str, str, str]:
        return each.role, each.indicator, f"{plain(each.weight):>6}"

    for (role, indicator, weight), group in groupby(sorted(trials, key=key), key=key):
        found = [each for each in group if each.people]
        people, moves = sum(each.people for each in found), sum(each.moves for each in found)
        yield (
            *(figures.role(role), figures.key(indicator), weight.strip(), str(len(found))),
            *(str(people) if people else NONE, str(moves) if people else NONE),
        )
