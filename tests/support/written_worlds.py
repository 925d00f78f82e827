"""Random companies as files: posts at once, leave, words and days for numbers, levels of their own, shared scorecards.

What the package reads is what a company would write; nothing is built in its memory.
"""

import csv
import datetime
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from oracle import Item, World
from worlds import (
    MEASURES,
    company_values,
    indicator_values,
    of_the_post,
    role_values,
    scorecard_rows,
    whole_worlds,
)

FIRST = datetime.date(2026, 10, 1)
SHARER = "aide"
"""The role that has the scorecard of another one."""
WORDS = ("done", "open")
DAYS = st.integers(-6, 26).map(lambda days: (datetime.date(2026, 10, 31) + datetime.timedelta(days)).isoformat())
PARTS = st.sampled_from(["full", "by_days", "by_time"])
OWN_WEIGHTS = st.sampled_from(["10", "25.5", "40", "50/3"])
OWN_TABLE = ((None, "A", "7.77"), (None, None, "1.005"))


@st.composite
def written_worlds(draw: st.DrawFn) -> World:
    """A whole company whose people come, go, are on leave, or have several posts at once."""
    world = _with_posts(draw, _with_words_and_days(draw, draw(whole_worlds())))
    names = tuple(dict.fromkeys(who for who, _, _ in world.people))
    return replace(
        world,
        leave={who: draw(_leave()) for who in names if draw(st.integers(0, 3)) == 0},
        exempt=frozenset(draw(st.sets(st.sampled_from(names), max_size=1 if draw(st.integers(0, 4)) == 0 else 0))),
        targets_by=draw(PARTS),
        pay_by=draw(PARTS),
        pay_after=draw(st.sampled_from(["last", "days"])),
        least_days=draw(st.sampled_from([0, 0, 5, 16])),
        own_pay=draw(st.sampled_from([{}, {SHARER: OWN_TABLE}])),
        job_levels={who: draw(st.sampled_from(["P1", "P2"])) for who in names} if world.job_levels else {},
        level_weights=draw(_level_weights(world)) if world.job_levels else {},
    )


def _with_words_and_days(draw: st.DrawFn, world: World) -> World:
    """Some numbers are written as one of two words, others as the day on which something was done."""
    kinds = {name: draw(st.sampled_from(["", "word", "day"])) for name in ("late", "absent")}
    kinds["incidents"] = draw(st.sampled_from(["", "word"]))
    plain = [item for items in world.roles.values() for item in items if _is_a_number_of_its_own(item)]
    kinds |= {item.indicator: draw(st.sampled_from(["", "", "word", "day"])) for item in plain}
    due = {key: draw(st.sampled_from([0, 5])) for key, kind in kinds.items() if kind == "day"}
    answers = {key: WORDS for key, kind in kinds.items() if kind == "word"}
    cells = {"word": st.sampled_from(WORDS), "day": DAYS}
    actuals = {key: draw(cells[kinds[key[1]]]) if kinds.get(key[1]) else cell for key, cell in world.actuals.items()}
    roles = {name: [_aimed(draw, item, kinds) for item in items] for name, items in world.roles.items()}
    return replace(world, roles=roles, actuals=actuals, due=due, answers=answers)


def _is_a_number_of_its_own(item: Item) -> bool:
    standard = item.standard
    return not (item.ratio or standard["rule"] in ("rating", "deduction", "stretch") or standard.get("require"))


def _aimed(draw: st.DrawFn, item: Item, kinds: dict[str, str]) -> Item:
    """The item with a target that a word or a day may reach."""
    kind = kinds.get(item.indicator)
    if not kind or item.target is None:
        return item
    return replace(item, target="1" if kind == "word" else draw(st.sampled_from(["0", "3"])))


def _with_posts(draw: st.DrawFn, world: World) -> World:
    """Everybody in one post, part-time or not, in one after the other, or in two at once, for a part of the month."""
    people: list[tuple[str, str, int]] = []
    spans: dict[int, tuple[int, int]] = {}
    shares: dict[int, str] = {}
    roles = st.sampled_from(["clerk", "guard", SHARER])
    for who in dict.fromkeys(who for who, _, _ in world.people):
        for first, last, share in draw(_posts()):
            spans[len(people)], shares[len(people)] = (first, last), share
            people.append((who, draw(roles), last - first + 1))
    return replace(world, people=people, spans=spans, shares=shares, sharing={SHARER: "clerk"})


@st.composite
def _posts(draw: st.DrawFn) -> Sequence[tuple[int, int, str]]:
    kind = draw(st.sampled_from(["one", "one", "part", "change", "two"]))
    begin = draw(st.sampled_from([1, 1, 1, 7, 20]))
    end = draw(st.sampled_from([31, 31, 31, 28, 21]))
    if kind == "one":
        return [(begin, end, "100")]
    if kind == "part":
        return [(begin, end, draw(st.sampled_from(["50", "62.5", "0.1"])))]
    middle = draw(st.integers(begin, end - 1))
    if kind == "change":
        return [(begin, middle, "100"), (middle + 1, end, draw(st.sampled_from(["100", "50"])))]
    first, second = draw(st.sampled_from([("60", "40"), ("50", "50"), ("12.5", "80"), ("33.3", "66.7")]))
    return [(begin, end, first), draw(st.sampled_from([(begin, middle, second), (middle, end, second)]))]


@st.composite
def _leave(draw: st.DrawFn) -> Sequence[tuple[int, int | None]]:
    """One leave or two, that may overlap and reach beyond the month."""
    spans = st.tuples(st.integers(-5, 31), st.integers(0, 33))
    rows = draw(st.lists(spans, min_size=1, max_size=2, unique_by=lambda row: row[0]))
    return [(first, draw(st.sampled_from([None, first + length, first + length]))) for first, length in rows]


@st.composite
def _level_weights(draw: st.DrawFn, world: World) -> dict[tuple[str, str, str], str]:
    """Of some items another weight on a job level; one on trial stays on trial."""
    keys = [
        (role, level, item.indicator)
        for role, items in world.roles.items()
        for item in items
        if not item.is_extra and item.full
        for level in ("P1", "P2")
        if item.only in ("", level)
    ]
    # Marks are never fractions.
    own = OWN_WEIGHTS.filter(lambda text: "/" not in text) if world.levels and world.pools else OWN_WEIGHTS
    return draw(st.dictionaries(st.sampled_from(keys), own, max_size=3)) if keys else {}


def write(world: World, folder: Path) -> None:
    """The world's handbook and its month."""
    handbook, month = folder / "handbook", folder / "scorecards" / "2026-10"
    for each in (handbook / "roles", handbook / "indicators", month / "actuals"):
        each.mkdir(parents=True, exist_ok=True)
    off = {"roles": "off", "targets": "off", "adjustments": "off"}
    _yaml(handbook / "company.yml", {"name": "Acme", "language": "en", "approvals": off, **company_values(world)})
    _yaml(handbook / "departments.yml", [{"id": "shop", "name": "Shop"}])
    _yaml(handbook / "grades.yml", [{"id": name, "name": name, "from": least} for name, least in world.grades])
    _yaml(handbook / "measures.yml", {name: _collected(world, name) for name in (*MEASURES, "accidents")})
    indicators = {
        key: {
            **values,
            **({"name": key, "unit": "pt", "owner": "shop"} if "formula" in values else _collected(world, key)),
        }
        for key, values in indicator_values(world).items()
    }
    _yaml(handbook / "indicators" / "all.yml", indicators)
    for name, items in world.roles.items():
        scorecard = [{"section": "Work", "items": scorecard_rows(items)}]
        values = {"name": name, "department": "shop", "scorecard": scorecard, **role_values(world, name)}
        _yaml(handbook / "roles" / f"{name}.yml", values)
    for name, owner in world.sharing.items():
        values = {"name": name, "department": "shop", "scorecard_of": owner, **of_the_post(world, name)}
        _yaml(handbook / "roles" / f"{name}.yml", values)
    _yaml(month / "cycle.yml", {"name": "October", "kind": "month", "status": "open"})
    _write_month(world, month)


def _collected(world: World, key: str) -> dict[str, Any]:
    """What is said of a number that is supplied."""
    own: dict[str, Any] = {"each": "true"} if key == "accidents" else {}
    if key in world.answers:
        own = {"kind": "yes_no", "unit": "/".join(world.answers[key])}
    elif key in world.due:
        own = {"kind": "date", "unit": "days", "due_after": str(world.due[key])}
    return {"name": key, "unit": "pt", "owner": "shop", **own}


def _yaml(path: Path, data: object) -> None:
    """Data as YAML that is JSON, one entry a line; what is not there is left out."""
    cleaned = _without_none(data)
    if isinstance(cleaned, dict):
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in cleaned.items())
    else:
        assert isinstance(cleaned, list)
        text = "".join(f"- {json.dumps(value)}\n" for value in cleaned)
    path.write_text(text, encoding="utf-8")


def _without_none(data: object) -> object:
    if isinstance(data, dict):
        return {key: _without_none(value) for key, value in data.items() if value not in (None, {}, (), [])}
    if isinstance(data, list | tuple):
        return [_without_none(each) for each in data]
    return data if isinstance(data, str | bool) else str(data)


def _write_month(world: World, month: Path) -> None:
    head = ("person", "name", "role", "department", "from", "to", "share", "level", "absent_days", "exempt")
    _csv(month / "people.csv", head, _people(world))
    leave = ((who, "care", _day(first), _day(last)) for who, rows in world.leave.items() for first, last in rows)
    _csv(month / "leave.csv", ("person", "kind", "from", "to"), leave)
    _csv(month / "actuals" / "shop.csv", ("subject", "measure", "actual", "note"), _actuals(world))
    known = {item.indicator for items in world.roles.values() for item in items}
    targets = ((who, key, text) for (who, key), text in world.targets.items() if key in known)
    _csv(month / "targets.csv", ("subject", "indicator", "target"), targets)
    ratings = (
        (who, key, relation, f"R{number}", score)
        for (who, key), rows in world.ratings.items()
        for number, (relation, score) in enumerate(rows)
    )
    _csv(month / "ratings.csv", ("person", "indicator", "relation", "rater", "score"), ratings)
    adjusted = (
        (who, points, f"helped out, {number}")
        for who, rows in world.adjustments.items()
        for number, points in enumerate(rows)
    )
    _csv(month / "adjustments.csv", ("person", "points", "reason"), adjusted)


def _people(world: World) -> Iterable[tuple[str, ...]]:
    seen = set[str]()
    for number, (who, role, _) in enumerate(world.people):
        first, last = world.spans[number]
        dated = (_day(first), _day(last)) if (first, last) != (1, 31) else ("", "")
        absent = str(world.absent.get(who, "")) if who not in seen else ""
        seen.add(who)
        exempt = "on secondment" if who in world.exempt else ""
        share = world.shares[number]
        level = world.job_levels.get(who, "")
        yield (who, f"Name {who}", role, "shop", *dated, "" if share == "100" else share, level, absent, exempt)


def _actuals(world: World) -> Iterable[tuple[str, ...]]:
    """Each number that somebody collects; single events in rows of their own, what cannot be read as it came."""
    items = [item for items in world.roles.values() for item in items]
    others = {item.indicator for item in items if item.ratio or item.standard["rule"] == "rating"}
    for (who, key), text in world.actuals.items():
        if key not in others:
            yield from ((who, key, each, "") for each in world.events.get((who, key), (text,)))
    yield from ((who, key, "abc", "") for who, key in sorted(world.set_aside) if key not in others)


def _day(number: int | None) -> str:
    """A day by its number in the month."""
    return "" if number is None else (FIRST + datetime.timedelta(number - 1)).isoformat()


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
