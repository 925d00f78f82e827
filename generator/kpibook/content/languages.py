"""The same content in another language of its handbook, and who reads it in which."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kpibook.access import deciding_cycle
from kpibook.content.loading import Content, Memo
from kpibook.model import Catalog, Cycle
from kpibook.pages.prose import read_prose
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import named_in
from kpibook.reading.own_catalogs import own_catalogs


def in_language(content: Content, language: str) -> Content:
    """The content with the texts of its handbook, and of those that cycles keep, in a language.

    Pages written by hand are those of `pages.<language>`, where there are such, else the same ones.
    """
    kept = content.memo.files
    catalog, _ = load_catalog(content.handbook, language, kept)
    folder = content.handbook / f"pages.{language}"
    prose = read_prose(folder, f"{catalog.folder}/{folder.name}")[0] if folder.is_dir() else content.prose
    own = own_catalogs(content.scorecards, content.handbook, catalog, language, kept) if content.own else {}
    return replace(
        content,
        catalog=catalog,
        cycles={
            period: _with_leave(
                named_in(cycle, content.scorecards / str(period), language),
                content.catalog_of(period),
                own[str(period)].catalog if period in content.own else catalog,
            )
            for period, cycle in content.cycles.items()
        },
        prose=prose,
        own={period: own[str(period)] for period in content.own},
        memo=Memo(corrected=content.memo.corrected, files=kept),
    )


def _with_leave(cycle: Cycle, before: Catalog, after: Catalog) -> Cycle:
    """The cycle with its protected leave named as the company names it in the other language."""
    kinds = (each.company.part_cycle.leave_kinds for each in (before, after))
    names = dict(zip(*kinds, strict=False))
    leave = {
        person: tuple(replace(row, kind=names.get(row.kind, row.kind)) for row in rows)
        for person, rows in cycle.leave.items()
    }
    return replace(cycle, leave=leave) if leave else cycle


def readers(content: Content) -> Mapping[str, str]:
    """By the id in small letters: the language of everybody who does not read in that of the company.

    Of several rosters the one that decides who looks at pages does, else the last that names the person.
    """
    known = content.catalog.company.other_languages
    last = deciding_cycle(content.cycles.values())
    cycles = (*content.cycles.values(), *((last,) if last else ())) if known else ()
    found = {row.person.casefold(): row.language for cycle in cycles for row in cycle.people}
    return {person: language for person, language in found.items() if language in known}


def for_readers(content: Content) -> Iterator[tuple[Content, frozenset[str]]]:
    """The content in each other language that somebody reads, with the ids of those who do."""
    by_person = readers(content)
    for language in content.catalog.company.other_languages:
        people = frozenset(person for person, own in by_person.items() if own == language)
        if people:
            yield in_language(content, language), people
