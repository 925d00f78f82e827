"""The comparison as a comment for a review, and as JSON."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, fixed, plain, priced, show
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.pages.text import environment, escape
from kpibook.reviewing.differences.actual_effects import CycleEffect, FileChange
from kpibook.reviewing.differences.changes import Changed
from kpibook.reviewing.differences.impact import GroupCount, Impact, Pay, RuleRow, UnitImpactRow
from kpibook.reviewing.differences.small_counts import LEAST

OWN, FEW = "handbook/", 3
"""Below which the catalog of a cycle lies, and how many of its files are told one by one."""
PLACE_OF_NAME = re.compile(rf"{re.escape(escape('{'))}(BASE|HEAD){re.escape(escape('}'))}")
KINDS = ("company", "grade", "department", "measure", "indicator", "role", "waiver", "term")


class CatalogComparison(NamedTuple):
    """Everything that was found between two catalogs."""

    base: str
    """What the older one is called: a revision or a folder."""
    head: str
    newer: Catalog
    changes: tuple[Changed, ...]
    effects: tuple[CycleEffect, ...]
    """What becomes different in fact, cycle by cycle."""
    notes: tuple[str, ...]
    """What cannot be told of that, as keys of `diff.fact_note` in the locale."""
    impacts: tuple[Impact, ...]
    """What would have been: the last published cycles under both catalogs."""
    is_base_faulty: bool = False
    """The older catalog cannot be scored."""


class EntryChange(NamedTuple):
    """A changed entry: its first sentence beside its name, the others below."""

    name: str
    first: str
    more: tuple[str, ...]


class ReportTable(NamedTuple):
    """A small table: its title, the heads of its two or three columns and its rows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class CycleImpactView(NamedTuple):
    """What is told about one cycle."""

    title: str
    sentences: tuple[str, ...]
    tables: tuple[ReportTable, ...]


def comment(comparison: CatalogComparison, say: Words) -> str:
    """The comparison in Markdown: the sentences, then the counts; no name and no id of a person is in it."""
    template = environment(say).get_template("reviewing/diff/comment.md.j2")
    groups = [(say(f"diff.kind.{kind}"), tuple(_lines(comparison, kind, say))) for kind in KINDS]
    text = template.render(
        about=_about(comparison, say),
        groups=[group for group in groups if group[1]],
        effects=tuple(_effect(effect, comparison.newer, say) for effect in comparison.effects),
        notes=tuple(say(f"diff.fact_note.{note}") for note in comparison.notes),
        cycles=tuple(_cycle(impact, comparison.newer, say) for impact in comparison.impacts),
        nothing=_nothing(comparison, say),
    )
    return text.strip() + "\n"


def _about(comparison: CatalogComparison, say: Words) -> Markup:
    """Which two versions are compared: their names as code, which needs no sign to guard it."""
    names = {"BASE": comparison.base, "HEAD": comparison.head}
    text = escape(say("diff.about", base="{BASE}", head="{HEAD}" if comparison.head else say("diff.working")))
    # Nobody wrote these braces: they were put in above, and stand there as the signs that escaping made of them.
    return Markup(PLACE_OF_NAME.sub(lambda found: _code(names[found[1]]), text))


def _code(name: str) -> Markup:
    """A name as code, or guarded where it would end that."""
    return Markup(f"`{name}`") if name.isprintable() and "`" not in name else escape(name)


def _nothing(comparison: CatalogComparison, say: Words) -> str:
    """Why there is no impact to tell."""
    if comparison.is_base_faulty:
        return say("diff.base_faulty", base=comparison.base)
    return "" if comparison.impacts else say("diff.no_cycles")


def _lines(comparison: CatalogComparison, kind: str, say: Words) -> Iterator[EntryChange]:
    for each in comparison.changes:
        if each.kind == kind:
            name = each.name or each.id
            if each.state in ("added", "removed"):
                yield EntryChange(name, say(f"diff.state.{each.state}"), each.lines)
            else:
                yield EntryChange(name, each.lines[0], each.lines[1:])


def _cycle(impact: Impact, newer: Catalog, say: Words) -> CycleImpactView:
    return CycleImpactView(
        say("diff.cycle", name=impact.name, period=impact.period),
        tuple(_sentences(impact, newer, say)),
        tuple(_tables(impact, newer, say)),
    )


def _effect(effect: CycleEffect, newer: Catalog, say: Words) -> CycleImpactView:
    """A cycle that becomes different: its files first, then what that does to whom."""
    files = tuple(_files(effect.files, say))
    notes = tuple(say(f"diff.fact_note.{note}", period=effect.period) for note in effect.notes)
    title = say("diff.cycle", name=effect.name, period=effect.period)
    if effect.impact is None:
        return CycleImpactView(title, (*files, *notes), ())
    sentences = (*files, *notes, *_sentences(effect.impact, newer, say))
    return CycleImpactView(title, sentences, tuple(_tables(effect.impact, newer, say)))


def _files(files: Sequence[FileChange], say: Words) -> Iterator[str]:
    """A line for each file; many of the cycle's own handbook are told together."""
    own = [file for file in files if file.path.startswith(OWN)]
    if len(own) > FEW:
        yield say("diff.fact_handbook", count=len(own))
    yield from (_file(file, say) for file in files if len(own) <= FEW or file not in own)


def _file(file: FileChange, say: Words) -> str:
    rows = say("diff.fact_rows", added=file.added, removed=file.removed) if file.is_counted else ""
    return say("diff.fact_file", path=file.path, rows=rows)


def _sentences(impact: Impact, newer: Catalog, say: Words) -> Iterator[str]:
    if not impact.people and impact.people is not None:
        yield say("diff.nobody")
    elif impact.moved is not None:
        yield say("diff.moved", moved=impact.moved, people=_persons(impact.people, say), departments=impact.departments)
    else:
        yield say("diff.almost_all" if impact.is_almost_all else "diff.moved_few", people=_persons(impact.people, say))
    grades = {row.key: row for row in impact.grades}
    if impact.people:
        yield say("diff.grades", up=_group(grades["up"], say), down=_group(grades["down"], say))
    yield from _pay(impact.pay, newer, say)
    if impact.pay_unknown != 0:
        yield say("diff.pay_unknown", people=_persons(impact.pay_unknown, say))
    if impact.lost_people != 0:
        measures = say("diff.comma").join(
            say("diff.lacking", name=_measure(row.key, newer), people=_group(row, say)) for row in impact.lost
        )
        yield say("diff.lost", people=_persons(impact.lost_people, say), measures=measures or say("diff.unknown"))
    for row in impact.units:
        yield say("diff.unit", name=_unit(row.id, newer), band=_unit_band(row, say), grades=_unit_grades(row, say))
    if impact.gained != 0:
        yield say("diff.gained", people=_persons(impact.gained, say))


def _pay(pay: Pay, newer: Catalog, say: Words) -> Iterator[str]:
    if pay.before is None or pay.after is None:
        yield say("diff.pay_hidden", least=LEAST)
        return
    money, places = newer.company.currency, newer.company.rounding.money
    before, after = (priced(fixed(value, places), money) for value in (pay.before, pay.after))
    if pay.changed:
        yield say(
            "diff.pay_changed",
            people=pay.changed,
            before=before,
            after=after,
            difference=signed(pay.after - pay.before, places),
            percent=_percent(pay, say),
        )
    elif pay.before:
        yield say("diff.pay_same", total=before)


def _percent(pay: Pay, say: Words) -> str:
    if not pay.before or pay.after is None:
        return ""
    return say("diff.percent", percent=signed((pay.after - pay.before) * HUNDRED / pay.before, 1))


def signed(value: mpq, places: int) -> str:
    """A difference with its sign."""
    text = fixed(value, places)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def _tables(impact: Impact, newer: Catalog, say: Words) -> Iterator[ReportTable]:
    bands = tuple((say(f"diff.band.{row.key}"), _people(row, say)) for row in impact.bands if row.people != 0)
    if bands:
        yield ReportTable(say("diff.table.bands"), (say("diff.head.band"), say("diff.head.people")), bands)
    departments = tuple((_department(row.key, impact, newer, say), _people(row, say)) for row in impact.by_department)
    if departments:
        heads = (say("diff.head.department"), say("diff.head.people"))
        yield ReportTable(say("diff.table.departments"), heads, departments)
    rules = tuple((_rule(row, newer, say), str(row.people), say(f"diff.band.{row.band}")) for row in impact.rules)
    notes = [say("diff.folded_rules", count=impact.folded_rules, least=LEAST)] if impact.folded_rules else []
    notes += [say("diff.more_rules", count=impact.more_rules)] if impact.more_rules else []
    if rules or notes:
        columns = (say("diff.head.rule"), say("diff.head.people"), say("diff.head.mean"))
        yield ReportTable(say("diff.table.rules"), columns, rules, tuple(notes))


def _unit(identifier: str, newer: Catalog) -> str:
    department = newer.departments.get(identifier)
    return department.name if department else newer.company.name


def _unit_band(row: UnitImpactRow, say: Words) -> str:
    return say(f"diff.band.{row.band}") if row.band else say("diff.unit_open")


def _unit_grades(row: UnitImpactRow, say: Words) -> str:
    if row.grade_before == row.grade_after:
        return ""
    before, after = row.grade_before or say("diff.none"), row.grade_after or say("diff.none")
    return say("diff.unit_grades", before=before, after=after)


def _people(row: GroupCount, say: Words) -> str:
    """A group's number, that it is small, or only that it is not shown."""
    return say("diff.hidden") if row.people is None and not row.is_small else _number(row.people, say)


def _group(row: GroupCount, say: Words) -> str:
    """The same in a sentence."""
    return _people(row, say) if row.people is None and not row.is_small else _persons(row.people, say)


def _persons(count: int | None, say: Words) -> str:
    """So many people, in a sentence."""
    return say("diff.few_persons", least=LEAST) if count is None else say("diff.persons", count=show(mpq(count)))


def _number(count: int | None, say: Words) -> str:
    return say("diff.few", least=LEAST) if count is None else show(mpq(count))


def _department(key: str, impact: Impact, newer: Catalog, say: Words) -> str:
    if not key:
        return say("diff.other_departments", count=impact.folded_departments)
    department = newer.departments.get(key)
    return department.name if department else key


def _rule(row: RuleRow, newer: Catalog, say: Words) -> str:
    role = newer.roles.get(row.role)
    what = indicator_name(row.id, newer) if row.kind == "item" else say(f"diff.reason.{row.kind}")
    return say("diff.rule", role=role.name if role else row.role, what=what)


def indicator_name(identifier: str, newer: Catalog) -> str:
    """The name of an indicator in the newer catalog; its id where that does not have it."""
    indicator = newer.indicators.get(identifier)
    return indicator.name if indicator else identifier


def _measure(identifier: str, newer: Catalog) -> str:
    measure = newer.named(identifier)
    return measure.name if measure else identifier


def as_json(comparison: CatalogComparison) -> str:
    """The same as the comment, for programs: counts that are hidden are null."""
    told = {
        "base": comparison.base,
        "head": comparison.head,
        "base_is_faulty": comparison.is_base_faulty,
        "changes": [each._asdict() for each in comparison.changes],
        "in_fact": [_plain(effect) for effect in comparison.effects],
        "notes": list(comparison.notes),
        "impact": [_plain(impact) for impact in comparison.impacts],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    """Named tuples as objects, exact numbers as text."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: _plain(inner) for key, inner in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return plain(value) if isinstance(value, mpq) else value
