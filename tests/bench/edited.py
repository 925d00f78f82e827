"""Edit a company again and again, and hold each build to one that is made from nothing: every byte and mode.

Each run makes other edits: its seed is printed, and `--seed` repeats it. `--each` makes one edit of every column of
every table and of every key of every file instead, one at a time.
"""

import argparse
import os
import random
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from edits import Edit, any_edit, every_edit
from followed import Followed, lived_in

EDITS = 100
UNDONE = 0.2
"""So often the last edit is taken back instead: what was kept of the time before must not be believed too much."""


def main() -> None:
    """Print how many edits were made, how many of them the company's files allowed, and what came out differently."""
    asked = _asked()
    os.environ.setdefault("KPIBOOK_KEY", "the key of a bench, which is long enough")
    with tempfile.TemporaryDirectory(prefix="kpibook-edits-") as folder:
        begin = time.perf_counter()
        company = Followed(lived_in(Path(folder) / "company"))
        assert company.build()
        made = _each(company) if asked.each else _at_random(company, asked.count, random.Random(asked.seed))
        count, allowed, differing = 0, 0, 0
        for name, different in made:
            count, allowed, differing = count + 1, allowed + (different is not None), differing + bool(different)
            if different:
                print(f"edit {count}, {name}: {', '.join(different[:5])} ({len(different)} in all)", flush=True)
            elif asked.told:
                print(f"edit {count}, {name}: {'refused' if different is None else 'the same'}", flush=True)
    how = "one of each" if asked.each else f"seed {asked.seed}"
    print(f"{count:,} edits in {time.perf_counter() - begin:.0f} s, {how}; {allowed:,} were no fault")
    print(f"builds that are not what is made from nothing {differing:6}   goal: 0")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=EDITS)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--each", action="store_true", help="one edit of each column and key, one at a time")
    parser.add_argument("--told", action="store_true", help="print every edit")
    return parser.parse_args()


def _each(company: Followed) -> Iterator[tuple[str, list[str] | None]]:
    for edit in list(every_edit(company.root)):
        before = edit.path.read_bytes()
        edit.make()
        yield edit.name, _followed(company, edit)
        edit.path.write_bytes(before)


def _at_random(company: Followed, count: int, chance: random.Random) -> Iterator[tuple[str, list[str] | None]]:
    last: Edit | None = None
    for _ in range(count):
        is_undone = last is not None and chance.random() < UNDONE
        edit = last if last is not None and is_undone else any_edit(company.root, chance)
        before = Edit(edit.name, edit.path, edit.path.read_bytes().decode())
        edit.make()
        different = _followed(company, edit)
        yield f"{edit.name}{' undone' if is_undone else ''}", different
        if different is None:
            before.make()
        last = None if different is None or is_undone else before


def _followed(company: Followed, edit: Edit) -> list[str] | None:
    """What is not as if made from nothing; None where the edit is a fault."""
    if not company.build():
        return None
    return company.differences(has_handbook="handbook" in edit.path.relative_to(company.root).parts[:1])


if __name__ == "__main__":
    main()
