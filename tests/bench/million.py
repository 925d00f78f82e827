"""A CSV file of a million numbers: read here, row by row accounted for, and read by pandas as it comes.

`write`, `write-bounded`, `write-faulty`, `kpibook`, `import` and `pandas` are what it does; the last line is the
processor's time.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kpibook.exchange.importing import Settings, plan_import
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

PEOPLE = 10_000
MEASURES = 100
FAULTY = 10_000
TIMES = 3
"""The best of so many counts: other work on the machine only adds."""
FAULTS = ("abc", '"x', "1,2", "-", "12 kg")
CYCLE = Path("scorecards/2026-10")
FILE = CYCLE / "actuals" / "d0.csv"
PLAIN = "unit: 个"
BOUNDED = 'unit: "%", minimum: 0, maximum: 100000'
HANDBOOK = {
    "company.yml": "name: 合成公司\nlanguage: zh\n",
    "grades.yml": "- {id: A, name: 优秀, from: 0}\n",
    "departments.yml": "- {id: d0, name: 部门}\n",
    "roles/clerk.yml": "name: 文员\ndepartment: d0\n",
}


def write(faulty: int, measure: str = PLAIN) -> None:
    """Write a company, and a row for each of 10,000 people and 100 numbers; some of the rows are faulty."""
    measures = "".join(f"m{number}: {{name: 数据{number}, {measure}, owner: d0}}\n" for number in range(MEASURES))
    for name, text in (*HANDBOOK.items(), ("measures.yml", measures)):
        _write(Path("handbook") / name, [text])
    _write(CYCLE / "cycle.yml", ["name: 2026年10月\nkind: month\nstatus: open\n"])
    people = (f"E{number:05},员工{number},clerk,d0\n" for number in range(PEOPLE))
    _write(CYCLE / "people.csv", ["person,name,role,department\n", *people])
    _write(FILE, _rows(faulty))


def _rows(faulty: int) -> Iterator[str]:
    chance = random.Random(PEOPLE)
    wrong = frozenset(chance.sample(range(PEOPLE * MEASURES), faulty))
    yield "subject,measure,actual,note\n"
    for number in range(PEOPLE * MEASURES):
        person, measure = divmod(number, MEASURES)
        value = f"{chance.randint(0, 10**7) / 100:.2f}" if measure % 2 else str(chance.randint(0, 5000))
        yield f"E{person:05},m{measure},{chance.choice(FAULTS) if number in wrong else value},\n"


def read_here() -> None:
    """Read the cycle and say how its rows were accounted for."""
    catalog, _ = load_catalog(Path("handbook"))
    cycle, _ = load_cycle(CYCLE, catalog)
    [report] = [each for each in cycle.files if each.file.endswith(FILE.name)]
    print(f"{report.rows} rows = {report.used} used + {report.set_aside} set aside", flush=True)


def take_in() -> None:
    """Import the same file into a cycle without numbers, up to what would be written, and the text of that."""
    catalog, _ = load_catalog(Path("handbook"))
    sent = FILE.rename("sent.csv")
    cycle, _ = load_cycle(CYCLE, catalog)
    plan = plan_import([sent], catalog, cycle, CYCLE, Settings())
    size = sum(len(target.text()) for target in plan.targets)
    sent.rename(FILE)
    print(f"{len(plan.changes)} numbers, {size} characters", flush=True)


def read_by_pandas() -> None:
    """Read the same file; nothing is checked."""
    import pandas as pd

    pd.read_csv(FILE, dtype=str)


def least(read: Callable[[], None]) -> float:
    """The processor's seconds of the quickest of some times."""
    found = []
    for _ in range(TIMES):
        begin = time.process_time()
        read()
        found.append(time.process_time() - begin)
    return min(found)


def _write(path: Path, lines: Iterator[str] | list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


if __name__ == "__main__":
    match sys.argv[1]:
        case "write":
            write(0)
        case "write-faulty":
            write(FAULTY)
        case "write-bounded":
            write(0, BOUNDED)
        case "kpibook":
            print(least(read_here))
        case "import":
            begin = time.process_time()
            take_in()
            print(time.process_time() - begin)
        case _:
            print(least(read_by_pandas))
