"""Plays the files for CI as their hosts would: commands as written, in a clone, what talks to the host recorded."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kpibook.authoring.scaffolding import TEMPLATES
from sources import ROOT
from warm import shims

COMMON = TEMPLATES / "common"
GITHUB = COMMON / "dot_github" / "workflows" / "kpibook.yml"
GITEA = COMMON / "dot_gitea" / "workflows" / "kpibook.yml"
GITLAB = COMMON / "dot_gitlab-ci.yml"
OWN = ROOT / ".github" / "workflows" / "kpibook.yml"

GOES_ON = "${{ github.event_name == 'pull_request' || github.event_name == 'schedule' }}"
"""A step that may fail in a pull request and where a run is made by the clock: a later step tells of it."""
FROM_HERE = "github.event.pull_request.head.repo.full_name == github.repository"
CHECK_FAILED, DIFF_FAILED = "steps.check.outcome == 'failure'", "steps.diff.outcome == 'failure'"
CONDITIONS = {
    "github.event_name == 'pull_request'": {"pull_request"},
    f"github.event_name == 'pull_request' && {FROM_HERE}": {"pull_request"},
    f"github.event_name == 'pull_request' && ({CHECK_FAILED} || {DIFF_FAILED})": {"pull_request"},
    "github.event_name == 'schedule'": {"schedule"},
    "github.event_name != 'pull_request' && github.event.repository.private": {"push", "schedule"},
    "github.event_name == 'schedule' && github.event.repository.private": {"schedule"},
    f"github.event_name == 'schedule' && {CHECK_FAILED}": {"schedule"},
}
"""In which runs of a private repository a step's condition holds."""

RECORDER = """\
#!/usr/bin/env python3
import json, pathlib, sys
bodies = [pathlib.Path(word.split("<")[-1].removeprefix("@")) for word in sys.argv[1:]]
texts = [body.read_text(encoding="utf-8") for body in bodies if body.suffix in (".md", ".json") and body.is_file()]
with open(sys.argv[0] + ".said", "w", encoding="utf-8") as file:
    json.dump({"words": sys.argv[1:], "texts": texts}, file)
"""
"""Stands for a program that talks to the host: it keeps what it was told."""


class Clone(NamedTuple):
    """A clean clone of a company's repository, with a change on its branch."""

    folder: Path
    base: str
    tools: Path

    def said(self, tool: str) -> dict[str, Any]:
        """What a program that talks to the host was told."""
        found: dict[str, Any] = json.loads((self.tools / f"{tool}.said").read_text(encoding="utf-8"))
        return found


class Done(NamedTuple):
    """A step that was run: its name, its exit code, and what it printed."""

    name: str
    code: int
    output: str


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Editor", "-c", "user.email=editor@example.com", "-c", "core.hooksPath=/dev/null")
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def installed(folder: Path) -> None:
    """This environment's kpibook in place of one from a package index."""
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    shims(tools)
    (folder / ".venv" / "ready").write_text(f"{folder}\n", encoding="utf-8")


def recorders(folder: Path) -> Path:
    folder.mkdir()
    for tool in ("gh", "curl"):
        (folder / tool).write_text(RECORDER, encoding="utf-8")
        (folder / tool).chmod(0o755)
    return folder


def settings(clone: Clone, **more: str) -> dict[str, str]:
    """The environment of a runner, not that of the make that runs the tests."""
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "COV", "KPIBOOK"))}
    temporary = clone.tools / "temp"
    temporary.mkdir(exist_ok=True)
    return {
        **keep,
        "PATH": f"{clone.tools}:{keep['PATH']}",
        # All three hosts set it.
        "CI": "true",
        "RUNNER_TEMP": str(temporary),
        "GITHUB_STEP_SUMMARY": str(clone.tools / "summary.md"),
        **more,
    }


def run(script: str, clone: Clone, name: str, env: Mapping[str, str]) -> Done:
    """As the runners do: bash that stops at the first failure."""
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(shell, cwd=clone.folder, env=dict(env), capture_output=True, encoding="utf-8", check=False)
    return Done(name, done.returncode, done.stdout + done.stderr)


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
    return loaded


def job_steps(path: Path) -> list[dict[str, Any]]:
    """The steps of the one job of a workflow of GitHub or Gitea."""
    [job] = load(path)["jobs"].values()
    return list(job["steps"])


def resolved(text: str, clone: Clone, event: str) -> str:
    """A value with the expressions of the runner put in."""
    secret = "of no use" if event == "pull_request" else "a long secret"
    known = {
        "github.event.pull_request.base.sha": clone.base,
        "github.event.pull_request.number": "7",
        "github.server_url": "https://git.example.com",
        "github.repository": "hr/kpi",
        "github.token": "token",
        "github.event_name == 'pull_request' && 'of no use' || secrets.KPIBOOK_KEY": secret,
    }
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: known[found[1]], text)


def played(path: Path, event: str, clone: Clone) -> Iterator[Done]:
    """Run the commands of a workflow in order, until one of them fails that must not."""
    installed(clone.folder)
    failed: set[str] = set()
    for step in job_steps(path):
        condition = step.get("if", "")
        if "run" not in step or event not in CONDITIONS.get(condition, {event}):
            continue
        outcomes = set(re.findall(r"steps\.(\w+)\.outcome", condition))
        if outcomes and not outcomes & failed:
            continue
        own = {key: resolved(value, clone, event) for key, value in step.get("env", {}).items()}
        done = run(step["run"], clone, step["name"], settings(clone, **own))
        yield done
        if done.code and not (event in ("pull_request", "schedule") and step.get("continue-on-error") == GOES_ON):
            return
        failed |= {step.get("id", "")} if done.code else set()


def played_job(name: str, clone: Clone, **variables: str) -> Done:
    """Run the commands of one job of GitLab, in the order of its runner."""
    pipeline = load(GITLAB)
    script = "\n".join([*pipeline["default"]["before_script"], *pipeline[name]["script"]])
    return run(script, clone, name, settings(clone, **variables))
