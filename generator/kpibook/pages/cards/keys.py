"""What decides the page of a card: where that is as it was, nobody needs to set the page anew.

Everything goes in that the page could tell, known by the types themselves and not by a list of what it tells today:
the card, the one before it, and the company but for the other roles and the other people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter

from kpibook.base.fingerprints import Fingerprints
from kpibook.model import Cycle
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import PastCycle
from kpibook.records.follow_up import FollowUp
from kpibook.scoring.results import Card

BY_PERSON = ("told", "interviews", "plans", "before", "missed_before")
"""What a follow-up holds person by person."""
ROWS = ("people", "actuals", "targets", "ratings", "asked", "adjustments", "calibration", "set_aside", "files")
"""What a cycle holds row by row; of these a page tells what stands on its card."""
TOGETHER = ("rank", "ranked", "pay", "streaks")
"""What a card gets once all cards of its cycle are there."""

_ALONE = attrgetter(*(each.name for each in fields(Card) if each.name not in TOGETHER))
_TOGETHER = attrgetter(*TOGETHER)


class CardKeys:
    """The keys of the cards of one cycle."""

    def __init__(self, figures: Figures, past: Sequence[PastCycle], run: str) -> None:
        """`run` is what decides all pages alike: the program, and the secret of their names."""
        self._figures = figures
        self._past = past
        self._prints = Fingerprints(figures.names)
        catalog, follow_up = figures.catalog, figures.follow_up
        self._common = self._prints.of(
            run,
            replace(catalog, roles={}),
            {role.id: role.name for role in catalog.roles.values()},
            _without_rows(figures.results.cycle),
            [each.period for each in past],
            _without_people(follow_up) if follow_up else None,
        )
        self._follow_up: list[Mapping[str, object]] = [getattr(follow_up, name) for name in BY_PERSON if follow_up]

    def alone(self, card: Card) -> bytes:
        """A fingerprint of all that a whole card is without the other cards of its cycle."""
        return self._prints.of(*_ALONE(card))

    def of(self, card: Card, alone: bytes, previous: Card | None) -> str:
        """The key of a person's card, of which `alone` is known, beside that of the cycle before."""
        person = card.person.casefold()
        return self._prints.of(
            self._common,
            alone,
            *_TOGETHER(card),
            previous,
            [self._figures.catalog.roles.get(part.role.id) for part in card.spans],
            [each.mark(card) for each in self._past],
            # The others in a ranking decide whether a card tells its place there.
            self._figures.tells_rank(card),
            [each.get(person) for each in self._follow_up],
        ).hex()


def _without_rows(cycle: Cycle) -> list[object]:
    return [getattr(cycle, each.name) for each in fields(cycle) if each.name not in ROWS]


def _without_people(follow_up: FollowUp) -> list[object]:
    return list(_other_fields(follow_up))


def _other_fields(follow_up: FollowUp) -> Iterator[object]:
    for each in fields(follow_up):
        if each.name not in BY_PERSON:
            yield getattr(follow_up, each.name)
