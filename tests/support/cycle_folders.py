"""The folder of a cycle, written from texts and read."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from kpibook.base.numbers import plain
from kpibook.base.problems import Level, Problem
from kpibook.model import (
    Catalog,
    Cycle,
    FileReport,
)
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

COMPANY = Path(__file__).parents[1] / "company"
MEASURES = """\
headcount: {name: 在岗人数, unit: 人, owner: shop, minimum: 0, maximum: 10000}
return_rate: {name: 退货率, unit: "%", owner: shop, minimum: 0, maximum: 100}
defect_rate: {name: 次品率, unit: "%", owner: shop, minimum: 0, maximum: 5}
"""
HEAD = "name: 十月\nkind: month\nstatus: open\n"
PEOPLE = "person,name,role,department\nE01,林晓,shop-manager,shop\nE02,周然,barista,shop\n"
ACTUALS = "subject,measure,actual,note\n"
Files = Mapping[str, str | bytes]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The small company, with measures that have bounds."""
    handbook = tmp_path_factory.mktemp("company") / "handbook"
    shutil.copytree(COMPANY / "handbook", handbook)
    with (handbook / "measures.yml").open("a", encoding="utf-8") as file:
        file.write(MEASURES)
    found, problems = load_catalog(handbook)
    assert not problems
    return found


class Folder:
    """A cycle's folder to be filled."""

    def __init__(self, root: Path, catalog: Catalog) -> None:
        self.root = root / "scorecards"
        self.path = self.root / "2026-10"
        self.catalog = catalog
        self.write({"cycle.yml": HEAD, "people.csv": PEOPLE})

    def write(self, files: Files) -> None:
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def load(self, **files: str | bytes) -> tuple[Cycle, tuple[Problem, ...]]:
        """The cycle with these files; `people` is people.csv, other names are suppliers."""
        tops = ("people", "targets", "ratings", "adjustments")
        self.write({f"{name}.csv" if name in tops else f"actuals/{name}.csv": text for name, text in files.items()})
        cycle, problems = load_cycle(self.path, self.catalog)
        assert all(map(str, problems))
        for row in cycle.set_aside:
            # What follows from a row of the roster is told with that row.
            code, place = row.code, row.place
            if code == "person-set-aside":
                code, place = (
                    "rows-set-aside-with",
                    next(p.place for p in problems if str(p.place) == row.values["first"]),
                )
            assert any((p.code, p.place, p.level) == (code, place, Level.WARNING) for p in problems)
        return cycle, problems


@pytest.fixture
def folder(tmp_path: Path, catalog: Catalog) -> Folder:
    return Folder(tmp_path, catalog)


def lines(problems: Iterable[Problem]) -> list[str]:
    """Problems without the folder's name and without hints."""
    return [str(problem).splitlines()[0].replace("scorecards/2026-10/", "") for problem in problems]


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def numbers(cycle: Cycle) -> dict[str, str]:
    return {f"{subject} {measure}": plain(reading.value) for (subject, measure), reading in cycle.actuals.items()}


def report(cycle: Cycle, name: str) -> FileReport:
    [found] = [each for each in cycle.files if each.file == f"scorecards/2026-10/{name}"]
    return found
