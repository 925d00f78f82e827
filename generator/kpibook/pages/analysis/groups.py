"""How totals and grades are spread over groups: departments, roles and levels, against quotas, and by perspective."""

from collections.abc import Callable, Iterator

from kpibook.analysis.distributions import DistributionRow
from kpibook.analysis.study import CycleStudy
from kpibook.pages.analysis.tables import AnalysisPart, Cell, Head, PartTable, part, points, table
from kpibook.pages.cycles.heat import departments_overview
from kpibook.pages.figures import NONE, Figures

Namer = Callable[[str], str]
LARGE = 5
"""Of fewer people no spread is drawn."""


def distribution_part(study: CycleStudy, figures: Figures) -> AnalysisPart:
    """Totals and grades of everybody, group by group."""
    say, whole = figures.say, study.distributions["department"][-1]
    drawn = [row for row in study.distributions["department"] if row.with_total >= LARGE]
    heads = ("group", "with_total.", "lowest.", "lower.", "middle.", "upper.", "highest.", "mean.", "deviation.")
    by_department = table(
        say, heads, (_distribution_row(row, figures.department, figures) for row in drawn), chart="ranges", first=2
    )
    others = (_table_by(study, figures, kind, heads) for kind in ("role", "level"))
    lead = say(
        "analysis.spread.lead",
        mean=points(whole.mean),
        middle=points(whole.middle),
        lower=points(whole.lower),
        upper=points(whole.upper),
    )
    notes = (say("analysis.spread.small", least=LARGE), *_quota_notes(study, figures))
    tables = (by_department, _grades(study, drawn, figures), *others, _quotas(study, figures), _heat(study, figures))
    return part(figures, "spread", lead, *tables, notes=notes)


def _table_by(study: CycleStudy, figures: Figures, kind: str, heads: tuple[str, ...]) -> PartTable:
    """The same by role, or by job level where people have one."""
    name: Namer = figures.role if kind == "role" else str
    rows = (row for row in study.distributions[kind][:-1] if row.with_total >= LARGE)
    told = (_distribution_row(row, name, figures) for row in rows)
    return table(figures.say, (kind, *heads[1:]), told, caption=figures.say(f"analysis.caption.{kind}s"))


def _grades(study: CycleStudy, drawn: list[DistributionRow], figures: Figures) -> PartTable:
    say, grades = figures.say, [grade.id for grade in study.catalog.grades]
    rows = tuple((_group(row, figures.department, figures), *map(str, row.grades)) for row in drawn)
    made = table(say, ("group",), rows, chart="shares", first=1, caption=say("analysis.caption.grades"))
    return made._replace(heads=(*made.heads, *(Head(grade, is_figure=True) for grade in grades)))


def _quotas(study: CycleStudy, figures: Figures) -> PartTable:
    """How many have a grade or a better one, beside how many may."""
    rows = (
        (
            figures.say("analysis.quota.group", group=_name(each.group.id, figures), grade=each.quota.grade),
            str(len(each.group.cards)),
            str(each.allowed),
            str(each.holders),
        )
        for each in study.quotas
    )
    heads = ("quota", "people.", "allowed.", "holders.")
    return table(figures.say, heads, rows, chart="quotas", first=2, caption=figures.say("analysis.caption.quotas"))


def _heat(study: CycleStudy, figures: Figures) -> PartTable:
    """How much of its points each department got, by perspective."""
    found = departments_overview(figures, f"../{study.results.cycle.period}/departments")
    told = (row for row in found.rows if any(cell != NONE for cell in row.cells))
    rows: Iterator[tuple[Cell, ...]] = ((row.name, *row.cells) for row in told)
    made = table(figures.say, ("group",), rows if len(found.perspectives) > 1 else (), map="heat")
    heads = (Head(name, is_figure=True) for name in found.perspectives)
    return made._replace(heads=(*made.heads, *heads), caption=figures.say("analysis.caption.heat"))


def _group(row: DistributionRow, name: Namer, figures: Figures) -> str:
    return name(row.group) if row.group else figures.say("cards.all")


def _distribution_row(row: DistributionRow, name: Namer, figures: Figures) -> tuple[Cell, ...]:
    marks = (row.lowest, row.lower, row.middle, row.upper, row.highest, row.mean, row.spread)
    return (_group(row, name, figures), str(row.with_total), *map(points, marks))


def _name(group: str, figures: Figures) -> str:
    """What a group of quotas is called: a department, a role or the company."""
    catalog = figures.catalog
    if group in catalog.departments:
        return figures.department(group)
    return figures.role(group) if group in catalog.roles else figures.say("cards.all")


def _quota_notes(study: CycleStudy, figures: Figures) -> tuple[str, ...]:
    """Where more have a grade than the company's distribution says; nothing of it is applied."""
    if not study.catalog.company.distribution.limits:
        return (figures.say("analysis.quota.none"),)
    if not study.excesses:
        return (figures.say("analysis.quota.kept"),)
    return tuple(
        figures.say(
            "analysis.quota.over",
            group=_name(each.group.id, figures),
            grade=each.quota.grade,
            allowed=each.allowed,
            holders=each.holders,
            over=each.holders - each.allowed,
        )
        for each in study.excesses
    )
