"""How far an item is while its cycle is open, where its numbers come week by week."""

from collections.abc import Iterator

from kpibook.base.numbers import show
from kpibook.pages import number_format
from kpibook.pages.dates import day
from kpibook.pages.figures import Figures
from kpibook.pages.number_format import short_text
from kpibook.rules.standards import with_unit
from kpibook.scoring.progress import Progress
from kpibook.scoring.results import ItemScore


def with_progress(text: str, found: Progress | None, score: ItemScore, figures: Figures) -> str:
    """The figures of an item with what is due by the last day that numbers came for, and how much of it is there."""
    if found is None:
        return text
    say = figures.say
    due, share = short_text(found.due, score.indicator.unit, say.language), found.share
    values = {"text": text, "day": day(found.through, say), "due": due}
    return (
        say("cards.progress", **values)
        if share is None
        else say("cards.progress_share", **values, share=number_format.share(share))
    )


def progress_lines(found: Progress | None, score: ItemScore, figures: Figures) -> Iterator[str]:
    """The arithmetic of what is due so far."""
    if found:
        values = {"target": show(found.target.value), "days": found.days, "whole": found.whole}
        due = with_unit(found.due, score.indicator.unit)
        yield figures.say("cards.progress_made", day=day(found.through, figures.say), due=due, **values)
