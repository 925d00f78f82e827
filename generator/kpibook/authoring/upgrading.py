"""The files of a company's repository that come from the program, as this version would make them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kpibook.authoring.known_ci import is_own
from kpibook.authoring.scaffolding import TEMPLATES, WHEELS, template_path
from kpibook.authoring.wheel import wheel_name
from kpibook.reading.own_catalogs import folded

LINES = (".gitignore", ".gitattributes")
"""Files that a company goes on with itself: only lines that they lack are added."""
CI = (".github/workflows/kpibook.yml", ".gitlab-ci.yml", ".gitea/workflows/kpibook.yml")
"""Files that are made anew where they are there and nobody changed them."""
BESIDE = ".new"
"""How the name ends under which a changed file gets today's beside it."""
REQUIREMENTS = "requirements.txt"


class RepositoryChange(NamedTuple):
    """A file that is written anew, or removed where there is no content."""

    path: Path
    what: str
    """lines, new, kept or gone: a key of `lifecycle.upgrade` in the locale."""
    content: bytes | None


def repository_changes(folder: Path, version: str, wheel: bytes) -> Iterator[RepositoryChange]:
    """What differs from a repository that this version makes; CI files and the wheel only where it has such."""
    common = {template_path(source, TEMPLATES / "common"): source for source in (TEMPLATES / "common").rglob("*")}
    for name in LINES:
        yield from _lines(folder, Path(name), common[name].read_bytes())
    for name in CI:
        yield from _ci(folder, name, common[name].read_bytes())
    if (folder / WHEELS).is_dir():
        yield from _wheel(folder, version, wheel)


def _ci(folder: Path, name: str, source: bytes) -> Iterator[RepositoryChange]:
    """Today's file in the place of one that the program wrote; beside one that the company changed."""
    file, beside = folder / name, folder / f"{name}{BESIDE}"
    if not file.is_file() or folded(file.read_bytes()) == source:
        return
    if is_own(file.read_bytes()):
        yield RepositoryChange(Path(name), "new", source)
    elif not beside.is_file() or folded(beside.read_bytes()) != source:
        yield RepositoryChange(Path(f"{name}{BESIDE}"), "kept", source)


def _lines(folder: Path, path: Path, wanted: bytes) -> Iterator[RepositoryChange]:
    """The lines about files that it says nothing of yet, with the comments above them, at its end."""
    there = (folder / path).read_bytes() if (folder / path).is_file() else b""
    known = {line.split()[0] for line in there.splitlines() if line.strip()}
    missing, comments = list[bytes](), list[bytes]()
    for line in filter(None, wanted.splitlines()):
        if line.startswith(b"#"):
            comments.append(line)
            continue
        if line.split()[0] not in known:
            missing += [*comments, line]
        comments.clear()
    if missing:
        gap = b"" if not there or there.endswith(b"\n") else b"\n"
        yield RepositoryChange(path, "lines", there + gap + b"\n".join(missing) + b"\n")


def _wheel(folder: Path, version: str, wheel: bytes) -> Iterator[RepositoryChange]:
    name = wheel_name(version)
    fresh = folder / WHEELS / name
    if not fresh.is_file() or fresh.read_bytes() != wheel:
        yield RepositoryChange(Path(WHEELS, name), "new", wheel)
    older = sorted(path.name for path in (folder / WHEELS).glob("kpibook-*.whl") if path.name != name)
    requirements = folder / REQUIREMENTS
    if older and requirements.is_file():
        there = requirements.read_bytes()
        named = there
        for each in older:
            named = named.replace(each.encode(), name.encode())
        if named != there:
            yield RepositoryChange(Path(REQUIREMENTS), "new", named)
    yield from (RepositoryChange(Path(WHEELS, each), "gone", None) for each in older)
