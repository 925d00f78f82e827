"""Ask git, where there is one: read only, and the same answer whatever a user's own settings are."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

_SETTINGS = ("-c", "core.quotePath=false", "-c", "i18n.logOutputEncoding=UTF-8", "-c", "log.showSignature=false")


class GitFault(Exception):
    """Git is not there, or could not answer; the text is the first line of what it said."""


class NoGit(GitFault):
    """The program cannot be run on this machine."""


def git(folder: Path, *arguments: str) -> bytes:
    """What git prints for these arguments in a folder.

    Raises:
        GitFault: there is no git, the folder is in no repository, or git refuses.
    """
    command = ("git", "--no-pager", *_SETTINGS, *arguments)
    try:
        done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, check=False)
    except OSError as err:
        raise NoGit(str(err)) from err
    if done.returncode:
        raise GitFault(_first_line(done.stderr.decode("utf-8", "replace").splitlines()))
    return done.stdout


def _environment() -> dict[str, str]:
    """Git says where it runs by variables of its own, to hooks for instance: they would lead to another repository."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {**own, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


def _first_line(lines: Iterable[str]) -> str:
    return next((line.removeprefix("fatal: ").strip() for line in lines if line.strip()), "-")
