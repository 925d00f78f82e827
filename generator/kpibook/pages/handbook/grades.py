"""The page of the grades: their lines, what each asks for and leads to, and how many may have it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import show
from kpibook.model import Grade
from kpibook.pages import paths
from kpibook.pages.consequences import consequence_text
from kpibook.pages.context import HandbookContext
from kpibook.pages.drawing.bars import quota_mark
from kpibook.pages.drawing.hues import grade_hues
from kpibook.pages.drawing.ruler import scale
from kpibook.pages.handbook.quick_links import quick_links
from kpibook.pages.text import escape, lines
from kpibook.scoring.explain import streak_rule
from kpibook.scoring.years import LISTS


class QuotaView(NamedTuple):
    """How many at most may have a grade or a better one: in words, and as a mark on a bar."""

    text: str
    bar: Markup


class GradeView(NamedTuple):
    """A grade with everything that is said of it."""

    head: Markup
    """Its letter and its name."""
    line: str
    """From which total on, and the factor where there is one."""
    meaning: str
    asked: str
    """What it asks for beside the total, and of which roles; empty where nothing."""
    consequences: tuple[tuple[str, Markup], ...]
    """What it leads to, each by its kind."""
    quotas: tuple[QuotaView, ...]
    note: str


def grades_page(context: HandbookContext, prose: Mapping[str, str]) -> tuple[str, str]:
    """The page of the grades; `prose` are the pages written by hand, some of which say what they help with."""
    grades, say = context.catalog.grades, context.say
    passed = [grade for grade in grades if not grade.fail]
    label = say("handbook.comma").join(say("handbook.score.grade_from", **_grade_names(grade)) for grade in grades)
    return context.render(
        "grades",
        paths.GRADES,
        source=context.file("grades.yml"),
        scale=scale(grades, label) if len(grades) > 1 else "",
        grades=tuple(_grades(context)),
        has_quotas=bool(context.catalog.company.distribution.limits),
        fail_line=show(passed[-1].threshold) if passed and len(passed) < len(grades) else "",
        failing=tuple(say("handbook.grade_name", id=grade.id, name=grade.name) for grade in grades if grade.fail),
        streaks=tuple((s.name, streak_rule(s, context.catalog, say), s.note) for s in context.catalog.company.streaks),
        tasks=tuple(quick_links(context, prose, paths.GRADES)),
    )


def _grade_names(grade: Grade) -> dict[str, str]:
    return {"id": grade.id, "name": grade.name, "threshold": show(grade.threshold)}


def _grades(context: HandbookContext) -> Iterator[GradeView]:
    say, hues = context.say, grade_hues(context.catalog.grades)
    for number, grade in enumerate(context.catalog.grades):
        factor = say("handbook.home.factor", factor=show(grade.factor)) if grade.factor is not None else ""
        told = ((key, consequence_text(grade, key, say)) for key in LISTS)
        yield GradeView(
            Markup('<b class="kpi-grade kpi-grade-{}">{}</b> {}').format(
                hues[grade.id], escape(grade.id), escape(grade.name)
            ),
            say("handbook.stop").join(filter(None, (line_of(context, number), factor))),
            grade.meaning,
            _conditions_text(context, grade),
            tuple((say(f"handbook.consequence.{key}"), lines(text)) for key, text in told if text),
            tuple(_quotas(context, number)),
            grade.note,
        )


def line_of(context: HandbookContext, number: int) -> str:
    """From which total on one has a grade; of the lowest, below which one has it."""
    grades = context.catalog.grades
    is_lowest = number and number == len(grades) - 1
    points = grades[number - 1].threshold if is_lowest else grades[number].threshold
    return context.say("handbook.home.grade_below" if is_lowest else "handbook.home.grade_from", points=show(points))


def _conditions_text(context: HandbookContext, grade: Grade) -> str:
    if not grade.when:
        return ""
    say, known = context.say, context.catalog.roles
    roles = say("handbook.comma").join(known[role].name for role in grade.roles if role in known)
    head = say("handbook.grade_when_of", roles=roles) if roles else say("handbook.grade_when")
    return f"{head}{say('handbook.colon')}{say('handbook.semicolon').join(map(context.condition, grade.when))}"


def _quotas(context: HandbookContext, number: int) -> Iterator[QuotaView]:
    grade = context.catalog.grades[number]
    for quota in context.catalog.company.distribution.limits:
        if quota.grade == grade.id:
            key = "handbook.grades.quota_and_better" if number else "handbook.grades.quota"
            text = context.say(key, grade=grade.id, percent=show(quota.at_most))
            yield QuotaView(text, quota_mark(quota.at_most))
