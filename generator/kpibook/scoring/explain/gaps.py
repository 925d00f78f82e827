"""Why numbers are missing, in words: whose, for which period, and who owes them."""

from collections.abc import Iterable

from kpibook.base.numbers import ZERO
from kpibook.base.period_names import period_title
from kpibook.base.periods import Period
from kpibook.base.reporting import WITHHELD
from kpibook.base.words import Words
from kpibook.model import COMPANY, Catalog, SetAside
from kpibook.rules.formulas import Name
from kpibook.rules.standards import with_unit
from kpibook.scoring.explain.origins import IN_FULL, SourceStyle, place_text, shortened
from kpibook.scoring.explain.steps import name_text
from kpibook.scoring.sources import Gap, Missing


def missing_text(missing: Missing, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> str:
    """What is missing, for which period, why, and which department owes it.

    Of a rating that was set aside nothing is told, for its row names the rater; on a card no row is told as it stands,
    and of one of leave no cell: which leave somebody asked for is nothing for those above.
    """
    name = name_text(Name("", missing.key), catalog, say) if missing.key else _nameless(missing, say)
    known = catalog.named(missing.key)
    unit = known.unit if known else ""
    period = _period_text(missing.period, say, style)
    values = {"name": name, "subject": subject_text(missing.subject, catalog), "period": period}
    if missing.set_aside:
        row = missing.set_aside
        if is_rating(row):
            return say("explain.missing.rating_aside", **values)
        is_private = style.folder and _table_of(row) == "leave"
        cells = dict.fromkeys(row.values, WITHHELD) if is_private else row.values
        reason = say(f"problems.{row.code}.message", **cells)
        if style.folder:
            return say("explain.missing.row_aside", **values, reason=reason, place=style.place(row.place))
        return say(
            "explain.missing.set_aside", **values, reason=reason, place=place_text(row.place), raw=shortened(row.raw)
        )
    if missing.divisor:
        divisor = missing.divisor.write(lambda each: name_text(each, catalog, say))
        return say(f"explain.missing.{missing.gap}", **values, divisor=divisor)
    if missing.gap is Gap.NOT_APPROVED:
        role = catalog.roles.get(missing.subject)
        return say("explain.missing.not_approved", role=role.name if role else missing.subject)
    if missing.gap is Gap.BEYOND:
        bounds = {"value": with_unit(missing.value or ZERO, unit), "limit": with_unit(missing.limit or ZERO, unit)}
        return say("explain.missing.beyond", **values, **bounds)
    if missing.due:
        return say("explain.missing.not_due", **values, due=_period_text(missing.due, say, style))
    if missing.relation:
        return say("explain.missing.not_rated_by", **values, relation=say(f"relations.{missing.relation}"))
    if missing.gap is Gap.NOT_GIVEN and missing.owner:
        return say("explain.missing.owed", **values, owner=department_text(missing.owner, catalog))
    return say(f"explain.missing.{missing.gap}", **values)


def _period_text(period: Period, say: Words, style: SourceStyle) -> str:
    """A period by its name where people read it, by its id in files and in the terminal."""
    return period_title(period, say) if style.folder else str(period)


def _nameless(missing: Missing, say: Words) -> str:
    """What is missing, where it is no number of the catalog: a decision about a person, or what a formula gives."""
    table = _table_of(missing.set_aside) if missing.set_aside else ""
    return say(f"explain.decided.{table}" if f"explain.decided.{table}" in say else "explain.formula_word")


def subject_text(subject: str, catalog: Catalog) -> str:
    """A department's or the company's name, or a person's id."""
    return catalog.company.name if subject == COMPANY else department_text(subject, catalog)


def department_text(identifier: str, catalog: Catalog) -> str:
    """The name of a department; the id itself of anything else."""
    department = catalog.departments.get(identifier)
    return department.name if department else identifier


def is_rating(row: SetAside) -> bool:
    """Whether a row that was set aside is one of ratings.csv, or waits to become one."""
    return "ratings" in (row.table, _table_of(row))


def _table_of(row: SetAside) -> str:
    return row.table or row.place.file.rpartition("/")[2].partition(".")[0]


def missing_texts(
    gaps: Iterable[Missing], catalog: Catalog, say: Words, style: SourceStyle = IN_FULL
) -> tuple[str, ...]:
    """Several missing numbers, each as `missing_text` tells it."""
    return tuple(missing_text(gap, catalog, say, style) for gap in gaps)
