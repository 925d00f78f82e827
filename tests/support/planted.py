"""The sample company with five things that HR should be asked about, each planted in its open month."""

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

SAMPLE = Path(__file__).parents[2]
MONTH = "2026-10"

ROLE = """\
name: 巡查员
department: executive
status: approved
by: 总经办
on: 2026-09-28
duties:
  - {name: 巡查, content: 每天巡查各店。, requirement: 有记录。, share: 100}
scorecard:
  - section: 巡查
    items:
      - {indicator: patrol_rounds, weight: 50, standard: {rule: linear, zero: 0, full: 100}}
      - {indicator: patrol_reports, weight: 30, standard: {rule: linear, zero: 0, full: 10}}
      - {indicator: patrol_training, weight: 10, standard: {rule: linear, zero: 0, full: 8}}
      - {indicator: patrol_manner, weight: 10, standard: {rule: rating}}
"""
INDICATORS = "".join(
    f"{key}:\n  name: {name}\n  unit: 次\n  direction: higher\n  owner: executive\n"
    for key, name in (
        ("patrol_rounds", "巡查次数"),
        ("patrol_reports", "巡查报告"),
        ("patrol_training", "巡查培训"),
        ("patrol_manner", "巡查态度"),
    )
)
ROUNDS = (76, 76, 77, 95, 70, 50)
"""Of the six; the first three lack all training: at a weight of 5 in place of 10 their 76 become 80 and more, a B."""
TRAINED = (0, 0, 0, 8, 8, 8)
REPORTS = 10
"""Everybody has all of them."""
LENIENT = {"HY010": (10, 10, 9, 10, 9, 10), "HY009": (7, 7, 7, 8, None, None), "HY039": (None, None, 7, 8, 8, 8)}


def a_sample(root: Path) -> Path:
    """A copy of the sample company as it is."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(SAMPLE / folder, root / folder)
    return root


def plant_role(root: Path) -> None:
    """Six patrols: the weight of one item decides three grades, one item separates nobody, one rater is lenient."""
    (root / "handbook/roles/patrol.yml").write_text(ROLE, encoding="utf-8")
    (root / "handbook/indicators/patrol.yml").write_text(INDICATORS, encoding="utf-8")
    folder = root / "scorecards" / MONTH
    people = [f"HY9{number}" for number in range(1, 7)]
    _append(folder / "people.csv", [f"{who},巡查{who},patrol,executive,HY001,,,5000,0" for who in people])
    rows = ["subject,measure,actual,note"]
    for at, who in enumerate(people):
        numbers = {"patrol_rounds": ROUNDS[at], "patrol_reports": REPORTS, "patrol_training": TRAINED[at]}
        rows += [f"{who},{key},{value}," for key, value in numbers.items()]
    (folder / "actuals/patrol.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    given = [
        f"{people[at]},patrol_manner,manager,{rater},{score},"
        for rater, scores in LENIENT.items()
        for at, score in enumerate(scores)
        if score is not None
    ]
    _append(folder / "ratings.csv", given)


def plant_copied_ratings(root: Path) -> None:
    """A manager gives the ratings of September again."""
    before = {
        (row["person"], row["indicator"]): row["score"]
        for row in _rows(root / "scorecards/2026-09/ratings.csv")
        if (row["relation"], row["rater"]) == ("manager", "HY017")
    }

    def copied(row: dict[str, str]) -> dict[str, str]:
        is_his = (row["relation"], row["rater"]) == ("manager", "HY017")
        return row | {"score": before.get((row["person"], row["indicator"]), row["score"])} if is_his else row

    _change(root / "scorecards" / MONTH / "ratings.csv", copied)


def plant_jump(root: Path) -> None:
    """A number a hundred times too large."""

    def grown(row: dict[str, str]) -> dict[str, str]:
        is_it = (row["subject"], row["measure"]) == JUMP
        return row | {"actual": str(float(row["actual"]) * 100)} if is_it else row

    _change(root / "scorecards" / MONTH / "actuals/home.csv", grown)


def plant_quotas(root: Path) -> None:
    """One in five may have an A; a committee has set a total and a grade."""
    with (root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("distribution: {within: department, pool_under: 10, limits: [{grade: A, at_most: 20}]}\n")
    rows = ("HY034,88,,评审会上调,总经办,2026-11-03", "HY037,,B,与同级比较,总经办,2026-11-03")
    text = "\n".join(("person,total,grade,reason,by,on", *rows, ""))
    (root / "scorecards" / MONTH / "calibration.csv").write_text(text, encoding="utf-8")


def plant_late(root: Path) -> None:
    """The numbers of a measure came two days late, in time, and one day late; those of another once."""
    days = {"2026-08": ("09-07", "09-05"), "2026-09": ("10-05", "10-09"), MONTH: ("11-06", "11-01")}
    for month, (late, other) in days.items():
        rows = [
            f"2026-{late},a.xlsx,ab,received,actuals,executive,patrol_rounds,,6,",
            f"2026-{other},b.xlsx,cd,received,actuals,executive,patrol_training,,6,",
        ]
        head = "on,file,sha256,action,table,subject,key,before,after,place"
        (root / "scorecards" / month / "import-log.csv").write_text("\n".join((head, *rows, "")), encoding="utf-8")


JUMP = ("HY035", "total_output")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _change(file: Path, changed: Callable[[dict[str, str]], dict[str, str]]) -> None:
    rows = [changed(row) for row in _rows(file)]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _append(file: Path, rows: Sequence[str]) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text + ("" if text.endswith("\n") else "\n") + "\n".join(rows) + "\n", encoding="utf-8")
