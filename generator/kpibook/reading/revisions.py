"""A folder as it was at a revision of git: unpacked elsewhere, nothing is checked out."""

import datetime
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kpibook.base.git import GitFault, NoGit, git
from kpibook.base.problems import has_errors
from kpibook.model import Catalog
from kpibook.reading.catalog import load_catalog


def resolved(folder: Path, revision: str) -> str:
    """The commit that a revision names.

    Raises:
        GitFault: there is no such revision, or the folder is in no repository.
    """
    found = git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    return found.decode("ascii").strip()


def why_unknown(folder: Path) -> str:
    """Why a revision cannot be found: no_git, no_repository, cut_off (a clone of the newest commits only), unknown."""
    try:
        is_cut = git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
    except NoGit:
        return "no_git"
    except GitFault:
        return "no_repository"
    return "cut_off" if is_cut else "unknown"


def ahead(folder: Path, revision: str) -> int:
    """How many commits of a revision touch a folder and are not in what is checked out; 0 where git does not know."""
    try:
        return int(git(folder, "rev-list", "--count", f"HEAD..{resolved(folder, revision)}", "--", "."))
    except GitFault:
        return 0


def unpack(folder: Path, commit: str, into: Path) -> Path:
    """Write a folder as it was at a commit below `into`, under its own name; files and folders only, no links.

    Raises:
        GitFault: the folder was not there.
    """
    packed = git(folder, "-c", "core.autocrlf=false", "archive", "--format=tar", commit)
    target = into / folder.resolve().name
    target.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = [member for member in archive if member.isfile() or member.isdir()]
        archive.extractall(target, members, filter="data")
    return target


@contextmanager
def folder_at(folder: Path, revision: str) -> Iterator[Path]:
    """The folder at a revision, as long as the context lasts."""
    with TemporaryDirectory(prefix="kpibook-") as temporary:
        yield unpack(folder, resolved(folder, revision), Path(temporary))


def catalog_on(handbook: Path, day: datetime.date) -> Catalog | None:
    """The handbook as it was committed on a day, or first committed after it; None where git does not know it whole."""
    try:
        if git(handbook, "rev-parse", "--is-shallow-repository").strip() != b"false":
            return None
        before = git(handbook, "rev-list", "-1", "--first-parent", f"--before={day.isoformat()}T00:00:00Z", "HEAD")
        first = git(handbook, "rev-list", "--reverse", "HEAD", "--", ".").split()
        commits = before.split() or first
        if not commits:
            return None
        with folder_at(handbook, commits[0].decode("ascii")) as folder:
            catalog, problems = load_catalog(folder)
    except GitFault:
        return None
    return None if has_errors(problems) else catalog
