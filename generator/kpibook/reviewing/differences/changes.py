"""What a catalog says otherwise than another: sentences by entry, weights first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpibook.base.entry import Entry
from kpibook.base.words import Words
from kpibook.model import Catalog, Scored
from kpibook.reviewing.differences.facts import Fact, Facts, facts_of, weights_of
from kpibook.reviewing.differences.side import CatalogSide, Renames
from kpibook.reviewing.differences.unchanged_entries import UnchangedEntries

SHOWN = 60
"""Longer texts are cut down to where they differ."""


class Changed(NamedTuple):
    """An entry that came, went or changed, and the sentences that say how."""

    kind: str
    id: str
    name: str
    state: str
    """added, removed, renamed or changed."""
    lines: tuple[str, ...]


class EntryPair(NamedTuple):
    """An entry of the older catalog and what has become of it; None where it was not, or is no more."""

    kind: str
    before: Entry | None
    after: Entry | None
    id: str
    """The newer id, or that of an entry that is gone."""
    earlier: str


def catalog_changes(older: Catalog, newer: Catalog, renames: Renames, say: Words) -> tuple[Changed, ...]:
    """All changes, from the company and its grades to waivers and terms, each kind in the newer order."""
    before, after = CatalogSide(older, newer, say, renames), CatalogSide(newer, newer, say)
    alike = UnchangedEntries(older, newer, renames)
    pairs = (pair for pair in pairs_of_entries(older, newer, renames) if not _is_alike(pair, alike))
    return tuple(change for pair in pairs for change in _of_pair(pair, before, after))


def _is_alike(pair: EntryPair, alike: UnchangedEntries) -> bool:
    if pair.before is None or pair.after is None or pair.earlier != pair.id:
        return False
    return alike.holds(pair.before, pair.after)


def pairs_of_entries(older: Catalog, newer: Catalog, renames: Renames) -> Iterator[EntryPair]:
    """Every entry of both catalogs, kind by kind, each in the newer order; those that are gone last."""
    for kind, old, new in _kinds(older, newer):
        ids = {identifier: renames.get(kind, {}).get(identifier, identifier) for identifier in old}
        earlier = {after_id: identifier for identifier, after_id in ids.items()}
        for identifier, entry in new.items():
            was = earlier.get(identifier, "") if identifier in earlier else None
            yield EntryPair(kind, None if was is None else old[was], entry, identifier, was or "")
        for identifier, after_id in ids.items():
            if after_id not in new:
                yield EntryPair(kind, old[identifier], None, identifier, identifier)


Entries = Mapping[str, Entry]


def _kinds(older: Catalog, newer: Catalog) -> Iterator[tuple[str, Entries, Entries]]:
    yield "company", {"": older.company}, {"": newer.company}
    yield "grade", {grade.id: grade for grade in older.grades}, {grade.id: grade for grade in newer.grades}
    yield "department", older.departments, newer.departments
    yield "measure", older.measures, newer.measures
    yield "indicator", older.indicators, newer.indicators
    yield "role", older.roles, newer.roles
    yield "waiver", _waivers(older), _waivers(newer)
    yield "term", _terms(older), _terms(newer)


def _waivers(catalog: Catalog) -> Entries:
    return {f"{waiver.code} {waiver.where}": waiver for waiver in catalog.waivers}


def _terms(catalog: Catalog) -> Entries:
    return {term.use: term for term in catalog.terms}


def _of_pair(pair: EntryPair, before: CatalogSide, after: CatalogSide) -> Iterator[Changed]:
    kind, was, entry = pair.kind, pair.before, pair.after
    if entry is None:
        yield Changed(kind, pair.id, _name(was), "removed", ())
        return
    if was is None:
        yield Changed(kind, pair.id, _name(entry), "added", tuple(_description(entry, after)))
        return
    facts = (line for _, line in changed_facts(was, entry, before, after))
    lines = (*changed_weights(was, entry, before, after), *facts)
    if pair.earlier != pair.id:
        moved = after.say("diff.renamed", before=pair.earlier, after=pair.id)
        yield Changed(kind, pair.id, _name(entry), "renamed", (moved, *lines))
    elif lines:
        yield Changed(kind, pair.id, _name(entry), "changed", lines)


def _name(entry: Entry | None) -> str:
    return str(getattr(entry, "name", ""))


def _description(entry: Entry, side: CatalogSide) -> Iterator[str]:
    """What matters of a new entry: its scorecard, or its formula."""
    facts = facts_of(entry, side)
    if isinstance(entry, Scored):
        weights = [
            side.say("diff.weight.of", name=side.name("indicator", identifier), weight=weight)
            for identifier, weight in weights_of(entry, side).items()
            if weight
        ]
        if weights:
            yield side.say("diff.weight.all", items=side.say("diff.semicolon").join(weights))
    for key in ("formula", "threshold", "unit", "owner", "reason", "until", "instead_of"):
        if key in facts:
            yield side.say("diff.fact", label=facts[key].label, text=facts[key].text)


def changed_weights(old: Entry, new: Entry, before: CatalogSide, after: CatalogSide) -> Iterator[str]:
    """All weights that changed, in one line; an item that came or went had or has 0."""
    if not isinstance(old, Scored) or not isinstance(new, Scored):
        return
    was, now = weights_of(old, before), weights_of(new, after)
    parts = [
        after.say(
            "diff.weight.changed", name=_called(key, before, after), before=_weight(was, key), after=_weight(now, key)
        )
        for key in dict.fromkeys((*now, *was))
        if _weight(was, key) != _weight(now, key)
    ]
    if parts:
        yield after.say("diff.semicolon").join(parts)


def _weight(weights: Mapping[str, str], key: str) -> str:
    """The weight of an item: 0 where there is no such item, a dash where it has none."""
    return weights.get(key, "0") or "—"


def _called(identifier: str, before: CatalogSide, after: CatalogSide) -> str:
    return (
        after.name("indicator", identifier)
        if identifier in after.catalog.indicators
        else before.name("indicator", identifier)
    )


def changed_facts(old: Entry, new: Entry, before: CatalogSide, after: CatalogSide) -> Iterator[tuple[str, str]]:
    """Everything else that differs: its key, and a sentence."""
    was, now = facts_of(old, before, new), facts_of(new, after)
    for key in dict.fromkeys((*now, *was)):
        first, second = was.get(key), now.get(key)
        if first and second:
            if first.sense != second.sense:
                one, other = excerpts(first.text, second.text)
                yield key, after.say("diff.changed", label=second.label, before=one, after=other)
        elif second:
            yield from ((key, line) for line in _came(key, second, was, after))
        elif first:
            yield from ((key, line) for line in _went(key, first, now, after))


def _came(key: str, fact: Fact, was: Facts, side: CatalogSide) -> Iterator[str]:
    if _is_told(key, was, {"item": ("target", "standard"), "duty": ("", "share")}):
        yield side.say("diff.added", label=fact.label, text=excerpt(fact.text))


def _went(key: str, fact: Fact, now: Facts, side: CatalogSide) -> Iterator[str]:
    if _is_told(key, now, {"item": (), "duty": ("",)}):
        yield side.say("diff.removed", label=fact.label, text=excerpt(fact.text))


def _is_told(key: str, others: Facts, told: Mapping[str, Sequence[str]]) -> bool:
    """Whether a fact that only one version has is told: of an item or a duty that is new or gone, only some are."""
    group, _, rest = key.partition("/")
    whole, _, part = rest.rpartition("/")
    is_partly_there = any(other.startswith(f"{group}/{whole}/") for other in others)
    return group not in told or is_partly_there or part in told[group]


def excerpt(text: str) -> str:
    """A text on one line, cut at its end if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 2 * SHOWN else f"{line[: 2 * SHOWN - 1]}…"


def excerpts(one: str, other: str) -> tuple[str, str]:
    """Two texts, cut down to where they differ if they are long; a few letters around it stay."""
    one, other = " ".join(one.split()), " ".join(other.split())
    if max(len(one), len(other)) <= 2 * SHOWN:
        return one, other
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    return _cut(one, start, end), _cut(other, start, end)


def _common(one: str, other: str) -> int:
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(start - 12, 0), min(len(text) - end + 12, len(text))
    middle = text[first:last]
    if len(middle) > 3 * SHOWN:
        middle = f"{middle[: 3 * SHOWN - 1]}…"
        last = len(text)
    return f"{'…' if first else ''}{middle}{'…' if last < len(text) else ''}"
