"""How long `kpibook serve` takes to show a change in a company of 1,000 people: of a role, a row and a page.

The time runs from the write until the page that a reader has open is another, the wait until the change is noticed
included; then, until both sites are made. The reader asks as a browser does.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from synthetic import CYCLE, write_company

PEOPLE = 1_000
ROUNDS = 5
GOAL_SECONDS = 0.5
LOOK_SECONDS = 0.005
MOST_SECONDS = 600
PORT = 18_000


def main() -> None:
    """Print the median of each kind of change."""
    os.environ |= {"KPIBOOK_KEY": "the key of a bench, which is long enough", "NO_MKDOCS_2_WARNING": "1"}
    with tempfile.TemporaryDirectory(prefix="kpibook-serving-") as folder:
        root = Path(folder)
        write_company(root, PEOPLE)
        (root / "handbook/pages").mkdir()
        change_page(root, 0)
        with served(root):
            card = next(
                path for path in (root / "site-cards" / CYCLE / "p").iterdir() if "员工0 · " in path.read_text("utf-8")
            )
            for name, change, page in (
                ("a role", change_role, f"http://127.0.0.1:{PORT}/roles/role-00.html"),
                ("a row", change_row, f"http://127.0.0.1:{PORT + 1}/{CYCLE}/p/{card.name}"),
                ("a page", change_page, f"http://127.0.0.1:{PORT}/notice.html"),
            ):
                taken = [until_shown(root, partial(change, root, each), page) for each in range(1, ROUNDS + 1)]
                shown, made = map(statistics.median, zip(*taken, strict=True))
                goal = f"goal: under {GOAL_SECONDS}, both sites after {made:.2f} s"
                print(f"{PEOPLE:>7} people  serve, {name:<6} {shown:6.2f} s   {goal}", flush=True)


@contextmanager
def served(root: Path) -> Iterator[None]:
    """The sites, served and made anew with each change, once they are there."""
    command, quiet = (sys.executable, "-m", "kpibook", "serve", "--port", str(PORT)), subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=root, stdout=quiet, stderr=quiet)
    try:
        wait_for(lambda: (root / "site-cards").is_dir())
        # It begins to look for changes a moment later.
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


def until_shown(root: Path, change: Callable[[], None], page: str) -> tuple[float, float]:
    """The seconds from a change to an open page that is another, and to sites that are others."""
    before, seen = identities(root), list[float]()
    reader = threading.Thread(target=lambda: seen.append(time_of_another(page)))
    reader.start()
    # As somebody who reads for a while.
    time.sleep(1)
    begin = time.perf_counter()
    change()
    wait_for(lambda: None not in (now := identities(root)) and now != before)
    made = time.perf_counter() - begin
    reader.join()
    # The next change shall not come while this one is put in order.
    time.sleep(1)
    return seen[0] - begin, made


def time_of_another(page: str) -> float:
    """When a page was another, for somebody who opens it, waits to be told, and loads it again."""
    opened = text_of(page)
    question = urljoin(page, opened[opened.index("/-/changed?") :].partition("'")[0])
    while status_of(question) != HTTPStatus.RESET_CONTENT or text_of(page) == opened:
        pass
    return time.perf_counter()


def text_of(page: str) -> str:
    """A page as it is served."""
    with urlopen(page, timeout=MOST_SECONDS) as answer:
        return str(answer.read(), "utf-8")


def status_of(question: str) -> int:
    """What a page is told that asks whether it is another."""
    with urlopen(question, timeout=MOST_SECONDS) as answer:
        return int(answer.status)


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
