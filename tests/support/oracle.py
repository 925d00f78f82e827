"""A second reckoning of a cycle, in fractions and by the words of the design alone.

It shares no code with the package. A world is plain data: what a company would write, with numbers as texts.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NamedTuple

from oracle_rules import RULES, Item, Number, deducted

__all__ = ["Item", "Post", "Verdict", "World", "half_up", "reckon"]

MEASURED = ("buyers", "visitors", "late")
"""Measures that formulas of points use."""
LAST = datetime.date(2026, 10, 31)
"""The last day of the cycle."""


class Post(NamedTuple):
    """A row of people.csv: a role on some days of the month, and how much of the working time it takes."""

    role: str
    days: frozenset[int]
    """Without those of leave."""
    share: Fraction
    there: int = 0
    """The days on which its holder was there at all."""

    @property
    def time(self) -> Fraction:
        """The days, as far as the post takes the time."""
        return len(self.days) * self.share / 100


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
    targets_by: str = "full"
    """Whether targets of roles shrink with the days of those who were not there for all of the cycle (`by_days`), and
    with the working time that a post takes, too (`by_time`).
    """
    pay_by: str = "full"
    """The same of pay."""
    pay_after: str = "last"
    """Whose pay holds after a change of role: that of the last one, or of each for its `days`."""
    least_days: int = 0
    leave: Mapping[str, Sequence[tuple[int, int | None]]] = field(default_factory=dict)
    """Protected leave, from one day of the month to another: the first may lie before it, the last beyond it."""
    exempt: frozenset[str] = frozenset()
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """By the number of a row of `people`: its first and its last day; all others follow each other."""
    shares: Mapping[int, str] = field(default_factory=dict)
    """By the number of a row of `people`: how much of the working time its post takes, in %."""
    sharing: Mapping[str, str] = field(default_factory=dict)
    """By role: the one whose scorecard it has."""
    level_weights: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """By role, job level and indicator: its weight there, or its marks where it has those alone."""
    due: Mapping[str, int] = field(default_factory=dict)
    """By measure or indicator that is written as a day: how many days after the month it is due."""
    answers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By measure or indicator that is written as one of two words: which they are."""
    own_pay: Mapping[str, Sequence[tuple[str | None, str | None, str]]] = field(default_factory=dict)
    """By role: its own table in place of `pay`."""
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
    pay: list[Fraction] = field(default_factory=list)
    """Of the last role, or of each; none without a table, or without a total."""


def half_up(value: Fraction, places: int) -> Fraction:
    """Ties go away from zero."""
    scaled = value * 10**places
    whole, rest = divmod(abs(scaled), 1)
    whole += 1 if rest >= Fraction(1, 2) else 0
    return Fraction(whole if scaled >= 0 else -whole, 10**places)


def reckon(world: World) -> dict[str, Verdict]:
    """The verdict on everybody."""
    posts = _posts(world)
    verdicts = {person: _person(world, person, rows) for person, rows in posts.items()}
    for person, verdict in verdicts.items():
        if verdict.total is not None:
            role = posts[person][-1].role
            rivals = [verdicts[who].total for who, rows in posts.items() if rows[-1].role == role]
            verdict.rank = 1 + sum(other > verdict.total for other in rivals if other is not None)
    return verdicts


def _posts(world: World) -> dict[str, list[Post]]:
    """The rows of each person; of posts held at once the one that takes most time comes last."""
    found: dict[str, list[tuple[int, Post]]] = {}
    for number, (who, role, days) in enumerate(world.people):
        rows = found.setdefault(who, [])
        after = rows[-1][0] + len(rows[-1][1].days) if rows else 1
        first, last = world.spans.get(number, (after, after + days - 1))
        share = Fraction(world.shares.get(number, "100"))
        rows.append((first, Post(role, frozenset(range(first, last + 1)), share)))
    return {who: _ordered(rows, _away(world, who)) for who, rows in found.items()}


def _ordered(rows: list[tuple[int, Post]], away: frozenset[int]) -> list[Post]:
    """Rows by their first day and what they take, without the days of leave."""
    there = len(frozenset[int]().union(*(post.days for _, post in rows)) - away)
    ordered = sorted(rows, key=lambda row: (row[0], row[1].share))
    return [post._replace(days=post.days - away, there=there) for _, post in ordered]


def _away(world: World, person: str) -> frozenset[int]:
    """The days of the month on which somebody is on leave."""
    days = (
        range(max(first, 1), min(31 if last is None else last, 31) + 1) for first, last in world.leave.get(person, ())
    )
    return frozenset(day for each in days for day in each)


def _is_left_out(world: World, person: str, there: int) -> bool:
    """Who is exempt, or was absent for too long, or there for too few days, or on leave for all of them."""
    if person in world.exempt or (world.max_absent is not None and world.absent.get(person, 0) > world.max_absent):
        return True
    return there < max(world.least_days, 1)


def _person(world: World, person: str, posts: Sequence[Post]) -> Verdict:
    if _is_left_out(world, person, posts[0].there):
        return Verdict("excluded")
    verdict, time = Verdict("scored"), sum((post.time for post in posts), Fraction(0))
    weighed, coverage, states = Fraction(0), Fraction(0), set()
    for post in posts:
        total, covered, state, points = _slice(world, person, post)
        verdict.points += points
        # A role that was held on days of leave alone is no part of the total.
        states |= {state} if post.days else set()
        coverage += covered * post.time
        weighed += (total or 0) * post.time
    verdict.coverage = coverage / time
    states |= _undecided_gates(world, person)
    if states != {"scored"}:
        verdict.status = "set_aside" if "set_aside" in states else "missing"
        return verdict
    exact = weighed / time + sum((Fraction(points) for points in world.adjustments.get(person, ())), Fraction(0))
    verdict.total = half_up(exact, world.places)
    _close(world, person, verdict)
    verdict.pay = [half_up(each, 2) for each in _pays(world, posts, verdict)]
    return verdict


def _pays(world: World, posts: Sequence[Post], verdict: Verdict) -> list[Fraction]:
    """What is paid for the last role, or for each by its time; less for who was not there for all of the month."""
    assert verdict.total is not None
    time = sum((post.time for post in posts), Fraction(0))
    parts = {"by_days": Fraction(posts[0].there, 31), "by_time": time / 31}
    present = min(parts.get(world.pay_by, Fraction(1)), Fraction(1))
    shares = [(posts[-1], Fraction(1))]
    if world.pay_after == "days" and len(posts) > 1:
        shares = [(post, post.time / time) for post in posts]
    tables = ((world.own_pay.get(post.role, world.pay), share) for post, share in shares)
    return [_paid(table, verdict.total, verdict.grade) * share * present for table, share in tables if table]


def _paid(table: Sequence[tuple[str | None, str | None, str]], total: Fraction, grade: str | None) -> Fraction:
    """The first row that fits decides."""
    for least, only, each in table:
        if (least is None or total >= Fraction(least)) and only in (None, grade):
            return total * Fraction(each)
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
    closed = [gate for gate in world.gates if (_number(world, person, gate[0]) or 0) > 0]
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


def _slice(world: World, person: str, post: Post) -> tuple[Number, Fraction, str, list[Number]]:
    points: list[Number] = []
    states, outside = {"scored"}, Fraction(0)
    sections: Shares = []
    for weight, items in _sections(world, person, post.role):
        section: list[tuple[Fraction, Number, str]] = []
        for item in items:
            state, found = _item(world, person, item, post)
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
    level, owner = world.job_levels.get(person, ""), world.sharing.get(role, role)
    named, inside = list(world.roles[owner]), [item for item in world.roles[owner] if not item.is_extra]
    found: list[tuple[Fraction, list[Item]]] = []

    def own(item: Item) -> Item:
        """As the job level has it."""
        key = (role, level, item.indicator)
        target, weight = world.level_targets.get(key, item.target), world.level_weights.get(key)
        if weight is None:
            return replace(item, target=target)
        is_in_marks = bool(world.pools and world.levels)
        return (
            replace(item, target=target, marks=weight) if is_in_marks else replace(item, target=target, weight=weight)
        )

    for weight, count in world.pools.get(owner, ()):
        found.append((Fraction(weight), inside[:count]))
        inside = inside[count:]
    if owner not in world.pools:
        found = [(Fraction(own(item).weight), [item]) for item in inside]
    found.append((Fraction(0), [item for item in named if item.is_extra]))

    return [(weight, [own(item) for item in items if item.only in ("", level)]) for weight, items in found]


def _item(world: World, person: str, item: Item, post: Post) -> tuple[str, Number]:
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
        found = _judged(world, person, item, post)
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
    if standard["rule"] == "formula":
        own = item.ratio or (item.indicator,) if _judges_actual(standard["points"]) else ()
        return [*own, *(name for name in MEASURED if name in standard["points"])]
    return list(item.ratio or (item.indicator,))


def _judges_actual(points: str) -> bool:
    return "actual" in points or "attainment" in points


def _is_of_the_ratio(standard: Mapping[str, Any]) -> bool:
    """Whether a rule looks at its indicator at all, and not at measures of its own."""
    if standard["rule"] == "formula":
        return _judges_actual(standard["points"])
    return standard["rule"] != "deduction" and not standard.get("require")


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


def _judged(world: World, person: str, item: Item, post: Post) -> Fraction | str | None:
    """The points of a rule; None for a division by zero, `unusable` for a target that allows no ratio."""
    found = {key: _number(world, person, key) for key in _needed(item)}
    numbers = {key: number for key, number in found.items() if number is not None}
    actual: Number = None
    if item.ratio and _is_of_the_ratio(item.standard):
        if numbers[item.ratio[1]] <= 0:
            return None
        actual = numbers[item.ratio[0]] / numbers[item.ratio[1]] * 100
    elif item.indicator in numbers:
        actual = numbers[item.indicator]
    if item.standard["rule"] == "deduction":
        return deducted(item, numbers, {key: world.events.get((person, key)) for key in numbers})
    return RULES[item.standard["rule"]](item, actual, _target(world, person, item, post), numbers)


def _number(world: World, person: str, key: str) -> Number:
    """What a cell counts: a number, the first of two words as 1, a day as the days after it was due."""
    text = world.actuals.get((person, key))
    if text is None:
        return None
    if key in world.answers:
        return Fraction(world.answers[key].index(text) == 0)
    if key in world.due:
        return Fraction((datetime.date.fromisoformat(text) - LAST).days - world.due[key])
    return Fraction(text)


def _target(world: World, person: str, item: Item, post: Post) -> Number:
    """That of the person, of the department, or of the role, of which a plain amount goes by days."""
    text = world.targets.get((person, item.indicator), world.targets.get(("shop", item.indicator)))
    if text is not None or item.target is None:
        return None if text is None else Fraction(text)
    adds_up = not (item.ratio or item.indicator in world.due or item.indicator in world.answers)
    if world.targets_by == "full" or not (item.prorate and adds_up):
        return Fraction(item.target)
    time = post.share / 100 if world.targets_by == "by_time" else Fraction(1)
    return Fraction(item.target) * Fraction(post.there, 31) * time
