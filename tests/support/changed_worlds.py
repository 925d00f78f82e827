"""Random companies as they would be written with another weight, another target, or an item that is no more on trial.

The whole company is written anew and scored anew: the second computation of what `kpibook.analysis` works out.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from gmpy2 import mpq

from oracle import Item, World

Times = Callable[[Item], mpq]


def weighted(world: World, role: str, place: int, after: mpq) -> World:
    """The item with another weight, the others of its role in proportion; all marks in points grow along."""
    items = [item for item in world.roles[role] if not item.is_extra]
    weight, whole = mpq(items[place].weight), sum((mpq(item.weight) for item in items), mpq(0))
    own, others = after / weight if weight else mpq(0), (whole - after) / (whole - weight)
    return _scaled(world, role, lambda item: own if item is items[place] else others)


def on_trial(world: World, role: str, place: int, after: mpq) -> World:
    """An item of weight 0 with a weight; bands and ratings are taken for shares of the most that they can give."""
    items = [item for item in world.roles[role] if not item.is_extra]
    tried, whole = items[place], sum((mpq(item.weight) for item in items), mpq(0))
    others = (whole - after) / whole
    changed = _scaled(world, role, lambda item: mpq(1) if item is tried else others)
    best = {"bands": most_of(tried), "rating": mpq(100)}.get(tried.standard["rule"])
    own = after / best if best else mpq(1)
    standard = _marked(tried.standard, own) if tried.standard["rule"] == "bands" else tried.standard
    new = _with(tried, weight=after, standard=standard)
    ratings = _rated(changed.ratings, {tried.indicator: own}) if tried.standard["rule"] == "rating" else changed.ratings
    row = [new if item.indicator == tried.indicator else item for item in changed.roles[role]]
    return replace(changed, roles={**changed.roles, role: row}, ratings=ratings)


def most_of(item: Item) -> mpq:
    return max((mpq(band["points"]) for band in item.standard.get("bands", ())), default=mpq(0))


def aimed(world: World, role: str, place: int, times: mpq) -> World:
    """The item's target times something, wherever it is written."""
    wanted = [item for item in world.roles[role] if not item.is_extra][place]
    row = [_with(item, target=mpq(item.target or 0) * times) if item is wanted else item for item in world.roles[role]]
    targets = {
        key: str(mpq(value) * times) if key[1] == wanted.indicator else value for key, value in world.targets.items()
    }
    return replace(world, roles={**world.roles, role: row}, targets=targets)


def _with(item: Item, **values: Any) -> Item:
    """The item with exact numbers where a test writes texts: a third has no decimals."""
    return replace(item, **values)


def _scaled(world: World, role: str, times: Times) -> World:
    row, factors = list[Item](), dict[str, mpq]()
    for item in world.roles[role]:
        if item.is_extra:
            row.append(item)
            continue
        factors[item.indicator] = times(item) if mpq(item.weight) else mpq(1)
        weight = mpq(item.weight) * factors[item.indicator]
        row.append(_with(item, weight=weight, standard=_marked(item.standard, factors[item.indicator])))
    return replace(world, roles={**world.roles, role: row}, ratings=_rated(world.ratings, factors))


def _marked(standard: Mapping[str, Any], times: mpq) -> dict[str, Any]:
    """A rule of which every mark in points is so many times as much."""
    changed = dict(standard)
    for key in ("points", "otherwise"):
        if key in changed:
            changed[key] = mpq(changed[key]) * times
    for key in ("bands", "deduct"):
        if key in changed:
            changed[key] = [_marked(each, times) for each in changed[key]]
    if isinstance(changed.get("steps"), Mapping):
        changed["steps"] = {count: mpq(points) * times for count, points in changed["steps"].items()}
    return changed


def _rated(ratings: Mapping[tuple[str, str], Any], factors: Mapping[str, mpq]) -> dict[tuple[str, str], Any]:
    return {
        (who, key): [(relation, str(mpq(score) * factors.get(key, mpq(1)))) for relation, score in rows]
        for (who, key), rows in ratings.items()
    }
