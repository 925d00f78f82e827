"""The KPI dictionary: one table of all indicators, and a page for each."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import HUNDRED
from kpibook.model import Indicator, Lifecycle, Measure
from kpibook.pages.changelog import changelog_rows
from kpibook.pages.context import HandbookContext, HandbookLinks
from kpibook.pages.dates import whole_day
from kpibook.pages.handbook.scorecard import ScorecardRow, item_row
from kpibook.pages.lookup import ScorecardUse
from kpibook.pages.number_format import HAS_NONE, unit_name
from kpibook.pages.paths import INDICATORS, MEASURES, indicator_page
from kpibook.pages.pinyin import letter, syllables

BAR = "|"
LATEST = 12
"""So many of the cycles that used an indicator are named; of more there is the number and the first."""


class DictionaryRow(NamedTuple):
    """An indicator in the dictionary."""

    name: str
    link: Markup
    definition: str
    perspective: str
    sign: str
    """Which way is good, as an arrow."""
    unit: str
    facts: str
    used_by: Markup
    roles: str
    """Those of the company that use it, between bars; empty where none does."""
    sound: str
    """How its name is typed in pinyin: whole, and by first letters."""


class Letter(NamedTuple):
    """The indicators whose names begin with a letter."""

    letter: str
    anchor: str
    link: Markup
    rows: tuple[DictionaryRow, ...]


class MeasureRow(NamedTuple):
    """A number that somebody supplies."""

    name: Markup | str
    unit: str
    owner: str
    source: str
    frequency: str
    accumulate: str
    used_for: Markup
    note: str


class UseRow(NamedTuple):
    """The roles and departments that are scored alike by an indicator."""

    owner: Markup
    is_extra: bool
    is_reference: bool
    row: ScorecardRow


class Supplier(NamedTuple):
    """A department with the numbers that it supplies."""

    name: str
    anchor: str
    rows: tuple[MeasureRow, ...]


def indicator_pages(context: HandbookContext, used: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The dictionary, each indicator's page, and who supplies what; `used` as in `HandbookFacts`."""
    at = context.at(INDICATORS)
    letters = tuple(_letters(context, at))
    roles = tuple(dict.fromkeys(name for each in letters for row in each.rows for name in row.roles.split(BAR) if name))
    yield context.render(
        "indicators",
        INDICATORS,
        source=context.file("indicators/"),
        letters=letters,
        perspectives=tuple(context.by_perspective),
        roles=sorted(roles, key=syllables),
    )
    for indicator in context.catalog.indicators.values():
        if context.is_wanted(indicator_page(indicator.id)):
            yield _indicator(context, indicator, used.get(indicator.id, ()))
    yield context.render(
        "measures", MEASURES, source=context.file("measures.yml"), suppliers=tuple(_suppliers(context))
    )


def measure_row(context: HandbookContext, entry: Measure | Indicator, at: HandbookLinks) -> MeasureRow:
    """A measure, or an indicator that is itself collected."""
    return MeasureRow(
        name=at.supplied(entry) if isinstance(entry, Indicator) else entry.name,
        unit=unit_name(entry.unit, context.say.language),
        owner=context.department_name(entry.owner),
        source=entry.source,
        frequency=context.word("frequency", "week" if entry.weekly else entry.frequency),
        accumulate=context.word("accumulate", entry.accumulate),
        used_for=at.listed(map(at.indicator, context.lookup.measure_uses.get(entry.id, ()))),
        note=_measure_note(context, entry),
    )


def _measure_note(context: HandbookContext, entry: Measure | Indicator) -> str:
    """Its note, after what is said of its life."""
    told = (f"{what}{context.say('handbook.colon')}{how}" for what, how in _lifecycle(context, entry))
    return context.say("handbook.stop").join(filter(None, (*told, entry.note)))


def _owner(context: HandbookContext, indicator: Indicator) -> str:
    """Who answers for an indicator; without an owner those who supply its numbers."""
    if indicator.owner:
        return context.department_name(indicator.owner)
    owners = dict.fromkeys(measure.owner for measure in context.lookup.measures_of(indicator) if measure.owner)
    return context.say("handbook.comma").join(map(context.department_name, owners)) or HAS_NONE


def _letters(context: HandbookContext, at: HandbookLinks) -> Iterator[Letter]:
    """The company's indicators by the letter of their names, in the order of their sound."""
    order = sorted(context.lookup.indicators, key=lambda indicator: (letter(indicator.name), _sound(indicator)))
    for sign, group in groupby(order, lambda indicator: letter(indicator.name)):
        rows = tuple(_dictionary_row(context, indicator, at) for indicator in group)
        anchor = f"letter-{sign.lower() if sign.isalpha() else 0}"
        yield Letter(sign, anchor, at.to(sign, f"{INDICATORS}#{anchor}"), rows)


def _sound(indicator: Indicator) -> tuple[tuple[str, ...], str]:
    return syllables(indicator.name), indicator.name


def _dictionary_row(context: HandbookContext, indicator: Indicator, at: HandbookLinks) -> DictionaryRow:
    uses = context.lookup.uses.get(indicator.id, ())
    owners = dict.fromkeys(use.owner.name for use in uses if not context.lookup.is_reference(use.owner))
    sound = syllables(indicator.name)
    stop = context.say("handbook.stop")
    retired = () if indicator.status is Lifecycle.ACTIVE else (context.word("lifecycle", indicator.status),)
    facts = (
        *retired,
        context.word("direction", indicator.direction),
        context.perspective(indicator),
        _owner(context, indicator),
    )
    return DictionaryRow(
        name=indicator.name,
        link=at.to(context.say("handbook.indicators.more"), indicator_page(indicator.id)),
        definition=indicator.definition,
        perspective=context.perspective(indicator),
        sign=context.say(f"handbook.sign.{indicator.direction}"),
        unit=unit_name(indicator.unit, context.say.language),
        facts=stop.join(fact for fact in facts if fact != HAS_NONE),
        used_by=at.listed(
            dict.fromkeys(at.owner(use.owner) for use in uses if not context.lookup.is_reference(use.owner))
        ),
        roles=BAR + "".join(f"{owner}{BAR}" for owner in owners) if owners else "",
        sound=f"{''.join(sound)} {''.join(each[:1] for each in sound)} {' '.join(indicator.aliases)}".strip(),
    )


def _indicator(context: HandbookContext, indicator: Indicator, cycles: Sequence[str]) -> tuple[str, str]:
    path = indicator_page(indicator.id)
    at = context.at(path)
    measures = context.lookup.measures_of(indicator)
    return context.render(
        "indicator",
        path,
        source=context.source(indicator, "indicators/"),
        owner=_owner(context, indicator).replace(HAS_NONE, ""),
        indicator=indicator,
        facts=tuple(_facts(context, indicator)),
        in_words=context.in_words(indicator.formula) if indicator.formula else "",
        compares=tuple((context.in_words(each.when), each.says) for each in indicator.compares),
        is_rated=context.lookup.is_rated(indicator),
        measures=tuple(measure_row(context, measure, at) for measure in measures),
        uses=tuple(_uses(context, context.lookup.uses.get(indicator.id, ()), at)),
        serving=at.listed(map(at.indicator, context.lookup.serving.get(indicator.id, ()))),
        cycles=_cycles(context, cycles),
        changelog_rows=changelog_rows(context, indicator),
    )


def _cycles(context: HandbookContext, cycles: Sequence[str]) -> str:
    """The cycles that used an indicator, the newest first; of many the newest, and how many there are since when."""
    told = context.say("handbook.comma").join(reversed(cycles[-LATEST:]))
    if len(cycles) <= LATEST:
        return told
    return context.say("handbook.used_in_more", cycles=told, count=len(cycles), first=cycles[0])


def _facts(context: HandbookContext, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What is said of an indicator in a word or two."""
    say = context.say
    yield from _lifecycle(context, indicator)
    yield say("handbook.direction_is"), context.word("direction", indicator.direction)
    yield say("handbook.unit"), unit_name(indicator.unit, say.language)
    yield say("handbook.perspective_is"), context.perspective(indicator)
    yield say("handbook.owner"), _owner(context, indicator)
    if indicator.source:
        yield say("handbook.data_source"), indicator.source
    yield say("handbook.frequency_is"), context.word("frequency", indicator.frequency)
    if not indicator.formula:
        yield say("handbook.accumulate_is"), context.word("accumulate", indicator.accumulate)


def _lifecycle(context: HandbookContext, entry: Measure | Indicator) -> Iterator[tuple[str, str]]:
    """That a number is a draft or retired, since when, and what replaced it."""
    say = context.say
    if entry.status is not Lifecycle.ACTIVE or entry.since:
        status = context.word("lifecycle", entry.status)
        since = (
            say("handbook.lifecycle_since", status=status, since=whole_day(entry.since, say)) if entry.since else status
        )
        yield say("handbook.lifecycle_is"), since
    if entry.replaced_by:
        other = context.catalog.named(entry.replaced_by)
        yield say("handbook.replaced_by_is"), other.name if other else entry.replaced_by


def _uses(context: HandbookContext, uses: Sequence[ScorecardUse], at: HandbookLinks) -> Iterator[UseRow]:
    """A row for each weight, target and rule, with all who are scored alike."""
    owners: dict[tuple[bool, bool, ScorecardRow], list[Markup]] = {}
    for use in uses:
        row = item_row(context, use.item, use.owner, at, most=HUNDRED)
        alike = (use.is_extra, context.lookup.is_reference(use.owner), row)
        owners.setdefault(alike, []).append(at.owner(use.owner))
    for (is_extra, is_reference, row), links in owners.items():
        yield UseRow(at.listed(links), is_extra, is_reference, row)


def _suppliers(context: HandbookContext) -> Iterator[Supplier]:
    """The departments that supply numbers, in the order of the organisation."""
    at = context.at(MEASURES)
    for department in context.lookup.departments_in_order:
        if supplied := context.lookup.supplied_by(department.id):
            rows = tuple(measure_row(context, entry, at) for entry in supplied)
            yield Supplier(department.name, f"department-{department.id}", rows)
