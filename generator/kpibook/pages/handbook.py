"""All pages of the handbook: `{path: Markdown}`, with nothing about any person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import Catalog, Cycle, CycleStatus
from kpibook.numbers import show
from kpibook.pages import paths
from kpibook.pages.book import Book
from kpibook.pages.department_pages import department_pages
from kpibook.pages.guide import guide_pages
from kpibook.pages.indicator_pages import indicator_pages
from kpibook.pages.lint_pages import lint_pages
from kpibook.pages.prose import FOLDER, is_prose, prose_page
from kpibook.pages.role_pages import role_pages
from kpibook.words import Words

STEPS = ("collect_by", "review_by", "confirm_by")
CONSEQUENCES = ("training", "promotion", "level", "pay")


class Tile(NamedTuple):
    """A department on the home page."""

    link: Markup
    roles: int


class CycleView(NamedTuple):
    """A cycle with the days by which its steps are done."""

    name: str
    status: str
    first_day: str
    last_day: str
    steps: tuple[tuple[str, str], ...]


class GradeRow(NamedTuple):
    """A grade as a row of a table."""

    id: str
    name: str
    threshold: str
    factor: str
    meaning: str
    consequences: tuple[str, ...]
    note: str


def handbook_pages(catalog: Catalog, cycles: Sequence[Cycle], say: Words, prose: Mapping[str, str]) -> dict[str, str]:
    """Every page of the handbook by its path; `cycles` are oldest first, `prose` are the pages written by hand."""
    book = Book(catalog, say)
    return dict(
        (
            _home(book, cycles),
            *role_pages(book),
            *indicator_pages(book),
            *department_pages(book),
            _grades(book),
            *guide_pages(book),
            *lint_pages(book),
            *_prose(book, prose),
        )
    )


def _home(book: Book, cycles: Sequence[Cycle]) -> tuple[str, str]:
    catalog = book.catalog
    at = book.at(paths.HOME)
    cycle = current_cycle(cycles)
    return book.render(
        "home",
        paths.HOME,
        source=book.file("company.yml"),
        tiles=tuple(
            Tile(at.department(department), len(book.lookup.roles_in(department.id)))
            for department in book.lookup.departments_in_order
        ),
        counts=(len(catalog.departments), len(catalog.roles), len(catalog.indicators), len(catalog.measures)),
        cycle=_cycle(book, cycle) if cycle else None,
    )


def current_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The newest cycle that is open, else the newest of all."""
    newest = sorted(cycles, key=lambda cycle: (cycle.status is CycleStatus.OPEN, cycle.period))
    return newest[-1] if newest else None


def _cycle(book: Book, cycle: Cycle) -> CycleView:
    days = ((key, getattr(cycle.schedule, key)) for key in STEPS)
    return CycleView(
        cycle.name,
        book.word("cycle_status", cycle.status),
        cycle.period.first_day.isoformat(),
        cycle.period.last_day.isoformat(),
        tuple((book.say(f"handbook.step.{key}"), day.isoformat()) for key, day in days if day),
    )


def _grades(book: Book) -> tuple[str, str]:
    grades = book.catalog.grades
    used = tuple(key for key in CONSEQUENCES if any(getattr(grade.consequences, key) for grade in grades))
    rows = tuple(
        GradeRow(
            grade.id,
            grade.name,
            show(grade.threshold),
            "" if grade.factor is None else show(grade.factor),
            grade.meaning,
            tuple(getattr(grade.consequences, key) for key in used),
            grade.note,
        )
        for grade in grades
    )
    passed = [grade for grade in grades if not grade.fail]
    return book.render(
        "grades",
        paths.GRADES,
        source=book.file("grades.yml"),
        rows=rows,
        consequences=tuple(book.say(f"handbook.consequence.{key}") for key in used),
        has_factor=any(row.factor for row in rows),
        has_meaning=any(row.meaning for row in rows),
        fail_line=show(passed[-1].threshold) if passed and len(passed) < len(grades) else "",
        failing=tuple(book.say("handbook.grade_name", id=grade.id, name=grade.name) for grade in grades if grade.fail),
    )


def _prose(book: Book, prose: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for path, text in prose.items():
        if is_prose(path):
            source = book.file(f"{FOLDER}/{path}")
            named = book.render("prose", path, source=source)[1]
            yield path, f"{prose_page(path, text, source).rstrip()}\n\n{named}"
