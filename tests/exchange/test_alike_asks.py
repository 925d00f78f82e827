"""Who asks for the same is asked once: what a cycle needs is what it needs where everybody is asked alone."""

import csv
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

import synthetic
from kpibook.base.periods import Period
from kpibook.content import read, score_cycle
from kpibook.exchange.needs import Needs, asking, needs_of
from kpibook.exchange.status import state_of
from kpibook.scoring.cards import CardScorer
from kpibook.scoring.results import Card

PEOPLE = 40
ALIKE = 4
"""So many roles with ten people each."""
PAY = (
    "pay: [{name: 奖金, formula: base_salary * total / 100}]\n",
    "pay: [{name: 奖金, formula: base_salary / hours * company.extra}]\n",
    "pay: [{name: 奖金, formula: late * 2, when: base_salary > 5000}]\n",
    "pay: [{name: 奖金, formula: late * 2, when: base_salary / hours > 20}]\n",
)
FORMULAS = ("previous.sales", "department.sales", "department_mean.sales", "peers_mean.sales", "year_to_date.sales")
CONDITIONAL = "- {id: C, name: 合格, from: 60}", "- {id: C, name: 合格, from: 5, when: [late < 3]}"
MEASURES = "late: {name: 迟到, unit: 次, owner: department-1}\nextra: {name: 奖金池, unit: 元, owner: department-1}\n"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten people in each of four roles, two months, salaries and hours of their own."""
    monkeypatch.setattr(synthetic, "ROLES", ALIKE)
    synthetic.write_company(tmp_path, PEOPLE)
    synthetic.write_month(tmp_path, "2026-09", PEOPLE)
    for month in ("2026-09", "2026-10"):
        chance = random.Random(month)
        own = [(chance.choice((0, 4000, 8000)), chance.choice((0, 160))) for _ in range(PEOPLE)]
        add_columns(tmp_path / "scorecards" / month / "people.csv", {"base_salary": own, "hours": own})
    return tmp_path


def add_columns(table: Path, columns: Mapping[str, list[tuple[int, int]]]) -> None:
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    made = (f"{row},{columns['base_salary'][at][0]},{columns['hours'][at][1]}" for at, row in enumerate(rows))
    table.write_text("\n".join((f"{head},base_salary,hours", *made, "")), encoding="utf-8")


def vary(root: Path, chance: random.Random) -> None:
    """Everything that one of them may have and another may not."""
    folder = root / "scorecards" / "2026-10"
    with (root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write(f"rounding: {{score: {chance.randint(0, 2)}}}\n")
    replace(root / "handbook/company.yml", "missing: block", f"missing: {chance.choice(('block', 'zero', 'exclude'))}")
    with (root / "handbook/measures.yml").open("a", encoding="utf-8") as file:
        file.write(MEASURES)
    if chance.random() < 0.7:
        replace(root / "handbook/grades.yml", *CONDITIONAL)
    for number in range(ALIKE):
        with (root / f"handbook/roles/role-{number:02d}.yml").open("a", encoding="utf-8") as file:
            file.write(chance.choice((*PAY, "")))
            file.write(chance.choice(("", "gates: [{when: faults > 3, grade_at_most: C}]\n")))
        if chance.random() < 0.5:
            indicators = root / f"handbook/indicators/role-{number:02d}.yml"
            replace(indicators, "formula: delay", f"formula: delay + {chance.choice(FORMULAS)}")
    of_wholes = [f"E{each},plan_{each % ALIKE:02d},80,新人,E0" for each in chance.sample(range(PEOPLE), 6)]
    append(folder / "targets.csv", *of_wholes)
    changed = [f"E{each},{chance.choice((-90, 90))},加减,E0" for each in chance.sample(range(PEOPLE), 4)]
    write(folder / "adjustments.csv", "person,points,reason,approved_by", *changed)
    for table in sorted((folder / "actuals").iterdir()):
        drop(table, chance, chance.choice((0, 0, 0.2, 1)))
    append(folder / "actuals/whole.csv", "company,extra,3")
    drop(root / "scorecards/2026-09/people.csv", chance, 0.3)


def replace(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def append(file: Path, *rows: str) -> None:
    write(file, *file.read_text(encoding="utf-8").splitlines(), *rows)


def write(file: Path, *rows: str) -> None:
    file.write_text("\n".join((*rows, "")), encoding="utf-8")


def drop(file: Path, chance: random.Random, share: float) -> None:
    """Leave some rows out."""
    with file.open(encoding="utf-8", newline="") as opened:
        head, *rows = csv.reader(opened)
    write(file, *map(",".join, (head, *(row for row in rows if chance.random() >= share))))


def found(root: Path) -> tuple[Needs, object]:
    content = read(root / "handbook", root / "scorecards")
    period = Period.parse("2026-10")
    results, catalog, history = score_cycle(content, period), content.catalog, content.history_of(period)
    needs = needs_of(results, catalog, history)
    return needs, (needs.needs, needs.ratings, state_of(results, catalog, history))


@pytest.mark.parametrize("seed", range(12))
def test_who_asks_alike_is_asked_once_and_all_the_same_is_found(
    company: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vary(company, random.Random(seed))

    together, told = found(company)

    monkeypatch.setattr(asking, "_traits", lambda rows: None)
    _, told_alone = found(company)
    assert told == told_alone
    assert len(together.needs) >= PEOPLE


def test_a_target_of_ones_own_may_decide_what_is_asked(company: Path) -> None:
    """All of a role come to a grade that asks for their lateness, but for one whose own target leads to another."""
    handbook, folder = company / "handbook", company / "scorecards/2026-10"
    append(handbook / "measures.yml", MEASURES)
    replace(handbook / "grades.yml", *CONDITIONAL)
    append(
        handbook / "indicators/role-00.yml", "fund: {name: 奖金池, unit: 元, direction: higher, formula: company.extra}"
    )
    role = handbook / "roles/role-00.yml"
    head = role.read_text(encoding="utf-8").partition("scorecard:\n")[0]
    item = "{indicator: fund, weight: 100, target: 30, standard: {rule: proportional}}"
    write(role, f"{head}scorecard: [{{section: 业绩, items: [{item}]}}]")
    append(folder / "actuals/whole.csv", "company,extra,3")
    append(folder / "targets.csv", "E8,fund,3,新人,E0")

    needs, _ = found(company)

    of_role = {f"E{each}" for each in range(0, PEOPLE, ALIKE)}
    assert of_role - {need.subject for need in needs.needs if need.key == "late"} == {"E8"}


def test_a_card_without_numbers_is_made_once_for_each_role(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, made = read(company / "handbook", company / "scorecards"), list[str]()
    results = score_cycle(content, Period.parse("2026-10"))
    make = CardScorer.card

    def counted(scorer: CardScorer, person: str) -> Card:
        made.append(person)
        return make(scorer, person)

    monkeypatch.setattr(CardScorer, "card", counted)

    state_of(results, content.catalog, content.cycles)

    assert len(made) == ALIKE
