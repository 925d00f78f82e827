"""Everything that a company keeps, read and checked; and the results of its cycles."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Level, Problem, in_order
from kpibook.base.words import Words, words
from kpibook.checking.checks import check_catalog, check_cycle, check_cycles
from kpibook.checking.lint import Review, has_bands, last_year, of_a_year, review_catalog
from kpibook.model import Catalog, Cycle, CycleStatus
from kpibook.pages.prose import check_prose, read_prose
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.reading.revisions import catalog_on
from kpibook.scoring import Standings, score, standings, with_streaks
from kpibook.scoring.results import Results


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that was read, and everything that is wrong with it."""

    catalog: Catalog
    cycles: Mapping[Period, Cycle]
    """Oldest first."""
    prose: Mapping[str, str]
    """Pages written by hand: path below `pages/` -> Markdown."""
    problems: tuple[Problem, ...]
    handbook: Path = Path("handbook")
    """The folder that the catalog was read from."""
    scorecards: Path = Path("scorecards")
    """The folder that the cycles were read from."""
    standings: dict[Period, Standings] = field(default_factory=dict, compare=False)
    """How everybody stood in cycles that were scored for the runs of streaks."""

    @property
    def say(self) -> Words:
        """The words of the company's language."""
        return words(self.catalog.company.language)


def read(handbook: Path, scorecards: Path) -> Content:
    """Read and check the whole content; nothing is written."""
    catalog, catalog_problems = load_catalog(handbook)
    cycles, cycle_problems = load_cycles(scorecards, catalog)
    prose, prose_problems = read_prose(handbook / "pages", f"{catalog.folder}/pages")
    problems = (
        *catalog_problems,
        *check_catalog(catalog),
        *check_prose(prose, catalog.folder),
        *prose_problems,
        *cycle_problems,
        *(problem for cycle in cycles for problem in check_cycle(catalog, cycle)),
        *check_cycles(catalog, cycles),
    )
    return Content(catalog, {cycle.period: cycle for cycle in cycles}, prose, in_order(problems), handbook, scorecards)


def reported_problems(content: Content) -> tuple[Problem, ...]:
    """Every error, and the warnings and notes of the catalog and of the cycles that are not closed."""
    closed = tuple(f"{c.folder}/" for c in content.cycles.values() if c.status is CycleStatus.CLOSED)
    return tuple(
        problem
        for problem in content.problems
        if problem.level is Level.ERROR or not problem.place.file.startswith(closed)
    )


def strict_problems(content: Content, handbook: Path, today: datetime.date) -> tuple[Problem, ...]:
    """As `reported_problems`, with what is doubtful about the catalog, but without the warnings that are waived."""
    own, others = list[Problem](), list[Problem]()
    for problem in reported_problems(content):
        (own if is_of_catalog(problem, content) else others).append(problem)
    cycles = tuple(content.cycles.values())
    year = last_year(cycles)
    earlier = catalog_on(handbook, year[0].period.first_day) if year else None
    past = of_a_year(cycles) if has_bands(content.catalog) else ()
    results = tuple(score(content.catalog, cycle, content.cycles) for cycle in past)
    return in_order((*others, *review_catalog(Review(content.catalog, cycles, earlier, results), own, today)))


def is_of_catalog(problem: Problem, content: Content) -> bool:
    """Whether a problem lies in the handbook and not in a cycle."""
    return problem.place.file.startswith(f"{content.catalog.folder}/")


def has_warnings_of_catalog(problems: Iterable[Problem], content: Content) -> bool:
    """Whether anything about the handbook itself is doubtful."""
    return any(problem.level is Level.WARNING and is_of_catalog(problem, content) for problem in problems)


def open_set_aside(content: Content) -> int:
    """How many rows of the cycles that are not closed were set aside."""
    return sum(len(c.set_aside) for c in content.cycles.values() if c.status is not CycleStatus.CLOSED)


def score_cycle(content: Content, period: Period) -> Results:
    """The results of one cycle; earlier cycles give `previous.` and the like, and the runs of streaks."""
    results = score(content.catalog, content.cycles[period], content.cycles)
    streaks = content.catalog.company.streaks
    if not streaks:
        return results
    content.standings[period] = standings(results)
    return with_streaks(results, _earlier(content, period), streaks)


def _earlier(content: Content, period: Period) -> Mapping[Period, Standings]:
    """How everybody stood in the cycles of the same kind before this one, each scored once."""
    for earlier, cycle in content.cycles.items():
        if earlier.kind is period.kind and earlier < period and earlier not in content.standings:
            content.standings[earlier] = standings(score(content.catalog, cycle, content.cycles))
    return content.standings
