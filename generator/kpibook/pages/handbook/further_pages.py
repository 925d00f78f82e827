"""The order of the pages written by hand, and where a reader of one goes on: who mentions it, and the next one."""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence

from markupsafe import Markup

from kpibook.pages.context import HandbookLinks
from kpibook.pages.prose import LAST, is_prose, local_links, place_of, task_of, title_of
from kpibook.pages.text import escape

MOST = 3
"""So many pages that mention it are told of."""


def further_pages(path: str, prose: Mapping[str, str], order: Sequence[str]) -> tuple[str, ...]:
    """The pages written by hand that mention this one, and the next in their `order`, each once.

    What this page links to itself is left out: the reader has just come past it.
    """
    own = linked_pages(path, prose[path])
    mentioning = [each for each in order if each not in {path, *own} and path in linked_pages(each, prose[each])]
    following = order[order.index(path) + 1 : order.index(path) + 2]
    return tuple(dict.fromkeys((*mentioning[:MOST], *following)))


def further_links(pages: Sequence[str], prose: Mapping[str, str], at: HandbookLinks) -> Iterator[Markup]:
    """A link to each page, with what it helps with."""
    for page in pages:
        task = task_of(prose[page])
        note = Markup(" · ") + escape(task) if task else ""
        yield Markup("{}{}").format(at.to(title_of(page, prose[page]), page), note)


def linked_pages(path: str, text: str) -> frozenset[str]:
    """The pages that a page links to."""
    found = (target.partition("#")[0] for _, _, target in local_links(text))
    return frozenset(posixpath.normpath(posixpath.join(posixpath.dirname(path), each)) for each in found if each)


def in_order(pages: Collection[str], prose: Mapping[str, str]) -> list[str]:
    """The pages written by hand among these, by their numbers; the first of a folder stands before the others."""
    by_hand = filter(is_prose, pages)
    return sorted(by_hand, key=lambda path: (_place(prose.get(path, "")), _index_first(path)))


def _place(text: str) -> int:
    place = place_of(text)
    return LAST if place is None else place


def _index_first(path: str) -> tuple[str, bool, str]:
    folder, _, name = path.rpartition("/")
    return folder, name != "index.md", name
