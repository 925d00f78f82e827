"""Entries that are still the same under another id."""

from collections.abc import Collection, Iterator, Mapping

from kpibook.base.entry import Entry
from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.reviewing.differences.facts import Facts, facts_of
from kpibook.reviewing.differences.side import KINDS, CatalogSide, Renames

SAME_NAME = 30
"""% of what two entries say that has to be equal where their names are equal."""
OTHER_NAME = 75
"""% of what two entries say that has to be equal where their names differ."""
ENOUGH = 2
"""An entry that says less of its own than this is known by its name alone."""
COMMON = (
    *("unit", "owner", "source", "frequency", "accumulate", "direction", "perspective", "minimum", "maximum"),
    *("department", "reports_to", "status", "parent", "head", "weekly"),
)
"""What many entries say alike."""


def find_renames(older: Catalog, newer: Catalog) -> Renames:
    """By kind: ids that are gone and the new ids under which the same entries go on."""
    found: dict[str, Mapping[str, str]] = {}
    say = words("en")
    for kind in KINDS:
        before = CatalogSide(older, newer, say, found)
        found[kind] = dict(_pairs(kind, before, CatalogSide(newer, newer, say)))
    return found


def _pairs(kind: str, before: CatalogSide, after: CatalogSide) -> Iterator[tuple[str, str]]:
    """What the newer catalog says by `was:`, then pairs from the most alike on; each id is used once."""
    old, new = _entries(before.catalog, kind), _entries(after.catalog, kind)
    said = dict(_former_ids(old, new))
    yield from said.items()
    gone = {key: facts_of(old[key], before) for key in old if key not in new and key not in said}
    come = {key: facts_of(new[key], after) for key in new if key not in old and key not in said.values()}
    ranked = sorted(
        (-_likeness(one, other), first, second) for first, one in gone.items() for second, other in come.items()
    )
    taken: set[str] = set()
    for likeness, first, second in ranked:
        if likeness and not {f"-{first}", f"+{second}"} & taken:
            taken |= {f"-{first}", f"+{second}"}
            yield first, second


def _former_ids(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """Former ids and what they are called now; the last name that the older catalog knows, once."""
    for identifier, entry in new.items():
        former: tuple[str, ...] = getattr(entry, "was", ())
        known = [each for each in former if each in old and each not in new]
        if known and identifier not in old:
            yield known[-1], identifier


def _entries(catalog: Catalog, kind: str) -> Mapping[str, Entry]:
    entries: Mapping[str, Entry] = getattr(catalog, f"{kind}s")
    return entries


def _likeness(one: Facts, other: Facts) -> int:
    """How much of what both say is equal, in %; 0 where it is not enough to call them the same."""
    if one["name"] == other["name"]:
        share = _share(_texts(one, ()), _texts(other, ()))
        return share + 1 if share >= SAME_NAME else 0
    texts, others = _texts(one, COMMON), _texts(other, COMMON)
    share = _share(texts, others)
    return share if share >= OTHER_NAME and min(len(texts), len(others)) >= ENOUGH else 0


def _share(texts: set[tuple[str, str]], others: set[tuple[str, str]]) -> int:
    total = len(texts) + len(others)
    return 200 * len(texts & others) // total if total else 100


def _texts(facts: Facts, without: Collection[str]) -> set[tuple[str, str]]:
    return {(key, fact.text) for key, fact in facts.items() if key != "name" and key not in without}
