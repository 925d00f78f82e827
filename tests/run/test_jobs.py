"""Cards set in several processes: the same bytes in any number, and nothing published where one of them is killed."""

import json
from pathlib import Path

import pytest

import synthetic
from alone import run_warm
from companies import change
from kpibook import pipeline
from kpibook.content import read
from kpibook.typesetting.people import in_parts

PEOPLE = 36
WORTH = 12
"""So few pages are worth a process here, and are a part: they are enough for three."""
ROLES = 5
"""Each role brings nine pages of the handbook, which one process sets and no test here compares."""

BUILT = """
import sys
from pathlib import Path
from kpibook import pipeline
from kpibook.base import parallel
from kpibook.content import read

root, jobs, people, parallel.WORTH_A_PROCESS = Path(sys.argv[1]), *map(int, sys.argv[2:])
assert parallel.jobs_for(people, jobs) == jobs
content = read(root / "handbook", root / "scorecards")
pipeline.build(content, root, list(content.cycles), fresh=True, jobs=jobs)
"""

KILLED = """
import json, os, signal, sys
from pathlib import Path
from kpibook import pipeline
from kpibook.base import parallel
from kpibook.base.output import OutputError
from kpibook.content import read
from kpibook.pages.cycles import rendering
from kpibook.publishing.site.shells import PageShells

root, parent, parallel.WORTH_A_PROCESS = Path(sys.argv[1]), os.getpid(), int(sys.argv[3])
place, name = (rendering, "card_view") if sys.argv[2] == "pages" else (PageShells, "fill")
plain = getattr(place, name)

def killed(*arguments, **more):
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*arguments, **more)

setattr(place, name, killed)
content = read(root / "handbook", root / "scorecards")
try:
    pipeline.build(content, root, list(content.cycles), fresh=True, jobs=2)
except OutputError as err:
    print(json.dumps([problem.code for problem in err.problems]))
"""

SPAWNED = """
import os, sys
from kpibook import cli, cluster
from kpibook.base import parallel
from kpibook.cli import making
from kpibook.pages.cycles import rendering

def only_elsewhere(card, *arguments):
    raise AssertionError(f"the card of {card.person} is set in the first process")

os.chdir(sys.argv[1])
making.can_fork = parallel.can_fork = lambda: False
cluster.PEOPLE = int(sys.argv[3])
jobs, _, language = sys.argv[2].partition(" in ")
if jobs != "1" and not language:
    rendering.card_view = only_elsewhere
sys.argv[1:] = ["build", "--fresh", "--quiet", "--jobs", jobs]
try:
    cli.main()
except SystemExit as end:
    print(end.code or 0, end="")
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company, built in one process."""
    root = tmp_path_factory.mktemp("company")
    write_small(root)
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles))
    return root


def write_small(root: Path) -> None:
    """Many people in few roles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthetic, "ROLES", ROLES)
        synthetic.write_company(root, PEOPLE)


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build/cards", "site-cards")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def test_any_number_of_processes_makes_the_same_bytes(company: Path) -> None:
    alone = files(company)

    for jobs in (2, 3):
        run_warm(BUILT, company, jobs, PEOPLE, WORTH)
        assert files(company) == alone, jobs

    assert sum("/p/" in path for path in alone) == 2 * PEOPLE


def test_where_no_process_can_be_forked_others_are_begun_anew_and_make_the_same_bytes(company: Path) -> None:
    alone = files(company)

    for jobs in (1, 2):
        told = run_warm(SPAWNED, company, jobs, WORTH)
        assert told.endswith("0"), told
        assert files(company) == alone, jobs


def test_others_leave_the_pages_of_those_who_read_in_another_language(tmp_path: Path) -> None:
    write_small(tmp_path)
    change(tmp_path / "handbook/company.yml", "language: zh\n", "language: zh\nlanguages: [zh, en]\n")
    people = tmp_path / "scorecards/2026-10/people.csv"
    head, *rows = people.read_text(encoding="utf-8").splitlines()
    told = [f"{head},language", *(f"{row},{'en' if at % 10 == 7 else ''}" for at, row in enumerate(rows))]
    people.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    run_warm(BUILT, tmp_path, 1, PEOPLE, WORTH)
    alone = files(tmp_path)

    told_elsewhere = run_warm(SPAWNED, tmp_path, "2 in English", WORTH)

    assert told_elsewhere.endswith("0"), told_elsewhere
    assert files(tmp_path) == alone


@pytest.mark.parametrize("where", ["pages", "site"])
def test_a_process_that_is_killed_leaves_the_old_sites(company: Path, where: str) -> None:
    before = {path: data for path, data in files(company).items() if path.startswith("site-cards/")}

    told = run_warm(KILLED, company, where, WORTH)

    assert json.loads(told) == ["process-ended"]
    assert {path: data for path, data in files(company).items() if path.startswith("site-cards/")} == before
    assert not list(company.glob(".site*"))


@pytest.mark.parametrize(
    ("cards", "jobs", "parts"),
    [(0, 1, []), (7, 1, [7]), (80, 2, [10] * 8), (90, 2, [12] * 7 + [6]), (60_000, 2, [5_000] * 12)],
)
def test_parts_are_of_neighbours_and_no_larger_than_5_000(cards: int, jobs: int, parts: list[int]) -> None:
    found = list(in_parts(range(cards), jobs))

    assert [each for part in found for each in part] == list(range(cards))
    assert [len(part) for part in found] == parts
