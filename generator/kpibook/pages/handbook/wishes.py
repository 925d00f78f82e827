"""What somebody may want to do next, each with the page that helps."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages import paths
from kpibook.pages.context import HandbookContext
from kpibook.pages.prose import task_of, title_of


class Wish(NamedTuple):
    """What somebody may want to do, and the page that helps."""

    wish: str
    link: Markup


def wishes(context: HandbookContext, prose: Mapping[str, str], page: str) -> Iterator[Wish]:
    """What the generator's own pages answer, and what pages written by hand say they help with, but `page` itself."""
    say, at = context.say, context.at(page)
    own = (("scores", "handbook.guide.scores", paths.GUIDE_SCORES), ("grades", "handbook.grades.title", paths.GRADES))
    last = (("measures", "handbook.measures.title", paths.MEASURES), ("change", "handbook.guide.title", paths.GUIDE))
    yield from (Wish(say(f"handbook.home.want.{key}"), at.to(say(title), to)) for key, title, to in own if to != page)
    for path, text in prose.items():
        if wish := task_of(text):
            yield Wish(wish, at.to(title_of(path, text), path))
    yield from (Wish(say(f"handbook.home.want.{key}"), at.to(say(title), to)) for key, title, to in last)
