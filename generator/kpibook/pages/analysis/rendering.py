"""The pages of analysis as Markdown, by their path below `build/analysis`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kpibook.analysis.study import CycleStudy, YearStudy
from kpibook.base.periods import PeriodKind
from kpibook.base.words import Words
from kpibook.model import Cycle
from kpibook.pages.analysis.cycle import cycle_view
from kpibook.pages.analysis.tables import AnalysisPart, AnalysisView, table
from kpibook.pages.analysis.year import year_view
from kpibook.pages.dates import cycle_title
from kpibook.pages.figures import Figures
from kpibook.pages.text import environment, front_matter, link

NamedPage = tuple[str, str]


def cycle_page(study: CycleStudy, say: Words, key: bytes) -> NamedPage:
    """The page of a cycle; `key` makes the addresses of the cards that it leads to."""
    figures = Figures(study.results, study.catalog, say, key)
    return f"{study.results.cycle.period}.md", _page(cycle_view(study, figures), say)


def year_page(study: YearStudy, newest: CycleStudy, say: Words) -> NamedPage:
    """The page of all cycles of one kind in a year; names are those of the newest."""
    return year_path(study), _page(year_view(study, Figures(newest.results, study.catalog, say)), say)


def year_path(study: YearStudy) -> str:
    """The path of a year's page: a cycle may be a whole year, too."""
    return f"year-{study.year}-{study.cycles[0].period.kind}.md"


class YearPage(NamedTuple):
    """A page of a year: its path, and what it is about."""

    path: str
    year: int
    kind: PeriodKind
    cycles: int


def index_page(cycles: Sequence[Cycle], years: Iterable[YearPage], say: Words) -> NamedPage:
    """The list of all pages of analysis, newest first."""
    rows = (
        (link(cycle_title(cycle.name, cycle.period, say), f"{cycle.period}.md"),)
        for cycle in sorted(cycles, key=lambda each: each.period, reverse=True)
    )
    named = (
        (
            link(say("analysis.year", year=each.year, kind=say(f"analysis.kind.{each.kind}")), each.path),
            str(each.cycles),
        )
        for each in years
    )
    listed, yearly = table(say, ("cycle",), rows), table(say, ("year", "count."), named)
    parts = (
        AnalysisPart("cycles", say("analysis.part.cycles"), say("analysis.index.cycles"), (listed,)),
        AnalysisPart("years", say("analysis.part.years"), say("analysis.index.years"), (yearly,)),
    )
    title = say("analysis.title.index")
    return "index.md", _page(AnalysisView(title, title, say("analysis.index.lead"), (), parts), say)


def _page(view: AnalysisView, say: Words) -> str:
    template = environment(say).get_template("pages/analysis/page.md.j2")
    return template.render(view=view, front=front_matter(title=view.title))
