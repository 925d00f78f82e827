"""The pages of the strict checks: what each of them means, why, and how to mend it; and what is waived."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.words import Words
from kpibook.checking.lint import CODES
from kpibook.model import Waiver
from kpibook.pages import paths
from kpibook.pages.context import HandbookContext
from kpibook.pages.dates import timed, whole_day
from kpibook.pages.number_format import HAS_NONE


class LintRow(NamedTuple):
    """A rule in the list of all."""

    code: str
    link: Markup
    what: str


class WaiverRow(NamedTuple):
    """A waiver as a row of a table."""

    code: str
    where: str
    reason: str
    until: Markup
    by: str


def lint_pages(context: HandbookContext) -> Iterator[tuple[str, str]]:
    """The list of the strict checks with the waivers that stand, then a page for each check."""
    at = context.at(paths.GUIDE_LINT)
    rows = tuple(
        LintRow(code, at.to(_words(context, code, "title"), paths.lint_page(code)), _words(context, code, "what"))
        for code in CODES
    )
    waivers = tuple(_waiver(each, context.say) for each in context.catalog.waivers)
    source = context.file("company.yml")
    yield context.render("guide_lint", paths.GUIDE_LINT, source=source, rows=rows, waivers=waivers)
    for code in CODES:
        texts = {part: _words(context, code, part) for part in ("title", "what", "why", "mend", "example")}
        yield context.render("guide_lint_rule", paths.lint_page(code), source=source, code_=code, **texts)


def _words(context: HandbookContext, code: str, part: str) -> str:
    return context.say(f"lint.page.{code}.{part}").rstrip()


def _waiver(waiver: Waiver, say: Words) -> WaiverRow:
    until = timed(waiver.until, whole_day(waiver.until, say))
    return WaiverRow(waiver.code, waiver.where, waiver.reason, until, waiver.by or HAS_NONE)
