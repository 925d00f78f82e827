"""How long `kpibook serve` takes to show a change in a company of 1,000 people: of a role, a row and a page.

The time runs from the write to the sites that have changed places, the wait until the change is noticed included.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from synthetic import CYCLE, write_company

PEOPLE = 1_000
ROUNDS = 5
GOAL_SECONDS = 0.5
LOOK_SECONDS = 0.005
MOST_SECONDS = 600
PORT = "18000"


def main() -> None:
    """Print the median of each kind of change."""
    os.environ |= {"KPIBOOK_KEY": "the key of a bench, which is long enough", "NO_MKDOCS_2_WARNING": "1"}
    with tempfile.TemporaryDirectory(prefix="kpibook-serving-") as folder:
        root = Path(folder)
        write_company(root, PEOPLE)
        (root / "handbook/pages").mkdir()
        change_page(root, 0)
        with served(root):
            for name, change in (("a role", change_role), ("a row", change_row), ("a page", change_page)):
                seconds = statistics.median(
                    until_shown(root, partial(change, root, each)) for each in range(1, ROUNDS + 1)
                )
                print(f"{PEOPLE:>7} people  serve, {name:<6} {seconds:6.2f} s   goal: under {GOAL_SECONDS}", flush=True)


@contextmanager
def served(root: Path) -> Iterator[None]:
    """The sites, served and made anew with each change, once they are there."""
    command, quiet = (sys.executable, "-m", "kpibook", "serve", "--port", PORT), subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=root, stdout=quiet, stderr=quiet)
    try:
        wait_for(lambda: (root / "site-cards").is_dir())
        # It begins to look for changes a moment later.
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


def until_shown(root: Path, change: Callable[[], None]) -> float:
    """The seconds from a change to sites that are others."""
    before = identities(root)
    begin = time.perf_counter()
    change()
    wait_for(lambda: None not in (now := identities(root)) and now != before)
    taken = time.perf_counter() - begin
    # The next change shall not come while this one is put in order.
    time.sleep(1)
    return taken


def wait_for(is_so: Callable[[], bool]) -> None:
    """Look again and again; end the bench where it takes far too long."""
    end = time.perf_counter() + MOST_SECONDS
    while not is_so():
        if time.perf_counter() > end:
            sys.exit("serve shows nothing")
        time.sleep(LOOK_SECONDS)


def identities(root: Path) -> tuple[int | None, ...]:
    """What tells both folders of sites from those that were there before; None for one that is just being changed."""
    return tuple(folder.stat().st_ino if folder.is_dir() else None for folder in (root / "site", root / "site-cards"))


def change_role(root: Path, number: int) -> None:
    """A role is called otherwise."""
    role = root / "handbook/roles/role-00.yml"
    _, _, rest = role.read_text(encoding="utf-8").partition("\n")
    role.write_text(f"name: 岗位零{number}\n{rest}", encoding="utf-8")


def change_row(root: Path, number: int) -> None:
    """One number of one person is another."""
    table = root / "scorecards" / CYCLE / "actuals/sales.csv"
    head, row, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    subject, measure, _ = row.split(",")
    table.write_text("".join((head, f"{subject},{measure},{700 + number}\n", *rest)), encoding="utf-8")


def change_page(root: Path, number: int) -> None:
    """A page that is written by hand says something else."""
    (root / "handbook/pages/notice.md").write_text(f"# 通知\n\n第{number}号\n", encoding="utf-8")


if __name__ == "__main__":
    main()
