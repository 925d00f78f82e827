"""What the map of a cycle shows, in sentences: items that many fall short of, perspectives that stand out.

They say no more than the map and the lists beside it: people by name or by number are those whose results lists may
tell, and departments are compared by figures that the map gives.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.pages import number_format
from kpibook.pages.cycles.heat import MOST_NAMED, Share, own_share, perspectives_of, told_shares
from kpibook.pages.figures import Figures
from kpibook.pages.groups import NAMED
from kpibook.pages.suppression import LEAST, published_people

SHORT, LOW = mpq(60, 100), mpq(75, 100)
"""Parts of an item's points: what many do not reach, and from where on a perspective is told of."""
MANY = 3
"""So many people have the cause in common."""
MOST = 3
"""So many sentences of a kind are read."""
APART = mpq(10, 100)
"""By so much the departments of a perspective differ before one stands out."""


class Finding(NamedTuple):
    """What stands out: an item or a perspective, who in it, and who knows more."""

    name: str
    text: str
    note: str


def findings(figures: Figures) -> tuple[Finding, ...]:
    """The sentences beside a map: first items, then perspectives; none where nothing stands out."""
    if len(figures.results.cards) > MOST_NAMED:
        return (*_items(figures, least=LEAST, is_named=False), *_departments(figures))
    return (*_items(figures, least=MANY, is_named=True), *_people(figures))


def _items(figures: Figures, *, least: int, is_named: bool) -> Iterator[Finding]:
    """The items of which most people got less than 60 % of the points."""
    short: dict[str, dict[str, str]] = {}
    having: dict[str, set[str]] = {}
    for card in figures.publishable_cards:
        for score in card.spans[-1].items:
            if score.weight and score.points is not None:
                having.setdefault(score.indicator.id, set()).add(card.person)
                if score.points < score.weight * SHORT:
                    short.setdefault(score.indicator.id, {})[card.person] = card.name
    told = sorted((each for each in short.items() if len(each[1]) >= least), key=lambda each: -len(each[1]))
    for identifier, people in told[:MOST]:
        text = figures.say("cards.finding.short", count=len(people), of=len(having[identifier]))
        if is_named:
            text = figures.say("cards.finding.short_named", who=_first_names(list(people.values()), figures))
        supplier = figures.supplier(identifier)
        note = figures.say("cards.finding.supplied", supplier=supplier) if supplier else ""
        yield Finding(figures.key(identifier), text, note)


def _first_names(names: Sequence[str], figures: Figures) -> str:
    who = figures.enumeration(names[:NAMED])
    return who if len(names) <= NAMED else figures.say("cards.and_more", who=who, count=len(names) - NAMED)


def _people(figures: Figures) -> Iterator[Finding]:
    """The perspectives of which most people got less than 75 %, with those who got least."""
    low: dict[str, list[tuple[mpq, str]]] = {}
    for card in figures.publishable_cards:
        for key in perspectives_of([card]):
            share = _ratio(own_share(card, key))
            if share is not None and share < LOW:
                low.setdefault(key, []).append((share, card.name))
    for key, people in sorted(low.items(), key=lambda each: -len(each[1]))[:MOST]:
        least = [_share_text(name, share, figures) for share, name in sorted(people)[:MANY]]
        who = figures.enumeration(least)
        more = figures.say("cards.finding.low", count=len(people)) if len(people) > len(least) else ""
        yield Finding(figures.perspective(key), who, more)


def _departments(figures: Figures) -> Iterator[Finding]:
    """The lowest and the highest department of each perspective in which they are far apart."""
    groups, known = published_people(figures.results.cards).departments, perspectives_of(figures.publishable_cards)
    shares: Mapping[str, Mapping[str, Share | None]] = {each: told_shares(groups[each], known) for each in groups}
    found = []
    for key in known:
        told = [(share, each) for each, of in shares.items() if (share := _ratio(of[key])) is not None]
        if told and max(told)[0] - min(told)[0] >= APART:
            found.append((min(told), max(told), key))
    for (low, lowest), (high, highest), key in sorted(found)[:MOST]:
        ends = (
            _share_text(figures.department(lowest), low, figures),
            _share_text(figures.department(highest), high, figures),
        )
        text = figures.say("cards.finding.apart", lowest=ends[0], highest=ends[1])
        yield Finding(figures.perspective(key), text, "")


def _ratio(share: Share | None) -> mpq | None:
    return share[0] / share[1] if share and share[1] else None


def _share_text(name: str, share: mpq, figures: Figures) -> str:
    return figures.say("cards.finding.share", name=name, share=number_format.share(share))
