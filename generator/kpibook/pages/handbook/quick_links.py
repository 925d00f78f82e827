"""What somebody may want to do next, each with the page that helps."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages import paths
from kpibook.pages.context import HandbookContext
from kpibook.pages.prose import task_of, title_of


class QuickLink(NamedTuple):
    """What somebody may want to do, and the page that helps."""

    wish: str
    link: Markup
    page: str


def quick_links(context: HandbookContext, prose: Mapping[str, str], page: str) -> Iterator[QuickLink]:
    """What the generator's own pages answer, and what pages written by hand say they help with, but `page` itself."""
    say, at = context.say, context.at(page)
    own = (("scores", "handbook.guide.scores", paths.GUIDE_SCORES), ("grades", "handbook.grades.title", paths.GRADES))
    last = (("measures", "handbook.measures.title", paths.MEASURES), ("change", "handbook.guide.title", paths.GUIDE))

    def known(key: str, title: str, to: str) -> QuickLink:
        return QuickLink(say(f"handbook.home.want.{key}"), at.to(say(title), to), to)

    yield from (known(*each) for each in own if each[-1] != page)
    for path, text in prose.items():
        if path != page and (wish := task_of(text)):
            yield QuickLink(wish, at.to(title_of(path, text), path), path)
    yield from (known(*each) for each in last)


def next_links(
    context: HandbookContext, prose: Mapping[str, str], page: str, told: Collection[str]
) -> Iterator[QuickLink]:
    """What the reader of a page written by hand may want to do next, but what leads to pages that it has `told` of.

    The own role comes first: what a policy says becomes a number there.
    """
    say, at = context.say, context.at(page)
    role = QuickLink(say("handbook.home.want.role"), at.to(say("handbook.roles.title"), paths.ROLES), paths.ROLES)
    yield from (each for each in (role, *quick_links(context, prose, page)) if each.page not in told)
