"""A build on a real Dask cluster, started by Dask's own commands: the bytes of one process, whatever is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from alone import TESTS, run_warm
from companies import COMPANY, change
from kpibook.cli import making
from kpibook.worker import ClusterError, Part, Sources, score_part
from lives import Life

pytest.importorskip("distributed", reason="the extra kpibook[cluster] is not installed")

BUILT = """
import sys
from pathlib import Path
from kpibook import cluster, pipeline
from kpibook.cluster import ClusterError, cluster_at
from kpibook.content import read

cluster.PEOPLE, cluster.WAIT = 1, sys.argv[3]
root = Path(sys.argv[1])
content = read(root / "handbook", root / "scorecards")
try:
    if sys.argv[2]:
        with cluster_at(sys.argv[2], content) as helpers:
            pipeline.build(content, root, list(content.cycles), cluster=helpers)
    else:
        pipeline.build(content, root, list(content.cycles), fresh=True)
except ClusterError as err:
    print([problem.code for problem in err.problems], end="")
"""

ARMED = """
import os, signal
from pathlib import Path
from kpibook.pages.cycles import rendering

def armed(*arguments):
    if Path({fail!r}).exists():
        raise MemoryError
    try:
        Path({die!r}).unlink()
    except FileNotFoundError:
        return plain(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

# Dask loads this more than once.
if rendering.card_view.__name__ == "card_view":
    plain = rendering.card_view
    rendering.card_view = armed
"""
"""Each worker fails while one file is there; whoever takes the other one away dies."""


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask that ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(TESTS / name) for name in ("support", "bench"))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Dask(NamedTuple):
    """A scheduler with two workers: its address, and the files by which they come to harm."""

    address: str
    workers: list[subprocess.Popen[bytes]]
    fail: Path
    die: Path


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """One for all tests, since Dask takes seconds to begin; who lets a worker die comes last."""
    folder = tmp_path_factory.mktemp("dask")
    known, script, fail, die = (folder / name for name in ("scheduler.json", "armed.py", "fail", "die"))
    script.write_text(ARMED.format(fail=str(fail), die=str(die)), encoding="utf-8")
    with ExitStack() as stack:
        local = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(known))
        scheduler = stack.enter_context(running("scheduler", "--port", "0", *local))
        while not (known.is_file() and known.read_text(encoding="utf-8").endswith("}")):
            assert scheduler.poll() is None, "the scheduler has ended"
            time.sleep(0.1)
        workers = []
        for number in range(2):
            more = ("--preload", str(script), "--local-directory", str(folder / str(number)))
            workers.append(stack.enter_context(running("worker", *local[2:], "--no-nanny", "--nthreads", "1", *more)))
        yield Dask(json.loads(known.read_text(encoding="utf-8"))["address"], workers, fail, die)


def built(root: Path, address: str = "", wait: str = "120s") -> str:
    return run_warm(BUILT, root, address, wait)


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build/cards", "site", "site-cards", "site-viewers")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two open months, a streak over both that is paid, and start pages for viewers: built by one process."""
    root = tmp_path_factory.mktemp("made") / "company"
    shutil.copytree(COMPANY, root)
    with (root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("streaks: [{name: 连续达标, when: total >= 1, cycles: 2, amount: 100}]\naccess: {hr: [hr]}\n")
    built(root)
    return root


@pytest.fixture
def companies(made: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The same company twice: as one process has built it, and its files alone."""
    one, two = tmp_path / "one", tmp_path / "two"
    shutil.copytree(made, one, symlinks=True)
    for name in ("handbook", "scorecards"):
        shutil.copytree(made / name, two / name)
    return one, two


def test_a_cluster_makes_the_bytes_of_one_process_first_and_after_a_change(
    companies: tuple[Path, Path], dask: Dask
) -> None:
    one, two = companies

    assert built(two, dask.address) == ""
    assert files(two) == files(one)
    before = {path: path.stat().st_ino for path in (two / "site-cards").rglob("p/*.html")}
    for root in companies:
        change(root / "scorecards/2026-10/actuals/support.csv", "E02,sales,", "E02,sales,1")
    built(one)
    assert built(two, dask.address) == ""

    assert files(two) == files(one)
    kept = [path for path, number in before.items() if path.stat().st_ino == number]
    assert 0 < len(kept) < len(before)


def test_a_worker_that_fails_ends_the_build_and_leaves_the_old_sites(companies: tuple[Path, Path], dask: Dask) -> None:
    root = companies[0]
    before = {path: data for path, data in files(root).items() if path.startswith("site")}
    change(root / "scorecards/2026-10/actuals/support.csv", "E02,sales,", "E02,sales,1")

    dask.fail.touch()
    told = built(root, dask.address)
    dask.fail.unlink()

    assert told == "['cluster-failed']"
    assert {path: data for path, data in files(root).items() if path.startswith("site")} == before


def test_what_a_lost_worker_had_another_one_does(companies: tuple[Path, Path], dask: Dask) -> None:
    one, two = companies
    dask.die.touch()

    assert built(two, dask.address) == ""

    assert [each.poll() for each in dask.workers].count(-signal.SIGKILL) == 1
    assert files(two) == files(one)


def test_a_cluster_that_does_not_answer_is_told(companies: tuple[Path, Path]) -> None:
    assert built(companies[0], "tcp://127.0.0.1:1", "1s") == "['cluster-unreachable']"


def test_a_worker_that_reads_something_else_refuses(companies: tuple[Path, Path]) -> None:
    root = companies[0]

    with pytest.raises(ClusterError) as caught:
        score_part(Sources(root / "handbook", root / "scorecards", "another"), Part("2026-10", 0, 1))

    assert [problem.code for problem in caught.value.problems] == ["cluster-differs"]


def test_without_the_extra_it_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(making, "find_spec", lambda name: None)

    refused = Life(tmp_path).run("build", "--cluster", "tcp://127.0.0.1:1", code=2)

    assert "pip install kpibook[cluster]" in refused.output
    assert not (tmp_path / "site").exists()
