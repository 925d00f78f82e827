"""Where today's handbook has moved on since a cycle took its catalog: a line for each role and each other kind."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpibook.base.entry import Entry
from kpibook.base.problems import Level, Place, Problem
from kpibook.base.words import Words
from kpibook.model import Catalog, Cycle
from kpibook.reviewing.differences.changes import EntryPair, changed_facts, changed_weights, pairs_of_entries
from kpibook.reviewing.differences.renames import find_renames
from kpibook.reviewing.differences.side import CatalogSide

SILENT = frozenset(
    (
        *("name", "note", "intro", "purpose", "definition", "source", "contact", "duty", "authority", "meaning"),
        *("qualifications", "consequences", "reports_to", "head", "owner", "perspective", "compares", "aliases"),
        *("wording", "section", "supports", "reference", "columns", "import_words", "limits", "access", "notices"),
        *("language", "confirm_days", "appeals", "keep_years", "payroll", "evidence_hosts"),
    )
)
"""Keys by which no result changes. A key that is not listed is told, so none that the model gains is overlooked."""
DESCRIBES = frozenset((("role", "department"),))
"""Keys that decide elsewhere and not here: a person's department stands in the roster."""
LISTED = 5
"""So many entries of a file are told; the others are counted."""


class DriftedEntry(NamedTuple):
    """An entry that is another one today, and in what."""

    pair: EntryPair
    sentences: tuple[str, ...]


def catalog_drift(own: Catalog, today: Catalog, cycle: Cycle, say: Words) -> Iterator[Problem]:
    """A note for each role of a cycle that today's handbook describes otherwise, and one for each other kind."""
    found: dict[str, list[DriftedEntry]] = {}
    held = {row.role for row in cycle.people}
    for each in _drifted_entries(own, today, say):
        found.setdefault(each.pair.kind, []).append(each)
    for each in found.pop("role", ()):
        role = each.pair.before
        if role and _id(role) in held:
            place = Place(f"{cycle.folder}/handbook/roles/{_id(role)}.yml")
            values = {
                "name": _name(role),
                "cycle": str(cycle.period),
                "what": say("catalog_drift.comma").join(each.sentences),
            }
            yield Problem("handbook-moved-on", place, values, Level.NOTE)
    for kind, entries in found.items():
        file = next((each.pair.before.place_of().file for each in entries if each.pair.before), own.folder)
        values = {"name": say(f"diff.kind.{kind}"), "cycle": str(cycle.period), "what": _first_entries(entries, say)}
        yield Problem("rules-moved-on", Place(f"{cycle.folder}/{file}"), values, Level.NOTE)


def older_versions(own: Catalog, today: Catalog, cycle: Cycle, say: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The roles of today that a cycle scores by an older version, each with what differs."""
    held = {row.role for row in cycle.people}
    for each in _drifted_entries(own, today, say):
        before, after = each.pair.before, each.pair.after
        if each.pair.kind == "role" and before and after and _id(before) in held:
            yield _id(after), each.sentences


def _drifted_entries(own: Catalog, today: Catalog, say: Words) -> Iterator[DriftedEntry]:
    """All entries that decide results and say something else today; of new ones only grades decide by themselves."""
    renames = find_renames(own, today)
    before, after = CatalogSide(own, today, say, renames), CatalogSide(today, today, say)
    for pair in pairs_of_entries(own, today, renames):
        if pair.kind in ("waiver", "term"):
            continue
        if pair.before and pair.after:
            sentences = tuple(_sentences(pair, before, after))
        elif pair.before or pair.kind == "grade":
            sentences = (say(f"diff.state.{'removed' if pair.before else 'added'}"),)
        else:
            continue
        if sentences:
            yield DriftedEntry(pair, sentences)


def _sentences(pair: EntryPair, before: CatalogSide, after: CatalogSide) -> Iterator[str]:
    was, now = pair.before, pair.after
    if was is None or now is None:
        return
    if _id(was) != _id(now):
        yield after.say("catalog_drift.renamed", before=_id(was), after=_id(now))
    for line in changed_weights(was, now, before, after):
        yield after.say("catalog_drift.weights", what=line)
    for key, line in changed_facts(was, now, before, after):
        if not _is_silent(pair.kind, key):
            yield line


def _is_silent(kind: str, key: str) -> bool:
    parts = (key.partition("/")[0].partition(".")[0], key.rpartition("/")[2].rpartition(".")[2])
    return any(part in SILENT for part in parts) or (kind, key) in DESCRIBES


def _first_entries(entries: Sequence[DriftedEntry], say: Words) -> str:
    """The first entries with what differs, and how many there are in all."""
    told = [_sentence(each, say) for each in entries[:LISTED]]
    more = [say("catalog_drift.more", count=len(entries))] if len(entries) > LISTED else []
    return say("catalog_drift.comma").join((*told, *more))


def _sentence(each: DriftedEntry, say: Words) -> str:
    what = say("diff.semicolon").join(each.sentences)
    entry = each.pair.after or each.pair.before
    name = _name(entry) if entry and each.pair.kind != "company" else ""
    return say("catalog_drift.entry", name=name, what=what) if name else what


def _id(entry: Entry) -> str:
    return str(getattr(entry, "id", ""))


def _name(entry: Entry) -> str:
    return str(getattr(entry, "name", "")) or _id(entry)
