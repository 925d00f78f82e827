"""What another weight, another target or an item on trial would have changed: exactly, for everybody.

When an item weighs more, the others give way in proportion, and the points of each item follow its weight: marks that
are written in points (bands, deductions, ratings) are taken to grow with it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.analysis.regrading import PlainCard, Regrader, Scores, without_points
from kpibook.base.numbers import ZERO
from kpibook.model import Extra, Grade, Role, ScorecardItem
from kpibook.rules.standards import Bands, Rating
from kpibook.scoring.results import Card, ItemScore, RoleSpan, Status

ONE = mpq(1)
WEIGHT_STEP = mpq(5)
TARGET_STEP = mpq(1, 10)
TRIAL_WEIGHTS = (mpq(5), mpq(10), mpq(15))


Variants = Callable[[Role], Iterator["Variant"]]
"""What may be tried on a role."""


class VariantKind(StrEnum):
    """What is changed of an item."""

    WEIGHT = "weight"
    TARGET = "target"
    TRIAL = "trial"


class Variant(NamedTuple):
    """An item of a role with another weight (`after`), another target (`after` times as much), or no more on trial."""

    kind: VariantKind
    role: str
    place: int
    """Among the items of the role."""
    after: mpq


class GradeMove(NamedTuple):
    """Somebody whose grade would be another one; None is no grade."""

    card: Card
    before: Grade | None
    after: Grade | None


class Effect(NamedTuple):
    """Whose grades a variant of a weight or a target moves."""

    variant: Variant
    indicator: str
    before: mpq
    """The weight that the item has; 1 for a target."""
    people: int
    """Whose cards were graded anew."""
    moves: tuple[GradeMove, ...]


def sensitivity(regrader: Regrader) -> tuple[Effect, ...]:
    """Each weight 5 points up and down, each target 10 % up and down; in the order of roles and items."""
    return tuple(_effects(regrader, (_weights, _targets)))


def trials(regrader: Regrader) -> tuple[Effect, ...]:
    """Each item on trial as if it counted 5, 10 and 15 points; of those who have its number."""
    return tuple(_effects(regrader, (_trials,)))


def _effects(regrader: Regrader, kinds: Sequence[Variants]) -> Iterator[Effect]:
    held: dict[str, list[Card]] = {}
    for card in regrader.cards:
        for role in dict.fromkeys(part.role.id for part in card.spans):
            held.setdefault(role, []).append(card)
    for role, cards in held.items():
        known = next(part.role for part in cards[0].spans if part.role.id == role)
        for kind in kinds:
            if kind is not _targets and known.has_marks(regrader.catalog.total_of(known)):
                # Another weight of an item with marks is another paper, not another number.
                continue
            for variant in kind(known):
                yield _effect(regrader, variant, known, cards)


def _weights(role: Role) -> Iterator[Variant]:
    items = _scored_items(role)
    whole = sum((item.weight or ZERO for item in items), ZERO)
    for place, item in enumerate(items):
        weight = item.weight or ZERO
        if not weight or weight == whole:
            continue
        for after in (weight + WEIGHT_STEP, weight - WEIGHT_STEP):
            yield Variant(VariantKind.WEIGHT, role.id, place, min(max(after, ZERO), whole))


def _targets(role: Role) -> Iterator[Variant]:
    for place, item in enumerate(_scored_items(role)):
        if item.weight and item.standard and item.standard.judges_target():
            yield Variant(VariantKind.TARGET, role.id, place, ONE + TARGET_STEP)
            yield Variant(VariantKind.TARGET, role.id, place, ONE - TARGET_STEP)


def _trials(role: Role) -> Iterator[Variant]:
    for place, item in enumerate(_scored_items(role)):
        if not item.weight:
            yield from (Variant(VariantKind.TRIAL, role.id, place, weight) for weight in TRIAL_WEIGHTS)


def _scored_items(role: Role) -> tuple[ScorecardItem, ...]:
    """The items that cards have, in their order."""
    return tuple(item for item in role.items if item.standard is not None)


def _effect(regrader: Regrader, variant: Variant, role: Role, cards: Sequence[Card]) -> Effect:
    item = _scored_items(role)[variant.place]
    shift = _Shift(regrader, variant, role)
    moves, people = list[GradeMove](), 0
    for card in cards:
        plain = regrader.plain_card(card)
        if plain and variant.kind is VariantKind.WEIGHT and plain.keeps(shift.by_weight(plain)):
            people += 1
            continue
        grade, is_asked = shift.of_plain(plain) if plain else shift.of_any(card)
        people += is_asked
        if is_asked and grade is not card.grade and _id(grade) != _id(card.grade):
            moves.append(GradeMove(card, card.grade, grade))
    before = ONE if variant.kind is VariantKind.TARGET else item.weight or ZERO
    return Effect(variant, item.indicator, before, people, tuple(moves))


def _id(grade: Grade | None) -> str:
    return grade.id if grade else ""


class _Shift:
    """What a variant does to cards of its role."""

    def __init__(self, regrader: Regrader, variant: Variant, role: Role) -> None:
        self.regrader = regrader
        self.variant = variant
        self.item = _scored_items(role)[variant.place]
        whole = sum((item.weight or ZERO for item in role.items), ZERO)
        weight = self.item.weight or ZERO
        self.own = variant.after / weight if weight else ZERO
        """Times so many points the item itself gives when its weight changes."""
        left = whole - weight
        self.others = (whole - variant.after) / left if left and variant.kind is not VariantKind.TARGET else ONE
        self._own_change, self._others_change = self.own - ONE, self.others - ONE

    def by_weight(self, plain: PlainCard) -> mpq:
        """By how much another weight changes the total."""
        points = plain.card.spans[0].items[self.variant.place].points or ZERO
        return self._own_change * points + self._others_change * (plain.points - points)

    def of_plain(self, plain: PlainCard) -> tuple[Grade | None, bool]:
        """The new grade, and whether the card has to do with the variant at all."""
        part = plain.card.spans[0]
        score = part.items[self.variant.place]
        points = score.points or ZERO
        match self.variant.kind:
            case VariantKind.WEIGHT:
                difference = self.by_weight(plain)
            case VariantKind.TRIAL:
                found = self._on_trial(score)
                if found is None:
                    return None, False
                difference = found + (self.others - ONE) * plain.points
            case _:
                found = self._retargeted(score)
                if found is None:
                    return self.of_any(plain.card)
                difference = found - points
                for extra in part.extras:
                    if self._shares_target(extra):
                        return self.of_any(plain.card)
        return self.regrader.grade_of_plain(plain, difference), True

    def of_any(self, card: Card) -> tuple[Grade | None, bool]:
        """What `of_plain` tells, computed by the functions of scoring themselves: for any card, and slower."""
        asked = [part for part in card.spans if part.role.id == self.variant.role]
        if self.variant.kind is VariantKind.TRIAL and not all(
            self._on_trial(part.items[self.variant.place]) is not None for part in asked
        ):
            return None, False
        return self.regrader.grade_of_changed(card, self._changed), True

    def _changed(self, part: RoleSpan) -> tuple[Scores, Scores]:
        if part.role.id != self.variant.role:
            return part.items, part.extras
        if self.variant.kind is not VariantKind.TARGET:
            return tuple(self._weighed(at, score) for at, score in enumerate(part.items)), part.extras
        items = tuple(self._aimed(score) if at == self.variant.place else score for at, score in enumerate(part.items))
        return items, tuple(self._aimed(extra) if self._shares_target(extra) else extra for extra in part.extras)

    def _weighed(self, at: int, score: ItemScore) -> ItemScore:
        if at == self.variant.place and self.variant.kind is VariantKind.TRIAL:
            return replace(score, weight=self.variant.after, points=self._on_trial(score), status=Status.SCORED)
        times = self.own if at == self.variant.place else self.others
        points = None if score.points is None else self.regrader.rounded_points(self._exact(score) * times)
        return replace(score, weight=score.weight * times, points=points)

    def _exact(self, score: ItemScore) -> mpq:
        """The points before an item was rounded, where items are."""
        rounded = next((step.values["exact"] for step in score.steps if step.key == "rounded"), None)
        found = score.points if rounded is None else rounded
        return found if isinstance(found, mpq) else ZERO

    def _aimed(self, score: ItemScore) -> ItemScore:
        if score.status is not Status.SCORED or score.target is None:
            return score
        points = self._retargeted(score)
        return without_points(score) if points is None else replace(score, points=points)

    def _retargeted(self, score: ItemScore) -> mpq | None:
        if score.status is not Status.SCORED or score.target is None:
            return score.points
        return self.regrader.points_under(score, target=score.target.value * self.variant.after)

    def _shares_target(self, extra: ItemScore) -> bool:
        """Whether an extra goes by the target of the item."""
        item = extra.item
        return isinstance(item, Extra) and item.indicator == self.item.indicator and item.target is None

    def _on_trial(self, score: ItemScore) -> mpq | None:
        """The points of an item on trial, if it weighed something; None where it was not measured."""
        rule, weight = score.item.standard, self.variant.after
        if score.status is not Status.TRIAL or rule is None:
            return None
        if isinstance(rule, Rating):
            return (
                None if score.actual is None else self.regrader.rounded_points(weight * score.actual / rule.most(ZERO))
            )
        if isinstance(rule, Bands):
            points, best = self.regrader.points_under(score), rule.best(weight)
            return None if points is None or best <= 0 else self.regrader.rounded_points(weight * points / best)
        return self.regrader.points_under(score, weight=weight)


def by_item(effects: Sequence[Effect]) -> Mapping[tuple[str, int], tuple[Effect, ...]]:
    """The effects of each item of a role."""
    found: dict[tuple[str, int], list[Effect]] = {}
    for effect in effects:
        found.setdefault((effect.variant.role, effect.variant.place), []).append(effect)
    return {key: tuple(each) for key, each in found.items()}
