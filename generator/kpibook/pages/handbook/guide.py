"""The guide: where each page comes from, every key of every file, every rule, and how scores are made."""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import NamedTuple

import yaml
from gmpy2 import mpq
from pydantic.fields import FieldInfo

from kpibook.authoring.reference import EACH, FILES, INSIDE, RULES
from kpibook.base.entry import PLACES, Entry
from kpibook.base.numbers import show
from kpibook.model import Extra, Indicator, ScorecardItem, Scored
from kpibook.pages import paths
from kpibook.pages.context import HandbookContext
from kpibook.pages.handbook.guide_tables import tables_page
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.prose import OWN_KEYS
from kpibook.reading.catalog.series import SERIES
from kpibook.reading.cycle.actuals import ACTUALS
from kpibook.reading.cycle.adjustments import ADJUSTMENTS
from kpibook.reading.cycle.calibration import CALIBRATION
from kpibook.reading.cycle.leave import LEAVE
from kpibook.reading.cycle.manifest import MANIFEST
from kpibook.reading.cycle.people import PEOPLE
from kpibook.reading.cycle.ratings import RATINGS
from kpibook.reading.cycle.records import AGREEMENTS, APPEALS, CONFIRMATIONS, INTERVIEWS, PLANS
from kpibook.reading.cycle.targets import TARGETS
from kpibook.reading.holidays import HOLIDAYS
from kpibook.reading.tables import Layout
from kpibook.rules.formulas import FUNCTIONS, SCOPES
from kpibook.rules.standards import Rule, Setting

COMPANY = "company.yml"
CYCLE_STEPS = ("open", "agree", "publish", "correct", "close", "verify")
"""The commands in the life of a cycle."""
CYCLE_PARTS = ("files", "stays", "calibration", "approvals", "days")
TABLES: Mapping[str, Layout] = {
    "people": PEOPLE,
    "actuals": ACTUALS,
    "targets": TARGETS,
    "series": SERIES,
    "ratings": RATINGS,
    "adjustments": ADJUSTMENTS,
    "calibration": CALIBRATION,
    "leave": LEAVE,
    "confirmations": CONFIRMATIONS,
    "interviews": INTERVIEWS,
    "plans": PLANS,
    "appeals": APPEALS,
    "agreements": AGREEMENTS,
    "manifest": MANIFEST,
    "holidays": HOLIDAYS,
}
MORE = "numbers"
"""Stands for further columns, which a company names itself."""

BY_NAME = {("measures", "id"), ("indicators", "id"), ("role", "id")}
"""Ids that are a key or a file's name and never a value."""


class KeyRow(NamedTuple):
    """A key of a file with its default and what it means."""

    key: str
    default: str
    meaning: str


class Reference(NamedTuple):
    """A file, or a part of one, with all its keys."""

    title: str
    anchor: str
    about: str
    rows: tuple[KeyRow, ...]


class RuleView(NamedTuple):
    """A scoring rule with its keys, an example and the sentence that the example makes."""

    title: str
    anchor: str
    about: str
    rows: tuple[KeyRow, ...]
    example: str
    sentence: str


def guide_pages(context: HandbookContext) -> Iterator[tuple[str, str]]:
    """How this handbook is made and edited."""
    source = context.file(COMPANY)
    steps = tuple(context.say(f"handbook.guide.step_{number}") for number in range(1, 6))
    yield context.render("guide", paths.GUIDE, source=source, folder=context.catalog.folder, steps=steps)
    references = (*(_reference(context, part) for part in FILES), _by_hand(context))
    tables = tuple(_table(context, name) for name in TABLES)
    yield context.render("guide_files", paths.GUIDE_FILES, source=source, references=references, tables=tables)
    rules = tuple(_rule(context, rule) for rule in RULES)
    yield context.render("guide_rules", paths.GUIDE_RULES, source=source, rules=rules, formula=_formula_values())
    yield tables_page(context)
    cycles = (*(_step(context, step) for step in CYCLE_STEPS), *(_part(context, part) for part in CYCLE_PARTS))
    yield context.render("guide_cycles", paths.GUIDE_CYCLES, source=source, sections=cycles)
    yield context.render("guide_form", paths.GUIDE_FORM, source=source)
    yield context.render("guide_after", paths.GUIDE_AFTER, source=source)
    yield context.render("guide_serving", paths.GUIDE_SERVING, source=source)
    yield context.render("guide_scores", paths.GUIDE_SCORES, source=source, parts_of_scores=tuple(_scores(context)))


class CycleSection(NamedTuple):
    """A section on the life of a cycle, with the command that it is about, if it is about one."""

    anchor: str
    title: str
    about: str
    command: str = ""


def _step(context: HandbookContext, step: str) -> CycleSection:
    title, about, command = (context.say(f"cycles_guide.step.{step}.{key}") for key in ("title", "about", "command"))
    return CycleSection(step, title, about, command)


def _part(context: HandbookContext, part: str) -> CycleSection:
    title, about = (context.say(f"cycles_guide.part.{part}.{key}") for key in ("title", "about"))
    return CycleSection(part, title, about)


def _formula_values() -> Mapping[str, str]:
    return {"functions": ", ".join(FUNCTIONS), "scopes": ", ".join(f"{scope}." for scope in SCOPES)}


def _reference(context: HandbookContext, part: str) -> Reference:
    say = context.say
    rows = tuple(_key_rows(context, f"handbook.reference.{part}", FILES[part], skipped=_skipped(part)))
    return Reference(say(f"handbook.file.{part}.title"), f"file-{part}", say(f"handbook.file.{part}.about"), rows)


def _by_hand(context: HandbookContext) -> Reference:
    """What may stand at the top of a page written by hand."""
    say = context.say
    rows = tuple(KeyRow(key, HAS_NONE, say(f"handbook.reference.page.{key}")) for key in OWN_KEYS)
    return Reference(say("handbook.file.page.title"), "file-page", say("handbook.file.page.about"), rows)


def _skipped(part: str) -> set[str]:
    return {key for of, key in BY_NAME if of == part}


def _key_rows(
    context: HandbookContext, group: str, types: tuple[type[Entry], ...], skipped: set[str]
) -> Iterator[KeyRow]:
    """The keys of the first type, those of the mappings inside it after a dot."""
    for kind in types:
        prefix = f"{INSIDE[kind]}." if kind in INSIDE else ""
        for key, default in _keys(kind):
            if key not in skipped and not (key in INSIDE.values() and kind is types[0]):
                meaning = f"{group}.{EACH if prefix.endswith('[].') else prefix}{key}"
                yield KeyRow(prefix + key, _default(context, default), context.say(meaning))


@cache
def _keys(kind: type[Entry]) -> tuple[tuple[str, FieldInfo], ...]:
    """The keys of an entry as a file writes them; what all rules, or all with a scorecard, share stands last."""
    shared = next((base.model_fields for base in (Rule, Scored) if issubclass(kind, base) and kind is not base), {})
    inherited_last = sorted(kind.model_fields.items(), key=lambda row: (row[0] == "note", row[0] in shared))
    fields = ((field.alias or name, field) for name, field in inherited_last)
    return tuple((key, field) for key, field in fields if key not in (PLACES, "rule"))


def _default(context: HandbookContext, field: FieldInfo) -> str:
    if field.is_required():
        return context.say("handbook.required")
    value = field.get_default(call_default_factory=True, validated_data={})
    is_empty = value is None or value in ("", (), {}) or isinstance(value, Entry)
    return HAS_NONE if is_empty else _written(value)


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_written(key)}: {_written(inner)}" for key, inner in value.items())
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return show(value) if isinstance(value, mpq) else str(value)


def _table(context: HandbookContext, name: str) -> Reference:
    say = context.say
    layout = TABLES[name]
    columns = (*layout.known, MORE) if layout.takes_more else layout.known
    rows = tuple(
        KeyRow(
            column,
            say("handbook.required") if column in layout.required else HAS_NONE,
            say(f"handbook.column.{name}.{column}"),
        )
        for column in columns
    )
    return Reference(say(f"handbook.table.{name}.title"), f"table-{name}", say(f"handbook.table.{name}.about"), rows)


def _rule(context: HandbookContext, rule: str) -> RuleView:
    say = context.say
    example = say(f"handbook.rule.{rule}.example")
    indicator, item = example_of(rule, example)
    setting = Setting(raters=context.catalog.company.rater_weights)
    sentence = item.standard.sentence(item, indicator, say, setting) if item.standard else ""
    rows = tuple(_key_rows(context, f"handbook.parameter.{rule}", RULES[rule], skipped=set()))
    about = say(f"handbook.rule.{rule}.about")
    return RuleView(say(f"handbook.rule.{rule}.title"), f"rule-{rule}", about, rows, example.rstrip(), sentence)


def example_of(rule: str, example: str) -> tuple[Indicator, ScorecardItem | Extra]:
    """The indicator and the item that an example of the guide writes down."""
    written = yaml.load(example, yaml.CBaseLoader)
    indicator = Indicator.model_validate({"id": written["item"]["indicator"], **written["indicator"]})
    kind = Extra if rule == "excess" else ScorecardItem
    return indicator, kind.model_validate(written["item"])


def _scores(context: HandbookContext) -> Iterator[tuple[str, str]]:
    """How scores are made, with this company's own settings: headings and sentences."""
    say, company = context.say, context.catalog.company
    yield "target", say("handbook.score.target")
    yield "missing", say(f"handbook.score.missing_{company.missing}")
    yield "set-aside", say("handbook.score.set_aside")
    yield "coverage", say("handbook.score.coverage")
    yield "raters", say(f"handbook.score.raters_{company.missing_rater}", raters=context.raters(company.rater_weights))
    yield "total", say("handbook.score.total")
    yield "rounding", say(f"handbook.score.rounding_{company.rounding.at}", places=company.rounding.score)
    yield (
        "rounding-others",
        say("handbook.score.rounding_others", money=company.rounding.money, rate=company.rounding.rate),
    )
    yield "grade", say("handbook.score.grade", grades=_grades(context))
    yield "rank", say(f"handbook.score.rank_{company.rank.ties}", within=say(f"handbook.within.{company.rank.within}"))
    yield "eligibility", " ".join(_eligible(context))
    yield "transfer", say(f"handbook.score.transfer_{company.pay_after_transfer}")
    part = company.part_cycle
    key = {(True, True): "both", (True, False): "targets", (False, True): "pay"}.get(
        (part.targets != "full", part.pay != "full"), "full"
    )
    by_time = [key for key, goes_by in (("targets", part.targets), ("pay", part.pay)) if goes_by == "by_time"]
    told = (say(f"handbook.score.part_{key}"), *(say(f"handbook.score.by_time_{key}") for key in by_time))
    yield "part-cycle", " ".join((*told, say("handbook.score.shares")))


def _eligible(context: HandbookContext) -> Iterator[str]:
    """Who is appraised, and what becomes of those who are not."""
    say, company = context.say, context.catalog.company
    most, least = company.eligibility.max_absent_days, company.part_cycle.least_days
    yield say("handbook.score.eligible", days=show(most)) if most is not None else say("handbook.score.all")
    if least:
        yield say("handbook.score.least_days", days=least)
    if company.part_cycle.leave_kinds:
        yield say("handbook.score.leave", kinds=say("handbook.comma").join(company.part_cycle.leave_kinds))
    yield say("handbook.score.exempt")


def _grades(context: HandbookContext) -> str:
    parts = (
        context.say("handbook.score.grade_from", id=g.id, name=g.name, threshold=show(g.threshold))
        for g in context.catalog.grades
    )
    return context.say("handbook.comma").join(parts)
