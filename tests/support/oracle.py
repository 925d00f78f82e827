"""A second reckoning of a cycle, in fractions and by the words of the design alone.

It shares no code with the package. A world is plain data: what a company would write, with numbers as texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True)
class World:
    """One cycle of a company with one role per name in `roles`."""

    roles: Mapping[str, Sequence[Item]]
    people: Sequence[tuple[str, str, int]]
    """Person, role, days; a person may stand in several rows."""
    actuals: Mapping[tuple[str, str], str]
    targets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ratings: Mapping[tuple[str, str], Sequence[tuple[str, str]]] = field(default_factory=dict)
    set_aside: frozenset[tuple[str, str]] = frozenset()
    adjustments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    absent: Mapping[str, int] = field(default_factory=dict)
    max_absent: int | None = None
    missing: str = "block"
    at: str = "total"
    places: int = 1
    raters: Mapping[str, str] = field(default_factory=lambda: {"manager": "1"})
    grades: Sequence[tuple[str, str]] = (("A", "90"), ("B", "80"), ("C", "60"), ("D", "0"))
    gates: Sequence[tuple[str, str | None, str | None]] = ()
    """A gate closes when its measure is above 0: (measure, grade at most, total at most)."""
    events: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    """The single events that make up a number."""
    levels: Sequence[tuple[str, str]] = ()
    """From the best down: from so many % of an item's points, the part of its weight that it brings."""
    pools: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    """By role, its sections in order: what each weighs, and so many items share that."""
    whole: str = "100"
    """What the weights are taken to add up to, where some are weighed anew."""
    told_out_of: str | None = None
    job_levels: Mapping[str, str] = field(default_factory=dict)
    """By person."""
    level_targets: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """By role, job level and indicator."""
    by_days: bool = False
    """Whether targets of roles shrink with the days of those who were not there for all of the cycle."""
    pay: Sequence[tuple[str | None, str | None, str]] = ()
    """The rows of a pay table: from this total on, for this grade, so much for each point of the total."""


@dataclass
class Verdict:
    """What the design says of a person."""

    status: str
    total: Number = None
    coverage: Fraction = Fraction(0)
    grade: str | None = None
    rank: int | None = None
    points: list[Number] = field(default_factory=list)
    pay: Number = None
    """Of somebody who kept one role; None without a table, or without a total."""


def half_up(value: Fraction, places: int) -> Fraction:
    """Ties go away from zero."""
    scaled = value * 10**places
    whole, rest = divmod(abs(scaled), 1)
    whole += 1 if rest >= Fraction(1, 2) else 0
    return Fraction(whole if scaled >= 0 else -whole, 10**places)


def reckon(world: World) -> dict[str, Verdict]:
    """The verdict on everybody."""
    verdicts = {person: _person(world, person) for person in dict.fromkeys(person for person, _, _ in world.people)}
    role_of = {person: role for person, role, _ in world.people}
    for person, verdict in verdicts.items():
        if verdict.total is not None:
            rivals = [v.total for p, v in verdicts.items() if role_of[p] == role_of[person] and v.total is not None]
            verdict.rank = 1 + sum(other > verdict.total for other in rivals)
    return verdicts


def _person(world: World, person: str) -> Verdict:
    rows = [(role, days) for who, role, days in world.people if who == person]
    if world.max_absent is not None and world.absent.get(person, 0) > world.max_absent:
        return Verdict("excluded")
    verdict = Verdict("scored")
    weighed, coverage, states = Fraction(0), Fraction(0), set()
    for role, days in rows:
        total, covered, state, points = _slice(world, person, role)
        verdict.points += points
        states.add(state)
        coverage += covered * days
        weighed += (total or 0) * days
    all_days = sum(days for _, days in rows)
    verdict.coverage = coverage / all_days
    states |= _undecided_gates(world, person)
    if states != {"scored"}:
        verdict.status = "set_aside" if "set_aside" in states else "missing"
        return verdict
    exact = weighed / all_days + sum((Fraction(points) for points in world.adjustments.get(person, ())), Fraction(0))
    verdict.total = half_up(exact, world.places)
    _close(world, person, verdict)
    if world.pay and len(rows) == 1:
        verdict.pay = _paid(world, verdict.total, verdict.grade)
    return verdict


def _paid(world: World, total: Fraction, grade: str | None) -> Fraction:
    """The first row that fits decides."""
    for least, only, each in world.pay:
        if (least is None or total >= Fraction(least)) and only in (None, grade):
            return half_up(total * Fraction(each), 2)
    return Fraction(0)


def _undecided_gates(world: World, person: str) -> set[str]:
    found = set()
    for measure, _, _ in world.gates:
        if (person, measure) in world.set_aside:
            found.add("set_aside")
        elif (person, measure) not in world.actuals and world.missing == "block":
            found.add("missing")
    return found or {"scored"}


def _close(world: World, person: str, verdict: Verdict) -> None:
    """Gates come last; the grade is that of the capped total."""
    assert verdict.total is not None
    closed = [gate for gate in world.gates if Fraction(world.actuals.get((person, gate[0]), "0")) > 0]
    for _, _, most in closed:
        if most is not None:
            verdict.total = min(verdict.total, Fraction(most))
    reached = [place for place, (_, at) in enumerate(world.grades) if verdict.total >= Fraction(at)]
    if reached:
        names = [name for name, _ in world.grades]
        caps = [names.index(grade) for _, grade, _ in closed if grade is not None]
        verdict.grade = names[max([reached[0], *caps])]


Shares = list[tuple[Fraction, list[tuple[Fraction, Number, str]]]]
"""Sections: what each weighs, and of each of its items what it gives out of, what it gave, and its state."""


def _slice(world: World, person: str, role: str) -> tuple[Number, Fraction, str, list[Number]]:
    points: list[Number] = []
    states, outside = {"scored"}, Fraction(0)
    sections: Shares = []
    for weight, items in _sections(world, person, role):
        section: list[tuple[Fraction, Number, str]] = []
        for item in items:
            state, found = _item(world, person, item)
            does_count = bool(item.full) or item.is_extra
            points.append(found if does_count else None)
            if does_count and found is None and state != "excluded":
                states.add(state)
            outside += found or 0 if item.is_extra else 0
            section += [(item.full, found, state)] if item.full and not item.is_extra else []
        sections += [(weight, section)] if section else []
    total, coverage = _summed(world, sections, outside)
    if states != {"scored"}:
        return None, coverage, "set_aside" if "set_aside" in states else "missing", points
    return total, coverage, "missing" if total is None else "scored", points


def _summed(world: World, sections: Shares, outside: Fraction) -> tuple[Number, Fraction]:
    """The total, None where nothing was measured, and how much was."""
    measured, inside, brought = Fraction(0), Fraction(0), Fraction(0)
    whole = sum((weight for weight, _ in sections), Fraction(0))
    for weight, section in sections:
        known = sum((full for full, _, state in section if state == "scored"), Fraction(0))
        measured += weight * known / sum(full for full, _, _ in section)
        given = [(full, found) for full, found, _ in section if found is not None]
        if given:
            brought += weight
            inside += weight * sum(found for _, found in given) / sum(full for full, _ in given)
    coverage = measured * 100 / whole if whole else Fraction(0)
    if not brought:
        return None, coverage
    if brought != whole:
        inside = inside * Fraction(world.whole) / brought
    turned = 1 if world.told_out_of is None else Fraction(world.told_out_of) / Fraction(world.whole)
    return (inside + outside) * turned, coverage


def _sections(world: World, person: str, role: str) -> list[tuple[Fraction, list[Item]]]:
    """The items on the person's job level by sections, each with its weight; without pools each item is one."""
    level = world.job_levels.get(person, "")
    named, inside = list(world.roles[role]), [item for item in world.roles[role] if not item.is_extra]
    found: list[tuple[Fraction, list[Item]]] = []
    for weight, count in world.pools.get(role, ()):
        found.append((Fraction(weight), inside[:count]))
        inside = inside[count:]
    if role not in world.pools:
        found = [(Fraction(item.weight), [item]) for item in inside]
    found.append((Fraction(0), [item for item in named if item.is_extra]))

    def own(item: Item) -> Item:
        target = world.level_targets.get((role, level, item.indicator))
        return item if target is None else replace(item, target=target)

    return [(weight, [own(item) for item in items if item.only in ("", level)]) for weight, items in found]


def _item(world: World, person: str, item: Item) -> tuple[str, Number]:
    """The state and the points of an item, after its limits and, where items are rounded, rounding."""
    needed = _needed(item)
    if any((person, key) in world.set_aside for key in needed):
        return "set_aside", None
    if item.standard["rule"] == "rating":
        found = _rated(world, person, item)
        if found == "set_aside":
            return "set_aside", None
    elif any((person, key) not in world.actuals for key in needed):
        found = None
    else:
        found = _judged(world, person, item)
        if found == "unusable":
            return "set_aside", None
    if not isinstance(found, Fraction):
        return {"block": ("missing", None), "exclude": ("excluded", None), "zero": ("missing", Fraction(0))}[
            world.missing
        ]
    if item.most is not None:
        found = min(found, Fraction(item.most))
    if item.least is not None:
        found = max(found, Fraction(item.least))
    if world.levels and not item.is_extra and item.full:
        found = item.full * _factor(world.levels, found * 100 / item.full)
    return "scored", half_up(found, world.places) if world.at == "item" else found


def _factor(levels: Sequence[tuple[str, str]], percent: Fraction) -> Fraction:
    return next((Fraction(factor) for least, factor in levels if percent >= Fraction(least)), Fraction(0))


def _needed(item: Item) -> list[str]:
    standard = item.standard
    if standard["rule"] == "rating":
        return []
    if standard["rule"] == "deduction":
        return [row["measure"] for row in (*standard["deduct"], *standard.get("add", ()))]
    if standard.get("require"):
        return [row["measure"] for row in standard["require"]]
    return list(item.ratio or (item.indicator,))


def _rated(world: World, person: str, item: Item) -> Fraction | str | None:
    weights = {relation: Fraction(weight) for relation, weight in world.raters.items()}
    scale = item.standard.get("scale")
    least, most, zero = (Fraction(scale[key]) for key in ("from", "to", "zero")) if scale else (0, item.full, 0)
    given: dict[str, list[Fraction]] = {}
    for relation, score in world.ratings.get((person, item.indicator), ()):
        if weights.get(relation):
            if not least <= Fraction(score) <= most:
                return "set_aside"
            given.setdefault(relation, []).append(Fraction(score))
    if not given:
        return None
    means = {relation: sum(scores, Fraction(0)) / len(scores) for relation, scores in given.items()}
    weighed = sum((means[relation] * weights[relation] for relation in means), Fraction(0))
    mean = weighed / sum((weights[relation] for relation in means), Fraction(0))
    return max(item.full * (mean - zero) / (most - zero), Fraction(0)) if scale else mean


def _judged(world: World, person: str, item: Item) -> Fraction | str | None:
    """The points of a rule; None for a division by zero, `unusable` for a target that allows no ratio."""
    numbers = {key: Fraction(world.actuals[person, key]) for key in _needed(item)}
    actual: Number = None
    if item.ratio and item.standard["rule"] != "deduction" and not item.standard.get("require"):
        if numbers[item.ratio[1]] <= 0:
            return None
        actual = numbers[item.ratio[0]] / numbers[item.ratio[1]] * 100
    elif item.indicator in numbers:
        actual = numbers[item.indicator]
    target = _target(world, person, item)
    if item.standard["rule"] == "deduction":
        return _deduction(item, world, person, numbers)
    return RULES[item.standard["rule"]](item, actual, target, numbers)


def _target(world: World, person: str, item: Item) -> Number:
    """That of the person, of the department, or of the role, of which a plain amount goes by days."""
    text = world.targets.get((person, item.indicator), world.targets.get(("shop", item.indicator)))
    if text is not None or item.target is None:
        return None if text is None else Fraction(text)
    days = sum(days for who, _, days in world.people if who == person)
    is_part = world.by_days and item.prorate and not item.ratio
    return Fraction(item.target) * (Fraction(days, 31) if is_part else 1)


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


def _deduction(item: Item, world: World, person: str, numbers: Mapping[str, Fraction]) -> Fraction:
    points = item.full
    for sign, rows in ((-1, item.standard["deduct"]), (1, item.standard.get("add", ()))):
        for row in rows:
            number = numbers[row["measure"]]
            if "each" in row:
                events = [Fraction(each) for each in world.events.get((person, row["measure"]), (number,))]
                points += sign * sum((_tier(row["each"], event) for event in events if event), Fraction(0))
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


RULES = {
    "proportional": _proportional,
    "all_or_nothing": _all_or_nothing,
    "bands": _bands,
    "linear": _linear,
    "range": _range,
    "stretch": _stretch,
    "shortfall": _shortfall,
    "excess": _excess,
}
