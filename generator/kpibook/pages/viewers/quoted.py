"""What a start page quotes of its viewer's newest card, just as it stands there.

A card of a published cycle may be kept from an earlier run, when nobody has its items any more: its page tells what
decided it, in the viewer's language and with no more than the card itself tells.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from markupsafe import Markup

ReadPage = Callable[[str], str]
"""The Markdown of a card by its path below the cards' folder, without its ending."""

_RESULT = re.compile(r'<section class="kpi-panel card-result".*?\n</section>', re.DOTALL)
_NOTE = re.compile(r'^<p class="card-note">(.*)</p>$', re.MULTILINE)
_SCORE = re.compile(r'<div class="card-score">\n<div>\n(.*?)\n</div>', re.DOTALL)
_VETO = re.compile(r'^<div class="card-veto">.*</div>$', re.MULTILINE)
_WHY = re.compile(r'<ul class="card-why">\n(.*?)\n</ul>', re.DOTALL)
_LINE = re.compile(r"^<li>(.*)</li>$", re.MULTILINE)
_NEXT = re.compile(r'^<h2 id="next">(.*)</h2>\n(?:<p>.*</p>\n)?<ol class="card-ways">\n(.*)$', re.MULTILINE)
_WAY = re.compile(r"<li><span>(.*)<small>.*</small></span><span>(.*)</span></li>")
_MISSING = re.compile(r"\{#missing\}\n(.*?)\n</section>", re.DOTALL)
_ITEM = re.compile(r"^- (.*)$", re.MULTILINE)
_TALK = re.compile(r"\{#talk\}\n(.*?)\n</section>", re.DOTALL)
# Heads, lists, tables and boxes begin with a sign of their own: text from data never does.
_AGAIN = re.compile(r'^<p class="card-notice card-again">(.*)</p>$', re.MULTILINE)
_PLAIN = re.compile(r"^([^*|<\-\n].*)$", re.MULTILINE)


class Quoted(NamedTuple):
    """Parts of a card's page, set already."""

    notes: tuple[Markup, ...] = ()
    """What the total came to: against the cycle before, the rank, pay."""
    vetoes: tuple[Markup, ...] = ()
    why: tuple[Markup, ...] = ()
    """What decided the result."""
    next_grade: Markup = Markup("")
    """How far the next grade is; empty where no way is told."""
    way: Markup = Markup("")
    """What would have to change by the first way there."""
    won: Markup = Markup("")
    """The points that it wins."""
    missing: tuple[Markup, ...] = ()
    """What a card without a total waits for."""
    unplanned: tuple[Markup, ...] = ()
    """What was missed once and nothing is planned about; what was missed again is told by `missed_again`."""


NOTHING = Quoted()


def quoted(page: str) -> Quoted:
    """What to quote of the Markdown of a card; nothing of a page that is none."""
    found = _RESULT.search(page)
    if not found:
        return NOTHING
    result, ahead = found[0], _NEXT.search(page)
    way = _WAY.fullmatch(ahead[2]) if ahead else None
    why, missing, talk = _WHY.search(result), _MISSING.search(page), _TALK.search(page)
    score = _SCORE.search(result)
    return Quoted(
        notes=tuple(_all(_NOTE, score[1])) if score else (),
        vetoes=tuple(map(Markup, _VETO.findall(result))),
        why=tuple(_all(_LINE, why[1])) if why else (),
        next_grade=Markup(ahead[1]) if ahead and way else Markup(""),
        way=Markup(way[1]) if way else Markup(""),
        won=Markup(way[2]) if way else Markup(""),
        missing=tuple(_all(_ITEM, missing[1])) if missing else (),
        unplanned=tuple(_all(_PLAIN, talk[1])) if talk else (),
    )


def missed_again(page: str) -> Markup:
    """What a card says was missed in two cycles running, and nothing is planned about; empty for nothing."""
    return next(_all(_AGAIN, page), Markup(""))


def _all(pattern: re.Pattern[str], text: str) -> Iterator[Markup]:
    return map(Markup, pattern.findall(text))
