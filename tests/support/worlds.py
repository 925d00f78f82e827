"""Random companies: plain data for the oracle, and the same as a catalog and a cycle for the package."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gmpy2 import mpq
from hypothesis import strategies as st

from kpibook.model import Assignment, Catalog, Cycle
from kpibook.scoring.results import Card
from making import OCTOBER, adjustment, aside, catalog, cycle, indicator, measure, person, rating, reading, role, target
from oracle import Item, Verdict, World

QUARTERS = st.integers(-40, 600).map(lambda n: str(Decimal(n) / 4))
"""Numbers in quarters: sums and shares of them fall on rounding ties all the time."""

TARGETS = st.sampled_from(["0", "12.5", "20", "35", "40", "50", "80", "100"])
COUNTS = st.integers(0, 6).map(str)
LIMITS = st.integers(-5, 30).map(str)
WEIGHTS = st.sampled_from(
    [("100",), ("60", "40"), ("50", "30", "20"), ("40.5", "29.5", "30"), ("25", "25", "25", "25", "0")]
)
LEVELS = (("110", "1.2"), ("90", "1"), ("60", "0.75"), ("30", "0.4"))
MEASURES = ("buyers", "visitors", "late", "absent", "incidents")
RELATIONS = ("manager", "peer", "self", "report", "customer")


def _some(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=values)


def _rule(
    name: str, must: dict[str, Any] | None = None, **may: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    fixed = {"rule": st.just(name), **(must or {})}
    return st.fixed_dictionaries(fixed, optional=may)


BAND = st.fixed_dictionaries({"points": COUNTS}, optional={"from": QUARTERS, "upto": QUARTERS})
STEPS = st.dictionaries(st.integers(1, 6).map(str), COUNTS, min_size=1, max_size=4)
DEDUCT = st.fixed_dictionaries(
    {"measure": st.sampled_from(["late", "absent"]), "points": COUNTS},
    optional={"per": st.sampled_from(["1", "2", "0.5"]), "steps": STEPS},
)
REQUIRE = _some(at_least=QUARTERS, at_most=QUARTERS).flatmap(
    lambda limits: st.sampled_from(["buyers", "visitors"]).map(lambda name: {"measure": name, **limits})
)
UNITS = st.sampled_from(["complete", "started", "exact"])
PER = {"per": st.sampled_from(["5", "10", "2.5"]), "points": COUNTS}
MARKS = st.lists(st.integers(0, 100), min_size=4, max_size=4, unique=True).map(sorted)

RANGES = MARKS.flatmap(
    lambda marks: _rule(
        "range",
        {"low": st.just(str(marks[1])), "high": st.just(str(marks[2]))},
        zero_below=st.just(str(marks[0])),
        zero_above=st.just(str(marks[3])),
    )
)
LINES = (
    st.tuples(st.integers(0, 100), st.integers(0, 100))
    .filter(lambda ends: ends[0] != ends[1])
    .flatmap(lambda ends: _rule("linear", {"zero": st.just(str(ends[0])), "full": st.just(str(ends[1]))}))
)
CLIFFS = st.sampled_from([("0", "100", "40"), ("100", "0", "60"), ("20", "80", "20")]).map(
    lambda marks: {"rule": "linear", "zero": marks[0], "full": marks[1], "zero_from": marks[2]}
)
SCALES = st.sampled_from([{"from": "1", "to": "5", "zero": "1"}, {"from": "0", "to": "20", "zero": "0"}])
EACH = st.dictionaries(st.sampled_from(["0", "2", "5"]), COUNTS, min_size=1, max_size=3)
EVENTS = EACH.map(lambda tiers: {"measure": "accidents", "each": tiers})
FORMULAS = (
    "min(weight, weight * attainment)",
    "weight - abs(actual - target) * 0.5",
    "weight * actual / target",
    "max(0, buyers / visitors * 2 - late)",
)
WIDE = st.one_of(
    CLIFFS,
    st.sampled_from(FORMULAS).map(lambda text: {"rule": "formula", "points": text}),
    _rule("shortfall", PER, units=UNITS, side=st.sampled_from(["bad", "under", "over", "both"])),
    _rule("shortfall", {**PER, "bonus": st.fixed_dictionaries(PER, optional={"units": UNITS})}),
    _rule(
        "stretch",
        at_threshold=COUNTS,
        at_stretch=st.integers(40, 130).map(str),
        between=st.sampled_from(["line", "step"]),
    ),
    SCALES.map(lambda scale: {"rule": "rating", "scale": scale}),
    _rule("deduction", {"deduct": st.lists(DEDUCT | EVENTS, min_size=1, max_size=2)}),
    _rule(
        "deduction",
        {"deduct": st.lists(DEDUCT | EVENTS, min_size=1, max_size=2), "add": st.lists(EVENTS, min_size=1, max_size=1)},
    ),
)
"""Rules that look beyond the target, at single events, and at what is given on a scale."""

STANDARDS = st.one_of(
    _rule(
        "proportional",
        lower=st.sampled_from(["inverse", "linear"]),
        floor=st.sampled_from(["50", "80"]),
        cap=st.sampled_from(["80", "100", "120"]),
        by=st.sampled_from(["ratio", "difference"]),
    ),
    _rule("all_or_nothing", otherwise=COUNTS),
    _rule("all_or_nothing", {"require": st.lists(REQUIRE, min_size=1, max_size=2)}, otherwise=COUNTS),
    _rule("bands", {"bands": st.lists(BAND, min_size=1, max_size=4)}, of=st.sampled_from(["actual", "attainment"])),
    LINES,
    RANGES,
    _rule("deduction", {"deduct": st.lists(DEDUCT, min_size=1, max_size=2)}),
    _rule("shortfall", PER, units=UNITS),
    _rule("rating"),
)
EXTRA_STANDARDS = st.one_of(
    _rule("excess", PER, units=UNITS), _rule("deduction", {"deduct": st.lists(DEDUCT, min_size=1, max_size=2)})
)


@st.composite
def _items(draw: st.DrawFn, role_id: str, *, is_wide: bool = False) -> list[Item]:
    weights = draw(WEIGHTS)
    rules = WIDE | STANDARDS if is_wide else STANDARDS
    items = [_item(draw, f"{role_id}_{number}", weight, draw(rules)) for number, weight in enumerate(weights)]
    if is_wide:
        items = [_widened(draw, item) for item in items]
    for number in range(draw(st.integers(0, 2))):
        standard = draw(EXTRA_STANDARDS)
        most, least = draw(st.none() | st.integers(0, 20).map(str)), draw(st.none() | st.just("-5"))
        name = f"{role_id}_extra_{number}"
        extra = _item(draw, name, most or "0", standard)
        items.append(Item(**{**vars(extra), "most": most, "least": least, "is_extra": True}))
    return items


def _widened(draw: st.DrawFn, item: Item) -> Item:
    """The item with marks of its own, what stands beside its target, and how far it may rise."""
    marks = draw(st.none() | st.sampled_from(["20", "100", "7.5"])) if item.weight != "0" else None
    more: dict[str, Any] = {"marks": marks}
    if item.standard["rule"] == "stretch":
        target = item.target if item.target not in (None, "0") else "20"
        below, above = str(Decimal(str(target)) / 2), str(Decimal(str(target)) * 3 / 2)
        low, high = (above, below) if item.direction == "lower" else (below, above)
        more |= {"target": target, "threshold": draw(st.none() | st.just(low)), "stretch": high, "ratio": None}
    if "bonus" in item.standard or "add" in item.standard:
        more["most"] = str(Decimal(marks or item.weight) + draw(st.integers(0, 12)))
    return Item(**{**vars(item), **more})


def _item(draw: st.DrawFn, name: str, weight: str, standard: dict[str, Any]) -> Item:
    ratio = ("buyers", "visitors") if draw(st.booleans()) and standard["rule"] != "rating" else None
    return Item(name, weight, standard, draw(st.sampled_from(["higher", "lower"])), draw(TARGETS), ratio)


@st.composite
def worlds(draw: st.DrawFn, *, is_wide: bool = False) -> World:
    """A company with two roles and a few people, some of whom lack numbers; a wide one has every kind of rule."""
    roles = {"clerk": draw(_items("clerk", is_wide=is_wide)), "guard": draw(_items("guard", is_wide=is_wide))}
    people = draw(_people())
    names = tuple(dict.fromkeys(person for person, _, _ in people))
    keys = [
        *MEASURES,
        *(("accidents",) if is_wide else ()),
        *(item.indicator for items in roles.values() for item in items),
    ]
    lacking = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(keys)), max_size=2))
    broken = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(keys)), max_size=1))
    actuals = {
        (who, key): draw(COUNTS if key in ("late", "absent", "incidents") else QUARTERS)
        for who in names
        for key in keys
        if (who, key) not in lacking | broken
    }
    counted = [key for key in actuals if key[1] == "accidents"]
    events = {key: draw(st.lists(st.integers(0, 9).map(str), min_size=1, max_size=3)) for key in counted}
    actuals |= {key: str(sum(map(int, each))) for key, each in events.items()}
    rated = [item.indicator for items in roles.values() for item in items if item.standard["rule"] == "rating"]
    return World(
        roles,
        people,
        actuals,
        targets=draw(
            st.dictionaries(st.tuples(st.sampled_from([*names, "shop"]), st.sampled_from(keys)), TARGETS, max_size=2)
        ),
        ratings={(who, key): draw(_ratings()) for who in names for key in rated},
        set_aside=frozenset(broken),
        adjustments=draw(
            st.dictionaries(
                st.sampled_from(names),
                st.lists(st.sampled_from(["0.25", "-3", "2"]), min_size=1, max_size=2),
                max_size=1,
            )
        ),
        absent=draw(st.dictionaries(st.sampled_from(names), st.integers(59, 61), max_size=1)),
        max_absent=draw(st.none() | st.just(60)),
        missing=draw(st.sampled_from(["block", "exclude", "zero"])),
        at=draw(st.sampled_from(["total", "item"])),
        events=events,
        levels=draw(st.sampled_from([(), LEVELS])) if is_wide else (),
        places=draw(st.integers(0, 2)),
        raters=draw(
            st.sampled_from(
                [{"manager": "1"}, {"manager": "0.7", "peer": "0.3"}, {"self": "0", "report": "2", "peer": "1"}]
            )
        ),
        gates=draw(
            st.sampled_from([(), (("incidents", "C", None),), (("incidents", None, "59"), ("late", "B", "85"))])
        ),
    )


@st.composite
def whole_worlds(draw: st.DrawFn) -> World:
    """A wide company with sections, totals out of another whole, job levels, joiners and a pay table."""
    world = draw(worlds(is_wide=True))
    levels = draw(st.booleans())
    people = [(who, role, days) for who, role, days in world.people]
    if draw(st.booleans()):
        who, role, days = people[-1]
        people[-1] = (who, role, draw(st.integers(1, days)))
    # The first item is everybody's: of a level without any there is nothing to score.
    roles = {
        name: [_in_part(draw, item, is_levelled=levels and item is not items[0]) for item in items]
        for name, items in world.roles.items()
    }
    indicators = [(name, item.indicator) for name, items in roles.items() for item in items if not item.is_extra]
    keys = st.tuples(st.sampled_from(indicators), st.sampled_from(["P1", "P2"]))
    aims = draw(st.dictionaries(keys, TARGETS.filter(lambda text: text != "0"), max_size=3)) if levels else {}
    pools = {name: _pools(draw, items) for name, items in roles.items()} if draw(st.booleans()) else {}
    return replace(
        world,
        roles=roles,
        people=people,
        pools=pools,
        whole=draw(st.sampled_from(["100", "80"])),
        told_out_of=draw(st.sampled_from([None, "100", "120"])),
        job_levels={who: draw(st.sampled_from(["P1", "P2"])) for who, _, _ in people} if levels else {},
        level_targets={(name, level, key): text for ((name, key), level), text in aims.items()},
        targets_by=draw(st.sampled_from(["full", "by_days"])),
        pay=draw(st.sampled_from([(), ((None, "A", "12.5"), ("60", None, "0.335"), (None, None, "0"))])),
    )


def _in_part(draw: st.DrawFn, item: Item, *, is_levelled: bool) -> Item:
    """The item, for some job level alone, or with a target that stays whatever the days."""
    only = draw(st.sampled_from(["", "", "P1", "P2"])) if is_levelled else ""
    return replace(item, only=only, prorate=draw(st.booleans()))


def _pools(draw: st.DrawFn, items: Sequence[Item]) -> Sequence[tuple[str, int]]:
    """Its items in one section, or in two of other weights."""
    count = sum(not item.is_extra for item in items)
    first = draw(st.integers(1, count))
    return (("35", first), ("65", count - first)) if first < count else (("100", count),)


@st.composite
def _people(draw: st.DrawFn) -> Sequence[tuple[str, str, int]]:
    """One to four people, the first of whom may have changed role in mid-cycle."""
    rows = [(f"E{number}", draw(st.sampled_from(["clerk", "guard"])), 31) for number in range(draw(st.integers(1, 4)))]
    if draw(st.booleans()):
        days = draw(st.integers(1, 30))
        rows[:1] = [("E0", "clerk", days), ("E0", "guard", 31 - days)]
    return rows


@st.composite
def _ratings(draw: st.DrawFn) -> Sequence[tuple[str, str]]:
    votes = st.tuples(st.sampled_from(RELATIONS), st.integers(0, 82).map(lambda n: str(Decimal(n) / 4)))
    return draw(st.lists(votes, max_size=4))


def as_catalog(world: World) -> Catalog:
    """The world's handbook."""
    return catalog(
        [role(name, scorecard_rows(items), **role_values(world, name)) for name, items in world.roles.items()],
        [indicator(each, **values) for each, values in indicator_values(world).items()],
        [*map(measure, MEASURES), measure("accidents", each=True)],
        grades=world.grades,
        **company_values(world),
    )


def indicator_values(world: World) -> dict[str, dict[str, Any]]:
    """By id: what the handbook says of an indicator."""
    return {
        item.indicator: {
            "direction": item.direction,
            **({"formula": f"{item.ratio[0]} / {item.ratio[1]} * 100"} if item.ratio else {}),
        }
        for items in world.roles.values()
        for item in items
    }


def company_values(world: World) -> dict[str, Any]:
    """What company.yml says."""
    return {
        "missing": world.missing,
        "raters": dict(world.raters),
        "rounding": {"score": world.places, "at": world.at},
        "total": _total(world),
        "eligibility": {} if world.max_absent is None else {"max_absent_days": world.max_absent},
        "part_cycle": {"targets": world.targets_by, "pay": world.pay_by, "least_days": world.least_days},
        "pay_after_transfer": world.pay_after,
    }


def role_values(world: World, name: str) -> dict[str, Any]:
    """What the file of a role says beside the items of a plain scorecard."""
    gates = [
        {
            "when": f"{key} > 0",
            **({"grade_at_most": grade} if grade else {}),
            **({"total_at_most": most} if most else {}),
        }
        for key, grade, most in world.gates
    ]
    items = world.roles[name]
    return {"extras": _extras(items), "gates": gates, **_in_full(world, name, items)}


def _total(world: World) -> dict[str, Any]:
    levels = [{"level": f"L{least}", "from": least, "factor": factor} for least, factor in world.levels]
    whole = {"of": world.whole, **({"to": world.told_out_of} if world.told_out_of else {})}
    return {**whole, **({"by": "levels", "levels": levels} if levels else {"by": _by(world)})}


def _by(world: World) -> str:
    return "sections" if world.pools else "points"


def _in_full(world: World, name: str, items: Sequence[Item]) -> dict[str, Any]:
    """Sections, job levels and pay of a role, as far as the world has any."""
    found: dict[str, Any] = {}
    if sections := world.pools.get(name):
        rows = iter(scorecard_rows(items, in_marks=bool(world.levels)))
        found["scorecard"] = [
            {"section": f"S{number}", "weight": weight, "items": [next(rows) for _ in range(count)]}
            for number, (weight, count) in enumerate(sections)
        ]
    return {**found, **of_the_post(world, name)}


def of_the_post(world: World, name: str) -> dict[str, Any]:
    """Job levels and pay of a role, which are its own even where the scorecard is shared."""
    found: dict[str, Any] = {}
    if world.job_levels:
        found["levels"] = [{"id": level, "items": _level_items(world, name, level)} for level in ("P1", "P2")]
    table = world.own_pay.get(name, world.pay)
    if table:
        keys = ("from", "grade")
        rows_of_pay = [
            {**{key: value for key, value in zip(keys, row, strict=False) if value}, "amount": f"total * {row[2]}"}
            for row in table
        ]
        found["pay"] = [{"name": "bonus", "table": rows_of_pay}]
    return found


def _level_items(world: World, name: str, level: str) -> list[dict[str, str]]:
    """What a job level has of its own."""
    weigh = "marks" if world.levels and world.pools else "weight"
    found: dict[str, dict[str, str]] = {}
    for key, values in (("target", world.level_targets), (weigh, world.level_weights)):
        for (role_id, at, identifier), text in values.items():
            if (role_id, at) == (name, level):
                found.setdefault(identifier, {"indicator": identifier})[key] = text
    return list(found.values())


def scorecard_rows(items: Sequence[Item], *, in_marks: bool = False) -> list[dict[str, Any]]:
    """The items with their weights, or with nothing but marks of the section."""
    return [
        {
            **{"indicator": item.indicator, "standard": item.standard, "target": item.target},
            **({"marks": item.marks or item.weight} if in_marks and item.full else {"weight": item.weight}),
            **{key: getattr(item, key) for key in ("threshold", "stretch") if getattr(item, key) is not None},
            **({"marks": item.marks} if item.marks is not None and not in_marks else {}),
            **({"max": item.most} if item.most is not None else {}),
            **_parted(item),
        }
        for item in items
        if not item.is_extra
    ]


def _parted(item: Item) -> dict[str, Any]:
    """For which job level it is, and whether its target stays."""
    return {**({"levels": [item.only]} if item.only else {}), **({} if item.prorate else {"prorate": False})}


def _extras(items: Sequence[Item]) -> list[dict[str, Any]]:
    return [
        {
            "indicator": item.indicator,
            "standard": item.standard,
            "target": item.target,
            **_parted(item),
            **({"max": item.most} if item.most is not None else {}),
            **({"min": item.least} if item.least is not None else {}),
        }
        for item in items
        if item.is_extra
    ]


def as_cycle(world: World) -> Cycle:
    """The world's numbers."""
    made = cycle(
        _rows(world),
        world.actuals,
        targets={key: target(value) for key, value in world.targets.items()},
        ratings={key: tuple(rating(score, relation=who) for who, score in rows) for key, rows in world.ratings.items()},
        adjustments={who: tuple(map(adjustment, rows)) for who, rows in world.adjustments.items()},
        set_aside=tuple(aside(who, key) for who, key in sorted(world.set_aside)),
    )
    events = {key: made.actuals[key]._replace(events=tuple(map(reading, each))) for key, each in world.events.items()}
    return replace(made, actuals={**made.actuals, **events})


def _rows(world: World) -> list[Assignment]:
    rows: list[Assignment] = []
    next_day: dict[str, datetime.date] = {}
    for who, role_id, days in world.people:
        first = next_day.get(who, OCTOBER.first_day)
        last = first + datetime.timedelta(days=days - 1)
        absent = {"absent_days": mpq(world.absent[who])} if who in world.absent and who not in next_day else {}
        next_day[who] = last + datetime.timedelta(days=1)
        level = world.job_levels.get(who, "")
        rows.append(person(who, role_id, first_day=first, last_day=last, numbers=absent, level=level))
    return rows


def _fraction(value: mpq | None) -> Fraction | None:
    return None if value is None else Fraction(int(value.numerator), int(value.denominator))


def verdict_on(card: Card) -> Verdict:
    """What the package says of a person, in the words of the oracle."""
    scores = [score for part in card.spans for score in (*part.items, *part.extras)]
    return Verdict(
        card.status.value,
        _fraction(card.total),
        _fraction(card.coverage) or Fraction(0),
        card.grade.id if card.grade else None,
        card.rank,
        [] if card.status == "excluded" else [_fraction(each.points) for each in scores],
        [_fraction(each.amount) or Fraction(0) for each in card.pay] if card.total is not None else [],
    )
