"""A company of clerks and guards before and after a change, and what the comparison says."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kpibook.base.words import words
from kpibook.cli import main
from kpibook.reading.catalog import load_catalog
from kpibook.reviewing.differences.changes import Changed, catalog_changes
from kpibook.reviewing.differences.renames import find_renames

CLERK = """\
name: Clerk
department: shop
reports_to: boss
purpose: sells
status: approved
by: Ms Board
duties:
  - {name: Selling, requirement: friendly, share: 60}
  - {name: Counting, share: 40}
scorecard:
  - section: Work
    items:
      - {indicator: sales, weight: 60, target: 100, standard: {rule: proportional}}
      - {indicator: service, weight: 40, target: 100, standard: {rule: proportional}}
pay:
  - {name: Bonus, formula: 10 * total}
"""
GUARD = """\
name: Guard
department: yard
reports_to: boss
scorecard:
  - section: Work
    items:
      - {indicator: patrols, weight: 100, target: 10, standard: {rule: proportional}}
"""
HANDBOOK = {
    "company.yml": "name: Acme\nlanguage: en\nrounding: {score: 1, money: 2}\n",
    "departments.yml": "- {id: shop, name: Shop}\n- {id: yard, name: Yard, parent: shop}\n",
    "grades.yml": (
        "- {id: A, name: Best, from: 90}\n- {id: B, name: Good, from: 80}\n"
        "- {id: C, name: Fair, from: 60}\n- {id: D, name: Poor, from: 0}\n"
    ),
    "measures.yml": (
        "incidents: {name: Incidents, unit: times, owner: yard, source: log}\n"
        "returns: {name: Returned goods, unit: pcs, owner: shop, source: log}\n"
    ),
    "indicators/all.yml": (
        "sales: {name: Sales, definition: d, unit: k, direction: higher, owner: shop, source: s}\n"
        "service: {name: Service, definition: e, unit: points, direction: higher, owner: shop, source: s}\n"
        "patrols: {name: Patrols, definition: f, unit: times, direction: higher, owner: yard, source: s}\n"
    ),
    "roles/clerk.yml": CLERK,
    "roles/guard.yml": GUARD,
    "roles/boss.yml": "name: Boss\ndepartment: shop\n",
}


# Six clerks sell 80 and serve 100, six sell 100 and serve 50, one does both at 100; six guards do all patrols.
SELLERS = {f"E{n:02d}": (80, 100) if n <= 6 else (100, 50) if n <= 12 else (100, 100) for n in range(1, 14)}
GUARDS = tuple(f"G{n}" for n in range(1, 7))
NAMES = {who: f"Person{who}" for who in (*SELLERS, *GUARDS)}


def a_cycle(period: str, status: str = "closed") -> dict[str, str]:
    people = [f"{who},{NAMES[who]},clerk,shop" for who in SELLERS] + [
        f"{who},{NAMES[who]},guard,yard" for who in GUARDS
    ]
    rows = [f"{who},sales,{sales}\n{who},service,{service}" for who, (sales, service) in SELLERS.items()]
    rows += [f"{who},patrols,10" for who in GUARDS]
    return {
        f"scorecards/{period}/cycle.yml": f"name: {period}\nkind: month\nstatus: {status}\n",
        f"scorecards/{period}/people.csv": "person,name,role,department\n" + "\n".join(people) + "\n",
        f"scorecards/{period}/actuals/all.csv": "subject,measure,actual\n" + "\n".join(rows) + "\n",
    }


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return root


def a_company(root: Path, **changed: str) -> Path:
    """The small company; `changed` has files of its handbook with `__` for a slash."""
    handbook = {f"handbook/{name}": text for name, text in HANDBOOK.items()}
    return write(root, {**handbook, **a_cycle("2026-09"), **{f"handbook/{key}": text for key, text in changed.items()}})


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return a_company(tmp_path / "before")


def changed(tmp_path: Path, files: Mapping[str, str]) -> Path:
    """The company after a change."""
    return write(a_company(tmp_path / "after"), {f"handbook/{name}": text for name, text in files.items()})


def diff(before: Path | str, after: Path, *arguments: str) -> Result:
    folders = ["--handbook", str(after / "handbook"), "--scorecards", str(after / "scorecards")]
    return CliRunner().invoke(main, [*folders, "diff", str(before), *arguments])


def told(before: Path | str, after: Path, *arguments: str) -> list[str]:
    """The lines of the comment that say something, in plain text."""
    done = diff(before, after, *arguments)
    assert done.exit_code == 0, done.output
    plain = done.stdout.replace("&#41;", ")").replace("&#43;", "+").replace("&#45;", "-").replace("&#46;", ".")
    return [line for line in plain.splitlines() if line]


def impact_of(before: Path, after: Path) -> dict[str, Any]:
    """The counts of the only closed cycle."""
    done = diff(before, after, "--format", "json")
    assert done.exit_code == 0, done.output
    [only] = json.loads(done.stdout)["impact"]
    return dict(only)


def changes_of(before: Path, after: Path) -> tuple[Changed, ...]:
    older, newer = load_catalog(before / "handbook")[0], load_catalog(after / "handbook")[0]
    return catalog_changes(older, newer, find_renames(older, newer), words("en"))


EVEN = {"roles/clerk.yml": CLERK.replace("weight: 60", "weight: 50").replace("weight: 40", "weight: 50")}
