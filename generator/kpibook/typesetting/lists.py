"""The pages of a cycle that are of many people: its own, those of departments and those of indicators."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

from kpibook.base.parallel import Result, Task
from kpibook.content.score_cache import LARGE
from kpibook.pages.cycles.rendering import NamedPage, cycle_pages, department_pages, indicator_pages
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import Lookback
from kpibook.publishing.page_cache import CachedPage
from kpibook.typesetting.people import Into

Kind = Callable[[Figures, Lookback], Iterator[NamedPage]]
KINDS: Sequence[Kind] = (cycle_pages, department_pages, indicator_pages)


def lists_of(figures: Figures, lookback: Lookback, kinds: Sequence[Kind] = KINDS) -> Iterator[NamedPage]:
    """The pages by path and Markdown, set one after the other."""
    return chain.from_iterable(each(figures, lookback) for each in kinds)


def tasks_of_lists(figures: Figures, lookback: Lookback, into: Into) -> list[Task[dict[str, CachedPage]]]:
    """What writes these pages: a task for each kind of them, or one for all.

    Who makes lists looks at all cards and comes to hold a copy of them: of large companies there is one alone.
    """
    is_large = len(figures.results.cards) > LARGE
    kinds = [KINDS] if is_large else [(each,) for each in KINDS]
    return [partial(_write_lists, figures, lookback, into, each) for each in kinds]


def spread(of_people: Sequence[Task[Result]], lists: Sequence[Task[Result]]) -> Iterator[Task[Result]]:
    """The tasks for people with those for lists spread among them: two of these had better not meet."""
    size = -(-len(of_people) // (len(lists) + 1))
    for at, each in enumerate(lists):
        yield from of_people[at * size : (at + 1) * size]
        yield each
    yield from of_people[len(lists) * size :]


def _write_lists(figures: Figures, lookback: Lookback, into: Into, kinds: Sequence[Kind]) -> dict[str, CachedPage]:
    made = dict[str, CachedPage]()
    for path, text in lists_of(figures, lookback, kinds):
        into.tree.write([(path, text)])
        made[path] = CachedPage("")
    return made
