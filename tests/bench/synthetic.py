"""A company of any size: 30 roles of 8 items each, eight rules, three scopes; the same bytes for the same size."""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CYCLE = "2026-10"
DEPARTMENTS = 10
ROLES = 30
GRADES = """\
- {id: A, name: 优秀, from: 90}
- {id: B, name: 良好, from: 75}
- {id: C, name: 合格, from: 60}
- {id: D, name: 不合格, from: 0, fail: true}
"""
COMPANY = "name: 合成公司\nlanguage: zh\nmissing: block\n"
CYCLE_NAME = "2026年10月"
CYCLE_FILE = f"name: {CYCLE_NAME}\nkind: month\nstatus: open\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the eight items of every role."""

    id: str
    weight: int
    target: int
    standard: str
    direction: str = "higher"
    formula: str = ""


KINDS = (
    Kind("sales", 20, 1000, "{rule: proportional, cap: 120}"),
    Kind("conversion", 15, 25, "{rule: proportional}", formula="buyers / visitors * 100"),
    Kind(
        "output",
        15,
        400,
        "{rule: bands, of: attainment, bands: [{from: 100, points: 15}, {from: 80, points: 10}, {points: 0}]}",
    ),
    Kind("delay", 10, 5, "{rule: linear, zero: 20, full: 2}", "lower"),
    Kind("plan", 10, 95, "{rule: all_or_nothing}", formula="department.done / department.planned * 100"),
    Kind("share", 10, 2, "{rule: shortfall, per: 1, points: 2}", formula="sales / company.sales * 10000"),
    Kind("faults", 10, 0, "{rule: deduction, deduct: [{measure: faults, points: 2}]}", "lower"),
    Kind("attitude", 10, 10, "{rule: rating}"),
)
PERSONAL = ("sales", "buyers", "visitors", "output", "delay", "faults")
"""What is collected for each person."""


def write_company(root: Path, people: int) -> None:
    """Write `handbook/` and `scorecards/` of a company of so many people."""
    handbook = root / "handbook"
    _write(handbook / "company.yml", COMPANY)
    _write(handbook / "grades.yml", GRADES)
    _write(handbook / "departments.yml", "".join(_departments()))
    _write(handbook / "measures.yml", "".join(_measures()))
    for role in range(ROLES):
        _write(handbook / "indicators" / f"role-{role:02d}.yml", "".join(_indicators(role)))
        _write(handbook / "roles" / f"role-{role:02d}.yml", "".join(_role(role)))
    _write_cycle(root / "scorecards" / CYCLE, people)
    _write_items(root / "items.csv")


def write_month(root: Path, cycle: str, people: int) -> None:
    """Write another month of the same people, with numbers of its own."""
    _write_cycle(root / "scorecards" / cycle, people, cycle)


def _write_cycle(folder: Path, people: int, seed: str = "") -> None:
    chance = random.Random(f"{people} {seed}" if seed else people)
    _write(folder / "cycle.yml", CYCLE_FILE.replace(CYCLE_NAME, seed) if seed else CYCLE_FILE)
    _table(folder / "people.csv", ("person", "name", "role", "department"), map(_person, range(people)))
    actual = ("subject", "measure", "actual")
    for measure in PERSONAL:
        rows = ((_id(i), measure, _value(chance, measure)) for i in range(people))
        _table(folder / "actuals" / f"{measure}.csv", actual, rows)
    _table(folder / "actuals" / "whole.csv", actual, _wholes(chance, people))
    rated = (
        (_id(i), f"attitude_{i % ROLES:02d}", "manager", "E0", f"{chance.randint(60, 100) / 10}") for i in range(people)
    )
    _table(folder / "ratings.csv", ("person", "indicator", "relation", "rater", "score"), rated)
    own = ((_id(i), f"sales_{i % ROLES:02d}", 900 + i % 7, "新员工", "E0") for i in range(0, people, 5))
    _table(folder / "targets.csv", ("subject", "indicator", "target", "reason", "approved_by"), own)


def _departments() -> Iterator[str]:
    for number in range(DEPARTMENTS):
        yield f"- {{id: department-{number}, name: 部门{number}}}\n"


def _measures() -> Iterator[str]:
    for measure in (*PERSONAL, "done", "planned"):
        yield f"{measure}: {{name: 数据{measure}, unit: 个, owner: department-0}}\n"


def _indicators(role: int) -> Iterator[str]:
    for kind in KINDS:
        line = "" if kind.id == "attitude" else f"  formula: {kind.formula or kind.id}\n"
        yield f"{kind.id}_{role:02d}:\n  name: 指标{kind.id}{role}\n{line}  unit: 个\n  direction: {kind.direction}\n"


def _role(role: int) -> Iterator[str]:
    yield f"name: 岗位{role}\ndepartment: department-{role % DEPARTMENTS}\nduties:\n"
    yield "".join(f"  - {{name: 职责{duty}, requirement: 按时完成, share: 20}}\n" for duty in range(5))
    yield "scorecard:\n"
    for first, section in ((0, "业绩"), (4, "管理")):
        yield f"  - section: {section}\n    items:\n"
        for kind in KINDS[first : first + 4]:
            target = "" if kind.id in ("attitude", "faults") else f", target: {kind.target}"
            item = f"indicator: {kind.id}_{role:02d}, weight: {kind.weight}{target}, standard: {kind.standard}"
            yield f"      - {{{item}}}\n"


def _id(number: int) -> str:
    return f"E{number}"


def _person(number: int) -> tuple[str, ...]:
    role = number % ROLES
    return _id(number), f"员工{number}", f"role-{role:02d}", f"department-{role % DEPARTMENTS}"


def _value(chance: random.Random, measure: str) -> str:
    match measure:
        case "sales":
            return f"{chance.randint(60000, 130000) / 100:.2f}"
        case "buyers":
            return str(chance.randint(150, 300))
        case "visitors":
            return str(chance.randint(900, 1200))
        case "output":
            return str(chance.randint(280, 450))
        case _:
            return str(chance.randint(0, 6))


def _wholes(chance: random.Random, people: int) -> Iterator[tuple[object, ...]]:
    for number in range(DEPARTMENTS):
        yield f"department-{number}", "done", chance.randint(90, 100)
        yield f"department-{number}", "planned", 100
    yield "company", "sales", people * 950


def _write_items(path: Path) -> None:
    """The items once more as a flat table, for the comparison with pandas."""
    rows = ((f"role-{role:02d}", kind.id, kind.weight, kind.target or 1) for role in range(ROLES) for kind in KINDS)
    _table(path, ("role", "kind", "weight", "target"), rows)


def _table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
