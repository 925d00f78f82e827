"""Pages that somebody waits for while all of them are set: they are shown before any other."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol


class FirstPages(Protocol):
    """The pages that somebody waits for."""

    @property
    def wanted(self) -> Collection[str]:
        """Their paths."""

    def show(self, pages: Mapping[str, str]) -> None:
        """Show Markdown by its path."""


def show_first(first: FirstPages, pages: Iterable[tuple[str, str]]) -> None:
    """Show those of all pages that are wanted; once they are set, no others are."""
    found = dict(_among(pages, set(first.wanted)))
    if found:
        first.show(found)


def _among(pages: Iterable[tuple[str, str]], waiting: set[str]) -> Iterator[tuple[str, str]]:
    """The pages that are waited for, by path and Markdown, until none is."""
    if not waiting:
        return
    for path, text in pages:
        if path in waiting:
            waiting.remove(path)
            yield path, text
        if not waiting:
            return
