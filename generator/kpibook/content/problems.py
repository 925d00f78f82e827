"""What of all that is wrong is told, and what holds a build."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem, has_errors, in_order, public
from kpibook.checking.checks.comments import asks_for_comments, check_comments
from kpibook.checking.checks.quotas import check_quotas
from kpibook.checking.lint import Review, has_bands, last_year, of_a_year, review_catalog
from kpibook.content.loading import Content
from kpibook.content.results import score_cycle
from kpibook.model import Catalog, CycleStatus
from kpibook.pages.prose import read_prose
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle.folder import is_record
from kpibook.reading.revisions import catalog_on
from kpibook.records.agreements import last_agreements, signed_state
from kpibook.scoring import score

if TYPE_CHECKING:
    pass


def reported_problems(content: Content) -> tuple[Problem, ...]:
    """Every error, and the warnings and notes of the catalog and of the cycles that are not settled.

    Of a published cycle those about its records are told until it is closed.
    """
    settled = tuple(f"{c.folder}/" for c in content.cycles.values() if c.status.is_settled)
    followed = [c.folder for c in content.cycles.values() if c.status is CycleStatus.PUBLISHED]
    told = tuple(
        problem
        for problem in content.problems
        if problem.level is Level.ERROR
        or not problem.place.file.startswith(settled)
        or any(is_record(problem.place.file, folder) for folder in followed)
    )
    return told if has_errors(told) else in_order((*told, *_quota_problems(content)))


def _quota_problems(content: Content) -> Iterator[Problem]:
    """What takes scoring to know of the open cycles: quotas, words that are lacking, agreements that hold no more."""
    for period, cycle in content.cycles.items():
        if cycle.status is CycleStatus.OPEN:
            yield from quota_problems(content, period)
            yield from comment_problems(content, period)
            yield from agreement_problems(content, period)


def quota_problems(content: Content, period: Period) -> tuple[Problem, ...]:
    """Groups of a cycle with more of a grade than the company's distribution says; it is scored only to know them."""
    catalog = content.catalog_of(period)
    if not catalog.company.distribution.limits:
        return ()
    return tuple(check_quotas(catalog, score_cycle(content, period)))


def comment_problems(content: Content, period: Period) -> tuple[Problem, ...]:
    """Ratings and attainments of a cycle that need words and have none; it is scored only where any are asked for."""
    catalog = content.catalog_of(period)
    return tuple(check_comments(catalog, score_cycle(content, period))) if asks_for_comments(catalog) else ()


def agreement_problems(content: Content, period: Period) -> Iterator[Problem]:
    """People whose agreement is no longer what holds; a cycle is scored only where anybody signed."""
    records = content.records.get(period)
    if records is None or not records.agreements:
        return
    catalog, signed = content.catalog_of(period), last_agreements(records)
    for card in score_cycle(content, period).cards:
        state = signed_state(card, catalog, signed)
        if state and not state.is_current:
            values = {"person": card.person, "on": state.agreement.on.isoformat(), "cycle": str(period)}
            yield Problem("agreement-outdated", state.agreement.place, values, Level.WARNING)


def strict_problems(content: Content, handbook: Path, today: datetime.date) -> tuple[Problem, ...]:
    """As `reported_problems`, with what is doubtful about the catalog, but without the warnings that are waived."""
    own, others = list[Problem](), list[Problem]()
    for problem in reported_problems(content):
        (own if is_of_catalog(problem, content) else others).append(problem)
    cycles = tuple(content.cycles.values())
    year = last_year(cycles)
    earlier = catalog_on(handbook, year[0].period.first_day) if year else None
    past = of_a_year(cycles) if has_bands(content.catalog) else ()
    history = content.cycles_under(content.catalog)
    results = tuple(score(content.catalog, history[cycle.period], history) for cycle in past)
    review = Review(content.catalog, cycles, earlier, results, *_told_otherwise(content, handbook))
    return in_order((*others, *review_catalog(review, own, today)))


def _told_otherwise(content: Content, handbook: Path) -> tuple[tuple[Catalog, ...], dict[str, str]]:
    """The catalog in its other languages; the pages written by hand, where these or the company's terms need them."""
    catalog = content.catalog
    languages = catalog.company.other_languages
    translations = tuple(load_catalog(handbook, language)[0] for language in languages)
    if not (catalog.terms or languages):
        return translations, {}
    pages = {f"{catalog.folder}/pages/{path}": page for path, page in content.prose.items()}
    for language in languages:
        folder = f"pages.{language}"
        written, _ = read_prose(handbook / folder, f"{catalog.folder}/{folder}")
        pages |= {f"{catalog.folder}/{folder}/{path}": page for path, page in written.items()}
    return translations, pages


def is_of_catalog(problem: Problem, content: Content) -> bool:
    """Whether a problem lies in the handbook and not in a cycle."""
    return problem.place.file.startswith(f"{content.catalog.folder}/")


def has_warnings_of_catalog(problems: Iterable[Problem], content: Content) -> bool:
    """Whether anything about the handbook itself is doubtful."""
    return any(problem.level is Level.WARNING and is_of_catalog(problem, content) for problem in problems)


def unsealed_cycles(content: Content) -> tuple[Problem, ...]:
    """One warning for all cycles that say they were published and have no revision."""
    settled = [period for period, each in content.cycles.items() if each.status.is_settled]
    lost = {each.values["cycle"] for each in content.problems if each.code == "seals-lost"}
    found = [str(period) for period in settled if period not in content.seals and str(period) not in lost]
    if not found:
        return ()
    values = {"cycles": ", ".join(found), "count": len(found)}
    place = Place(content.scorecards.absolute().name)
    return public((Problem("cycles-unsealed", place, values, Level.WARNING),))


def open_set_aside(content: Content) -> int:
    """How many rows of the cycles that are not closed were set aside."""
    rows = sum(len(c.set_aside) for c in content.cycles.values() if not c.status.is_settled)
    followed = (p for p, c in content.cycles.items() if c.status is not CycleStatus.CLOSED and p in content.records)
    return rows + sum(len(content.records[period].set_aside) for period in followed)
