"""What the rules of the design give, in fractions, for an item as the oracle knows it."""

import ast
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Number = Fraction | None


@dataclass(frozen=True)
class Item:
    """An item or an extra; `ratio` names the measures whose quotient times 100 is the actual."""

    indicator: str
    weight: str
    standard: Mapping[str, Any]
    direction: str = "higher"
    target: str | None = None
    ratio: tuple[str, str] | None = None
    most: str | None = None
    least: str | None = None
    is_extra: bool = False
    marks: str | None = None
    """What its rule gives out of, where that is not its weight."""
    threshold: str | None = None
    stretch: str | None = None
    only: str = ""
    """The job level that it is for; without one, all of them."""
    prorate: bool = True

    @property
    def full(self) -> Fraction:
        """What its rule gives out of."""
        return Fraction(self.weight if self.marks is None or self.weight == "0" else self.marks)


def _attainment(item: Item, actual: Fraction, target: Fraction, how: str = "linear") -> Number:
    """None stands for no ratio, which `inverse` reads as the cap where the actual is the cause."""
    if item.direction != "lower":
        return None if target <= 0 else max(actual / target, Fraction(0))
    if target < 0:
        return None
    if target == 0:
        return Fraction(1) if actual <= 0 else Fraction(0)
    if how == "inverse":
        return target / actual if actual > 0 else Fraction(10**9)
    return max(2 - actual / target, Fraction(0))


def _proportional(item: Item, actual: Number, target: Number, _: object) -> Fraction | str:
    assert actual is not None
    assert target is not None
    weight, standard = item.full, item.standard
    if standard.get("by") == "difference":
        gap = actual - target if item.direction == "lower" else target - actual
        return min(max(weight * (1 - gap / 100), Fraction(0)), weight)
    attained = _attainment(item, actual, target, standard.get("lower", "linear"))
    if attained is None:
        return "unusable"
    if "floor" in standard and attained * 100 < Fraction(standard["floor"]):
        return Fraction(0)
    return weight * min(attained, Fraction(standard.get("cap", "100")) / 100)


def _all_or_nothing(item: Item, actual: Number, target: Number, numbers: Mapping[str, Fraction]) -> Fraction:
    otherwise = Fraction(item.standard.get("otherwise", "0"))
    if item.standard.get("require"):
        met = all(
            Fraction(row.get("at_least", "-1000000"))
            <= numbers[row["measure"]]
            <= Fraction(row.get("at_most", "1000000"))
            for row in item.standard["require"]
        )
        return item.full if met else otherwise
    assert actual is not None
    assert target is not None
    met = actual <= target if item.direction == "lower" else actual >= target
    return item.full if met else otherwise


def _bands(item: Item, actual: Number, target: Number, _: object) -> Fraction | str:
    assert actual is not None
    value = actual
    if item.standard.get("of") == "attainment":
        assert target is not None
        attained = _attainment(item, actual, target)
        if attained is None:
            return "unusable"
        value = attained * 100
    for band in item.standard["bands"]:
        if value >= Fraction(band.get("from", "-1000000")) and value <= Fraction(band.get("upto", "1000000")):
            return Fraction(band["points"])
    return Fraction(0)


def _linear(item: Item, actual: Number, _: Number, __: object) -> Fraction:
    assert actual is not None
    zero, full = Fraction(item.standard["zero"]), Fraction(item.standard["full"])
    share = min(max((actual - zero) / (full - zero), Fraction(0)), Fraction(1))
    if "zero_from" in item.standard and share < 1:
        edge = Fraction(item.standard["zero_from"])
        if actual <= edge if full > zero else actual >= edge:
            return Fraction(0)
    return item.full * share


def _range(item: Item, actual: Number, _: Number, __: object) -> Fraction:
    assert actual is not None
    low, high = Fraction(item.standard["low"]), Fraction(item.standard["high"])
    if low <= actual <= high:
        return item.full
    edge, key = (low, "zero_below") if actual < low else (high, "zero_above")
    if key not in item.standard:
        return Fraction(0)
    share = 1 - abs(actual - edge) / abs(Fraction(item.standard[key]) - edge)
    return item.full * max(share, Fraction(0))


def deducted(item: Item, numbers: Mapping[str, Fraction], events: Mapping[str, Sequence[str] | None]) -> Fraction:
    """The weight less what breaches cost, and more by what merits add; `events` are the single ones of a number."""
    points = item.full
    for sign, rows in ((-1, item.standard["deduct"]), (1, item.standard.get("add", ()))):
        for row in rows:
            number = numbers[row["measure"]]
            if "each" in row:
                single = [Fraction(each) for each in events.get(row["measure"]) or (number,)]
                points += sign * sum((_tier(row["each"], event) for event in single if event), Fraction(0))
                continue
            count = Fraction(max(number / Fraction(row.get("per", "1")) // 1, 0))
            points += sign * (_tier(row["steps"], count) if "steps" in row else count * Fraction(row["points"]))
    return _floored(item, points)


def _tier(tiers: Mapping[str, str], value: Fraction) -> Fraction:
    reached = [(Fraction(at), Fraction(points)) for at, points in tiers.items() if Fraction(at) <= value]
    return max(reached)[1] if reached else Fraction(0)


def _floored(item: Item, points: Fraction) -> Fraction:
    """Never under 0; an extra goes down to its `min`, or for ever where it gives nothing."""
    if item.is_extra:
        if item.least is not None:
            return max(points, Fraction(item.least))
        return points if item.most is None else max(points, Fraction(0))
    return max(points, Fraction(0))


def _units(amount: Fraction, standard: Mapping[str, Any]) -> Fraction:
    units = max(amount / Fraction(standard["per"]), Fraction(0))
    match standard.get("units", "complete"):
        case "complete":
            return Fraction(units // 1)
        case "started":
            return Fraction(-(-units // 1))
    return units


def _shortfall(item: Item, actual: Number, target: Number, _: object) -> Fraction:
    assert actual is not None
    assert target is not None
    over = actual - target
    good = -over if item.direction == "lower" else over
    lacking = {"bad": -good, "under": -over, "over": over, "both": abs(over)}[item.standard.get("side", "bad")]
    points = item.full - _units(lacking, item.standard) * Fraction(item.standard["points"])
    bonus = item.standard.get("bonus")
    return _floored(item, points + (_units(good, bonus) * Fraction(bonus["points"]) if bonus else 0))


def _stretch(item: Item, actual: Number, target: Number, _: object) -> Fraction:
    """The points of the last mark that is reached, on the way to the next one where they lie on a line."""
    assert actual is not None
    assert target is not None
    assert item.target is not None
    own, standard, sign = Fraction(item.target), item.standard, -1 if item.direction == "lower" else 1
    moved = target / own if own else Fraction(1)
    spots = [(target, item.full)]
    if item.threshold is not None:
        spots.insert(0, (Fraction(item.threshold) * moved, Fraction(standard.get("at_threshold", "0"))))
    if item.stretch is not None and "at_stretch" in standard:
        spots.append((Fraction(item.stretch) * moved, Fraction(standard["at_stretch"])))
    reached = [place for place, (mark, _) in enumerate(spots) if sign * (actual - mark) >= 0]
    if not reached:
        return Fraction(0)
    at = reached[-1]
    if standard.get("between") == "step" or at == len(spots) - 1:
        return spots[at][1]
    (low, points), (high, more) = spots[at], spots[at + 1]
    return points + (more - points) * (actual - low) / (high - low)


def _excess(item: Item, actual: Number, target: Number, _: object) -> Fraction:
    assert actual is not None
    assert target is not None
    points = Fraction(item.standard["points"])
    beyond = target - actual if item.direction == "lower" and points > 0 else actual - target
    return _units(beyond, item.standard) * points


def _formula(item: Item, actual: Number, target: Number, numbers: Mapping[str, Fraction]) -> Fraction | str | None:
    """Points as Python reads the arithmetic, each number a fraction; None for a division by zero."""
    text = item.standard["points"]
    values = {**numbers, "weight": item.full, "actual": actual, "target": target}
    if "attainment" in text:
        assert actual is not None
        assert target is not None
        values["attainment"] = _attainment(item, actual, target)
        if values["attainment"] is None:
            return "unusable"
    try:
        return _worth(ast.parse(text, mode="eval").body, values)
    except ZeroDivisionError:
        return None


SIGNS: Mapping[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _worth(node: ast.expr, values: Mapping[str, Number]) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(str(node.value))
        case ast.Name():
            found = values[node.id]
            assert found is not None
            return found
        case ast.BinOp():
            return Fraction(SIGNS[type(node.op)](_worth(node.left, values), _worth(node.right, values)))
        case ast.Call(func=ast.Name(id=name)):
            parts = [_worth(each, values) for each in node.args]
            return abs(parts[0]) if name == "abs" else min(parts) if name == "min" else max(parts)
    raise AssertionError(ast.dump(node))


RULES = {
    "proportional": _proportional,
    "all_or_nothing": _all_or_nothing,
    "bands": _bands,
    "linear": _linear,
    "range": _range,
    "stretch": _stretch,
    "shortfall": _shortfall,
    "excess": _excess,
    "formula": _formula,
}
BESIDE_RULES = ("deduction", "rating")
"""Kinds that are reckoned from rows and votes: `deducted` here, and the ratings of the oracle."""
